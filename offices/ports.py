"""What a change of calendar means to those above: who is booked, and what must follow.

offices knows no booking. Whoever does lists an implementation in settings.CALENDAR_PORTS.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from offices.models import Office


@dataclass(frozen=True)
class Span:
    """Days whose plan changes: at one office or, without one, at all of them.

    Both ends are included; ``last_day`` None means from ``first_day`` on. With a
    ``weekday`` (0 is Monday) only those days of the span.
    """

    office: Office | None
    first_day: date
    last_day: date | None
    weekday: int | None = None

    def told(self) -> dict[str, str | int | None]:
        """As the log keeps it."""
        return {
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "weekday": self.weekday,
        }


class CalendarPort(Protocol):
    def people_booked(self, span: Span) -> int:
        """How many live places stand on those days."""

    def follow(self, span: Span, *, officer_id: int, why: str, now: datetime) -> None:
        """Bring what is already open in line with the new plan; called after commit."""


@cache
def calendar_ports() -> tuple[CalendarPort, ...]:
    return tuple(import_string(path)() for path in settings.CALENDAR_PORTS)


def people_booked(span: Span) -> int:
    return sum(port.people_booked(span) for port in calendar_ports())


def follow_after_commit(span: Span, *, officer_id: int, why: str, now: datetime) -> None:
    for port in calendar_ports():
        follow = partial(port.follow, span, officer_id=officer_id, why=why, now=now)
        transaction.on_commit(follow)
