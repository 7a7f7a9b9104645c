"""What a change of calendar means to those above: who is booked, and what must follow.

offices knows no booking. Whoever does registers an implementation (``calendars``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import partial
from typing import Protocol

from django.db import transaction

from accounts.models import User
from offices.models import CalendarChange, Office
from offices.reasons import NO_REASON, Why
from offices.rules import DayPlan
from paspor.kernel.extensions import ExtensionPoint


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

    def __contains__(self, day: date) -> bool:
        in_time = self.first_day <= day and (self.last_day is None or day <= self.last_day)
        return in_time and (self.weekday is None or day.weekday() == self.weekday)

    @classmethod
    def of_change(cls, change: CalendarChange) -> "Span":
        return cls(change.office, change.first_day, change.last_day, change.weekday)

    def log_detail(self) -> dict[str, str | int | None]:
        """The span as the log keeps it."""
        return {
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "weekday": self.weekday,
        }


# The plan of a day of a span, as it will be.
PlanOn = Callable[[date], DayPlan]


class ByHand(StrEnum):
    """What becomes of hours whose seats an officer has set, when their calendar changes."""

    UNDECIDED = ""
    KEEP = "keep"
    FOLLOW = "follow"


@dataclass(frozen=True)
class SetByHand:
    """A coming hour whose seats an officer has set, and why."""

    day: date
    hour: time
    why: Why = NO_REASON


@dataclass(frozen=True)
class OwnOpening:
    """A day whose seats are to open for booking at a moment of their own."""

    office: Office
    day: date
    opens_at: datetime


class CalendarPort(Protocol):
    def people_booked(self, span: Span, after: PlanOn | None = None) -> int:
        """How many live places stand on those days.

        With the plans of the days as they will be, only those in hours that vanish
        or would end earlier.
        """

    def set_by_hand(self, span: Span, *, now: datetime) -> list[SetByHand]:
        """The coming hours of those days whose seats an officer has set, in order."""

    def let_follow(self, span: Span) -> None:
        """These hours follow their calendar again, as all others do."""

    def check_opening(self, wish: OwnOpening, *, now: datetime) -> None:
        """Refuse a moment at which the day cannot open, or no longer."""

    def set_opening(self, wish: OwnOpening, *, officer: User, why: Why, now: datetime) -> None:
        """Let the day open then, within the transaction that changes it."""

    def follow(self, change: CalendarChange, *, now: datetime) -> None:
        """Bring what is already open in line with the new plan; called after commit."""


calendars = ExtensionPoint[CalendarPort]()


def calendar_ports() -> tuple[CalendarPort, ...]:
    return calendars.all()


def people_booked(span: Span, after: PlanOn | None = None) -> int:
    return sum(port.people_booked(span, after) for port in calendar_ports())


def set_by_hand(span: Span, *, now: datetime) -> list[SetByHand]:
    return [hour for port in calendar_ports() for hour in port.set_by_hand(span, now=now)]


def let_follow(span: Span) -> None:
    for port in calendar_ports():
        port.let_follow(span)


def check_opening(wish: OwnOpening, *, now: datetime) -> None:
    for port in calendar_ports():
        port.check_opening(wish, now=now)


def set_opening(wish: OwnOpening, *, officer: User, why: Why, now: datetime) -> None:
    for port in calendar_ports():
        port.set_opening(wish, officer=officer, why=why, now=now)


def follow_after_commit(change: CalendarChange, *, now: datetime) -> None:
    for port in calendar_ports():
        transaction.on_commit(partial(port.follow, change, now=now))
