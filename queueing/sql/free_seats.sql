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
CREATE OR REPLACE FUNCTION queueing_free_seats(p_seats bigint[], p_minutes int)
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
