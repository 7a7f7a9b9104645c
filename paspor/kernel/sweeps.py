"""Carrying what is due, one after another, in a task that runs again soon."""

from collections.abc import Callable
from time import monotonic

# Sweeps run every 30 s; each stops early enough for the next one.
SECONDS = 25


def carry_due(carry: Callable[[], bool], *, seconds: float = SECONDS) -> int:
    """Call ``carry`` until it says that nothing is due, or the time is over; returns how many."""
    stop_at = monotonic() + seconds
    carried = 0
    while monotonic() < stop_at and carry():
        carried += 1
    return carried
