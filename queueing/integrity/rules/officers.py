"""What is noticed about one officer at one office. Counts in, signals out.

Each line names what an insider who sells places cannot help doing. None of them is wrong
by itself: a busy officer is late with people and books for many. So each has a count from
which on it speaks, and a weight; the figures are policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from queueing.integrity.rules.signal import Signal


@dataclass(frozen=True)
class Count:
    """How often, and of how many in all where the share matters (0: it does not)."""

    n: int
    of: int = 0


@dataclass(frozen=True)
class Limit:
    """From ``n`` on, and ``percent`` of all where a share is counted, it weighs ``weight``."""

    n: int
    weight: int
    percent: int = 0


# In the order in which a reader should see them.
CODES = (
    "one_account",
    "few_accounts",
    "same_person",
    "quick_seats",
    "unproven",
    "nik_unseen",
    "sign_ins",
    "off_hours",
    "no_show_undone",
    "late_arrivals",
    "other_reason",
)


def signals(counts: Mapping[str, Count], limits: Mapping[str, Limit], days: int) -> list[Signal]:
    """``days`` is the window that the counts were taken over."""
    found = []
    for code in CODES:
        count, limit = counts.get(code, Count(0)), limits[code]
        enough = count.n >= limit.n and count.n * 100 >= count.of * limit.percent
        if enough:
            numbers = {"n": count.n, "of": count.of, "limit": limit.n, "days": days}
            found.append(Signal(code, limit.weight, numbers))
    return found
