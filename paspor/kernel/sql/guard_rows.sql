-- No row of this table is changed or deleted, by whatever role. ALWAYS: also where a session says
-- that it only replays what another server did. Partitions inherit the trigger; that it is ALWAYS
-- kernel_make_partition says of each.
CREATE OR REPLACE FUNCTION kernel_guard_rows(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s
        FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()', target);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only', target);
END $$;
