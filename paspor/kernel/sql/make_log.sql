-- Turn a freshly made, partitioned table into a log.
CREATE OR REPLACE FUNCTION kernel_make_log(parent text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM kernel_guard_rows(parent::regclass);
    PERFORM kernel_guard_truncate(parent::regclass);
    EXECUTE format('CREATE TRIGGER ledger AFTER INSERT ON %s
        FOR EACH ROW EXECUTE FUNCTION kernel_ledger_enqueue(%L)', parent, parent);
    PERFORM kernel_make_partition(parent::regclass, 'rest', 'DEFAULT');
    PERFORM kernel_make_months(parent, 3);
END $$;
