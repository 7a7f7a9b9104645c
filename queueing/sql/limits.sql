-- Which of these limits leave no room for one more visit of these people, and when each is
-- free again. ``p_names`` are called <of whom>_<of what> (queueing.booking.policies).
--
-- Locks the accounts of the mailbox by id, as queueing_book does, which is called next: nobody
-- counts beside us. Persons need no lock, since each has one live place. A KK, a device or a
-- phone is locked by nobody: accounts that book in the same instant may each find the last
-- room.
--
-- Only what citizens did by their own hand: no officer's booking, no visit that a move, a
-- closing or a first right brought (they have a reason), nothing that an office closed. What
-- was voided stays with who did it, and not with the person whose NIK it was.
--
-- The plan is the generic one, and the same whatever the planner knows of the tables: it may
-- have been made while they were empty, and it is kept. So each step is fenced (OFFSET 0) and
-- finds its rows by an index of what the step before it found.
CREATE OR REPLACE FUNCTION queueing_limits(
    p_account bigint, p_applicants bigint[], p_device text,
    p_names text[], p_most int[], p_within interval[]
) RETURNS TABLE (name text, free_at timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    mailbox bigint[];
    -- What is older ended before all windows: a hold lasts two hours at most.
    since timestamptz := now() - interval '2 hours' - (SELECT max(one) FROM unnest(p_within) AS one);
BEGIN
    SELECT array_agg(id) INTO mailbox FROM (
        SELECT id FROM accounts_user
        WHERE mail_key = (SELECT mail_key FROM accounts_user WHERE id = p_account)
        ORDER BY id
        FOR NO KEY UPDATE
    ) locked;

    -- A statement of its own: it sees what the lock was waited for.
    RETURN QUERY
    WITH wanted AS MATERIALIZED (
        SELECT person_id, kk_digest FROM accounts_applicant WHERE id = ANY (p_applicants)
    ),
    visits AS (
        SELECT 'account' AS whose, booking.id FROM queueing_booking booking
        WHERE booking.account_id = ANY (mailbox)
        UNION ALL
        SELECT 'phone', booking.id
        FROM (
            SELECT phone FROM accounts_user WHERE id = p_account AND phone <> '' OFFSET 0
        ) mine
        CROSS JOIN LATERAL (
            SELECT id FROM accounts_user WHERE phone = mine.phone AND phone <> '' OFFSET 0
        ) same
        CROSS JOIN LATERAL (
            SELECT id FROM queueing_booking
            WHERE account_id = same.id AND created_at > since OFFSET 0
        ) booking
        UNION ALL
        SELECT 'device', origin.booking_id FROM queueing_bookingorigin origin
        WHERE origin.device = p_device AND origin.device <> '' AND origin.at > since
    ),
    -- ``one`` tells persons and families apart; ``more`` is how many this visit would add.
    seen AS (
        SELECT visits.whose, '' AS one, cardinality(p_applicants) AS more, place.booking_id,
               place.state, place.created_at, place.booked_at, place.ended_at
        FROM visits CROSS JOIN LATERAL (
            SELECT * FROM queueing_place WHERE booking_id = visits.id OFFSET 0
        ) place
        UNION ALL
        SELECT 'person', wanted.person_id::text, 1, place.booking_id,
               place.state, place.created_at, place.booked_at, place.ended_at
        FROM wanted CROSS JOIN LATERAL (
            SELECT * FROM queueing_place WHERE person_id = wanted.person_id OFFSET 0
        ) place
        UNION ALL
        SELECT 'kk', family.kk_digest, family.size, place.booking_id,
               place.state, place.created_at, place.booked_at, place.ended_at
        FROM (
            SELECT kk_digest, count(*)::int AS size FROM wanted WHERE kk_digest <> ''
            GROUP BY kk_digest
        ) family
        CROSS JOIN LATERAL (
            SELECT id FROM accounts_applicant
            WHERE kk_digest = family.kk_digest AND kk_digest <> '' OFFSET 0
        ) same
        CROSS JOIN LATERAL (
            SELECT * FROM queueing_place WHERE applicant_id = same.id OFFSET 0
        ) place
    ),
    acts AS (
        SELECT seen.whose || '_' || act.what AS name, seen.one, act.at,
               CASE WHEN act.what IN ('holds', 'bookings') THEN seen.more ELSE 1 END AS more
        FROM seen CROSS JOIN LATERAL (
            SELECT * FROM queueing_booking WHERE id = seen.booking_id OFFSET 0
        ) booking
        CROSS JOIN LATERAL (VALUES
            ('holds', CASE WHEN booking.reason = '' THEN seen.created_at END),
            -- A hold that ran out counts from then, whether or not the sweep has been by.
            ('let_go', CASE
                WHEN seen.state = 'EXPIRED' THEN seen.ended_at
                WHEN seen.state = 'CANCELLED' AND seen.booked_at IS NULL THEN seen.ended_at
                WHEN seen.state = 'HELD' AND booking.held_until <= now() THEN booking.held_until
            END),
            -- What is held may be booked at any moment.
            ('bookings', CASE
                WHEN booking.reason <> '' THEN NULL
                WHEN seen.state = 'HELD' AND booking.held_until > now() THEN seen.created_at
                ELSE seen.booked_at
            END),
            ('cancellations', CASE
                WHEN seen.state = 'CANCELLED' AND seen.booked_at IS NOT NULL
                     AND NOT booking.no_fault THEN seen.ended_at
            END)
        ) AS act (what, at)
        WHERE (seen.created_at > since OR seen.ended_at > since)
          AND booking.made_by_id IS NULL AND booking.account_id IS NOT NULL
          AND seen.state <> 'CLOSED_BY_OFFICE'
          AND (seen.state <> 'VOIDED' OR seen.whose NOT IN ('person', 'kk'))
          AND act.at > since
    ),
    newest AS (
        SELECT acts.*, row_number() OVER (PARTITION BY acts.name, acts.one ORDER BY acts.at DESC) AS nth
        FROM acts
    )
    SELECT limits.name, max(newest.at + limits.within)
    FROM unnest(p_names, p_most, p_within) AS limits (name, most, within)
    JOIN newest ON newest.name = limits.name
        AND newest.nth = greatest(limits.most - newest.more + 1, 1)
    WHERE newest.at > now() - limits.within
    GROUP BY limits.name;
END $$;
