"""Against what a rise of quota is measured, so that many small steps count as one.

Each CalendarChange keeps what the quota of its days was before it, and whether a second
officer agreed. A day's baseline is what it had before the first
change of the last LOOK_BACK that nobody agreed to; an agreed change begins anew. A day
that had nothing then is measured against the first quota it got, and that one against the
office's largest usual day.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain

from django.db.models.functions import Now

from offices import ports, rules, selectors
from offices.models import CalendarChange, Office
from offices.ports import Span
from offices.rules import DayPlan, Extent, SpecialHours, WeeklyHours
from offices.services.wishes import Steps, quota

LOOK_BACK = timedelta(days=30)
WEEKLY = frozenset({"set_hours", "end_hours"})
SPECIAL = frozenset({"set_special_day", "lift_special_day"})


@dataclass(frozen=True)
class Past:
    """A change of the calendar, and what the quota of its days was before it."""

    span: Span
    before: Steps = field(default_factory=list)
    is_approved: bool = False

    def total_before(self, day: date) -> int:
        return next((total for first, total in reversed(self.before) if first <= day), 0)


@dataclass(frozen=True)
class WeekdayChange:
    """The days of one weekday that change, and the usual hours before and after."""

    span: Span
    before: list[WeeklyHours]
    after: list[WeeklyHours]

    @property
    def first_quotas(self) -> tuple[int, int]:
        """On the first day that changes, before and after."""
        day = on_weekday(self.span.first_day, self.span.weekday)
        return usual_quota(day, self.before), usual_quota(day, self.after)

    def steps(self, weekly: list[WeeklyHours], others: Iterable[date] = ()) -> Steps:
        """The quotas on the days of the span; a day each where any hours begin or end."""
        rows = [*self.before, *self.after]
        ends = (row.valid_to + timedelta(days=1) for row in rows if row.valid_to)
        edges = chain([self.span.first_day], (row.valid_from for row in rows), ends, others)
        days = {on_weekday(edge, self.span.weekday) for edge in edges}
        return [(day, usual_quota(day, weekly)) for day in sorted(days) if day in self.span]


def extent_of(change: WeekdayChange) -> Extent:
    """The day that rises most against its baseline, and who is booked in hours that vanish."""
    office = change.span.office
    past = changes_of(office, WEEKLY)
    others = [first for each in past for first, total in each.before]
    before = dict(change.steps(change.before, others))
    largest = largest_usual_day(office, change.span.first_day)
    pairs = [
        (first_before(past, day) or before[day] or largest, total)
        for day, total in change.steps(change.after, others)
    ]
    worst = max(
        (pair for pair in pairs if pair[0]), key=lambda pair: pair[1] / pair[0], default=(0, 0)
    )
    booked = ports.people_booked(change.span, plans(change))
    return Extent(quota_before=worst[0], quota_after=worst[1], people_booked=booked)


def plans(change: WeekdayChange) -> Callable[[date], DayPlan]:
    """The plan of any day of the span as it will be; special days and holidays stay."""
    span = change.span
    last = span.last_day or date.max
    special = selectors.special_days(span.office, span.first_day, last)
    holidays = selectors.holidays_of(span.office, span.first_day, last)

    def plan(day: date) -> DayPlan:
        return rules.day_plan(day, change.after, special.get(day), holidays.get(day, ""))

    return plan


@dataclass(frozen=True)
class Known:
    """What the baselines of some days follow from, read once for all of them."""

    weekly: list[WeeklyHours]
    special: Mapping[date, SpecialHours]
    holidays: Mapping[date, str]
    of_weekly: list[Past]
    of_special: list[Past]

    def plan(self, day: date) -> DayPlan:
        holiday = self.holidays.get(day, "")
        return rules.day_plan(day, self.weekly, self.special.get(day), holiday)

    def quota(self, day: date) -> int:
        """The day's baseline, whatever it is made of: usual hours, or a day of its own."""
        past = self.of_special if day in self.special else self.of_weekly
        return first_before(past, day) or self.plan(day).total

    def largest_usual(self, day: date) -> int:
        """The largest quota of the seven days from this one on, by their usual hours."""
        return max(usual_quota(day + timedelta(days=n), self.weekly) for n in range(7))


def known_of(office: Office, first_day: date, last_day: date) -> Known:
    """Five queries, however many days."""
    return Known(
        weekly=selectors.weekly_hours(office, first_day, last_day + timedelta(days=6)),
        special=selectors.special_days(office, first_day, last_day),
        holidays=selectors.holidays_of(office, first_day, last_day),
        of_weekly=changes_of(office, WEEKLY),
        of_special=changes_of(office, SPECIAL),
    )


def quota_of_day(office: Office, day: date) -> int:
    """The baseline of one day."""
    return known_of(office, day, day).quota(day)


def changes_of(office: Office, acts: Iterable[str]) -> list[Past]:
    """The changes of the last LOOK_BACK by the database's clock, oldest first."""
    changes = CalendarChange.objects.filter(
        office=office, act__in=acts, made_at__gt=Now() - LOOK_BACK
    )
    return [
        Past(
            Span(office, change.first_day, change.last_day, change.weekday),
            [(date.fromisoformat(day), total) for day, total in change.before],
            change.is_approved,
        )
        for change in changes.order_by("id")
    ]


def first_before(past: Iterable[Past], day: date) -> int:
    """What the day had before the first change that nobody agreed to; 0 if there was none."""
    found = 0
    for change in past:
        if day in change.span:
            found = 0 if change.is_approved else found or change.total_before(day)
    return found


def usual_quota(day: date, weekly: Iterable[WeeklyHours]) -> int:
    hours = rules.weekly_hours_on(day, weekly)
    return quota(hours) if hours else 0


def largest_usual_day(office: Office, day: date) -> int:
    """The largest quota of the seven days from this one on, by their usual hours."""
    days = [day + timedelta(days=n) for n in range(7)]
    weekly = selectors.weekly_hours(office, days[0], days[-1])
    return max(usual_quota(each, weekly) for each in days)


def on_weekday(day: date, weekday: int | None) -> date:
    """The day itself, or the next that is such a weekday."""
    return day if weekday is None else day + timedelta(days=(weekday - day.weekday()) % 7)
