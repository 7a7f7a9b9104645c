"""Whether there is a line at all, as this process knows it: asked of the cache once a second.

Without a cache nobody knows of a line, so there is none: bookings go on.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from django.core.cache import cache

from queueing.admission import policies
from queueing.admission.rules import Room

FRESH_SECONDS = 1.0
# Older than this is not gone on with: a process that slept would not know of an opening.
OLD_SECONDS = 5.0
PATIENCE_SECONDS = 0.5
# Counts up with each change of what is shared: old and new code share a cache.
LAYOUT = 1
SHARED = f"admission:room:{LAYOUT}"
# Set by the script of the line while somebody waits (WAITED_FOR) or bookings are refused.
PRESSED = "admission:pressed"
WAITED_FOR = 2
SHARED_SECONDS = 3600


@dataclass(frozen=True)
class Known:
    room: Room
    is_pressed: bool = False
    has_waiting: bool = False

    def is_open(self, now: datetime) -> bool:
        return self.room.is_open(now=now, pressed=self.is_pressed)


# What holds until a worker has told what the figures say.
USUAL = Room(
    passes=policies.PASSES.default,
    pass_seconds=60 * policies.PASS_MINUTES.default,
    work_seconds=60 * policies.WORK_MINUTES.default,
    most_seconds=60 * policies.MOST_MINUTES.default,
    keep_seconds=60 * policies.KEEP_MINUTES.default,
    ahead_seconds=60 * policies.AHEAD_MINUTES.default,
    stays_seconds=60 * policies.STAYS_MINUTES.default,
    pressure=policies.PRESSURE.default,
)


class _Knowledge:
    """One thread asks, the others go on with what was known a moment ago, or wait for it."""

    def __init__(self) -> None:
        self._asking = Lock()
        self._known = Known(USUAL)
        self._read_at = float("-inf")

    def current(self) -> Known:
        age = monotonic() - self._read_at
        if age < FRESH_SECONDS:
            return self._known
        if self._asking.acquire(timeout=PATIENCE_SECONDS if age > OLD_SECONDS else 0):
            try:
                if monotonic() - self._read_at >= FRESH_SECONDS:
                    self._known = _read()
                    self._read_at = monotonic()
            finally:
                self._asking.release()
        return self._known

    def forget(self) -> None:
        self._read_at = float("-inf")


def _read() -> Known:
    found = cache.get_many([SHARED, PRESSED])
    shared = found.get(SHARED)
    pressed = found.get(PRESSED)
    return Known(Room(**shared) if shared else USUAL, bool(pressed), pressed == WAITED_FOR)


def share(room: Room) -> None:
    cache.set(SHARED, asdict(room), SHARED_SECONDS)


_knowledge = _Knowledge()
current = _knowledge.current
forget = _knowledge.forget
