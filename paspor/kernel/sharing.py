"""What all readers share: asked for once, served to everybody, its age bounded.

A thing lies in the cache for some seconds, and in the process that read it for some more;
nobody sees an older one than both together. One process at a time makes a new one (a key
in the cache is the lock); meanwhile the others go on with theirs, while it is young
enough, else they wait for it. Where the cache is away each process makes its own.

A thing is handed to many threads: whoever gets it reads it and never changes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic, sleep
from typing import Any

from django.core.cache import cache

from paspor.kernel.problems import Unavailable

LOCK_SECONDS = 5
WAIT_STEP = 0.02
WAIT_SECONDS = 1.0
# How long a reader waits for another thread of this process that is asking.
PATIENCE_SECONDS = 4.0
MOST_COPIES = 1000


@dataclass(frozen=True)
class Age:
    """Seconds in the cache and in a process; from ``look`` on a newer one is looked for."""

    shared: int
    copy: float
    look: float


# Two seconds in all.
LIVELY = Age(shared=1, copy=1.0, look=0.5)


class Copies[Thing]:
    """What this process has read, each with the moment of reading."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._looking: dict[str, Lock] = {}
        self._copies: dict[str, tuple[float, Thing]] = {}

    def within(self, key: str, seconds: float) -> Thing | None:
        read_at, thing = self._copies.get(key, (0.0, None))
        return thing if thing is not None and monotonic() - read_at < seconds else None

    def keep(self, key: str, thing: Thing) -> Thing:
        with self._lock:
            if len(self._copies) > MOST_COPIES:
                self._copies.clear()
            self._copies[key] = (monotonic(), thing)
        return thing

    def lock_of(self, key: str) -> Lock:
        with self._lock:
            if len(self._looking) > MOST_COPIES:
                # Those in use stay; at worst two threads look for the same thing once.
                held = {name: lock for name, lock in self._looking.items() if lock.locked()}
                self._looking = held
            return self._looking.setdefault(key, Lock())

    def forget(self) -> None:
        with self._lock:
            self._copies.clear()


_copies: Copies[Any] = Copies()


def forget() -> None:
    """Let this process look anew; what the cache holds lapses by itself."""
    _copies.forget()


def shared[Thing](
    key: str, make: Callable[[], Thing], age: Age = LIVELY, *, by_value: bool = False
) -> Thing:
    """What all processes share under this key, as old as ``age`` allows; ``make`` asks anew.

    ``by_value``: plain values to the ground, so that the same again, read from the cache, is
    known by its equality and stays the same object; rows of models are equal by their id alone.
    Raises Unavailable where the thread that asks does not come back in time.
    """
    own = cache.make_key(key)
    thing = _copies.within(own, age.look)
    if thing is not None:
        return thing
    looking = _copies.lock_of(own)
    young = _copies.within(own, age.copy)
    # One thread looks for a newer one; who has none yet waits for that thread.
    if not looking.acquire(timeout=PATIENCE_SECONDS if young is None else 0):
        if young is None:
            raise Unavailable
        return young
    try:
        thing = _copies.within(own, age.look)
        if thing is None and (thing := cache.get(key)) is not None:
            return _copies.keep(own, young if by_value and thing == young else thing)
        if thing is None:
            thing = _newer(key, young, make, age)
        # Its own young one again must not grow younger by being kept anew.
        return thing if thing is young else _copies.keep(own, thing)
    finally:
        looking.release()


def _newer[Thing](key: str, young: Thing | None, make: Callable[[], Thing], age: Age) -> Thing:
    """A new one that this process makes, or the young one of its own, or somebody's new one."""
    if cache.add(f"{key}:taking", 1, LOCK_SECONDS):
        try:
            return _share(key, make(), age)
        finally:
            cache.delete(f"{key}:taking")
    return young or _awaited(key) or _share(key, make(), age)


def _share[Thing](key: str, thing: Thing, age: Age) -> Thing:
    cache.set(key, thing, age.shared)
    return thing


def _awaited(key: str) -> Any:
    """What another process is taking; None where it does not come."""
    until = monotonic() + WAIT_SECONDS
    while monotonic() < until:
        sleep(WAIT_STEP)
        found = cache.get(key)
        if found is not None:
            return found
    return None
