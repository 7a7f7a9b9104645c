"""What accounts did, counted by the database. Each statement is one pass, and short.

Only accounts at or above a threshold come out of it, so honest ones cost nothing here.
What the system or an officer did (moves, closures, first rights, the counter) is not
the account's speed or haste, and is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from accounts import selectors as people
from accounts.models import User
from queueing.integrity.rules.series import Numbered

# Accounts by id, so that no statement grows with the country.
ACCOUNTS_AT_ONCE = 5_000

# Counted before it is joined, once: a database that has not looked at its tables for a
# while would count all of it anew for each place.
ACTS = """
WITH visit AS MATERIALIZED (
    SELECT booking.id, booking.account_id, booking.created_at,
           booking.moves_used = 0 AND NOT booking.no_fault AS is_by_hand,
           booking.created_at >= release.opens_at
               AND booking.created_at < release.opens_at + %(first)s AS is_first,
           booking.created_at - lag(booking.created_at) OVER (
               PARTITION BY booking.account_id, booking.moves_used = 0 AND NOT booking.no_fault
               ORDER BY booking.created_at) < %(speed)s AS is_rapid
    FROM queueing_booking booking
    JOIN queueing_slot slot ON slot.id = booking.slot_id
    JOIN queueing_release release ON release.id = slot.release_id
    WHERE booking.account_id >= %(low)s AND booking.account_id < %(high)s
      AND booking.created_at >= %(since)s AND booking.made_by_id IS NULL
), told AS (
    SELECT visit.id, visit.account_id,
           bool_or(place.state = 'CANCELLED' AND place.booked_at IS NOT NULL) AS is_churn,
           bool_or(place.state IN ('EXPIRED', 'CANCELLED') AND place.booked_at IS NULL)
               AS is_let_go,
           bool_or(place.state = 'NO_SHOW') AS is_no_show,
           bool_or(visit.is_by_hand AND visit.is_first) AS is_first,
           -- Booked at once, its places have the very moment of their making: no haste of a hand.
           bool_or(visit.is_by_hand AND (visit.is_rapid OR place.booked_at > place.created_at
               AND place.booked_at - place.created_at < %(speed)s)) AS is_fast,
           array_agg(place.person_id) FILTER (WHERE place.booked_at IS NOT NULL) AS persons
    FROM visit
    JOIN queueing_place place ON place.booking_id = visit.id
    GROUP BY visit.id, visit.account_id
), volume AS (
    SELECT account_id, count(DISTINCT person) AS count
    FROM told, unnest(persons) AS person
    GROUP BY account_id
    HAVING count(DISTINCT person) >= %(volume)s
), summed AS (
    SELECT account_id,
           count(*) FILTER (WHERE is_churn) AS churn,
           count(*) FILTER (WHERE is_let_go) AS let_go,
           count(*) FILTER (WHERE is_no_show) AS no_shows,
           count(*) FILTER (WHERE is_first) AS first_second,
           count(*) FILTER (WHERE is_fast) AS speed
    FROM told
    GROUP BY account_id
)
SELECT summed.account_id, coalesce(volume.count, 0), churn, let_go, no_shows, first_second, speed
FROM summed LEFT JOIN volume USING (account_id)
WHERE volume.count IS NOT NULL OR churn >= %(churn)s OR let_go >= %(let_go)s
   OR no_shows >= %(no_shows)s OR first_second >= %(first_second)s OR speed >= %(speed_least)s
"""
ACT_CODES = ("volume", "churn", "let_go", "no_shows", "first_second", "speed")

# A NIK that was found, or seen by an officer, after it was not found is no signal.
NOT_FOUND = """
SELECT applicant.account_id, count(DISTINCT checked.person_id)
FROM accounts_identitycheck checked
JOIN accounts_applicant applicant ON applicant.id = checked.applicant_id
WHERE checked.outcome = 'NOT_FOUND' AND checked.checked_at >= %(since)s
  AND applicant.account_id IS NOT NULL
  AND NOT EXISTS (
      SELECT FROM accounts_identitycheck later
      WHERE later.person_id = checked.person_id AND later.id > checked.id
        AND later.outcome IN ('MATCH', 'MISMATCH'))
GROUP BY applicant.account_id
"""

# Between two of one family a dispute is a quarrel, and no sign of a hoarder.
DISPUTES = """
SELECT loser_id, count(DISTINCT person_id) FROM queueing_identityclaim
WHERE state = 'ACCEPTED' AND loser_id IS NOT NULL AND NOT is_same_family
  AND settled_at >= %(since)s
GROUP BY loser_id
"""

# Which domains are thrown away is asked in between: accounts knows.
DOMAINS = """
SELECT DISTINCT '@' || split_part(email, '@', 2) FROM accounts_user
WHERE joined_at >= %(since)s AND erased_at IS NULL
"""
OF_DOMAINS = """
SELECT id FROM accounts_user
WHERE joined_at >= %(since)s AND erased_at IS NULL
  AND '@' || split_part(email, '@', 2) = ANY(%(domains)s)
"""

# What stands alone is left out by a cheap count first: distinct ones are sorted for.
SERIALS = """
WITH known AS (
    SELECT nik_stem, nik_last4, account_id FROM accounts_applicant
    WHERE account_id IS NOT NULL AND nik_stem <> '' AND created_at >= %(since)s
), crowded AS (
    SELECT nik_stem FROM known GROUP BY nik_stem HAVING count(*) >= %(least)s
)
SELECT DISTINCT nik_stem, nik_last4::int, account_id FROM known JOIN crowded USING (nik_stem)
"""

NAMES = """
WITH known AS (
    SELECT lower(name) AS name, birth_date, person_id, account_id FROM accounts_applicant
    WHERE account_id IS NOT NULL AND name <> '' AND created_at >= %(since)s
), crowded AS (
    SELECT name, birth_date FROM known GROUP BY name, birth_date HAVING count(*) >= %(least)s
)
SELECT count(DISTINCT person_id), array_agg(DISTINCT account_id)
FROM known JOIN crowded USING (name, birth_date)
GROUP BY name, birth_date
HAVING count(DISTINCT person_id) >= %(least)s
"""


@dataclass(frozen=True)
class Window:
    """Since when acts count, and what is too fast. Lengths are seconds."""

    since: datetime
    days: int
    first: float
    speed: float


def rows_of(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def acts(window: Window, least: Mapping[str, int]) -> Iterator[tuple[int, dict[str, int]]]:
    """Accounts with one of ACT_CODES at its threshold, and all their counts of these."""
    ends = User.objects.aggregate(low=Min("pk"), high=Max("pk"))
    if ends["low"] is None:
        return
    for low in range(ends["low"], ends["high"] + 1, ACCOUNTS_AT_ONCE):
        params = {
            "low": low,
            "high": low + ACCOUNTS_AT_ONCE,
            "since": window.since,
            "first": f"{window.first} seconds",
            "speed": f"{window.speed} seconds",
            "speed_least": least["speed"],
            **{code: least[code] for code in ACT_CODES if code != "speed"},
        }
        for account, *counts in rows_of(ACTS, params):
            yield account, dict(zip(ACT_CODES, counts, strict=True))


def not_found(window: Window) -> dict[int, int]:
    return dict(rows_of(NOT_FOUND, {"since": window.since}))


def disputes_lost(window: Window) -> dict[int, int]:
    return dict(rows_of(DISPUTES, {"since": window.since}))


def with_disposable_mail(window: Window) -> list[int]:
    """New accounts whose mailboxes are thrown away, by what is known now."""
    domains = [row[0] for row in rows_of(DOMAINS, {"since": window.since})]
    thrown_away = sorted(people.disposable_among(domains))
    if not thrown_away:
        return []
    found = rows_of(OF_DOMAINS, {"since": window.since, "domains": thrown_away})
    return [row[0] for row in found]


def serials(window: Window, least: int) -> list[Numbered]:
    """NIKs whose stem has at least ``least`` of them."""
    found = rows_of(SERIALS, {"since": window.since, "least": least})
    return [Numbered(*row) for row in found]


def repeated_names(window: Window, least: int) -> list[tuple[int, list[int]]]:
    """How many persons bear one name and birth date, and the accounts that have them."""
    return rows_of(NAMES, {"since": window.since, "least": least})
