-- The partitions of this month and the coming ones. Runs with the owner's rights, so
-- that the application's periodic task may call it without owning anything.
CREATE OR REPLACE FUNCTION kernel_make_months(parent text, ahead int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date;
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_trigger
        WHERE tgrelid = to_regclass(parent) AND tgname = 'append_only'
    ) THEN
        RAISE EXCEPTION '% is not a log', parent;
    END IF;
    FOR i IN 0 .. least(ahead, 24) LOOP
        month := date_trunc('month', (now() AT TIME ZONE 'UTC')) + make_interval(months => i);
        PERFORM kernel_make_partition(
            parent::regclass, to_char(month, '"y"YYYY"m"MM'),
            format('FOR VALUES FROM (%L) TO (%L)',
                month::text || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00'));
    END LOOP;
END $$;
