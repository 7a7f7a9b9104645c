"""A small room for tests, and its openings."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import caches

from queueing.admission import room
from queueing.admission.rules import Room
from tests.live import Portal

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


@contextmanager
def seen_by(portal: Portal) -> Iterator[None]:
    """The cache of a portal that runs beside the test."""
    mine = caches["default"].key_prefix
    caches["default"].key_prefix = portal.prefix
    room.forget()
    try:
        yield
    finally:
        caches["default"].key_prefix = mine
        room.forget()
