"""Refusals of people whom nobody asked who they are, counted without a round trip for each.

This process counts and tells the others now and then; a line that opens a moment later is as
good, and a refusal that asks nobody is quick when everything else is slow.
"""

from datetime import datetime
from threading import Lock
from time import monotonic

from queueing.admission.services import turns

TOLD_SECONDS = 0.25


class _Refusals:
    def __init__(self) -> None:
        self._lock = Lock()
        self._untold = 0
        self._told_at = float("-inf")

    def count(self, *, now: datetime) -> None:
        with self._lock:
            self._untold += 1
            if monotonic() - self._told_at < TOLD_SECONDS:
                return
            self._told_at, count, self._untold = monotonic(), self._untold, 0
        turns.counted("", now=now, refusals=count)


_refusals = _Refusals()
count = _refusals.count
