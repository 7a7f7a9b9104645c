"""Reading scores and clusters."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from queueing.integrity.models.scores import AccountScore, Cluster
from queueing.integrity.selectors.facts import rows_of

ACCOUNTS_AT_ONCE = 5000

AT_OFFICES = """
SELECT booking.account_id, slot.office_id, count(*),
       count(*) FILTER (WHERE place.live_seat_id IS NOT NULL)
FROM queueing_booking booking
JOIN queueing_place place ON place.booking_id = booking.id
JOIN queueing_slot slot ON slot.id = booking.slot_id
WHERE booking.account_id = ANY(%(ids)s)
  AND (booking.created_at >= %(since)s OR place.live_seat_id IS NOT NULL)
GROUP BY booking.account_id, slot.office_id
"""


@dataclass(frozen=True)
class AtOffice:
    """What one account has at one office: places in the window, and seats it holds now."""

    office: int
    places: int
    seats: int


def standing(row: AccountScore) -> tuple[Any, ...]:
    """What makes two rows of an account differ."""
    return (row.points, row.score, row.reasons, row.cluster_id)


def as_they_stand() -> dict[int, tuple[Any, ...]]:
    """Each score that there is, as ``standing`` tells it."""
    return {row.account_id: standing(row) for row in AccountScore.objects.iterator()}


def members_now() -> dict[str, set[int]]:
    """The accounts of each cluster that the last run found."""
    members: dict[str, set[int]] = defaultdict(set)
    rows = AccountScore.objects.filter(cluster__state=Cluster.State.FOUND)
    for account, code in rows.values_list("account_id", "cluster_id"):
        members[code].add(account)
    return dict(members)


def seats_by_account(accounts: Sequence[int], *, since: datetime) -> dict[int, list[AtOffice]]:
    held: dict[int, list[AtOffice]] = defaultdict(list)
    for some in batched(accounts, ACCOUNTS_AT_ONCE, strict=False):
        for account, office, places, seats in rows_of(
            AT_OFFICES, {"ids": list(some), "since": since}
        ):
            held[account].append(AtOffice(office, places, seats))
    return held
