"""What is noticed about one officer at one office. Counts in, signals out.

Each line names what an insider who sells places cannot help doing. None of them is wrong
by itself: a busy officer is late with people and books for many. So each has a count from
which on it speaks, and a weight; the figures are policy.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from statistics import median

from queueing.integrity.rules.signal import Signal

# An officer, and the chain of the log that the office has: its code, or NATIONAL.
Key = tuple[int, str]
# Colleagues who make a measure.
FEWEST = 2


@dataclass(frozen=True)
class Count:
    """How often, of how many in all where the share matters, and what is usual (0: unknown)."""

    n: int
    of: int = 0
    usual: int = 0


@dataclass(frozen=True)
class Limit:
    """From ``n`` on, ``percent`` of all, and ``times`` what is usual (0: neither is asked)."""

    n: int
    weight: int
    percent: int = 0
    times: int = 0

    def is_reached(self, count: Count) -> bool:
        return (
            count.n >= self.n
            and count.n * 100 >= count.of * self.percent
            and count.n >= count.usual * self.times
        )


# In the order in which a reader should see them.
CODES = (
    "one_account",
    "one_hand",
    "few_accounts",
    "same_person",
    "quick_seats",
    "in_a_row",
    "paper_ahead",
    "absent",
    "verified",
    "ktp_seen",
    "unproven",
    "not_of_age",
    "nik_unseen",
    "sign_ins",
    "grants",
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
        if limit.is_reached(count):
            numbers = asdict(count) | {"limit": limit.n, "days": days}
            found.append(Signal(code, limit.weight, numbers))
    return found


def with_usual(counts: Mapping[Key, Count]) -> dict[Key, Count]:
    """Each with the median of the colleagues at its office, or of all others in the nation.

    One colleague is no measure. Who is alone in the country is compared with nobody.
    """
    by_office: dict[str, list[Key]] = defaultdict(list)
    for key in counts:
        by_office[key[1]].append(key)
    found = {}
    for key, count in counts.items():
        here = [one for one in by_office[key[1]] if one != key]
        others = here if len(here) >= FEWEST else [one for one in counts if one != key]
        usual = round(median(counts[one].n for one in others)) if others else 0
        found[key] = replace(count, usual=usual)
    return found
