"""A backlog drive: which hours and stations would clear so many people. No Django, no clock.

The lightest burden first, and of each kind the earliest day first: stations that stand
unused in the usual hours, then Saturdays, then longer days. It stops as soon as the people
have a seat; the last day gets no more than is needed for that.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from offices.rules import WorkingHours, hours_of_day

SATURDAY = 5
# The longest drive.
MOST_DAYS = 31


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
    for day, choices in _steps(days, bounds, planned):
        if lacking <= 0:
            break
        chosen = _least(choices, seats(planned[day]) + lacking)
        lacking -= seats(chosen) - seats(planned[day])
        planned[day] = chosen
    return [
        Proposal(day, hours, before[day], seats(hours))
        for day, hours in sorted(planned.items())
        if hours is not None and seats(hours) > before[day]
    ]


type Step = tuple[date, list[WorkingHours]]


def _steps(
    days: Sequence[Candidate], bounds: Bounds, planned: dict[date, WorkingHours | None]
) -> Iterator[Step]:
    """Each step with its choices, fewest seats first; later ones build on what is planned."""
    kinds: list[Callable[[Candidate], list[WorkingHours]]] = [
        lambda each: _stations(each.hours, bounds.most_stations),
        lambda each: _saturday(each, bounds),
        lambda each: _longer(planned[each.day], each.day, bounds.closes_latest),
    ]
    for choices_of in kinds:
        for each in days:
            choices = choices_of(each)
            if choices:
                yield each.day, choices


def _stations(hours: WorkingHours | None, most: int) -> list[WorkingHours]:
    if hours is None:
        return []
    return [replace(hours, stations=n) for n in range(hours.stations + 1, most + 1)]


def _saturday(each: Candidate, bounds: Bounds) -> list[WorkingHours]:
    if each.hours is not None or each.day.weekday() != SATURDAY or not bounds.with_saturdays:
        return []
    return [replace(each.model, stations=n) for n in range(1, bounds.most_stations + 1)]


def _longer(hours: WorkingHours | None, day: date, latest: time) -> list[WorkingHours]:
    """An hour later, and another: hours that stand keep their beginning, so nobody moves."""
    if hours is None or day.weekday() == SATURDAY:
        return []
    return [
        replace(hours, closes=time(hour, hours.closes.minute))
        for hour in range(hours.closes.hour + 1, 24)
        if time(hour, hours.closes.minute) <= latest
    ]


def _least(choices: Sequence[WorkingHours], wanted: int) -> WorkingHours:
    """The first that holds so many, else the largest."""
    return next((hours for hours in choices if seats(hours) >= wanted), choices[-1])
