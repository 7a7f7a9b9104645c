"""Saturdays that a national order opens, and what of them is taken back.

Each becomes a special day of its office, so everything that reads a calendar sees it as any
other. Seats follow after the commit, as after any change (quota.services.following).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from accounts.models import User
from offices import rules as calendars
from offices import selectors as offices
from offices.models import Office, SpecialDay
from offices.reasons import Why
from offices.services import calendar
from offices.services.wishes import SpecialWish
from queueing.planning import saturday_rules, selectors
from queueing.planning.models import OrderOffice
from queueing.planning.order_rules import Asked, Held
from queueing.planning.rules import DayLoad
from queueing.planning.saturday_rules import WEEK, Saturday, SaturdayOffer
from queueing.planning.services import order_parts as parts
from queueing.planning.services.order_parts import Given, Told
from queueing.quota import rules as quota_rules
from queueing.quota import selectors as quota
from queueing.quota.services import closing, following, seats


def item(office: Office, asked: Asked, now: datetime) -> OrderOffice:
    """What one office would get: its Saturdays with their hours, and those left alone."""
    first = max(asked.first_day, office.today(now) + timedelta(days=1))
    offered = offers(office, asked, first, asked.last_day)
    plan = [_saturday_as_json(offer) for offer in offered if offer.hours is not None]
    return OrderOffice(
        office=office,
        plan=plan,
        left=[left(each.day, each.held) for each in offered if each.hours is None],
        seats_after=sum(told["seats"] for told in plan),
    )


def offers(office: Office, asked: Asked, first: date, last: date) -> list[SaturdayOffer]:
    days = saturday_rules.saturdays(first, last)
    return saturday_rules.offers(_standing(office, asked, days), asked) if days else []


def _standing(office: Office, asked: Asked, days: list[date]) -> Iterable[Saturday]:
    first, last = days[0], days[-1]
    weekly = offices.weekly_hours(office, first - WEEK, last)
    special = offices.special_days(office, first, last)
    holidays = offices.holidays_of(office, first, last)
    closed = quota.said_of_closed_days(office, first, last)

    def held(day: date) -> Held:
        if saturday_rules.is_closed_by_hand(closed.get(day, ()), holidays.get(day, "")):
            return Held.CLOSED
        if day in special:
            return Held.CLOSED if special[day].hours is None else Held.OWN_DAY
        if saturday_rules.serves_usually(day, weekly):
            return Held.USUAL
        return Held.HOLIDAY if day in holidays and not asked.on_holidays else Held.NONE

    return (Saturday(day, saturday_rules.model_of(day, weekly), held(day)) for day in days)


def _saturday_as_json(offer: SaturdayOffer) -> Told:
    hours = offer.hours
    planned = calendars.hours_of_day(hours)
    return {
        "day": offer.day.isoformat(),
        "made": parts.fingerprint(hours),
        "opens": hours.opens.isoformat(),
        "closes": hours.closes.isoformat(),
        "stations": hours.stations,
        "hours": len(planned),
        "seats": sum(hour.seats for hour in planned),
    }


def left(day: date, why: Held, people: int = 0) -> Told:
    """A Saturday that is left as it is, as the order's row keeps it."""
    return {"day": day.isoformat(), "why": str(why), "people": people}


def open_days(item: OrderOffice, office: Office, now: datetime) -> None:
    """The Saturdays that would still get what was shown; the others are told with why.

    The caller has locked the office.
    """
    if not item.plan:
        return
    order = item.order
    first, last = (date.fromisoformat(item.plan[n]["day"]) for n in (0, -1))
    offered = {each.day: each for each in offers(office, Asked.by(order), first, last)}
    for told in item.plan:
        day = date.fromisoformat(told["day"])
        offer = offered[day]
        if (why := _why_not(offer, told, office.today(now))) is not Held.NONE:
            item.left = [*item.left, left(day, why)]
            continue
        calendar.set_special_day(
            officer=order.prepared_by,
            office=office,
            wish=SpecialWish(day, parts.SATURDAY_REASON, offer.hours),
            why=Why(order.reason, order.note),
            now=now,
            is_approved=True,
        )
        item.days_done += 1
        item.seats_added += told["seats"]


def _why_not(offer: SaturdayOffer, told: Told, today: date) -> Held:
    if offer.day <= today:
        return Held.OVER
    if offer.hours is None:
        return offer.held
    is_same = parts.fingerprint(offer.hours) == told["made"]
    return Held.NONE if is_same else Held.CHANGED


def given(office: Office, coming: list[Told]) -> list[Given]:
    """Those Saturdays that stand exactly as the order made them.

    Not one that the office has set itself since, closed some of, or given other seats, nor
    one on which it serves usually by now.
    """
    if not coming:
        return []
    first, last = (date.fromisoformat(coming[n]["day"]) for n in (0, -1))
    weekly = offices.weekly_hours(office, first, last)
    special = offices.special_days(office, first, last)
    loads = {load.day: load for load in selectors.days(office, first, last)}
    found = []
    for told in coming:
        day = date.fromisoformat(told["day"])
        stands = parts.is_orders(special.get(day), told["made"], parts.SATURDAY_REASON)
        is_usual = saturday_rules.serves_usually(day, weekly)
        if stands and not is_usual and not _is_touched(loads[day]):
            found.append(Given(day, None, special[day].hours, loads[day].people))
    return found


def _is_touched(load: DayLoad) -> bool:
    """Whether the office closed some of the day by hand, or set seats of it."""
    return any(hour.is_by_hand or not hour.comes_back for hour in load.hours)


def close(each: Given, row: SpecialDay, *, officer: User, why: Why, now: datetime) -> int:
    """Take a Saturday back unless somebody is booked; how many people keep it open.

    Locks the day's slots and all their seats, and closes the slots before it lets go: whoever
    wants a seat at this moment has it and keeps the day open, or finds the hour closed.
    """
    locked = seats.lock_day(row.office, each.day)
    people = sum(seat.taken for own in locked.seats.values() for seat in own)
    if people:
        return people
    if any(slot.closed_at is None for slot in locked.slots):
        closing.withdraw_day(
            office=row.office,
            day=each.day,
            why=Why(following.FOLLOWED, quota_rules.DAY_GONE),
            officer=officer,
            now=now,
            is_approved=True,
        )
    calendar.lift_special_day(officer=officer, row=row, why=why, now=now)
    return 0
