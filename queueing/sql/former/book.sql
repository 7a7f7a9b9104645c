-- As code of before called queueing_book; nothing here calls it any more. Kept while a release that
-- does may still run beside ours, and dropped by a migration after that.

-- Without device and address.
CREATE OR REPLACE FUNCTION queueing_book(
    p_code text, p_account bigint, p_slot bigint, p_channel text,
    p_applicants bigint[], p_kinds text[], p_types text[], p_entitlements text[],
    p_confirm boolean, p_hold_minutes int, p_return_minutes int, p_cutoff_minutes int,
    p_max_live int, p_actor_kind text, p_actor bigint, p_reason text,
    OUT outcome text, OUT booking_id bigint
) LANGUAGE sql AS $$
    SELECT * FROM queueing_book(
        p_code, p_account, p_slot, p_channel, p_applicants, p_kinds, p_types, p_entitlements,
        p_confirm, p_hold_minutes, p_return_minutes, p_cutoff_minutes, p_max_live,
        p_actor_kind, p_actor, p_reason, '', NULL::inet)
$$;

-- Without what is told of an errand.
CREATE OR REPLACE FUNCTION queueing_book(
    p_code text, p_account bigint, p_slot bigint, p_channel text,
    p_applicants bigint[], p_kinds text[], p_types text[], p_entitlements text[],
    p_confirm boolean, p_hold_minutes int, p_return_minutes int, p_cutoff_minutes int,
    p_max_live int, p_actor_kind text, p_actor bigint, p_reason text,
    p_device text, p_address inet,
    OUT outcome text, OUT booking_id bigint
) LANGUAGE sql AS $$
    SELECT * FROM queueing_book(
        p_code, p_account, p_slot, p_channel, p_applicants, p_kinds, p_types, p_entitlements,
        array_fill(''::text, ARRAY[cardinality(p_applicants)]),
        array_fill(''::text, ARRAY[cardinality(p_applicants)]),
        p_confirm, p_hold_minutes, p_return_minutes, p_cutoff_minutes, p_max_live,
        p_actor_kind, p_actor, p_reason, p_device, p_address)
$$;

-- Without what is known of the people, and the moment.
CREATE OR REPLACE FUNCTION queueing_book(
    p_code text, p_account bigint, p_slot bigint, p_channel text,
    p_applicants bigint[], p_kinds text[], p_types text[], p_entitlements text[],
    p_old_passports text[], p_parents text[], p_confirm boolean, p_hold_minutes int, p_return_minutes int, p_cutoff_minutes int,
    p_max_live int, p_actor_kind text, p_actor bigint, p_reason text,
    p_device text, p_address inet,
    OUT outcome text, OUT booking_id bigint
) LANGUAGE sql AS $$
    SELECT * FROM queueing_book(
        p_code, p_account, p_slot, p_channel, p_applicants, p_kinds, p_types, p_entitlements,
        p_old_passports, p_parents, p_confirm, p_hold_minutes, p_return_minutes, p_cutoff_minutes,
        p_max_live, p_actor_kind, p_actor, p_reason, p_device, p_address, NULL, NULL)
$$;
