"""What accounts share, counted by the database.

Asked only about accounts that show something by their own acts (``ids``): others are
counted in the totals, and never named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from queueing.integrity.rules.clusters import HubKind
from queueing.integrity.selectors.facts import Window, rows_of

# Each statement first finds what these accounts use, then who else does: it reads by
# index what concerns them, not the whole country. {column} is no value from outside.
THEIRS = """
WITH mine AS (SELECT unnest(%(ids)s::bigint[]) AS id), theirs AS (
    SELECT {column} AS value FROM accounts_trace JOIN mine ON user_id = mine.id
    WHERE at >= %(since)s AND {given}
    UNION
    SELECT origin.{column} FROM mine
    JOIN queueing_booking booking ON booking.account_id = mine.id
    JOIN queueing_bookingorigin origin ON origin.booking_id = booking.id
    WHERE origin.at >= %(since)s AND origin.{given}
)
SELECT {shown} FROM theirs
"""
CAME = """
WITH mine AS (SELECT unnest(%(ids)s::bigint[]) AS id),
theirs AS (SELECT unnest(%(values)s::{type}[]) AS value), came AS (
    SELECT value, user_id AS account_id FROM theirs JOIN accounts_trace ON {column} = value
    WHERE at >= %(since)s AND {given}
    UNION
    SELECT value, booking.account_id FROM theirs
    JOIN queueing_bookingorigin origin ON origin.{column} = value
    JOIN queueing_booking booking ON booking.id = origin.booking_id
    WHERE origin.at >= %(since)s AND origin.{given} AND booking.account_id IS NOT NULL
)
SELECT {shown}, count(*), array_agg(mine.id) FILTER (WHERE mine.id IS NOT NULL)
FROM came LEFT JOIN mine ON mine.id = came.account_id
GROUP BY value HAVING count(*) BETWEEN 2 AND %(most)s
"""
DEVICE = {"column": "device", "given": "device <> ''", "shown": "value", "type": "text"}
ADDRESS = {
    "column": "address",
    "given": "address IS NOT NULL",
    "shown": "host(value)",
    "type": "inet",
}
# So many at a time: a long statement is an old snapshot that every claim walks over.
VALUES_AT_ONCE = 200

# A carrier's address has half a country behind it: its last visits tell, and nobody has
# to count them to the end. Who stays is counted exactly.
NOT_CROWDED = """
SELECT host(value) FROM unnest(%(values)s::inet[]) AS value
WHERE (
    SELECT count(DISTINCT account_id) FROM (
        SELECT booking.account_id FROM queueing_bookingorigin origin
        JOIN queueing_booking booking ON booking.id = origin.booking_id
        WHERE origin.address = value AND origin.at >= %(since)s
        ORDER BY origin.at DESC LIMIT %(looked_at)s
    ) AS latest
) <= %(most)s
"""
VISITS_LOOKED_AT = 1_000

PHONES = """
WITH mine AS (SELECT unnest(%(ids)s::bigint[]) AS id), theirs AS (
    SELECT DISTINCT phone FROM accounts_user JOIN mine USING (id) WHERE phone <> ''
)
SELECT phone, count(*), array_agg(mine.id) FILTER (WHERE mine.id IS NOT NULL)
FROM theirs JOIN accounts_user holder USING (phone) LEFT JOIN mine ON mine.id = holder.id
WHERE phone <> '' AND holder.erased_at IS NULL
GROUP BY phone HAVING count(*) > 1
"""
MAILBOXES = """
SELECT mail_key, count(*), array_agg(id) FROM accounts_user
WHERE erased_at IS NULL
GROUP BY mail_key HAVING count(*) > 1
"""
KKS = """
WITH mine AS (SELECT unnest(%(ids)s::bigint[]) AS id), theirs AS (
    SELECT DISTINCT kk_digest FROM accounts_applicant JOIN mine ON account_id = mine.id
    WHERE kk_digest <> ''
), known AS (
    SELECT DISTINCT kk_digest, account_id FROM theirs JOIN accounts_applicant USING (kk_digest)
    WHERE kk_digest <> '' AND account_id IS NOT NULL AND removed_at IS NULL
)
SELECT kk_digest, count(*), array_agg(mine.id) FILTER (WHERE mine.id IS NOT NULL)
FROM known LEFT JOIN mine ON mine.id = account_id
GROUP BY kk_digest HAVING count(*) > 1
"""
# A burst that lies over the edge of two stretches is counted in its parts.
BURSTS = """
WITH mine AS (SELECT unnest(%(ids)s::bigint[]) AS id), theirs AS (
    SELECT DISTINCT {column} AS value, date_bin(%(stretch)s, at, '2000-01-01Z') AS starts
    FROM accounts_trace JOIN mine ON user_id = mine.id
    WHERE what = 'SIGN_UP' AND at >= %(since)s AND {given}
), signed AS (
    SELECT DISTINCT value, starts, user_id
    FROM theirs JOIN accounts_trace ON {column} = value AND at >= starts
        AND at < starts + %(stretch)s::interval
    WHERE what = 'SIGN_UP' AND {given}
)
SELECT {shown} || ' ' || starts, count(*), array_agg(mine.id) FILTER (WHERE mine.id IS NOT NULL)
FROM signed LEFT JOIN mine ON mine.id = user_id
GROUP BY value, starts HAVING count(*) >= %(least)s
"""
DEVICE_BURSTS = BURSTS.format(**DEVICE)
ADDRESS_BURSTS = BURSTS.format(**ADDRESS)
DOMAIN_BURSTS = """
WITH mine AS (SELECT unnest(%(ids)s::bigint[]) AS id), known AS (
    SELECT id, split_part(email, '@', 2) AS value,
           date_bin(%(stretch)s, joined_at, '2000-01-01Z') AS starts
    FROM accounts_user
    WHERE joined_at >= %(since)s AND erased_at IS NULL
), small AS (
    SELECT value FROM known GROUP BY value HAVING count(*) BETWEEN %(least)s AND %(domain_most)s
)
SELECT value || ' ' || starts, count(*), array_agg(mine.id) FILTER (WHERE mine.id IS NOT NULL)
FROM known JOIN small USING (value) LEFT JOIN mine USING (id)
GROUP BY value, starts HAVING count(*) >= %(least)s AND count(mine.id) > 0
"""
REGIONS = """
WITH mine AS (SELECT unnest(%(ids)s::bigint[]) AS id), theirs AS (
    SELECT DISTINCT nik_region, date_trunc('hour', created_at) AS hour
    FROM accounts_applicant JOIN mine ON account_id = mine.id
    WHERE nik_region <> '' AND created_at >= %(since)s
), added AS (
    SELECT DISTINCT theirs.nik_region, hour, account_id
    FROM theirs JOIN accounts_applicant added ON added.nik_region = theirs.nik_region
        AND date_trunc('hour', created_at) = hour
    WHERE account_id IS NOT NULL AND created_at >= %(since)s
)
SELECT nik_region, count(*), array_agg(mine.id) FILTER (WHERE mine.id IS NOT NULL)
FROM added LEFT JOIN mine ON mine.id = account_id
GROUP BY nik_region, hour HAVING count(*) >= %(least)s
"""
# More than there are accounts: a device is never too large to be looked at.
NO_BOUND = 2**31


@dataclass(frozen=True)
class Shared:
    """``total``: all accounts that use it. ``accounts``: those that were asked about."""

    value: str
    total: int
    accounts: tuple[int, ...]


@dataclass(frozen=True)
class BurstLimits:
    least: int
    minutes: int
    domain_most: int


def _shared(sql: str, **params: Any) -> list[Shared]:
    return [
        Shared(value, total, tuple(accounts)) for value, total, accounts in rows_of(sql, params)
    ]


def came_from(
    window: Window, ids: Sequence[int], *, address_most: int
) -> dict[HubKind, list[Shared]]:
    """Installations, and addresses that few enough accounts use to say anything."""
    asked = {"since": window.since, "ids": ids}
    devices = _values(THEIRS.format(**DEVICE), **asked)
    addresses = _values(
        NOT_CROWDED,
        values=_values(THEIRS.format(**ADDRESS), **asked),
        since=window.since,
        most=address_most,
        looked_at=VISITS_LOOKED_AT,
    )
    return {
        HubKind.DEVICE: _came(DEVICE, devices, most=NO_BOUND, **asked),
        HubKind.ADDRESS: _came(ADDRESS, addresses, most=address_most, **asked),
    }


def _values(sql: str, **params: Any) -> list[str]:
    return [row[0] for row in rows_of(sql, params)]


def _came(what: Mapping[str, str], values: Sequence[str], **params: Any) -> list[Shared]:
    return [
        shared
        for some in batched(values, VALUES_AT_ONCE, strict=False)
        for shared in _shared(CAME.format(**what), values=list(some), **params)
    ]


def reached_by(ids: Sequence[int]) -> dict[HubKind, list[Shared]]:
    return {HubKind.PHONE: _shared(PHONES, ids=ids), HubKind.KK: _shared(KKS, ids=ids)}


def mailboxes() -> list[Shared]:
    """Of all accounts: that one mailbox has many of them is an act of its own."""
    return _shared(MAILBOXES)


def bursts(window: Window, ids: Sequence[int], limits: BurstLimits) -> list[Shared]:
    """From one installation, one address or one mail domain that is no public provider."""
    params = {
        "since": window.since,
        "ids": ids,
        "least": limits.least,
        "stretch": f"{limits.minutes} minutes",
    }
    return [
        *_shared(DEVICE_BURSTS, **params),
        *_shared(ADDRESS_BURSTS, **params),
        *_shared(DOMAIN_BURSTS, domain_most=limits.domain_most, **params),
    ]


def regions(window: Window, ids: Sequence[int], *, least: int) -> list[Shared]:
    return _shared(REGIONS, since=window.since, ids=ids, least=least)
