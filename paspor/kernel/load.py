"""How busy the whole portal is with one thing, by the minute: one count in the cache.

In a rush a process tells the cache of many at once: it knows its own at once, and what other
processes count a moment later.
"""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from django.core.cache import cache

KEEP_SECONDS = 180
TELL_EACH_SECONDS = 0.2


@dataclass
class LastCount:
    """Of one minute: what the cache said last, when, and how many came since."""

    count: int
    at: float
    since: int = 0


_told: dict[str, LastCount] = {}
_lock = Lock()


def count(what: str, *, now: datetime) -> int:
    """Count one, and say how many there were in this minute: 1 where no cache tells more."""
    key = f"load:{what}:{int(now.timestamp()) // 60}"
    more, name = 1, cache.make_key(key)
    with _lock:
        told = _told.get(name)
        if told is not None:
            told.since += 1
            if monotonic() - told.at < TELL_EACH_SECONDS:
                return told.count + told.since
            more, told.since, told.at = told.since, 0, monotonic()
    try:
        total = cache.incr(key, more)
    except ValueError:  # the first of this minute, or the cache is away
        cache.add(key, more, KEEP_SECONDS)
        return 1
    _keep(name, total)
    return total


def _keep(name: str, total: int) -> None:
    """Minutes that are over are forgotten."""
    with _lock:
        told = _told.setdefault(name, LastCount(total, monotonic()))
        told.count = total
        for old in [key for key, one in _told.items() if monotonic() - one.at > KEEP_SECONDS]:
            del _told[old]
