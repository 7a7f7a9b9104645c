"""The officers' overview: over which days, and what those days usually are at the office."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from statistics import median

from queueing.integrity.rules.figures import NAMES, Figures, Span

WEEKS_BACK = 8
# Of fewer the middle would be one day's story.
FEWEST_PAST = 4
# Service days there may be; what is far outside of them is a slip of the keyboard.
FIRST_YEAR, LAST_YEAR = 2000, 2200


class Period(StrEnum):
    """How long, by what it is called in an address."""

    DAY = "hari"
    WEEK = "minggu"
    MONTH = "bulan"

    def around(self, day: date) -> Span:
        """The day itself, its week from Monday on, or its month."""
        if self is Period.DAY:
            return Span(day, day)
        if self is Period.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Span(monday, monday + timedelta(days=6))
        first = day.replace(day=1)
        return Span(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


@dataclass(frozen=True)
class Usual:
    """Some days in sum beside what the same weekdays usually are, in sum.

    ``days`` could be compared, with ``past``; ``alone`` have too few days to be held against.
    """

    days: tuple[date, ...]
    past: tuple[date, ...]
    alone: tuple[date, ...]
    counted: Figures
    usual: Figures


def may_be_shown(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def with_past(span: Span) -> Span:
    """The span and the weeks before it that it is held against."""
    return Span(span.first - timedelta(weeks=WEEKS_BACK), span.last)


def days_of(span: Span) -> list[date]:
    return [span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1)]


def alike(day: date) -> list[date]:
    """The same weekday of the weeks before, and the day itself."""
    return [day - timedelta(weeks=n) for n in range(WEEKS_BACK, -1, -1)]


def days_averaged(known: Iterable[date], period: Period, today: date) -> tuple[date, ...]:
    """Of the days whose hours are known, those that an ordinary day is made of.

    A single day stands for itself. Of several, those that are over: what is still to come
    has nobody who came. Only where none is over, all of them.
    """
    days = tuple(sorted(known))
    over = tuple(day for day in days if day < today)
    return days if period is Period.DAY else over or days


def until_now(hours: Mapping[date, Mapping[time, Figures]], clock: time) -> dict[date, Figures]:
    """Each day as far as the hour that runs now: half a day is no loss beside whole ones."""
    return {
        day: sum((each for hour, each in own.items() if hour.hour < clock.hour), Figures())
        for day, own in hours.items()
    }


def usual_of(days: Mapping[date, Figures], span: Span, until: date) -> Usual:
    """Hold the days of the span, as far as ``until``, against the weeks before the span.

    Each day is held against the middle of its weekday's past. A day on which nothing was
    open says nothing about the usual, and is held against nothing.
    """
    served = {day: counted for day, counted in days.items() if counted.released}
    asked = sorted(day for day in served if span.first <= day <= min(span.last, until))
    past = {day: _past_of(day, served, span.first) for day in asked}
    compared = [day for day in asked if len(past[day]) >= FEWEST_PAST]
    return Usual(
        days=tuple(compared),
        past=tuple(sorted({before for day in compared for before in past[day]})),
        alone=tuple(day for day in asked if day not in compared),
        counted=sum((served[day] for day in compared), Figures()),
        usual=_sum_of_middles([[served[before] for before in past[day]] for day in compared]),
    )


def _past_of(day: date, served: Mapping[date, Figures], first: date) -> list[date]:
    oldest = first - timedelta(weeks=WEEKS_BACK)
    return [
        before
        for before in served
        if oldest <= before < first and before.weekday() == day.weekday()
    ]


def _sum_of_middles(pasts: list[list[Figures]]) -> Figures:
    """Halves are rounded once, at the end, and up."""
    sums = (sum(median(getattr(each, name) for each in past) for past in pasts) for name in NAMES)
    return Figures(*(int(total + 0.5) for total in sums))
