"""When quota opens, which days it covers, and what a day is called. No Django, no clock.

Days and times of day are the office's own; instants are UTC. Indonesia has no summer
time, so a local time names exactly one instant.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from offices.rules import DayPlan, WhyClosed
from paspor.kernel.errors import N_
from queueing.quota.errors import (
    BackHourOutOfRange,
    OpeningPast,
    OpeningTooEarly,
    OpeningTooLate,
)

# The longest span that one question may ask for, and how far ahead it may look: a week
# more than the farthest horizon that policy allows.
MOST_DAYS = 62
FARTHEST_DAYS = 98
# One visit: a family, in one hour.
MAX_PEOPLE = 5
# How far around a place one may ask for offices, in km along a great circle.
RADII = (25, 50, 100, 250, 500)
# A smallint numbers the seats of a slot; no office serves a tenth of that in an hour.
MOST_SEATS = 3000
# Between which hours the counter's seats may be let flow back.
EARLIEST_BACK, LATEST_BACK = time(6), time(21)
# What a slot says whose hour, or whole day, the calendar no longer has. It serves again once
# the calendar has it again; what an officer closed stays closed.
HOUR_GONE = N_("Jam layanan kantor berubah.")
DAY_GONE = N_("Kantor tidak melayani pada hari itu.")
BY_CALENDAR = frozenset({HOUR_GONE, DAY_GONE})


def window(today: date) -> tuple[date, date]:
    """The first and last day that may be asked for."""
    return today, today + timedelta(days=FARTHEST_DAYS)


type DaySpan = tuple[date, date]


@dataclass(frozen=True)
class Rhythm:
    """When an office opens quota: on one weekday, at one minute of its own day."""

    weekday: int
    minute: int
    horizon_days: int


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local time at an office."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def opening_on(day: date, rhythm: Rhythm, zone: ZoneInfo) -> datetime:
    return instant(day, time(rhythm.minute // 60, rhythm.minute % 60), zone)


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def next_opening(now: datetime, rhythm: Rhythm, zone: ZoneInfo) -> datetime:
    """The first opening that is still to come; an opening at this very instant is past."""
    day = _on_or_after(now.astimezone(zone).date(), rhythm.weekday)
    opening = opening_on(day, rhythm, zone)
    return opening if opening > now else opening_on(day + timedelta(days=7), rhythm, zone)


def opening_for(day: date, now: datetime, rhythm: Rhythm, zone: ZoneInfo) -> datetime | None:
    """When a day that no release covers yet will open: the first opening that reaches it.

    It is the one whose ``days_opened`` hold the day. None where the day comes before any.
    """
    first = _on_or_after(day - timedelta(days=rhythm.horizon_days), rhythm.weekday)
    opening = max(opening_on(first, rhythm, zone), next_opening(now, rhythm, zone))
    return opening if opening.astimezone(zone).date() < day else None


def days_opened(
    opens_at: datetime, released: Iterable[DaySpan], rhythm: Rhythm, zone: ZoneInfo
) -> list[DaySpan]:
    """The days that an opening brings: all to the horizon that no release covers yet.

    Never the day of the opening itself: nobody should have to be quick twice. More than
    one span where a release made by hand stands in between, none where all are covered.
    """
    opening_day = opens_at.astimezone(zone).date()
    last = opening_day + timedelta(days=rhythm.horizon_days)
    return days_between(opening_day + timedelta(days=1), last, released)


def days_between(first: date, last: date, released: Iterable[DaySpan]) -> list[DaySpan]:
    """The spans of these days, both ends included, that are in none of the released ones."""
    found = []
    for begins, ends in sorted(released):
        if first < begins:
            found.append((first, min(last, begins - timedelta(days=1))))
        first = max(first, ends + timedelta(days=1))
    found.append((first, last))
    return [(start, end) for start, end in found if start <= end]


def check_own_opening(day: date, opens_at: datetime, now: datetime, zone: ZoneInfo) -> None:
    """A moment that was named for one day: to come, before the day, and not before anybody
    can look that far ahead.

    Raises OpeningPast, OpeningTooLate, OpeningTooEarly.
    """
    ahead = (day - opens_at.astimezone(zone).date()).days
    if opens_at <= now:
        raise OpeningPast(fields={"opening": [OpeningPast.message]})
    if ahead < 1:
        raise OpeningTooLate(fields={"opening": [OpeningTooLate.message]})
    if ahead > FARTHEST_DAYS:
        raise OpeningTooEarly(fields={"opening": [OpeningTooEarly.message]}, most=FARTHEST_DAYS)


def is_past_minute(minute: int, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the office's day has reached this minute; 0 means that it never does."""
    local = now.astimezone(zone)
    return 0 < minute <= local.hour * 60 + local.minute


def minute_back(at: time | None) -> int:
    """The figure for an hour from which the counter's seats go online; None: never.

    Raises BackHourOutOfRange: earlier the counter has not begun, later nobody comes any more.
    """
    if at is None:
        return 0
    if not EARLIEST_BACK <= at <= LATEST_BACK:
        raise BackHourOutOfRange(
            fields={"at": [BackHourOutOfRange.message]},
            earliest=EARLIEST_BACK,
            latest=LATEST_BACK,
        )
    return at.hour * 60 + at.minute


def hour_back(minute: int) -> time | None:
    return time(minute // 60, minute % 60) if minute else None


@dataclass(frozen=True)
class HourPlan:
    """One slot as it should stand: its local hour, its instants, its seats by channel."""

    hour: time
    starts_at: datetime
    ends_at: datetime
    seats: Mapping[str, int]


def hours_planned(plan: DayPlan, zone: ZoneInfo, channels: Sequence[str]) -> list[HourPlan]:
    """The slots of a day in order; none where the office does not serve.

    Seats of a channel that this kind of office does not have go to the first it has.
    """
    return [
        HourPlan(
            hour=hour.starts,
            starts_at=instant(plan.day, hour.starts, zone),
            ends_at=instant(plan.day, hour.ends, zone),
            seats=_in_channels(hour.seats, channels),
        )
        for hour in plan.hours
    ]


def channels_planned(plan: DayPlan, channels: Sequence[str]) -> frozenset[str]:
    """The channels that any hour of a day has seats in, as ``hours_planned`` gives them."""
    return frozenset(
        channel for hour in plan.hours for channel in _in_channels(hour.seats, channels)
    )


def keeps(plan: DayPlan, hour: time, ends: time) -> bool:
    """Whether people booked in this hour can stay: the plan has it, to its end at least."""
    return any(each.starts == hour and each.ends >= ends for each in plan.hours)


def settled(wanted: Mapping[str, int], taken: Mapping[str, int]) -> dict[str, int]:
    """What an hour's channels get where one of them has more people than seats wanted.

    It gets what the others would have free, one by one from whichever has most: the hour
    as a whole then has no more seats than were wanted, or than are taken.
    """
    found = dict.fromkeys(taken, 0) | dict(wanted)
    while found:
        free = {channel: seats - taken.get(channel, 0) for channel, seats in found.items()}
        most, least = max(free, key=free.__getitem__), min(free, key=free.__getitem__)
        if free[most] <= 0 or free[least] >= 0:
            break
        found[most] -= 1
        found[least] += 1
    return found


def _in_channels(seats: Mapping[str, int], channels: Sequence[str]) -> dict[str, int]:
    kept = {channel: seats.get(channel, 0) for channel in channels}
    kept[channels[0]] += sum(seats.values()) - sum(kept.values())
    return {channel: count for channel, count in kept.items() if count}


class DayState(StrEnum):
    OPEN = "open"
    TWO_HOURS = "two_hours"  # no hour holds all who ask, two neighbouring ones do
    FULL = "full"
    CLOSED = "closed"
    NOT_OPEN = "not_open"
    NOT_OFFERED = "not_offered"


class Why(StrEnum):
    """Why a day cannot be booked; stable, for programs. Doors put it into words."""

    HOLIDAY = "holiday"
    CLOSURE = "closure"
    NO_HOURS = "no_hours"
    NO_STATIONS = "no_stations"
    TOO_LATE = "too_late"
    PASSPORT_TYPE = "passport_type"
    CHANNEL = "channel"
    ALL_TAKEN = "all_taken"
    TOO_FEW_TOGETHER = "too_few_together"
    NOT_YET = "not_yet"
    NOT_PLANNED = "not_planned"


WHY_CLOSED = {
    WhyClosed.HOLIDAY: Why.HOLIDAY,
    WhyClosed.CLOSURE: Why.CLOSURE,
    WhyClosed.NO_HOURS: Why.NO_HOURS,
    WhyClosed.NO_STATIONS: Why.NO_STATIONS,
}


@dataclass(frozen=True)
class HourFacts:
    """A slot that exists. ``free`` counts visible seats by channel, none for a zero."""

    code: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closed_why: str = ""
    free: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DayFacts:
    """All that is known of a day: its slots, and what the calendar says where it has none.

    ``channels`` are those with at least one seat by the calendar. ``opens_at`` is when
    the day will open if its seats do not stand yet; None where nothing will open it.
    """

    day: date
    is_open: bool
    opens_at: datetime | None
    why: Why | None = None
    note: str = ""
    place: str = ""
    holiday: str = ""
    channels: frozenset[str] = frozenset()
    hours: Sequence[HourFacts] = ()


@dataclass(frozen=True)
class Asked:
    """Who wants to come: how many together, through which channel, from which instant on.

    ``not_before`` is now and the booking cutoff: an hour that starts by then is past.
    ``pairs``: two neighbouring hours will do, where none holds them all.
    """

    people: int
    channel: str
    not_before: datetime
    pairs: bool = True


@dataclass(frozen=True)
class DayWord:
    state: DayState
    why: Why | None = None
    note: str = ""
    opens_at: datetime | None = None
    hours: tuple[HourFacts, ...] = ()
    neighbours: tuple[tuple[HourFacts, HourFacts], ...] = ()


def day_word(facts: DayFacts, asked: Asked, as_of: datetime) -> DayWord:
    """What a day is called for who asks, and the hours that may still be chosen.

    Whether it has opened is judged at ``as_of``, the moment at which the free seats were
    counted: a fresher clock would call a day full that was merely counted too early.
    """
    standing = [hour for hour in facts.hours if not hour.closed_why]
    if not standing:
        return _without_hours(facts)
    opened = [hour for hour in standing if hour.opens_at <= as_of]
    if not opened:
        return DayWord(
            DayState.NOT_OPEN, Why.NOT_YET, opens_at=min(hour.opens_at for hour in standing)
        )
    coming = tuple(hour for hour in opened if hour.starts_at > asked.not_before)
    if not coming:
        return DayWord(DayState.CLOSED, Why.TOO_LATE)
    return _by_free_seats(facts, coming, asked)


def _without_hours(facts: DayFacts) -> DayWord:
    if facts.hours and (facts.is_open or _is_closed_by_hand(facts)):
        return DayWord(DayState.CLOSED, Why.CLOSURE, note=facts.hours[0].closed_why)
    if not facts.is_open:
        return DayWord(DayState.CLOSED, facts.why, note=facts.note)
    if facts.opens_at is None:
        return DayWord(DayState.NOT_OPEN, Why.NOT_PLANNED)
    return DayWord(DayState.NOT_OPEN, Why.NOT_YET, opens_at=facts.opens_at)


def _is_closed_by_hand(facts: DayFacts) -> bool:
    """Whether an officer closed any of it; what went with its calendar merely has no hours."""
    return any(hour.closed_why not in BY_CALENDAR for hour in facts.hours)


def _by_free_seats(facts: DayFacts, coming: tuple[HourFacts, ...], asked: Asked) -> DayWord:
    free = [hour.free.get(asked.channel, 0) for hour in coming]
    if max(free) >= asked.people:
        return DayWord(DayState.OPEN, hours=coming)
    if max(free) > 0:
        pairs = tuple(neighbours(coming, asked)) if asked.pairs else ()
        state = DayState.TWO_HOURS if pairs else DayState.FULL
        return DayWord(state, Why.TOO_FEW_TOGETHER, hours=coming, neighbours=pairs)
    if asked.channel not in facts.channels:
        return DayWord(DayState.NOT_OFFERED, Why.CHANNEL)
    return DayWord(DayState.FULL, Why.ALL_TAKEN, hours=coming)


@dataclass(frozen=True)
class ClosedPart:
    """Hours that follow each other, closed by an officer with one sentence for the public."""

    starts_at: datetime
    ends_at: datetime
    why: str


def closed_parts(facts: DayFacts) -> tuple[ClosedPart, ...]:
    """What an officer closed of a day that serves otherwise.

    Not what only its calendar took away. Nobody serves in a break, so it parts nothing.
    """
    closed = [bool(hour.closed_why) for hour in facts.hours]
    if all(closed) or not any(closed):
        return ()
    found: list[ClosedPart] = []
    before = ""
    for hour in sorted(facts.hours, key=lambda hour: hour.starts_at):
        why = "" if hour.closed_why in BY_CALENDAR else hour.closed_why
        if why and why == before:
            found[-1] = replace(found[-1], ends_at=hour.ends_at)
        elif why:
            found.append(ClosedPart(hour.starts_at, hour.ends_at, why))
        before = why
    return tuple(found)


def neighbours(hours: Iterable[HourFacts], asked: Asked) -> Iterator[tuple[HourFacts, HourFacts]]:
    """Hours of a day of which the second begins as the first ends, and that hold all between
    them. For a family that no single hour can hold.
    """
    ordered = sorted(hours, key=lambda hour: hour.starts_at)
    for first, second in pairwise(ordered):
        free = [hour.free.get(asked.channel, 0) for hour in (first, second)]
        if first.ends_at == second.starts_at and min(free) and sum(free) >= asked.people:
            yield first, second


class WhyNowhere(StrEnum):
    """Why no office that was looked at will do; stable, for programs."""

    TOO_FAR = "too_far"
    NOT_OFFERED = "not_offered"
    AFTER_DATE = "after_date"
    FULL = "full"
    NOT_OPEN = "not_open"


@dataclass(frozen=True)
class Prospect:
    """One office near enough: its first day with room for all, the last open to booking."""

    offers: bool
    first_day: date | None = None
    opened_until: date | None = None


def why_nowhere(near: Iterable[Prospect], before: date | None) -> WhyNowhere | None:
    """None where one of them has room by the last day that will do, this day included."""
    near = list(near)
    offering = [office for office in near if office.offers]
    days = [office.first_day for office in offering if office.first_day]
    if not offering:
        return WhyNowhere.NOT_OFFERED if near else WhyNowhere.TOO_FAR
    if days:
        return None if before is None or min(days) <= before else WhyNowhere.AFTER_DATE
    has_opened = any(office.opened_until for office in offering)
    return WhyNowhere.FULL if has_opened else WhyNowhere.NOT_OPEN
