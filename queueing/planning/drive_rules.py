"""A backlog drive: which hours and stations would clear so many people. No Django, no clock.

The lightest burden first: stations that stand unused in the usual hours, then Saturdays, then
longer days. Each kind is spread over the days, a station or an hour more for every one of them
before any gets another. It stops as soon as the people have a seat.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from offices.rules import MOST_STATIONS, WorkingHours, hours_of_day

SATURDAY = 5
LAST_HOUR = 23
# The longest drive.
MOST_DAYS = 31
# More than any span of days could be asked for.
EVERYBODY = 10**6


@dataclass(frozen=True)
class Bounds:
    """What the drive may use. ``closes_latest`` holds for working days, not for Saturdays."""

    people: int
    most_stations: int
    closes_latest: time
    with_saturdays: bool = False


@dataclass(frozen=True)
class Candidate:
    """A day that may be changed: the hours usual for it, if any, and those to begin from."""

    day: date
    hours: WorkingHours | None
    model: WorkingHours


@dataclass(frozen=True)
class Proposal:
    day: date
    hours: WorkingHours
    before: int
    after: int

    @property
    def more(self) -> int:
        return self.after - self.before


def seats(hours: WorkingHours | None) -> int:
    return sum(hour.seats for hour in hours_of_day(hours)) if hours else 0


def proposal(each: Candidate, stations: int, closes: time) -> Proposal:
    """A day as a plan names it."""
    hours = replace(each.model, stations=stations, closes=closes)
    return Proposal(each.day, hours, seats(each.hours), seats(hours))


def kept(each: Candidate, own: WorkingHours | None = None) -> Proposal:
    """A day that stays as it is: with hours of its own, or as usual."""
    hours = own or each.hours or replace(each.model, stations=0)
    return Proposal(each.day, hours, seats(hours), seats(hours))


def propose(days: Sequence[Candidate], bounds: Bounds) -> list[Proposal]:
    """The days that change, in order. Together they may fall short of ``bounds.people``."""
    planned = {each.day: each.hours for each in days}
    before = {each.day: seats(each.hours) for each in days}
    lacking = bounds.people
    for kind in KINDS:
        rungs = {each.day: kind(each, planned[each.day], bounds) for each in days}
        for day, hours in _in_rounds(rungs):
            if lacking <= 0:
                break
            lacking -= seats(hours) - seats(planned[day])
            planned[day] = hours
    return [
        Proposal(day, hours, before[day], seats(hours))
        for day, hours in sorted(planned.items())
        if hours is not None and seats(hours) > before[day]
    ]


class Bound(StrEnum):
    SATURDAYS = "saturdays"
    STATIONS = "stations"
    CLOSING = "closing"


@dataclass(frozen=True)
class Relief:
    """One bound loosened, the others as they are: how far, and up to how many seats that adds."""

    bound: Bound
    bounds: Bounds
    seats: int


def reliefs(days: Sequence[Candidate], bounds: Bounds) -> list[Relief]:
    """Each bound that helps by itself, by the least step that adds a seat anywhere.

    Saturdays are opened all or none; stations and the latest closing are loosened until the
    first day can have one more station, or one more hour.
    """
    asked = replace(bounds, people=EVERYBODY)
    found = [
        Relief(bound, loosened, sum(each.more for each in propose(days, loosened)))
        for bound, loosened in _loosened(days, asked)
    ]
    return [relief for relief in found if relief.seats]


def _loosened(days: Sequence[Candidate], bounds: Bounds) -> Iterator[tuple[Bound, Bounds]]:
    yield Bound.SATURDAYS, replace(bounds, with_saturdays=True)
    usual = [each.hours for each in days if each.hours is not None]
    stations = max(bounds.most_stations, min((hours.stations for hours in usual), default=0)) + 1
    if stations <= MOST_STATIONS:
        yield Bound.STATIONS, replace(bounds, most_stations=stations)
    ends = [each.hours.closes for each in days if each.hours and each.day.weekday() != SATURDAY]
    later = [time(end.hour + 1, end.minute) for end in ends if end.hour < LAST_HOUR]
    if later:
        yield Bound.CLOSING, replace(bounds, closes_latest=min(later))


def enough(days: Sequence[Candidate], bounds: Bounds) -> list[Bounds]:
    """Each bound that gives everybody a seat by itself, loosened no further than that needs.

    Where none does, each together with Saturdays, if those were not allowed.
    """
    alone = list(_enough(days, bounds))
    if alone or bounds.with_saturdays:
        return alone
    return list(_enough(days, replace(bounds, with_saturdays=True)))


def _enough(days: Sequence[Candidate], bounds: Bounds) -> Iterator[Bounds]:
    for steps in _steps(days, bounds):
        found = bisect_left(steps, bounds.people, key=lambda step: most(days, step))
        yield from steps[found : found + 1]


def _steps(days: Sequence[Candidate], bounds: Bounds) -> Iterator[list[Bounds]]:
    """Of each bound, from the next step to the furthest."""
    if not bounds.with_saturdays:
        yield [replace(bounds, with_saturdays=True)]
    stations = range(bounds.most_stations + 1, MOST_STATIONS + 1)
    yield [replace(bounds, most_stations=n) for n in stations]
    ends = {each.hours.closes.minute for each in days if each.hours}
    clocks = sorted(time(hour, minute) for hour in range(LAST_HOUR + 1) for minute in ends)
    yield [replace(bounds, closes_latest=at) for at in clocks if at > bounds.closes_latest]


def most(days: Iterable[Candidate], bounds: Bounds) -> int:
    """How many seats these days can have more within the bounds."""
    return sum(seats(_utmost(each, bounds)) - seats(each.hours) for each in days)


def _utmost(each: Candidate, bounds: Bounds) -> WorkingHours | None:
    hours = each.hours
    for kind in KINDS:
        hours = next(reversed(kind(each, hours, bounds)), hours)
    return hours


def day_of_enough(
    days: Sequence[Candidate], free: Mapping[date, int], bounds: Bounds
) -> date | None:
    """The first day on which everybody has a seat, where a drive goes on over these ``days``
    within the same bounds; ``free`` are the seats that each day has without it.
    """
    lacking = bounds.people
    more = {each.day: most([each], bounds) for each in days}
    for day in sorted({*free, *more}):
        lacking -= free.get(day, 0) + more.get(day, 0)
        if lacking <= 0:
            return day
    return None


def _in_rounds(
    rungs: Mapping[date, Sequence[WorkingHours]],
) -> Iterator[tuple[date, WorkingHours]]:
    """The first rung of every day, then the second of every day: no day is exhausted first."""
    for n in range(max(map(len, rungs.values()), default=0)):
        yield from ((day, own[n]) for day, own in rungs.items() if n < len(own))


def _stations(each: Candidate, hours: WorkingHours | None, bounds: Bounds) -> list[WorkingHours]:
    if hours is None:
        return []
    return [replace(hours, stations=n) for n in range(hours.stations + 1, bounds.most_stations + 1)]


def _saturday(each: Candidate, hours: WorkingHours | None, bounds: Bounds) -> list[WorkingHours]:
    if hours is not None or each.day.weekday() != SATURDAY or not bounds.with_saturdays:
        return []
    return [replace(each.model, stations=n) for n in range(1, bounds.most_stations + 1)]


def _longer(each: Candidate, hours: WorkingHours | None, bounds: Bounds) -> list[WorkingHours]:
    """An hour later, and another: hours that stand keep their beginning, so nobody moves."""
    if hours is None or each.day.weekday() == SATURDAY:
        return []
    return [
        replace(hours, closes=time(hour, hours.closes.minute))
        for hour in range(hours.closes.hour + 1, 24)
        if time(hour, hours.closes.minute) <= bounds.closes_latest
    ]


# The lightest burden first.
KINDS = (_stations, _saturday, _longer)
