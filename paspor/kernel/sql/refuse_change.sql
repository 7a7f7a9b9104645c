-- A log that cannot be edited: rights refuse it to the application, these triggers to
-- everyone who does not first drop them (DDL by the owner, which is logged by the server).
CREATE OR REPLACE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: this table only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
