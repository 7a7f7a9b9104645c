"""Usual hours, and a stand-in for queueing that follows the calendar."""

from datetime import date, datetime, time

import pytest

from offices import ports
from offices.models import CalendarChange
from offices.ports import PlanOn, SetByHand, Span
from offices.rules import WorkingHours
from offices.services import raises

TODAY = date(2026, 11, 23)
SHARES = {"ONLINE": 80, "PRIORITY": 15, "SAME_DAY": 0, "COUNTER": 5}
HOURS = WorkingHours(time(8), time(15), 5, 15, time(12), time(13), SHARES)  # 120 seats


class Follower:
    """Stands for queueing: counts whom it was told are booked, keeps what it is told."""

    def __init__(self) -> None:
        self.booked = 0
        self.hour = time(8)
        self.told: list[tuple[Span, str]] = []

    def set_by_hand(self, span: Span, *, now: datetime) -> list[SetByHand]:
        return []

    def let_follow(self, span: Span) -> None:
        raise AssertionError("Nothing was set by hand.")

    def people_booked(self, span: Span, after: PlanOn | None = None) -> int:
        """All of them at ``hour``, on the span's first day."""
        if after is None:
            return self.booked
        day = raises.on_weekday(span.first_day, span.weekday)
        stays = self.hour in {planned.starts for planned in after(day).hours}
        return 0 if stays else self.booked

    def follow(self, change: CalendarChange, *, now: datetime) -> None:
        self.told.append((Span.of_change(change), change.act))


@pytest.fixture(autouse=True)
def follower(monkeypatch) -> Follower:
    follower = Follower()
    monkeypatch.setattr(ports, "calendar_ports", lambda: (follower,))
    return follower
