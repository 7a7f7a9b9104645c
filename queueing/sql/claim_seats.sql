-- Free seats of a slot: n of them or none. The first attempt passes over seats that
-- somebody is claiming at this moment, so nobody waits. Where that comes back short, its
-- locks are let go (the block is rolled back) and the second attempt waits for each seat
-- in order of id, 300 ms at most for each. Waiting out of that order would deadlock.
-- Returns the seats, or an empty array where there are too few. A lock that is not to be
-- had in time raises lock_not_available: busy, which is not full.
-- p_ahead: also seats that nobody sees yet (an opening serves first rights before others).
-- Plans are kept, so none may read a table whole (as of queueing_book).
CREATE OR REPLACE FUNCTION queueing_claim_seats(p_slot bigint, p_channel text, p_count int, p_ahead boolean)
RETURNS bigint[]
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
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
