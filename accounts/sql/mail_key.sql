-- One mailbox under many names: what follows a plus is a tag of its owner's, and Gmail
-- also passes over dots and answers to googlemail.com. For counting, never for mailing.
-- accounts.rules.mail_key says the same in Python. The column accounts_user.mail_key is generated
-- from it: what a new text gives is not written to rows that stand.
CREATE OR REPLACE FUNCTION accounts_mail_key(email text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN part.domain IN ('gmail.com', 'googlemail.com')
            THEN replace(part.box, '.', '') || '@gmail.com'
        ELSE part.box || '@' || part.domain
    END
    FROM (
        SELECT coalesce(nullif(split_part(whole.name, '+', 1), ''), whole.name) AS box,
               whole.domain
        FROM (
            SELECT lower(regexp_replace(email, '@[^@]*$', '')) AS name,
                   lower(substring(email from '[^@]*$')) AS domain
        ) whole
    ) part
$$;
