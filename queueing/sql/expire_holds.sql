-- End holds that have run out, whole bookings at a time: of the given bookings those
-- whose hold has lapsed by the database's clock and that still have a held place.
-- Locks bookings, then seats, places and referrals. Returns how many places expired.
CREATE OR REPLACE FUNCTION queueing_expire_holds(p_bookings bigint[], p_minutes int)
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
