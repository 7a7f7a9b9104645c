"""Counts of the loose limits: kept in this process, and told to all others a moment later.

What is read most would wait longest for being counted. Here a request adds to what this process
has counted; four times a second, or when a tenth of a limit has come together, the counts
are told to Valkey in one round trip, and what the others counted is learned from it. So a limit
may be passed by a tenth for each further process, and is exact where there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic, time

from django.core.cache import cache

TOLD_SECONDS = 0.25
# Told at once when one count has grown by this part of its limit, or when so many have grown.
PART = 10
MOST_UNTOLD = 500
MOST_COUNTS = 100_000
TIDIED_SECONDS = 15

# What each key has come to. ARGV: how many more, and the seconds to keep it, of each.
ADD = """
local totals = {}
for n, key in ipairs(KEYS) do
    totals[n] = redis.call('INCRBY', key, ARGV[2 * n - 1])
    if totals[n] == tonumber(ARGV[2 * n - 1]) then redis.call('EXPIRE', key, ARGV[2 * n]) end
end
return totals
"""


@dataclass(frozen=True)
class Limit:
    """So many under this key, which is kept for so many seconds."""

    key: str
    most: int
    seconds: int


@dataclass
class _Count:
    ends_at: float
    seconds: int
    told: int = 0
    untold: int = 0


class Tally:
    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[str, _Count] = {}
        self._untold: dict[str, _Count] = {}
        self._told_at = self._tidied_at = monotonic()

    def full(self, limits: Sequence[Limit]) -> int:
        """Counts one more of each, in order, until one is full: its number, or 0."""
        with self._lock:
            number, is_due = self._add(limits)
            told = self._to_tell() if is_due else {}
        if told:
            self._tell(told)
        return number

    def _add(self, limits: Sequence[Limit]) -> tuple[int, bool]:
        is_due = monotonic() - self._told_at >= TOLD_SECONDS or len(self._untold) >= MOST_UNTOLD
        for number, limit in enumerate(limits, start=1):
            # Tests have a cache of their own, by its prefix.
            key = cache.make_key(limit.key)
            count = self._counts.get(key)
            if count is None:
                count = self._counts[key] = _Count(time() + limit.seconds, limit.seconds)
            count.untold += 1
            self._untold[limit.key] = count
            if count.told + count.untold > limit.most:
                return number, is_due
            is_due = is_due or count.untold * PART >= limit.most
        return 0, is_due

    def _to_tell(self) -> dict[str, tuple[_Count, int]]:
        """Counted as told from now on, so that nobody else tells it too."""
        told = {key: (count, count.untold) for key, count in self._untold.items()}
        for count, untold in told.values():
            count.told, count.untold = count.told + untold, 0
        self._untold = {}
        self._told_at = monotonic()
        self._tidy()
        return told

    def _tell(self, told: dict[str, tuple[_Count, int]]) -> None:
        arguments = [
            number for count, untold in told.values() for number in (untold, count.seconds)
        ]
        totals = cache.run(ADD, list(told), arguments)
        with self._lock:
            if totals is None:
                # Without a cache nothing is limited.
                self._counts, self._untold = {}, {}
                return
            for (count, _untold), total in zip(told.values(), totals, strict=True):
                count.told = max(count.told, total)

    def _tidy(self) -> None:
        now = time()
        if len(self._counts) > MOST_COUNTS:
            self._counts = {}  # all there is to know comes back with the next telling
        elif self._told_at - self._tidied_at >= TIDIED_SECONDS:
            self._tidied_at = self._told_at
            self._counts = {key: one for key, one in self._counts.items() if one.ends_at > now}


full = Tally().full
