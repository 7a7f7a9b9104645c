-- The second statement has a snapshot of its own: it sees the answer of whoever held the
-- lock a moment ago. No row: the lock is not to be had. One row of NULLs: nobody was here.
CREATE OR REPLACE FUNCTION kernel_stored_answer(p_user bigint, p_key text)
RETURNS TABLE (fingerprint text, status int, body jsonb)
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended(p_user || ':' || p_key, 0)) THEN
        RETURN;
    END IF;
    SELECT stored.fingerprint, stored.status, stored.body INTO fingerprint, status, body
    FROM kernel_storedanswer stored WHERE stored.user_id = p_user AND stored.key = p_key;
    RETURN NEXT;
END $$;
