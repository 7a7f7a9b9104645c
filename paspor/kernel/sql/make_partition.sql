-- Statement triggers are not inherited, so each partition gets its own.
CREATE OR REPLACE FUNCTION kernel_make_partition(parent regclass, suffix text, bounds text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE child text := parent::text || '_' || suffix;
BEGIN
    IF to_regclass(child) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %s PARTITION OF %s %s', child, parent, bounds);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only', child);
    PERFORM kernel_guard_truncate(child::regclass);
END $$;
