-- One visit: the account's count, the people, the seats, the places and their history,
-- in one call. The caller has checked the rules; what must never happen is refused here
-- again. Lock order: accounts by id, applicants by id, persons by id, lapsed bookings, seats.
-- The accounts, because addresses that look alike are one mailbox: they share the count of
-- live places, and none of them books while one is suspended.
-- The persons, because two accounts may name the same family at once, and the deferrable
-- constraint on live_person notices that only after both have written: they would wait
-- for each other.
-- Plans are kept, and may have been made while tables were empty: steps are fenced (OFFSET 0), and
-- each finds its rows by an index of what the step before it found.
-- ``p_checked`` is how many answers about these people's identity the caller has read and judged
-- (NULL: none were): with more of them, or fewer, it judges anew. ``p_at``: this is the moment that is
-- told of all that is written (NULL: now), by the database's own clock, so that an answer may be
-- put together before the claim and written with it.
-- Returns (outcome, booking): BOOKED or HELD with its booking; else why not, and nothing
-- was written: NO_ACCOUNT, SUSPENDED, NO_APPLICANT, NO_SLOT, CLOSED, TOO_LATE,
-- ALREADY_BOOKED, TOO_MANY, FULL, BUSY, CODE_TAKEN (draw another code), CHANGED (judge anew).
CREATE OR REPLACE FUNCTION queueing_book(
    p_code text, p_account bigint, p_slot bigint, p_channel text,
    p_applicants bigint[], p_kinds text[], p_types text[], p_entitlements text[],
    p_old_passports text[], p_parents text[], p_confirm boolean, p_hold_minutes int, p_return_minutes int, p_cutoff_minutes int,
    p_max_live int, p_actor_kind text, p_actor bigint, p_reason text,
    p_device text, p_address inet, p_checked int, p_at timestamptz,
    OUT outcome text, OUT booking_id bigint
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    n int := cardinality(p_applicants);
    moment timestamptz := coalesce(p_at, now());
    mailbox bigint[];
    people bigint[];
    lapsed bigint[];
    seats bigint[];
    slot record;
    violated text;
BEGIN
    IF p_account IS NOT NULL THEN
        SELECT array_agg(id) INTO mailbox FROM (
            SELECT id FROM accounts_user
            WHERE mail_key = (SELECT mail_key FROM accounts_user WHERE id = p_account)
            ORDER BY id
            FOR NO KEY UPDATE
        ) locked;
        IF NOT EXISTS (SELECT FROM accounts_user WHERE id = p_account AND is_active) THEN
            outcome := 'NO_ACCOUNT';
            RETURN;
        ELSIF EXISTS (
            SELECT FROM accounts_user WHERE id = ANY (mailbox) AND suspended_at IS NOT NULL
        ) THEN
            outcome := 'SUSPENDED';
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
    IF p_checked <> (
        SELECT count(*) FROM accounts_identitycheck
        WHERE person_id = ANY (people) AND checked_at IS NOT NULL
    ) THEN
        outcome := 'CHANGED';
        RETURN;
    END IF;
    -- Lapsed holds of these people and of this account first: the sweeper may be half a
    -- minute behind.
    SELECT array_agg(id) INTO lapsed FROM (
        SELECT booking.id
        FROM (
            SELECT one.booking_id FROM queueing_place one
            WHERE one.live_person_id = ANY (people) OFFSET 0
        ) place
        CROSS JOIN LATERAL (
            SELECT id, held_until FROM queueing_booking WHERE id = place.booking_id OFFSET 0
        ) booking
        WHERE booking.held_until <= now()
        UNION
        SELECT mine.id
        FROM (
            SELECT id, held_until FROM queueing_booking
            WHERE account_id = ANY (mailbox) OFFSET 0
        ) mine
        WHERE mine.held_until <= now()
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
        SELECT count(place.live_person_id)
        FROM (
            SELECT id FROM queueing_booking WHERE account_id = ANY (mailbox) OFFSET 0
        ) mine
        CROSS JOIN LATERAL (
            SELECT one.live_person_id FROM queueing_place one
            WHERE one.booking_id = mine.id OFFSET 0
        ) place
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
            CASE WHEN p_confirm THEN NULL ELSE moment + make_interval(mins => p_hold_minutes) END,
            0, false, CASE WHEN p_actor_kind = 'OFFICER' THEN p_actor END, p_reason, moment)
        RETURNING id INTO booking_id;
        IF p_device <> '' OR p_address IS NOT NULL THEN
            INSERT INTO queueing_bookingorigin (booking_id, device, address, at)
            VALUES (booking_id, p_device, p_address, moment);
        END IF;
        WITH placed AS (
            INSERT INTO queueing_place (
                booking_id, applicant_id, person_id, seat_id, live_person_id, live_seat_id,
                state, kind, passport_type, entitlement, old_passport, parents, reason, booked_at,
                created_at)
            SELECT queueing_book.booking_id, applicant.id, applicant.person_id,
                   seats[wanted.nth], applicant.person_id, seats[wanted.nth],
                   CASE WHEN p_confirm THEN 'BOOKED' ELSE 'HELD' END,
                   wanted.kind, wanted.passport_type, wanted.entitlement, wanted.old_passport,
                   wanted.parents, '', CASE WHEN p_confirm THEN moment END, moment
            FROM unnest(p_applicants, p_kinds, p_types, p_entitlements, p_old_passports, p_parents)
                WITH ORDINALITY AS wanted(
                    applicant_id, kind, passport_type, entitlement, old_passport, parents, nth)
            CROSS JOIN LATERAL (
                SELECT id, person_id FROM accounts_applicant
                WHERE id = wanted.applicant_id OFFSET 0
            ) applicant
            ORDER BY applicant.person_id
            RETURNING id, state
        )
        INSERT INTO queueing_bookingevent (
            at, stream, booking_id, place_id, what, actor_kind, actor_id, reason, detail, note_digest)
        SELECT coalesce(p_at, statement_timestamp()), slot.code, queueing_book.booking_id, placed.id, placed.state, p_actor_kind, p_actor,
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
