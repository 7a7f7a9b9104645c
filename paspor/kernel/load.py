"""How busy the whole portal is with one thing, by the minute: one count in the cache."""

from datetime import datetime

from django.core.cache import cache

KEEP_SECONDS = 180


def count(what: str, *, now: datetime) -> int:
    """Count one, and say how many there were in this minute: 1 where no cache tells more."""
    key = f"load:{what}:{int(now.timestamp()) // 60}"
    try:
        return cache.incr(key)
    except ValueError:  # the first of this minute, or the cache is away
        cache.add(key, 1, KEEP_SECONDS)
        return 1
