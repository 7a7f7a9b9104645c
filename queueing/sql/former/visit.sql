-- As code of before called queueing_visit; nothing here calls it any more. Kept while a release that
-- does may still run beside ours, and dropped by a migration after that.

-- Without what is told of an errand.
CREATE OR REPLACE FUNCTION queueing_visit(
    p_names text[], p_most int[], p_within interval[],
    p_code text, p_account bigint, p_slot bigint, p_channel text,
    p_applicants bigint[], p_kinds text[], p_types text[], p_entitlements text[],
    p_confirm boolean, p_hold_minutes int, p_return_minutes int, p_cutoff_minutes int,
    p_max_live int, p_actor_kind text, p_actor bigint, p_reason text,
    p_device text, p_address inet
) RETURNS TABLE (
    outcome text, limited text[], free_at timestamptz[], booking bigint, created_at timestamptz,
    held_until timestamptz, told_at timestamptz, place bigint, applicant bigint, seat bigint
)
LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(p_names) > 0 THEN
        SELECT 'LIMITED', array_agg(found.name), array_agg(found.free_at)
        INTO outcome, limited, free_at
        FROM queueing_limits(p_account, p_applicants, p_device, p_names, p_most, p_within) found;
        IF limited IS NOT NULL THEN
            RETURN NEXT;
            RETURN;
        END IF;
    END IF;
    SELECT made.outcome, made.booking_id INTO outcome, booking
    FROM queueing_book(
        p_code, p_account, p_slot, p_channel, p_applicants, p_kinds, p_types, p_entitlements,
        p_confirm, p_hold_minutes, p_return_minutes, p_cutoff_minutes, p_max_live, p_actor_kind,
        p_actor, p_reason, p_device, p_address) made;
    IF booking IS NULL THEN
        RETURN NEXT;
        RETURN;
    END IF;
    -- The history's own clock (queueing_bookingevent.at).
    told_at := statement_timestamp();
    FOR created_at, held_until, place, applicant, seat IN
        SELECT visit.created_at, visit.held_until, one.id, one.applicant_id, one.seat_id
        FROM queueing_booking visit JOIN queueing_place one ON one.booking_id = visit.id
        WHERE visit.id = booking ORDER BY one.id
    LOOP
        RETURN NEXT;
    END LOOP;
END $$;

-- Without what is known of the people, and the moment.
CREATE OR REPLACE FUNCTION queueing_visit(
    p_names text[], p_most int[], p_within interval[],
    p_code text, p_account bigint, p_slot bigint, p_channel text,
    p_applicants bigint[], p_kinds text[], p_types text[], p_entitlements text[],
    p_old_passports text[], p_parents text[], p_confirm boolean, p_hold_minutes int, p_return_minutes int, p_cutoff_minutes int,
    p_max_live int, p_actor_kind text, p_actor bigint, p_reason text,
    p_device text, p_address inet
) RETURNS TABLE (
    outcome text, limited text[], free_at timestamptz[], booking bigint, created_at timestamptz,
    held_until timestamptz, told_at timestamptz, place bigint, applicant bigint, seat bigint
)
LANGUAGE sql AS $$
    SELECT * FROM queueing_visit(
        p_names, p_most, p_within, p_code, p_account, p_slot, p_channel, p_applicants, p_kinds,
        p_types, p_entitlements, p_old_passports, p_parents, p_confirm, p_hold_minutes,
        p_return_minutes, p_cutoff_minutes, p_max_live, p_actor_kind, p_actor, p_reason,
        p_device, p_address, NULL, NULL)
$$;
