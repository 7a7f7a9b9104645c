"""A national order: prepared and shown, agreed to, then carried out office by office.

What each office gets is frozen when the order is prepared, and the second officer agrees to
its digest. Each office is one transaction that changes its days and says so, so a run that
was cut off is gone on with, and two runs share the offices (docs/orders.md).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from offices import ports, reasons
from offices import rules as calendars
from offices.models import Office
from offices.ports import Span
from offices.reasons import Why
from offices.rules import Act, Extent
from offices.services import approvals, authority, calendar
from offices.services.wishes import SpecialWish
from paspor.kernel import broker, formatting
from paspor.kernel.codes import grouped, normalized
from paspor.kernel.errors import Busy, DomainError, Invalid
from queueing.planning import errors, order_rules, saturday_rules, saturday_words
from queueing.planning import order_notices as notices
from queueing.planning.models import NationalOrder, OrderOffice
from queueing.planning.order_rules import Asked, DayOffer, Held
from queueing.planning.services import order_parts as parts
from queueing.planning.services import saturdays, undoing
from queueing.planning.services.order_parts import Told

RUN = "planning.run_order"
State, Outcome = NationalOrder.State, OrderOffice.Outcome


@dataclass(frozen=True)
class Wish:
    kind: str
    amount: int
    first_day: date
    last_day: date
    offices: Collection[Office]
    # Of Saturdays (order_rules.Asked).
    opens: time | None = None
    closes: time | None = None
    on_holidays: bool = False

    @property
    def asked(self) -> Asked:
        return Asked.by(self)


@transaction.atomic
def prepare(*, officer: User, wish: Wish, why: Why, now: datetime) -> NationalOrder:
    """Freeze what each office would get, and change nothing.

    Raises NotAllowed, ReasonNeeded, Invalid, OrderEmpty, NoSaturday.
    """
    authority.require(officer=officer, act=Act.ORDER, office=None, now=now)
    reasons.check(Act.ORDER, why)
    _check(wish, now)
    items = [_item(office, wish, now) for office in sorted(wish.offices, key=lambda o: o.name)]
    if not any(item.plan for item in items):
        raise _nothing(items)
    order = NationalOrder.objects.create(
        kind=wish.kind,
        amount=wish.amount,
        first_day=wish.first_day,
        last_day=wish.last_day,
        opens=wish.opens,
        closes=wish.closes,
        on_holidays=wish.on_holidays,
        reason=why.reason,
        note=why.note.strip()[:300],
        digest=parts.digest(_head(wish), items),
        prepared_by=officer,
        prepared_at=now,
    )
    for item in items:
        item.order = order
    OrderOffice.objects.bulk_create(items)
    parts.record("order.prepare", order, officer, **_told_of_saturdays(wish))
    return order


def _told_of_saturdays(wish: Wish) -> dict[str, Any]:
    if wish.kind != NationalOrder.Kind.SATURDAY:
        return {}
    times = {"opens": wish.opens, "closes": wish.closes}
    told = {name: f"{at:%H:%M}" if at else "" for name, at in times.items()}
    return told | {"on_holidays": wish.on_holidays}


def _nothing(items: Collection[OrderOffice]) -> DomainError:
    """Of Saturdays with why each is left alone: the span, or a tick, will do about some."""
    left = [told for item in items for told in item.left]
    if not left:
        return errors.OrderEmpty()
    return errors.NoSaturday(why="; ".join(saturday_words.sums(left)))


def _check(wish: Wish, now: datetime) -> None:
    if found := saturday_rules.faults(wish.asked):
        raise Invalid(fields={name: [text] for name, text in found.items()})
    calendars.check_plannable("last_day", wish.last_day, today=now.date())


def _item(office: Office, wish: Wish, now: datetime) -> OrderOffice:
    if wish.kind == NationalOrder.Kind.SATURDAY:
        return saturdays.item(office, wish.asked, now)
    first = max(wish.first_day, office.today(now) + timedelta(days=1))
    days = parts.usual_days(office, first, wish.last_day)
    is_share = wish.kind == NationalOrder.Kind.SHARE
    offers = order_rules.offers(
        days,
        percent=wish.amount if is_share else 0,
        extra_hours=0 if is_share else wish.amount,
    )
    changed = [offer for offer in offers if offer.after != offer.before]
    return OrderOffice(
        office=office,
        plan=[_day_as_json(offer) for offer in changed],
        closed_days=sum(each.held is Held.CLOSED for each in days),
        partly_days=sum(each.held is Held.PARTLY for each in days),
        own_days=sum(each.held is Held.OWN_DAY for each in days),
        held_days=sum(offer.held is not Held.NONE for offer in offers),
        booked=ports.people_booked(Span(office, first, wish.last_day)) if days else 0,
        seats_before=sum(order_rules.seats_of(offer.before) for offer in offers),
        seats_after=sum(order_rules.seats_of(offer.after) for offer in offers),
    )


def _head(wish: Wish) -> list[Any]:
    asked = wish.asked
    head = [asked.kind, asked.amount, str(asked.first_day), str(asked.last_day)]
    if asked.kind == NationalOrder.Kind.SATURDAY:
        head += [str(asked.opens), str(asked.closes), asked.on_holidays]
    return head


def _day_as_json(offer: DayOffer) -> Told:
    return {
        "day": offer.day.isoformat(),
        "was": parts.fingerprint(offer.before),
        "stations": offer.after.stations,
        "closes": offer.after.closes.isoformat(),
    }


def subject_of(order: NationalOrder) -> str:
    """What an approval must name: this order over this very set."""
    return f"order:{order.code}:{order.digest[:16]}"


def words_of(order: NationalOrder) -> str:
    """What the second officer reads."""
    items = list(order.offices.all())
    told = _("%(what)s, %(first)s – %(last)s, %(offices)s kantor: %(before)s → %(after)s tempat")
    return told % {
        "what": _what(order),
        "first": formatting.day(order.first_day),
        "last": formatting.day(order.last_day),
        "offices": len(items),
        "before": formatting.number(sum(item.seats_before for item in items)),
        "after": formatting.number(sum(item.seats_after for item in items)),
    }


def _seats_of(order: NationalOrder) -> tuple[int, int]:
    items = list(order.offices.all())
    return sum(item.seats_before for item in items), sum(item.seats_after for item in items)


def _what(order: NationalOrder) -> str:
    if order.undoes is not None:
        return _("Mencabut perintah %(code)s") % {"code": grouped(order.undoes.code)}
    if order.kind == NationalOrder.Kind.SATURDAY:
        return _("Layanan Sabtu %(hours)s") % {"hours": hours_in_words(order)}
    unit = "%" if order.kind == NationalOrder.Kind.SHARE else _("jam sehari")
    return f"+{order.amount} {unit}"


def hours_in_words(order: NationalOrder) -> str:
    """Of Saturdays: when they serve, by each office's own clock."""
    if order.opens is None or order.closes is None:
        return _("seperti hari Senin setiap kantor")
    return f"{formatting.clock(order.opens)}–{formatting.clock(order.closes)}"


@transaction.atomic
def start(*, officer: User, code: str, now: datetime) -> NationalOrder:
    """Begin a prepared order; the worker and the sweep carry it out.

    Locks the order. Raises NeedsApproval, OrderBegun, OrderUnknown, NotAllowed.
    """
    order = _locked(officer, code, now)
    if order.state != State.PREPARED or order.prepared_by_id != officer.pk:
        raise errors.OrderBegun
    request = approvals.Request(
        Act.ORDER, subject_of(order), None, words=words_of(order), seats=_seats_of(order)
    )
    extent = Extent(is_national=True)
    approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    order.state, order.started_at = State.RUNNING, now
    order.save(update_fields=["state", "started_at"])
    parts.record("order.start", order, officer)
    transaction.on_commit(partial(broker.tell, RUN, order.pk), robust=True)
    return order


@transaction.atomic
def stop(*, officer: User, code: str, now: datetime) -> NationalOrder:
    """Withdraw an order, and the request for a yes to it, or stop it halfway: what was done stays.

    The office that is being done is waited for by nobody: it ends as it would have. Locks the
    order. Raises OrderNotRunning, OrderUnknown, NotAllowed.
    """
    order = _locked(officer, code, now)
    if order.state not in {State.PREPARED, State.RUNNING}:
        raise errors.OrderNotRunning
    if order.state == State.PREPARED:
        approvals.end(act=Act.ORDER, subject=subject_of(order), officer=officer, now=now)
    order.state, order.ended_at = State.STOPPED, now
    order.save(update_fields=["state", "ended_at"])
    parts.record("order.stop", order, officer)
    return order


@transaction.atomic
def retry(*, officer: User, code: str, office: str, now: datetime) -> NationalOrder:
    """Try an office that failed once more. Locks the order.

    Raises NothingFailed, OrderUnknown, NotAllowed.
    """
    order = _locked(officer, code, now)
    failed = order.offices.filter(office__code=office, outcome=Outcome.FAILED)
    if order.state not in {State.RUNNING, State.DONE} or not failed.update(
        outcome=Outcome.WAITING, why="", done_at=None
    ):
        raise errors.NothingFailed
    order.state, order.ended_at = State.RUNNING, None
    order.save(update_fields=["state", "ended_at"])
    parts.record("order.retry", order, officer, office=office)
    transaction.on_commit(partial(broker.tell, RUN, order.pk), robust=True)
    return order


def _locked(officer: User, code: str, now: datetime) -> NationalOrder:
    authority.require(officer=officer, act=Act.ORDER, office=None, now=now)
    orders = NationalOrder.objects.select_for_update(no_key=True)
    order = orders.filter(code=normalized(code)).first()
    if order is None:
        raise errors.OrderUnknown
    return order


def run(*, order_id: int, now: datetime) -> int:
    """Do the offices that are waiting, one by one; how many were done here.

    Offices that another run holds are passed over, and so are those whose rows are busy:
    the sweep comes back to them.
    """
    done, after = 0, 0
    while (found := _next(order_id, after, now=now)) is not None:
        after, finished = found
        done += finished
    _finish(order_id, now=now)
    return done


def resume(now: datetime) -> int:
    """Go on with every order that was started and is not done."""
    running = NationalOrder.objects.filter(state=State.RUNNING).order_by("pk")
    return sum(run(order_id=pk, now=now) for pk in list(running.values_list("pk", flat=True)))


@transaction.atomic
def _next(order_id: int, after: int, *, now: datetime) -> tuple[int, bool] | None:
    """Do one office: its row's id, and whether it is done; None where none is to be had."""
    item = (
        OrderOffice.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("order__prepared_by", "office")
        .filter(order=order_id, order__state=State.RUNNING, outcome=Outcome.WAITING, pk__gt=after)
        .order_by("pk")
        .first()
    )
    if item is None:
        return None
    shown = item.left
    try:
        with transaction.atomic():
            _carry_out(item, now)
    except (Busy, DatabaseError):
        return item.pk, False
    except DomainError as refusal:
        item.days_done, item.seats_added, item.left = 0, 0, shown
        item.outcome, item.why = Outcome.FAILED, refusal.code
    item.done_at = now
    item.save(update_fields=["outcome", "why", "days_done", "seats_added", "left", "done_at"])
    return item.pk, True


def _carry_out(item: OrderOffice, now: datetime) -> None:
    """The days that are still as they were shown; a day that the office has changed is its own.

    Locks the office, as every change of its calendar does.
    """
    office = Office.objects.select_for_update(no_key=True).get(pk=item.office_id)
    order = item.order
    if order.kind == NationalOrder.Kind.UNDO:
        undoing.carry_out(item, office, now)
    elif order.kind == NationalOrder.Kind.SATURDAY:
        saturdays.open_days(item, office, now)
    else:
        _raise(item, office, now)
    item.outcome = Outcome.DONE if item.days_done else Outcome.LEFT
    parts.record("order.office", order, None, office=office.code, days=item.days_done)
    if item.days_done:
        notices.carried_out(item, now=now)


def _raise(item: OrderOffice, office: Office, now: datetime) -> None:
    order = item.order
    standing = {}
    if item.plan:
        first, last = (date.fromisoformat(item.plan[n]["day"]) for n in (0, -1))
        standing = {each.day: each.hours for each in parts.usual_days(office, first, last)}
    for told in item.plan:
        day = date.fromisoformat(told["day"])
        hours = standing[day]
        if hours is None or parts.fingerprint(hours) != told["was"] or day <= office.today(now):
            continue
        more = parts.raised(hours, told)
        calendar.set_special_day(
            officer=order.prepared_by,
            office=office,
            wish=SpecialWish(day, parts.PUBLIC_REASON, more),
            why=Why(order.reason, order.note),
            now=now,
            is_approved=True,
        )
        item.days_done += 1
        item.seats_added += order_rules.seats_of(more) - order_rules.seats_of(hours)


@transaction.atomic
def _finish(order_id: int, *, now: datetime) -> None:
    """Whoever finds nothing waiting says so; once, because the row is locked."""
    order = NationalOrder.objects.select_for_update(no_key=True).get(pk=order_id)
    if order.state != State.RUNNING or order.offices.filter(outcome=Outcome.WAITING).exists():
        return
    order.state, order.ended_at = State.DONE, now
    order.save(update_fields=["state", "ended_at"])
    parts.record("order.done", order, None)
