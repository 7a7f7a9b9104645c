-- Every event waits for its place in its stream's chain. A trigger, so that no writer
-- can forget it; the digest covers the whole row as JSON, in UTC.
CREATE OR REPLACE FUNCTION kernel_ledger_enqueue() RETURNS trigger LANGUAGE plpgsql
SET timezone = 'UTC' AS $$
BEGIN
    INSERT INTO kernel_ledgerpending (stream, source, event_id, event_at, event_digest)
    VALUES (NEW.stream, TG_ARGV[0], NEW.id, NEW.at,
            encode(sha256(convert_to(to_jsonb(NEW)::text, 'UTF8')), 'hex'));
    RETURN NULL;
END $$;
