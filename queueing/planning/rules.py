"""What a month of capacity looks like to a planner. No Django, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import takewhile

from offices.rules import DayPlan, PlannedHour, WhyClosed
from queueing.quota.rules import BY_CALENDAR, keeps

# From how much of it taken, in per cent, an hour is shaded one step darker.
SHADES = ((100, "full"), (75, "high"), (40, "some"), (1, "low"), (0, "none"))


class DayKind(StrEnum):
    """How a day stands: with seats, closed though it has some, without hours, to come, or gone:
    over, and its seats are not kept any more.
    """

    OPEN = "open"
    CLOSED = "closed"
    REST = "rest"
    PLANNED = "planned"
    GONE = "gone"


@dataclass(frozen=True)
class Load:
    """How many seats there are, and how many of them are taken; none is negative."""

    quota: int = 0
    taken: int = 0

    @property
    def free(self) -> int:
        return max(self.quota - self.taken, 0)

    @property
    def percent(self) -> int:
        return self.taken * 100 // self.quota if self.quota else 0

    @property
    def shade(self) -> str:
        """One of SHADES; full only where nothing is left."""
        return next(name for least, name in SHADES if self.percent >= least)

    def __add__(self, other: "Load") -> "Load":
        return Load(self.quota + other.quota, self.taken + other.taken)


@dataclass(frozen=True)
class HourLoad:
    """One hour that stands; ``load`` counts what is closed as taken seats only."""

    code: str
    hour: time
    ends: time
    load: Load
    opens_at: datetime
    closed_why: str = ""
    is_by_hand: bool = False

    @property
    def comes_back(self) -> bool:
        """Whether it serves again once its calendar has it: an officer did not close it."""
        return not self.closed_why or self.closed_why in BY_CALENDAR


@dataclass(frozen=True)
class DayLoad:
    day: date
    plan: DayPlan
    hours: tuple[HourLoad, ...] = ()
    is_gone: bool = False

    @property
    def kind(self) -> DayKind:
        if any(not hour.closed_why for hour in self.hours):
            return DayKind.OPEN
        if self.hours:
            return DayKind.REST if self._went_with_calendar else DayKind.CLOSED
        if self.is_gone:
            return DayKind.GONE
        return DayKind.PLANNED if self.plan.is_open else DayKind.REST

    @property
    def _went_with_calendar(self) -> bool:
        """An extra day that was taken back: nobody closed it, and nobody is on it."""
        comes_back = all(hour.comes_back for hour in self.hours)
        return comes_back and not self.plan.is_open and not self.people

    @property
    def load(self) -> Load:
        """Of the seats that stand."""
        return sum((hour.load for hour in self.hours), Load())

    @property
    def people(self) -> int:
        """In all of its hours, the closed ones too."""
        return self.load.taken

    @property
    def opens_at(self) -> datetime | None:
        return min((hour.opens_at for hour in self.hours), default=None)

    def by_column(self) -> Mapping[int, Load]:
        """By the hour of the day; two stretches that begin in one hour are added up."""
        found: dict[int, Load] = {}
        for at, load in self._cells():
            found[at.hour] = found.get(at.hour, Load()) + load
        return found

    def _cells(self) -> Iterable[tuple[time, Load]]:
        """Hours that serve; of a day whose seats are still to be made, those of its calendar."""
        if self.kind is DayKind.PLANNED:
            return ((hour.starts, Load(hour.total)) for hour in self.plan.hours)
        return ((hour.hour, hour.load) for hour in self.hours if not hour.closed_why)


def is_gone(plan: DayPlan, *, is_kept: bool) -> bool:
    """Whether a day that is over, and has no seats, may have served nevertheless.

    Its calendar says that it did; or nothing, and nothing is kept of its time (``is_kept``):
    neither seats nor usual hours. A holiday, a closure and a Sunday did not serve.
    """
    return plan.is_open or (plan.why is WhyClosed.NO_HOURS and not is_kept)


def columns(days: Iterable[DayLoad]) -> Sequence[int]:
    """The hours of the day that any of the days has, in order."""
    return sorted({hour for day in days for hour in day.by_column()})


@dataclass(frozen=True)
class Sums:
    """Of a month: seats that stand, and those that its calendar still promises.

    ``gone``: the last day before those whose seats are kept; what it had is not among them.
    """

    load: Load
    planned: int
    gone: date | None = None


def sums(days: Sequence[DayLoad]) -> Sums:
    planned = sum(day.plan.total for day in days if day.kind is DayKind.PLANNED)
    before = takewhile(lambda day: not day.hours, days)
    gone = max((day.day for day in before if day.kind is DayKind.GONE), default=None)
    return Sums(sum((day.load for day in days), Load()), planned, gone)


@dataclass(frozen=True)
class Crowded:
    """An hour that stays, with more people booked than it will have seats."""

    hour: time
    people: int
    seats: int


class Closed(StrEnum):
    """What saving makes of what is closed of a day that is to serve."""

    NOTHING = ""
    STAYS = "stays"
    PARTLY = "partly"
    REOPENS = "reopens"


@dataclass(frozen=True)
class DayEffect:
    """A day whose seats stand, before and after; hours of the ``affected`` do not stay."""

    day: date
    before: int
    taken: int
    after: int
    affected: int
    # Codes of the hours that do not stay.
    leaving: tuple[str, ...] = ()
    crowded: tuple[Crowded, ...] = ()
    closed: Closed = Closed.NOTHING
    # The hours that saving makes, or gives the seats of the plan.
    becoming: tuple[PlannedHour, ...] = ()


@dataclass(frozen=True)
class Opening:
    """Seats of days that have none yet but whose release stands; ``at`` None: once saved."""

    seats: int
    at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """The days that a release, whose seats were made, covers, and when it opens."""

    first_day: date
    last_day: date
    opens_at: datetime


def openings(
    days: Iterable[DayPlan], releases: Sequence[Standing], now: datetime
) -> tuple[Opening, ...]:
    """What saving opens on days without seats; those that no release covers wait for theirs."""
    found: dict[datetime, int] = {}
    for day in days:
        for release in releases:
            if day.is_open and release.first_day <= day.day <= release.last_day:
                at = max(release.opens_at, now)
                found[at] = found.get(at, 0) + day.total
    return tuple(Opening(found[at], at if at > now else None) for at in sorted(found))


def day_effect(
    day: DayLoad, plan: DayPlan, *, names_day: bool = False, keeps_by_hand: bool = False
) -> DayEffect:
    """What the plan makes of the day, as following does (quota.services.following).

    ``names_day``: the change is about this very day, and opens it where all of it is closed;
    any other leaves it closed. Hours that an officer closed on a day that serves stay closed.
    ``keeps_by_hand``: hours whose seats were set by hand keep them.
    """
    closed = _closed(day, plan, names_day=names_day)
    standing = [hour for hour in day.hours if not hour.closed_why]
    kept = {hour.hour for hour in day.hours if not (closed is Closed.REOPENS or hour.comes_back)}
    by_start = {hour.hour: hour for hour in day.hours}
    leaving = [hour for hour in standing if not _stays(hour, plan)]
    serving = () if closed is Closed.STAYS else plan.hours
    pairs = [(hour, by_start.get(hour.starts)) for hour in serving if hour.starts not in kept]
    return DayEffect(
        day=day.day,
        before=sum(hour.load.quota for hour in standing),
        taken=sum(hour.load.taken for hour in standing),
        after=sum(_after(hour, stands, keeps_by_hand) for hour, stands in pairs),
        affected=sum(hour.load.taken for hour in leaving),
        leaving=tuple(hour.code for hour in leaving),
        crowded=tuple(
            Crowded(hour.starts, stands.load.taken, hour.total)
            for hour, stands in pairs
            if stands is not None and _is_crowded(hour, stands, keeps_by_hand)
        ),
        closed=closed,
        becoming=tuple(
            hour
            for hour, stands in pairs
            if stands is None or _follows(hour, stands, keeps_by_hand)
        ),
    )


def _closed(day: DayLoad, plan: DayPlan, *, names_day: bool) -> Closed:
    if not plan.is_open or not day.hours:
        return Closed.NOTHING
    if names_day and all(hour.closed_why for hour in day.hours):
        return Closed.REOPENS
    if not any(hour.comes_back for hour in day.hours):
        return Closed.STAYS
    planned = {hour.starts for hour in plan.hours}
    is_kept = any(hour.hour in planned and not hour.comes_back for hour in day.hours)
    return Closed.PARTLY if is_kept else Closed.NOTHING


def _stays(hour: HourLoad, plan: DayPlan) -> bool:
    return keeps(plan, hour.hour, hour.ends)


def _after(planned: PlannedHour, stands: HourLoad | None, keeps_by_hand: bool) -> int:
    """The seats that saving gives: taken ones stay, and an hour with people is never cut."""
    if stands is None:
        return planned.total
    if stands.load.taken and planned.ends < stands.ends:
        return 0
    if keeps_by_hand and stands.is_by_hand:
        return stands.load.quota
    return max(planned.total, stands.load.taken)


def _follows(planned: PlannedHour, stands: HourLoad, keeps_by_hand: bool) -> bool:
    """Whether an hour that stands gets the seats of the plan."""
    is_cut = stands.load.taken and planned.ends < stands.ends
    return not is_cut and not (keeps_by_hand and stands.is_by_hand)


def _is_crowded(planned: PlannedHour, stands: HourLoad, keeps_by_hand: bool) -> bool:
    return _follows(planned, stands, keeps_by_hand) and stands.load.taken > planned.total
