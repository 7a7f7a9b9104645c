"""A backlog drive: which hours and stations would clear so many people. No Django, no clock.

The lightest burden first: stations that stand unused in the usual hours, then Saturdays, then
longer days. Each kind is spread over the days, a station or an hour more for every one of them
before any gets another. It stops as soon as the people have a seat.
"""

from collections.abc import Iterator, Mapping, Sequence
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
    for kind in (_stations, _saturday, _longer):
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


# --- What would help where the bounds leave nothing to add -------------------------------------


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
