"""A counter-order: the days that an order gave more are usual again, where nobody changed them.

A day whose added hours somebody has booked stays as it is: nobody who is booked is moved for
an order's sake. So does a Saturday with anybody on it (saturdays). It is prepared, agreed to
and carried out as any order is (orders).
"""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from offices import ports, reasons
from offices import rules as calendars
from offices import selectors as offices
from offices.models import Office, SpecialDay
from offices.ports import Span
from offices.reasons import Why
from offices.rules import Act, SpecialHours, WorkingHours
from offices.services import authority, calendar
from paspor.kernel.codes import normalized
from queueing.planning import errors, order_rules, rules, selectors
from queueing.planning.models import NationalOrder, OrderOffice
from queueing.planning.order_rules import Held
from queueing.planning.rules import DayLoad
from queueing.planning.services import order_parts as parts
from queueing.planning.services import saturdays
from queueing.planning.services.order_parts import Given, Told

Kind, State = NationalOrder.Kind, NationalOrder.State


@transaction.atomic
def prepare(*, officer: User, code: str, why: Why, now: datetime) -> NationalOrder:
    """Freeze which days of which offices would be usual again, and change nothing.

    Locks the order that is undone. Raises NotAllowed, ReasonNeeded, OrderUnknown,
    OrderNotOver, BeingUndone, NothingToUndo.
    """
    authority.require(officer=officer, act=Act.ORDER, office=None, now=now)
    reasons.check(Act.ORDER, why)
    undone = _locked(code)
    items = [_item(done, now) for done in undone.offices.select_related("office").order_by("pk")]
    if not any(item.plan for item in items):
        raise errors.NothingToUndo
    order = NationalOrder.objects.create(
        kind=Kind.UNDO,
        undoes=undone,
        amount=undone.amount,
        first_day=undone.first_day,
        last_day=undone.last_day,
        reason=why.reason,
        note=why.note.strip()[:300],
        digest=parts.digest([Kind.UNDO, undone.code], items),
        prepared_by=officer,
        prepared_at=now,
    )
    for item in items:
        item.order = order
    told = (item for item in items if item.plan or item.held_days or item.own_days)
    OrderOffice.objects.bulk_create(told)
    parts.record("order.prepare", order, officer, undoes=undone.code)
    return order


def _locked(code: str) -> NationalOrder:
    orders = NationalOrder.objects.select_for_update(no_key=True)
    order = orders.filter(code=normalized(code)).exclude(kind=Kind.UNDO).first()
    if order is None:
        raise errors.OrderUnknown
    if order.state not in {State.DONE, State.STOPPED} or order.started_at is None:
        raise errors.OrderNotOver
    if order.undone_by.filter(state__in=[State.PREPARED, State.RUNNING]).exists():
        raise errors.BeingUndone
    return order


def _item(done: OrderOffice, now: datetime) -> OrderOffice:
    office = done.office
    coming = _coming(done, done.plan, now) if done.days_done else []
    given = _given(office, done.order, coming)
    back = [each for each in given if not each.people]
    return OrderOffice(
        office=office,
        left=_left(done.order, coming, given),
        plan=[told for told in coming if told["day"] in {str(each.day) for each in back}],
        own_days=len(coming) - len(given),
        held_days=len(given) - len(back),
        booked=_booked(done.order, office, given),
        seats_before=sum(order_rules.seats_of(each.made) for each in back),
        seats_after=sum(order_rules.seats_of(each.usual) for each in back),
    )


def _coming(done: OrderOffice, plan: list[Told], now: datetime) -> list[Told]:
    """Those that are not over, and that no later order has found usual again and given more.

    What stands on such a day is that order's, though it looks like this one's.
    """
    later = OrderOffice.objects.filter(office=done.office, order__prepared_at__gt=done.done_at)
    plans = later.exclude(order__kind=Kind.UNDO).values_list("plan", flat=True)
    others = {told["day"] for each in plans for told in each}
    today = done.office.today(now)
    return [
        told
        for told in plan
        if date.fromisoformat(told["day"]) > today and told["day"] not in others
    ]


def _booked(undone: NationalOrder, office: Office, given: list[Given]) -> int:
    """Who keeps an appointment: of Saturdays on these alone, else on any day of the span."""
    if undone.kind == Kind.SATURDAY:
        return sum(each.people for each in given)
    return ports.people_booked(Span(office, given[0].day, given[-1].day)) if given else 0


def _left(undone: NationalOrder, coming: list[Told], given: list[Given]) -> list[Told]:
    """Saturdays are few, and each that stays is named; days of other orders are counted."""
    if undone.kind != Kind.SATURDAY:
        return []
    people = {each.day: each.people for each in given}
    days = (date.fromisoformat(told["day"]) for told in coming)
    return [
        saturdays.left(day, Held.BOOKED if day in people else Held.CHANGED, people.get(day, 0))
        for day in days
        if people.get(day) != 0
    ]


def _given(office: Office, undone: NationalOrder, coming: list[Told]) -> list[Given]:
    if undone.kind == Kind.SATURDAY:
        return saturdays.given(office, coming)
    return _raised(office, coming)


def _raised(office: Office, coming: list[Told]) -> list[Given]:
    """Those of an order's days that nobody has changed since.

    An office whose usual hours are others by now has planned anew.
    """
    if not coming:
        return []
    first, last = (date.fromisoformat(coming[n]["day"]) for n in (0, -1))
    usual = {each.day: each.hours for each in parts.by_calendar(office, first, last)}
    special = offices.special_days(office, first, last)
    found = []
    for told in coming:
        day = date.fromisoformat(told["day"])
        hours = usual[day]
        if hours is not None and parts.fingerprint(hours) == told["was"]:
            made = parts.raised(hours, told)
            if parts.is_orders(special.get(day), parts.fingerprint(made)):
                found.append(Given(day, hours, made, people=0))
    return _with_people(office, found)


def _with_people(office: Office, given: list[Given]) -> list[Given]:
    """Only a day that closes earlier again has hours to lose."""
    if all(each.made.closes == each.usual.closes for each in given):
        return given
    days = {each.day: each for each in selectors.days(office, given[0].day, given[-1].day)}
    return [replace(each, people=_leaving(days[each.day], each.usual)) for each in given]


def _leaving(day: DayLoad, usual: WorkingHours) -> int:
    plan = calendars.day_plan(day.day, (), SpecialHours("", usual))
    return rules.day_effect(day, plan).affected


def carry_out(item: OrderOffice, office: Office, now: datetime) -> None:
    """The days that still stand as the order made them, and whose added hours are empty.

    The caller has locked the office.
    """
    order = item.order
    rows = {row.day: row for row in SpecialDay.objects.filter(office=office)}
    done = order.undoes.offices.select_related("office").get(office=office)
    coming = _coming(done, item.plan, now)
    stay = []
    for each in _given(office, order.undoes, coming):
        people = _take_back(each, rows[each.day], order, now)
        stay.append(replace(each, people=people))
        if not people:
            item.days_done += 1
            item.seats_added -= each.fewer
    item.left = [*item.left, *_left(order.undoes, coming, stay)]


def _take_back(each: Given, row: SpecialDay, order: NationalOrder, now: datetime) -> int:
    """Make a day usual again; or leave it, and answer how many people keep it as it is."""
    if each.people:
        return each.people
    officer, why = order.prepared_by, Why(order.reason, order.note)
    if order.undoes.kind == Kind.SATURDAY:
        return saturdays.close(each, row, officer=officer, why=why, now=now)
    calendar.lift_special_day(officer=officer, row=row, why=why, now=now)
    return 0
