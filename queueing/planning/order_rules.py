"""What a national order makes of an office's days. No Django, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, time
from enum import StrEnum
from typing import Any, Self

from offices.rules import MOST_STATIONS, WorkingHours, hours_of_day
from paspor.kernel.errors import N_

MOST_PERCENT = 100
MOST_HOURS = 4
# By the kind of order: a share of stations, hours a day, a share of the stations that serve.
MOST = {"SHARE": MOST_PERCENT, "DEADLINE": MOST_HOURS, "SATURDAY": MOST_PERCENT}
MOST_DAYS = 62
# No order keeps an office open for longer.
LATEST = time(22)


class Held(StrEnum):
    """Why a day gets less than the order says, or nothing."""

    NONE = ""
    CLOSED = "closed"
    PARTLY = "partly"
    OWN_DAY = "own_day"
    STATIONS = "stations"
    HOURS = "hours"
    # Of a Saturday (saturday_rules).
    HOLIDAY = "holiday"
    USUAL = "usual"
    NO_MODEL = "no_model"
    TOO_SHORT = "too_short"
    # Found when the order was carried out, or when it is undone.
    CHANGED = "changed"
    BOOKED = "booked"
    OVER = "over"


@dataclass(frozen=True)
class Asked:
    """What an order says, whichever its offices; the last three are of Saturdays alone."""

    kind: str
    amount: int
    first_day: date
    last_day: date
    opens: time | None = None
    closes: time | None = None
    on_holidays: bool = False

    @classmethod
    def by(cls, source: Any) -> Self:
        """Taken from a wish or from the order made of it: both have these names."""
        return cls(**{each.name: getattr(source, each.name) for each in fields(cls)})


@dataclass(frozen=True)
class UsualDay:
    """A day as its calendar has it; without hours it is left alone, and ``held`` says why."""

    day: date
    hours: WorkingHours | None
    held: Held = Held.NONE


@dataclass(frozen=True)
class DayOffer:
    """What one day serves with now, and what it would."""

    day: date
    before: WorkingHours
    after: WorkingHours
    held: Held = Held.NONE


def faults(asked: Asked) -> dict[str, str]:
    """What is wrong with an order in itself, by field; all of it, so that nobody asks twice."""
    found = {}
    if not 1 <= asked.amount <= MOST[asked.kind]:
        found["amount"] = N_("Besarnya di luar batas.")
    if asked.last_day < asked.first_day:
        found["last_day"] = N_("Tanggal akhir tidak boleh sebelum tanggal awal.")
    elif (asked.last_day - asked.first_day).days >= MOST_DAYS:
        found["last_day"] = N_("Rentang tanggal paling lama 62 hari.")
    return found


def raised_stations(stations: Sequence[int], percent: int) -> list[int]:
    """The stations of each day with a share more, counted over the days and rounded up.

    What a day cannot hold whole is carried to the next: one station and 20 per cent more
    make 2, 1, 1, 1, 1. All days together get the share exactly, rounded up once.
    """
    found = []
    before = given = 0
    for count in stations:
        before += count
        total = -(-before * (100 + percent) // 100)
        found.append(total - given)
        given = total
    return found


def closing_later(closes: time, hours: int) -> time:
    """So many hours later, at the latest at LATEST; never earlier than it was."""
    minute = closes.hour * 60 + closes.minute + hours * 60
    latest = LATEST.hour * 60
    return max(closes, LATEST) if minute >= latest else time(minute // 60, minute % 60)


def offers(days: Iterable[UsualDay], *, percent: int, extra_hours: int) -> list[DayOffer]:
    """Each day that is open as usual, with more stations or a later closing."""
    open_days = [(each.day, each.hours) for each in days if each.hours is not None]
    stations = raised_stations([hours.stations for _day, hours in open_days], percent)
    return [
        _offer(day, hours, more, extra_hours)
        for (day, hours), more in zip(open_days, stations, strict=True)
    ]


def _offer(day: date, hours: WorkingHours, stations: int, extra_hours: int) -> DayOffer:
    closes = closing_later(hours.closes, extra_hours) if extra_hours else hours.closes
    after = replace(hours, stations=min(stations, MOST_STATIONS), closes=closes)
    held = Held.NONE
    if stations > MOST_STATIONS:
        held = Held.STATIONS
    elif extra_hours and closes >= LATEST:
        held = Held.HOURS
    return DayOffer(day, hours, after, held)


def seats_of(hours: WorkingHours | None) -> int:
    return 0 if hours is None else sum(hour.seats for hour in hours_of_day(hours))
