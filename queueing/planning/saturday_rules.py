"""Which Saturdays an order opens, and with which hours. No Django, no clock."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from offices.rules import WeeklyHours, WorkingHours, weekly_hours_on
from paspor.kernel.errors import N_
from queueing.planning import order_rules
from queueing.planning.order_rules import LATEST, Asked, Held, seats_of
from queueing.quota.rules import BY_CALENDAR

SATURDAY = 5
# The kind of order that opens them (order_rules.MOST).
ORDER = "SATURDAY"
WEEK = timedelta(days=7)
# How long before a Saturday its Monday and its Friday are. Monday first: Friday's long break
# is for a prayer that Saturday has not.
MODELS = (timedelta(days=5), timedelta(days=1))
SHORTEST_MINUTES = 60


@dataclass(frozen=True)
class Saturday:
    """A Saturday as its office has it; ``held`` says why the order leaves it alone.

    ``model``: the usual hours that its own are made of.
    """

    day: date
    model: WorkingHours | None
    held: Held = Held.NONE


@dataclass(frozen=True)
class SaturdayOffer:
    """The hours that a Saturday gets; None where it is left alone, and why."""

    day: date
    hours: WorkingHours | None
    held: Held = Held.NONE


def saturdays(first: date, last: date) -> list[date]:
    """Those of a span, both ends included."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() == SATURDAY]


def faults(asked: Asked) -> dict[str, str]:
    """What is wrong with an order in itself, by field: of any, and of its Saturdays."""
    of_saturdays = _faults(asked) if asked.kind == ORDER else {}
    return of_saturdays | order_rules.faults(asked)


def _faults(asked: Asked) -> dict[str, str]:
    found = {}
    if asked.first_day <= asked.last_day and not saturdays(asked.first_day, asked.last_day):
        found["last_day"] = N_("Tidak ada hari Sabtu dalam rentang itu.")
    if (asked.opens is None) != (asked.closes is None):
        empty = "opens" if asked.opens is None else "closes"
        found[empty] = N_("Isi jam buka dan jam tutup, atau kosongkan keduanya.")
    elif asked.opens is not None and asked.closes is not None:
        if asked.closes > LATEST:
            found["closes"] = N_("Paling lambat tutup pukul 22.00.")
        elif _minute(asked.closes) - _minute(asked.opens) < SHORTEST_MINUTES:
            found["closes"] = N_("Jam tutup harus paling sedikit satu jam sesudah jam buka.")
    return found


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def model_of(day: date, weekly: Collection[WeeklyHours]) -> WorkingHours | None:
    """The office's usual hours of the Monday of that week; where it rests, of the Friday."""
    found = (weekly_hours_on(day - ahead, weekly) for ahead in MODELS)
    return next((hours for hours in found if hours is not None and hours.stations), None)


def serves_usually(day: date, weekly: Iterable[WeeklyHours]) -> bool:
    """Whether the office has hours on this weekday anyhow; with no station it has none."""
    hours = weekly_hours_on(day, weekly)
    return hours is not None and hours.stations > 0


def is_closed_by_hand(said: Collection[str], holiday: str) -> bool:
    """Whether an officer closed a day whose hours are all closed and say this.

    Hours that went with their calendar, or for a holiday, merely have none now: an earlier
    order that was taken back leaves such hours behind.
    """
    return bool(set(said) - BY_CALENDAR - {holiday})


def hours_of(model: WorkingHours, asked: Asked) -> WorkingHours:
    """What a Saturday serves with: a share of the stations, rounded up, as long as was said.

    Where hours are given, a break that does not lie inside them is none.
    """
    hours = replace(model, stations=-(-model.stations * asked.amount // 100))
    if asked.opens is None or asked.closes is None:
        return hours
    hours = replace(hours, opens=asked.opens, closes=asked.closes)
    starts, ends = model.break_starts, model.break_ends
    if starts is not None and ends is not None and asked.opens < starts and ends < asked.closes:
        return hours
    return replace(hours, break_starts=None, break_ends=None)


def offers(days: Iterable[Saturday], asked: Asked) -> list[SaturdayOffer]:
    """Each Saturday with its hours, or with why it is left as it is."""
    return [_offer(each, asked) for each in days]


def _offer(each: Saturday, asked: Asked) -> SaturdayOffer:
    if each.held is not Held.NONE:
        return SaturdayOffer(each.day, None, each.held)
    if each.model is None:
        return SaturdayOffer(each.day, None, Held.NO_MODEL)
    hours = hours_of(each.model, asked)
    if not seats_of(hours):
        return SaturdayOffer(each.day, None, Held.TOO_SHORT)
    return SaturdayOffer(each.day, hours)
