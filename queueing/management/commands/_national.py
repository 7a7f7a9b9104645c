"""The statements of make_national_data: years of visits of people whom nobody knows.

Quota of the past repeats the first full week that stands ahead. Everything follows from
numbers, so a set is the same each time; codes are hexadecimal, which is no code of ours
but for chance, and numbers that look like codes stay unique.
"""

# The week that is repeated: a Monday to Friday that lies ahead with all its seats.
MODEL_WEEK = """
CREATE TEMPORARY TABLE model_slot AS
SELECT id, office_id, day, hour, starts_at, ends_at FROM queueing_slot
WHERE day >= %(monday)s AND day < %(monday)s::date + 7;
CREATE TEMPORARY TABLE model_seat AS
SELECT seat.slot_id, seat.number, seat.channel FROM queueing_seat seat
JOIN model_slot ON model_slot.id = seat.slot_id;
ANALYZE model_slot; ANALYZE model_seat;
"""

# Made by the owner; the application's own makes the months to come.
PAST_MONTH = """
SELECT kernel_make_partition('queueing_bookingevent', to_char(%(month)s::date, '"y"YYYY"m"MM'),
    format('FOR VALUES FROM (%%L) TO (%%L)', %(month)s::date || ' 00:00+00',
           (%(month)s::date + interval '1 month')::date || ' 00:00+00'))
"""

# One week of the past: its releases, hours and seats, all seen and gone.
PAST_WEEK = """
INSERT INTO queueing_release (office_id, first_day, last_day, opens_at, mode, prepared_at)
SELECT DISTINCT office_id, %(monday)s::date, %(monday)s::date + 4,
       %(monday)s::timestamptz - interval '21 days', 'FIRST_COME', %(monday)s::timestamptz
FROM model_slot;
CREATE TEMPORARY TABLE past_slot ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('queueing_slot', 'id')) AS id, model_slot.id AS model,
       model_slot.office_id, release.id AS release_id, model_slot.day - %(back)s AS day, hour,
       starts_at - make_interval(days => %(back)s) AS starts_at,
       ends_at - make_interval(days => %(back)s) AS ends_at, release.opens_at
FROM model_slot JOIN queueing_release release
  ON release.office_id = model_slot.office_id AND release.first_day = %(monday)s;
INSERT INTO queueing_slot
    (id, code, office_id, release_id, day, hour, starts_at, ends_at, closed_why)
SELECT id, upper(lpad(to_hex(id), 10, '0')), office_id, release_id, day, hour, starts_at,
       ends_at, ''
FROM past_slot;
CREATE TEMPORARY TABLE past_seat ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('queueing_seat', 'id')) AS id, past_slot.id AS slot_id,
       number, channel,
       row_number() OVER (PARTITION BY past_slot.id, channel ORDER BY number) - 1 AS nth
FROM past_slot JOIN model_seat ON model_seat.slot_id = past_slot.model;
"""

# Ten seats of a channel in a row are five people alone, a couple and a family of three.
# ``first`` is the seat that a visit begins with.
VISITS = """
CREATE TEMPORARY TABLE visit ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('queueing_booking', 'id')) AS id, grouped.*
FROM (
    SELECT slot_id, channel, first, min(past_slot.opens_at) AS opens_at,
           min(past_slot.starts_at) AS starts_at, min(past_slot.office_id) AS office_id,
           count(*) AS people
    FROM (
        SELECT *, nth - (ARRAY[0, 0, 0, 1, 0, 0, 1, 2, 0, 0])[nth %% 10 + 1] AS first
        FROM past_seat
    ) numbered
    JOIN past_slot ON past_slot.id = numbered.slot_id
    WHERE channel <> 'COUNTER'
    GROUP BY slot_id, channel, first
    ORDER BY slot_id, channel, first
    LIMIT %(most)s
) grouped;
"""

PAST_VISITS = """
INSERT INTO queueing_booking
    (id, code, account_id, slot_id, channel, moves_used, no_fault, reason, created_at)
SELECT id, upper(lpad(to_hex(id), 8, '0')), %(account)s + (id * 7919) %% %(accounts)s, slot_id,
       channel, 0, false, '', opens_at + make_interval(secs => id %% 86400)
FROM visit;
CREATE TEMPORARY TABLE past_place ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('queueing_place', 'id')) AS id, visit.id AS booking_id,
       past_seat.id AS seat_id, past_seat.nth - visit.first AS who, visit.office_id,
       %(applicant)s + 3 * ((visit.id * 7919) %% %(accounts)s) AS applicant_id,
       (ARRAY['SERVED','SERVED','SERVED','SERVED','SERVED','SERVED','SERVED','SERVED','SERVED',
              'SERVED','SERVED','SERVED','SERVED','SERVED','SERVED','SERVED','SERVED',
              'NO_SHOW','CANCELLED','EXPIRED'])[visit.id %% 20 + 1] AS state,
       visit.opens_at + make_interval(secs => visit.id %% 86400) AS held_at, visit.starts_at
FROM visit JOIN past_seat ON past_seat.slot_id = visit.slot_id
    AND past_seat.channel = visit.channel
    AND past_seat.nth BETWEEN visit.first AND visit.first + visit.people - 1;
INSERT INTO queueing_seat (id, slot_id, number, channel, taken, visible_at)
SELECT past_seat.id, past_seat.slot_id, number, channel,
       coalesce(state IN ('SERVED', 'NO_SHOW'), false), opens_at
FROM past_seat JOIN past_slot ON past_slot.id = past_seat.slot_id
LEFT JOIN past_place ON past_place.seat_id = past_seat.id;
INSERT INTO queueing_place
    (id, booking_id, applicant_id, person_id, seat_id, state, kind, passport_type, entitlement,
     reason, booked_at, ended_at, created_at)
SELECT id, booking_id, applicant_id + who, applicant_id + who + %(person_offset)s, seat_id, state,
       'NEW', 'REGULAR', '', '', CASE WHEN state <> 'EXPIRED' THEN held_at END,
       CASE WHEN state IN ('SERVED', 'NO_SHOW') THEN starts_at + interval '20 minutes'
            ELSE held_at + interval '10 minutes' END, held_at
FROM past_place;
INSERT INTO queueing_bookingevent
    (at, stream, booking_id, place_id, what, actor_kind, actor_id, reason, detail, note_digest)
SELECT CASE WHEN step = 'HELD' THEN held_at ELSE starts_at END, office.code, booking_id,
       past_place.id, CASE WHEN step = 'HELD' THEN step ELSE state END,
       CASE WHEN step = 'HELD' THEN 'CITIZEN' ELSE 'SYSTEM' END, NULL, '', '{}', ''
FROM past_place JOIN offices_office office ON office.id = past_place.office_id
CROSS JOIN unnest(ARRAY['HELD', 'ENDED']) AS step;
INSERT INTO queueing_bookingorigin (booking_id, device, address, at)
SELECT id, 'nasional-' || (id * 7919) %% %(accounts)s,
       '10.0.0.0'::inet + (id * 7919) %% 16000000, opens_at
FROM visit WHERE opens_at > now() - interval '180 days';
"""

# What is booked ahead: of the coming two weeks every second seat online, by people whom
# nothing else keeps. One person each.
AHEAD = """
CREATE TEMPORARY TABLE ahead AS
SELECT seat.id AS seat_id, slot.id AS slot_id, seat.channel, slot.office_id,
       nextval(pg_get_serial_sequence('queueing_booking', 'id')) AS booking_id,
       row_number() OVER (ORDER BY seat.id) - 1 AS n
FROM queueing_seat seat JOIN queueing_slot slot ON slot.id = seat.slot_id
WHERE slot.day BETWEEN %(today)s::date + 1 AND %(today)s::date + 14
  AND seat.channel = 'ONLINE' AND NOT seat.taken AND seat.id %% 2 = 0
ORDER BY seat.id LIMIT %(accounts)s;
UPDATE queueing_seat SET taken = true WHERE id IN (SELECT seat_id FROM ahead);
INSERT INTO queueing_booking
    (id, code, account_id, slot_id, channel, moves_used, no_fault, reason)
SELECT booking_id, upper(lpad(to_hex(booking_id), 8, '0')), %(account)s + n, slot_id, channel, 0,
       false, ''
FROM ahead;
INSERT INTO queueing_place
    (booking_id, applicant_id, person_id, seat_id, live_person_id, live_seat_id, state, kind,
     passport_type, entitlement, reason, booked_at)
SELECT booking_id, %(applicant)s + 3 * n, %(applicant)s + 3 * n + %(person_offset)s, seat_id,
       %(applicant)s + 3 * n + %(person_offset)s, seat_id, 'BOOKED', 'NEW', 'REGULAR', '', '',
       now()
FROM ahead;
"""

# What stands around accounts and people, by their numbers.
AROUND = """
INSERT INTO account_emailaddress (email, verified, "primary", user_id)
SELECT email, true, true, id FROM accounts_user WHERE id BETWEEN %(first)s AND %(last)s;
INSERT INTO accounts_consent (notice_version, user_id)
SELECT %(notice)s, id FROM accounts_user WHERE id BETWEEN %(first)s AND %(last)s;
INSERT INTO accounts_trace (what, device, address, at, user_id)
SELECT 'SIGN_UP', 'nasional-' || id - %(account)s, '10.0.0.0'::inet + (id %% 16000000), joined_at,
       id
FROM accounts_user WHERE id BETWEEN %(first)s AND %(last)s;
INSERT INTO accounts_identitycheck
    (asked, further_key, outcome, source, matches, attempts, claim, checked_at, valid_until,
     applicant_id, person_id)
SELECT 'nasional', '', 'MATCH', 'REGISTRY', '{}', 1, '', now() - interval '1 day',
       now() + interval '1 year', id, person_id
FROM accounts_applicant WHERE account_id BETWEEN %(first)s AND %(last)s;
"""
