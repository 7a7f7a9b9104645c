-- Book whoever is held in these bookings. The caller has read all places that are in
-- them (``p_places``, ``p_states``) and judged the rules by that; what has changed since is found here,
-- under the lock of the bookings. Lock order: bookings by id, places.
-- Plans are kept, so none may read a table whole (as of queueing_book).
-- ``p_at``: this moment is told of all that is written, by the database's own clock.
-- Returns BOOKED, also where nobody is held any more and nothing is written; else why not, and nothing
-- was written: CHANGED (read and judge anew), CLOSED, LAPSED.
CREATE OR REPLACE FUNCTION queueing_confirm(
    p_bookings bigint[], p_places bigint[], p_states text[],
    p_actor_kind text, p_actor bigint, p_at timestamptz
) RETURNS text
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    PERFORM FROM queueing_booking WHERE id = ANY (p_bookings) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM unnest(p_places, p_states) AS read (id, state)
        FULL JOIN (
            SELECT id, state FROM queueing_place WHERE booking_id = ANY (p_bookings)
        ) there ON there.id = read.id
        WHERE there.state IS DISTINCT FROM read.state
    ) THEN
        RETURN 'CHANGED';
    ELSIF NOT 'HELD' = ANY (p_states) THEN
        RETURN 'BOOKED';
    -- Read after the lock: a closing may have been what it waited for.
    ELSIF EXISTS (
        SELECT FROM queueing_booking booking JOIN queueing_slot slot ON slot.id = booking.slot_id
        WHERE booking.id = ANY (p_bookings) AND slot.closed_at IS NOT NULL
    ) THEN
        RETURN 'CLOSED';
    ELSIF EXISTS (
        SELECT FROM queueing_booking WHERE id = ANY (p_bookings) AND held_until <= now()
    ) THEN
        RETURN 'LAPSED';
    END IF;
    WITH placed AS (
        UPDATE queueing_place SET state = 'BOOKED', booked_at = p_at
        WHERE booking_id = ANY (p_bookings) AND state = 'HELD'
        RETURNING id, booking_id
    )
    INSERT INTO queueing_bookingevent (
        at, stream, booking_id, place_id, what, actor_kind, actor_id, reason, detail, note_digest)
    SELECT p_at, office.code, placed.booking_id, placed.id, 'BOOKED', p_actor_kind, p_actor, '', '{}', ''
    FROM placed
    JOIN queueing_booking booking ON booking.id = placed.booking_id
    JOIN queueing_slot slot ON slot.id = booking.slot_id
    JOIN offices_office office ON office.id = slot.office_id
    ORDER BY placed.id;
    UPDATE queueing_booking SET held_until = NULL WHERE id = ANY (p_bookings);
    RETURN 'BOOKED';
END $$;
