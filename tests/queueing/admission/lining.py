"""A small room for tests, and its openings."""

from datetime import UTC, datetime, timedelta
from typing import Any

from queueing.admission import room
from queueing.admission.rules import Room

NOW = datetime(2026, 11, 27, 7, 0, 30, tzinfo=UTC)


def share(**changed: Any) -> Room:
    """What a worker would have told: this many passes, an opening; known to this process."""
    told = Room(**(vars(room.USUAL) | changed))
    room.share(told)
    room.forget()
    room.current()
    return told


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)
