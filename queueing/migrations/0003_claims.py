"""Claiming, freeing and expiring seats, as functions whose plans stay cached (docs/locking.md)."""

from django.db import migrations

FUNCTIONS = r"""
-- Free seats of a slot: n of them or none. The first attempt passes over seats that
-- somebody is claiming at this moment, so nobody waits. Where that comes back short, its
-- locks are let go (the block is rolled back) and the second attempt waits for each seat
-- in order of id, 300 ms at most for each. Waiting out of that order would deadlock.
-- Returns the seats, or an empty array where there are too few. A lock that is not to be
-- had in time raises lock_not_available: busy, which is not full.
-- p_ahead: also seats that nobody sees yet (an opening serves first rights before others).
CREATE FUNCTION queueing_claim_seats(p_slot bigint, p_channel text, p_count int, p_ahead boolean)
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    seats bigint[];
    -- Short of 9000-01-01: a withdrawn seat is never claimed, ahead or not.
    horizon timestamptz := CASE WHEN p_ahead THEN '8999-12-31 00:00+00'::timestamptz ELSE now() END;
    patience text := current_setting('lock_timeout');
BEGIN
    BEGIN
        WITH free AS MATERIALIZED (
            SELECT id FROM queueing_seat
            WHERE slot_id = p_slot AND channel = p_channel AND NOT taken AND visible_at <= horizon
            ORDER BY visible_at
            LIMIT p_count
            FOR UPDATE SKIP LOCKED
        ), claimed AS (
            UPDATE queueing_seat SET taken = true FROM free
            WHERE queueing_seat.id = free.id
            RETURNING queueing_seat.id
        )
        SELECT array_agg(id ORDER BY id) INTO seats FROM claimed;
        IF coalesce(array_length(seats, 1), 0) = p_count THEN
            RETURN seats;
        END IF;
        RAISE EXCEPTION 'short' USING ERRCODE = 'PSP01';
    EXCEPTION WHEN SQLSTATE 'PSP01' THEN
        NULL;
    END;
    BEGIN
        PERFORM set_config('lock_timeout', '300ms', true);
        WITH free AS MATERIALIZED (
            SELECT id FROM queueing_seat
            WHERE slot_id = p_slot AND channel = p_channel AND NOT taken AND visible_at <= horizon
            ORDER BY id
            LIMIT p_count
            FOR UPDATE
        ), claimed AS (
            UPDATE queueing_seat SET taken = true FROM free
            WHERE queueing_seat.id = free.id
            RETURNING queueing_seat.id
        )
        SELECT array_agg(id ORDER BY id) INTO seats FROM claimed;
        PERFORM set_config('lock_timeout', patience, true);
        IF coalesce(array_length(seats, 1), 0) = p_count THEN
            RETURN seats;
        END IF;
        RAISE EXCEPTION 'short' USING ERRCODE = 'PSP01';
    EXCEPTION WHEN SQLSTATE 'PSP01' THEN
        RETURN '{}';
    END;
END $$;

-- Give taken seats back (a free one stays as it is). They return late, at a random moment,
-- so that polling wins nothing: within p_minutes or a quarter of the time left until the
-- slot, whichever is sooner, and not before one minute. On the service day itself they go
-- to the counter, at once. Seats of a closed slot stay withdrawn, and so do those beyond a
-- lowered quota: taken seats that carry 9000-01-01. Whichever seat of the slot is freed
-- first goes in their stead, so the quota sinks with every place that ends. The caller
-- holds the bookings; seats lock by id. A marked seat that somebody else holds is passed
-- over, not waited for (that would deadlock): it is being freed itself.
-- Two statements: what is read together with a lock that had to wait is as old as the
-- statement, and a closing may have been what it waited for.
CREATE FUNCTION queueing_free_seats(p_seats bigint[], p_minutes int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    withdrawn CONSTANT timestamptz := '9000-01-01 00:00+00';
    lot record;
    relieved int;
BEGIN
    PERFORM FROM queueing_seat WHERE id = ANY (p_seats) ORDER BY id FOR UPDATE;
    FOR lot IN
        SELECT slot_id, channel, array_agg(id ORDER BY id DESC) AS seats
        FROM queueing_seat
        WHERE id = ANY (p_seats) AND taken AND visible_at < withdrawn
        GROUP BY slot_id, channel
    LOOP
        WITH beyond AS MATERIALIZED (
            SELECT id FROM queueing_seat
            WHERE slot_id = lot.slot_id AND channel = lot.channel AND taken
              AND visible_at >= withdrawn AND id <> ALL (p_seats)
            ORDER BY id
            LIMIT cardinality(lot.seats)
            FOR UPDATE SKIP LOCKED
        ), kept AS (
            UPDATE queueing_seat SET visible_at = now() FROM beyond
            WHERE queueing_seat.id = beyond.id
            RETURNING queueing_seat.id
        )
        SELECT count(*) INTO relieved FROM kept;
        UPDATE queueing_seat SET visible_at = withdrawn WHERE id = ANY (lot.seats[1:relieved]);
    END LOOP;
    UPDATE queueing_seat
    SET taken = false,
        channel = CASE
            WHEN freed.today AND queueing_seat.visible_at < withdrawn THEN 'COUNTER'
            ELSE queueing_seat.channel
        END,
        visible_at = CASE
            WHEN freed.closed_at IS NOT NULL OR queueing_seat.visible_at >= withdrawn
                THEN withdrawn
            WHEN freed.today THEN now()
            ELSE now() + interval '1 minute' + random() * greatest(
                interval '0',
                least(make_interval(mins => p_minutes), (freed.starts_at - now()) / 4)
                    - interval '1 minute')
        END
    FROM (
        SELECT slot.id, slot.closed_at, slot.starts_at,
               slot.day <= (now() AT TIME ZONE office.timezone)::date AS today
        FROM queueing_slot slot JOIN offices_office office ON office.id = slot.office_id
    ) freed
    WHERE queueing_seat.id = ANY (p_seats) AND queueing_seat.taken
      AND freed.id = queueing_seat.slot_id;
END $$;

-- End holds that have run out, whole bookings at a time: of the given bookings those
-- whose hold has lapsed by the database's clock and that still have a held place.
-- Locks bookings, then seats, places and referrals. Returns how many places expired.
CREATE FUNCTION queueing_expire_holds(p_bookings bigint[], p_minutes int)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    lapsed bigint[];
    seats bigint[];
    places int;
BEGIN
    SELECT array_agg(id) INTO lapsed FROM (
        SELECT id FROM queueing_booking
        WHERE id = ANY (p_bookings) AND held_until <= now()
        ORDER BY id
        FOR NO KEY UPDATE
    ) locked;
    IF lapsed IS NULL THEN
        RETURN 0;
    END IF;
    SELECT array_agg(seat_id) INTO seats FROM queueing_place
    WHERE booking_id = ANY (lapsed) AND state = 'HELD';
    PERFORM queueing_free_seats(coalesce(seats, '{}'), p_minutes);
    WITH ended AS (
        UPDATE queueing_place
        SET state = 'EXPIRED', live_person_id = NULL, live_seat_id = NULL, ended_at = now()
        WHERE booking_id = ANY (lapsed) AND state = 'HELD'
        RETURNING id, booking_id
    ), told AS (
        INSERT INTO queueing_bookingevent
            (stream, booking_id, place_id, what, actor_kind, reason, detail, note_digest)
        SELECT office.code, ended.booking_id, ended.id, 'EXPIRED', 'SYSTEM', 'hold_ran_out', '{}', ''
        FROM ended
        JOIN queueing_booking booking ON booking.id = ended.booking_id
        JOIN queueing_slot slot ON slot.id = booking.slot_id
        JOIN offices_office office ON office.id = slot.office_id
        ORDER BY ended.id
    )
    SELECT count(*) INTO places FROM ended;
    UPDATE queueing_booking SET held_until = NULL WHERE id = ANY (lapsed);
    -- A referral whose hold came to nothing may be used again.
    UPDATE queueing_referral SET booking_id = NULL, used_at = NULL WHERE booking_id = ANY (lapsed);
    RETURN places;
END $$;

-- One visit: the account's count, the people, the seats, the places and their history,
-- in one call. The caller has checked the rules; what must never happen is refused here
-- again. Lock order: account, applicants by id, persons by id, lapsed bookings, seats.
-- The persons, because two accounts may name the same family at once, and the deferrable
-- constraint on live_person notices that only after both have written: they would wait
-- for each other.
-- Returns (outcome, booking): BOOKED or HELD with its booking; else why not, and nothing
-- was written: NO_ACCOUNT, NO_APPLICANT, NO_SLOT, CLOSED, TOO_LATE, ALREADY_BOOKED,
-- TOO_MANY, FULL, BUSY, CODE_TAKEN (draw another code).
CREATE FUNCTION queueing_book(
    p_code text, p_account bigint, p_slot bigint, p_channel text,
    p_applicants bigint[], p_kinds text[], p_types text[], p_entitlements text[],
    p_confirm boolean, p_hold_minutes int, p_return_minutes int, p_cutoff_minutes int,
    p_max_live int, p_actor_kind text, p_actor bigint, p_reason text,
    OUT outcome text, OUT booking_id bigint
) LANGUAGE plpgsql AS $$
DECLARE
    n int := cardinality(p_applicants);
    people bigint[];
    lapsed bigint[];
    seats bigint[];
    slot record;
    violated text;
BEGIN
    IF p_account IS NOT NULL THEN
        PERFORM FROM accounts_user WHERE id = p_account AND is_active FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            outcome := 'NO_ACCOUNT';
            RETURN;
        END IF;
    END IF;
    SELECT queueing_slot.starts_at, queueing_slot.ends_at, queueing_slot.closed_at, offices_office.code
    INTO slot
    FROM queueing_slot JOIN offices_office ON offices_office.id = queueing_slot.office_id
    WHERE queueing_slot.id = p_slot;
    IF NOT FOUND THEN
        outcome := 'NO_SLOT';
        RETURN;
    ELSIF slot.closed_at IS NOT NULL THEN
        outcome := 'CLOSED';
        RETURN;
    ELSIF slot.starts_at - make_interval(mins => p_cutoff_minutes) <= now() THEN
        outcome := 'TOO_LATE';
        RETURN;
    END IF;
    SELECT array_agg(person_id) INTO people FROM (
        SELECT person_id FROM accounts_applicant
        WHERE id = ANY (p_applicants) AND account_id IS NOT DISTINCT FROM p_account
          AND removed_at IS NULL
        ORDER BY id
        FOR NO KEY UPDATE
    ) locked;
    IF coalesce(array_length(people, 1), 0) <> n THEN
        outcome := 'NO_APPLICANT';
        RETURN;
    END IF;
    PERFORM FROM accounts_person WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;
    -- Lapsed holds of these people and of this account first: the sweeper may be half a
    -- minute behind.
    SELECT array_agg(id) INTO lapsed FROM (
        SELECT booking.id
        FROM queueing_place place JOIN queueing_booking booking ON booking.id = place.booking_id
        WHERE place.live_person_id = ANY (people) AND booking.held_until <= now()
        UNION
        SELECT booking.id FROM queueing_booking booking
        WHERE booking.account_id = p_account AND booking.held_until <= now()
    ) due;
    IF lapsed IS NOT NULL THEN
        PERFORM queueing_expire_holds(lapsed, p_return_minutes);
    END IF;
    -- Before the count: a family that is booked already is told that, not that it is too large.
    IF EXISTS (SELECT FROM queueing_place WHERE live_person_id = ANY (people)) THEN
        outcome := 'ALREADY_BOOKED';
        RETURN;
    END IF;
    IF p_account IS NOT NULL AND n + (
        SELECT count(*) FROM queueing_place place
        JOIN queueing_booking booking ON booking.id = place.booking_id
        WHERE booking.account_id = p_account AND place.live_person_id IS NOT NULL
    ) > p_max_live THEN
        outcome := 'TOO_MANY';
        RETURN;
    END IF;
    BEGIN
        seats := queueing_claim_seats(p_slot, p_channel, n, false);
        IF array_length(seats, 1) IS NULL THEN
            -- A closing may have come in between: then that is what people are told.
            SELECT CASE WHEN closed_at IS NULL THEN 'FULL' ELSE 'CLOSED' END INTO outcome
            FROM queueing_slot WHERE id = p_slot;
            RETURN;
        END IF;
        INSERT INTO queueing_booking (
            code, account_id, slot_id, channel, held_until, moves_used, no_fault, made_by_id,
            reason, created_at)
        VALUES (
            p_code, p_account, p_slot, p_channel,
            CASE WHEN p_confirm THEN NULL ELSE now() + make_interval(mins => p_hold_minutes) END,
            0, false, CASE WHEN p_actor_kind = 'OFFICER' THEN p_actor END, p_reason, now())
        RETURNING id INTO booking_id;
        WITH placed AS (
            INSERT INTO queueing_place (
                booking_id, applicant_id, seat_id, live_person_id, live_seat_id, state, kind,
                passport_type, entitlement, reason, created_at)
            SELECT queueing_book.booking_id, applicant.id, seats[wanted.nth], applicant.person_id,
                   seats[wanted.nth], CASE WHEN p_confirm THEN 'BOOKED' ELSE 'HELD' END,
                   wanted.kind, wanted.passport_type, wanted.entitlement, '', now()
            FROM unnest(p_applicants, p_kinds, p_types, p_entitlements)
                WITH ORDINALITY AS wanted(applicant_id, kind, passport_type, entitlement, nth)
            JOIN accounts_applicant applicant ON applicant.id = wanted.applicant_id
            ORDER BY applicant.person_id
            RETURNING id, state
        )
        INSERT INTO queueing_bookingevent (
            stream, booking_id, place_id, what, actor_kind, actor_id, reason, detail, note_digest)
        SELECT slot.code, queueing_book.booking_id, placed.id, placed.state, p_actor_kind, p_actor,
               p_reason, jsonb_build_object('slot', p_slot, 'channel', p_channel), ''
        FROM placed ORDER BY placed.id;
    EXCEPTION
        WHEN unique_violation THEN
            GET STACKED DIAGNOSTICS violated = CONSTRAINT_NAME;
            booking_id := NULL;
            outcome := CASE violated
                WHEN 'place_one_live_per_person' THEN 'ALREADY_BOOKED'
                WHEN 'queueing_booking_code_key' THEN 'CODE_TAKEN'
            END;
            IF outcome IS NULL THEN
                RAISE;
            END IF;
            RETURN;
        WHEN lock_not_available THEN
            booking_id := NULL;
            outcome := 'BUSY';
            RETURN;
    END;
    outcome := CASE WHEN p_confirm THEN 'BOOKED' ELSE 'HELD' END;
END $$;
"""

DROP = """
DROP FUNCTION queueing_book(
    text, bigint, bigint, text, bigint[], text[], text[], text[], boolean, int, int, int, int,
    text, bigint, text);
DROP FUNCTION queueing_expire_holds(bigint[], int);
DROP FUNCTION queueing_free_seats(bigint[], int);
DROP FUNCTION queueing_claim_seats(bigint, text, int, boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("queueing", "0002_log")]

    operations = [migrations.RunSQL(FUNCTIONS, DROP)]
