"""Calling the queue to the counters: one number at a time each, nobody called twice.

Who comes next is a rule (queueing.desk.rules.call_order); that two counters never get the
same number is one statement, which takes the first of that order that nobody else is
taking. Acts that end a visit are those of attendance; they lock the booking before the
number, so no act here locks a booking while it holds a number.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from accounts.models import User
from offices import reasons
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act, Extent
from offices.services import approvals, authority
from paspor.kernel.database import violated
from queueing.booking.actors import Actor
from queueing.booking.models import Place
from queueing.booking.services import events
from queueing.desk import errors, queue_selectors, rules
from queueing.desk.models import Letter, QueueNumber
from queueing.desk.services import attendance, numbers, sittings
from queueing.desk.services.attendance import Visit

State = QueueNumber.State
ONE_PER_COUNTER = "queuenumber_one_per_counter"
# Others were quicker with everybody in the order: look anew.
MOST_TRIES = 5

TAKE_FIRST = """
UPDATE queueing_queuenumber
SET state = 'CALLED', counter = %(counter)s, officer_id = %(officer)s, calls = calls + 1,
    called_at = coalesce(called_at, %(now)s), awaited_at = coalesce(awaited_at, %(now)s),
    last_called_at = %(now)s
WHERE id = (
    SELECT id FROM queueing_queuenumber
    WHERE id = ANY (%(order)s) AND state = ANY (%(states)s)
    ORDER BY array_position(%(order)s, id)
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


@transaction.atomic
def call_next(*, officer: User, office: Office, now: datetime) -> QueueNumber:
    """Call whoever is next to the officer's counter.

    Raises NoCounter, NobodyWaits, and CounterBusy while a number is still there.
    """
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    counter = sittings.empty_counter_of(officer, office, now=now)
    for _try in range(MOST_TRIES):
        order = [one.key for one in queue_selectors.next_ones(office, now=now)]
        if not order:
            break
        if found := _take_first(order, [State.WAITING], counter, officer, now):
            return _record(found, "CALLED", officer)
    raise errors.NobodyWaits


@transaction.atomic
def call_again(*, officer: User, office: Office, label: str, now: datetime) -> QueueNumber:
    """Call the number at the officer's counter once more."""
    queued = _mine(officer, office, label, (State.CALLED,), now)
    queued.calls += 1
    queued.last_called_at = now
    return _kept(queued, "CALLED", officer, ["calls", "last_called_at"])


@transaction.atomic
def start(*, officer: User, office: Office, label: str, now: datetime) -> QueueNumber:
    """They have come to the counter."""
    queued = _mine(officer, office, label, (State.CALLED,), now)
    queued.state = State.SERVING
    return _kept(queued, "AT_COUNTER", officer, ["state"])


@transaction.atomic
def hold(*, officer: User, office: Office, label: str, now: datetime) -> QueueNumber:
    """Put aside: they fetch something, and any counter calls them again."""
    queued = _mine(officer, office, label, QueueNumber.AT_COUNTER, now)
    queued.state, queued.counter = State.HELD, None
    return _kept(queued, "PUT_ASIDE", officer, ["state", "counter", *_call_anew(queued)])


@transaction.atomic
def put_back(*, officer: User, office: Office, label: str, now: datetime) -> QueueNumber:
    """Back among those who wait, where they were: due when they were before."""
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    queued = _locked(office, label, (*QueueNumber.AT_COUNTER, State.HELD), now)
    if queued.state != State.HELD:
        _check_mine(queued, officer, office, now)
    queued.state, queued.counter = State.WAITING, None
    return _kept(queued, "PUT_BACK", officer, ["state", "counter", *_call_anew(queued)])


@transaction.atomic
def call_held(*, officer: User, office: Office, label: str, now: datetime) -> QueueNumber:
    """Call somebody who was put aside to the officer's counter."""
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    counter = sittings.empty_counter_of(officer, office, now=now)
    queued = queue_selectors.number_of(office, label, now=now)
    found = _take_first([queued.pk], [State.HELD], counter, officer, now)
    if found is None:
        raise errors.NumberMoved(number=label)
    return _record(found, "CALLED", officer)


@transaction.atomic
def call_chosen(
    *, officer: User, office: Office, label: str, why: Why, now: datetime
) -> QueueNumber:
    """Call somebody out of turn to the officer's counter, for a reason of the list."""
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    rules.check_choice(reason=why.reason, note=why.note)
    counter = sittings.empty_counter_of(officer, office, now=now)
    queued = queue_selectors.number_of(office, label, now=now)
    found = _take_first([queued.pk], [State.WAITING, State.HELD], counter, officer, now)
    if found is None:
        raise errors.NumberMoved(number=label)
    return _record(found, "CALLED", officer, {"out_of_turn": True}, why)


@transaction.atomic
def finish(
    *,
    officer: User,
    office: Office,
    label: str,
    now: datetime,
    people: Collection[str] | None = None,
) -> QueueNumber:
    """Everybody of this number who is still there has been served, or only these ``people``."""
    queued = _seen_mine(officer, office, label, now)
    attendance.serve(officer=officer, visit=_visit(queued, people), now=now)
    return _after(queued)


@transaction.atomic
def turn_away(
    *,
    officer: User,
    office: Office,
    label: str,
    why: Why,
    now: datetime,
    people: Collection[str] | None = None,
) -> QueueNumber:
    """Nobody of this number, or only these ``people``, can be served, for a reason of the list."""
    queued = _seen_mine(officer, office, label, now)
    chosen = _codes(queued, state=Place.State.CHECKED_IN) if people is None else people
    visit = replace(_visit(queued, chosen), why=why)
    attendance.turn_away(officer=officer, visit=visit, now=now)
    return _after(queued)


@transaction.atomic
def gone(
    *,
    officer: User,
    office: Office,
    label: str,
    now: datetime,
    people: Collection[str] | None = None,
) -> QueueNumber:
    """They do not answer, however often called: their arrival is taken back.

    Of a number that has come to the counter also some ``people``, who are not with the others.
    Who returns today is received anew; who does not is absent when the office closes the
    day, by the rules of absence. Raises CallAgainFirst, GoneTooSoon, NumberMoved.
    """
    queued = _seen_mine(officer, office, label, now)
    present = _codes(queued, state=Place.State.CHECKED_IN)
    missing = present if people is None else sorted(people)
    if not set(missing) <= set(present):
        raise errors.NumberMoved(number=label)
    rules.check_may_be_gone(
        calls=queued.calls_now,
        called_at=queued.awaited_since,
        patience=queue_selectors.patience_at(office, now=now),
        now=now,
        others_came=queued.state == State.SERVING and set(missing) < set(present),
    )
    attendance.undo(officer=officer, visit=_visit(queued, missing), now=now)
    QueueNumber.objects.filter(pk=queued.pk).update(left_people=missing)
    return _record(_after(queued), "LEFT_QUEUE", officer, {"people": missing})


@transaction.atomic
def take_back(*, officer: User, office: Office, label: str, now: datetime) -> QueueNumber:
    """Undo the end of a number: a service, a turning away, or an absence from the call.

    It comes back to the officer's counter where that is free, being served or, where nobody had
    come, called; else it is put aside. Raises CameAgain, CannotUndo.
    """
    queued = queue_selectors.number_of(office, label, now=now)
    if queued.state in QueueNumber.OPEN:
        raise errors.NumberMoved(number=label)
    latest = QueueNumber.objects.filter(booking=queued.booking).order_by("-pk").first()
    if latest and latest != queued:
        raise errors.CameAgain(number=latest.label)
    if queued.state == State.GONE:
        before = State.CALLED
        _receive_again(queued, officer)
    else:
        before = State.SERVING
        ended = queue_selectors.ended_last(queued.booking)
        attendance.undo(officer=officer, visit=_visit(queued, ended), now=now)
    return _seated(_after(queued), before, officer, office, now)


@transaction.atomic
def give_priority(
    *, officer: User, office: Office, label: str, why: Why, has_proof: bool, now: datetime
) -> QueueNumber:
    """A number of priority instead of the one given, for a reason of the list.

    Without proof of the entitlement a second officer agrees first (NeedsApproval).
    """
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    rules.check_priority_reason(why.reason)
    queued = _locked(office, label, (State.WAITING, State.HELD), now)
    if queued.letter == Letter.PRIORITY:
        raise errors.NumberMoved(number=label)
    if not has_proof:
        authority.require(officer=officer, act=Act.PRIORITY_UNPROVEN, office=office, now=now)
        request = approvals.about_booking(Act.PRIORITY_UNPROVEN, office, queued.booking.code)
        extent = Extent(places=1)
        approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    queued.letter = Letter.PRIORITY
    queued.number = numbers.next_number(office, queued.day, queued.letter)
    queued.due_at = min(queued.due_at, now)
    queued.save(update_fields=["letter", "number", "due_at"])
    return _record(queued, "PRIORITISED", officer, {"before": label, "proof": has_proof}, why)


def _take_first(
    order: Sequence[int], states: Collection[str], counter: int, officer: User, now: datetime
) -> QueueNumber | None:
    values = {"order": list(order), "states": [str(state) for state in states]}
    values |= {"counter": counter, "officer": officer.pk, "now": now}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(TAKE_FIRST, values)
            row = cursor.fetchone()
    except IntegrityError as problem:
        if not violated(problem, ONE_PER_COUNTER):
            raise
        raise errors.CounterBusy from problem
    return (
        QueueNumber.objects.select_related("booking__slot__office").get(pk=row[0]) if row else None
    )


def _locked(office: Office, label: str, among: Collection[str], now: datetime) -> QueueNumber:
    queued = queue_selectors.number_of(office, label, now=now)
    locked = (
        QueueNumber.objects.filter(pk=queued.pk, state__in=among)
        .select_related("booking__slot__office")
        .select_for_update(no_key=True, of=("self",))
        .first()
    )
    if locked is None:
        raise errors.NumberMoved(number=label)
    return locked


def _mine(
    officer: User, office: Office, label: str, among: Collection[str], now: datetime
) -> QueueNumber:
    """The number at the officer's own counter, locked."""
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    queued = _locked(office, label, among, now)
    _check_mine(queued, officer, office, now)
    return queued


def _seen_mine(officer: User, office: Office, label: str, now: datetime) -> QueueNumber:
    """The number, not locked: the booking's lock comes first."""
    queued = queue_selectors.number_of(office, label, now=now)
    if queued.state not in QueueNumber.AT_COUNTER:
        raise errors.NumberMoved(number=label)
    _check_mine(queued, officer, office, now)
    return queued


def _check_mine(queued: QueueNumber, officer: User, office: Office, now: datetime) -> None:
    if queued.counter != sittings.counter_of(officer, office, now=now):
        raise errors.NumberMoved(number=queued.label)


def _codes(queued: QueueNumber, **of: object) -> list[str]:
    return list(queued.booking.places.filter(**of).values_list("applicant__code", flat=True))


def _visit(queued: QueueNumber, people: Collection[str] | None = None) -> Visit:
    return Visit(office=queued.office, booking_code=queued.booking.code, applicant_codes=people)


def _receive_again(queued: QueueNumber, officer: User) -> None:
    """Those who left the queue, as having come when they came."""
    if queued.left_people is None:
        raise errors.CannotUndo
    visit = replace(_visit(queued, queued.left_people), is_queued=False)
    attendance.check_in(officer=officer, visit=visit, now=queued.arrived_at)
    numbers.reopen(queued.booking)


def _seated(
    queued: QueueNumber, state: str, officer: User, office: Office, now: datetime
) -> QueueNumber:
    """Back at the officer's counter, or put aside where another number is there."""
    try:
        counter = sittings.counter_of(officer, office, now=now)
        with transaction.atomic():
            there = {"state": state, "counter": counter, "officer": officer}
            QueueNumber.objects.filter(pk=queued.pk, state=State.HELD, calls__gt=0).update(**there)
    except errors.NoCounter:
        return queued
    except IntegrityError as problem:
        if not violated(problem, ONE_PER_COUNTER):
            raise
        return queued
    return _after(queued)


def _call_anew(queued: QueueNumber) -> tuple[str, ...]:
    """Patience begins with the next call; the fields that say so."""
    queued.calls_before, queued.awaited_at = queued.calls, None
    return "calls_before", "awaited_at"


def _after(queued: QueueNumber) -> QueueNumber:
    queued.refresh_from_db()
    return queued


def _kept(queued: QueueNumber, what: str, officer: User, fields: Sequence[str]) -> QueueNumber:
    queued.save(update_fields=fields)
    return _record(queued, what, officer)


def _record(
    queued: QueueNumber,
    what: str,
    officer: User,
    more: Mapping[str, object] | None = None,
    why: Why = reasons.NO_REASON,
) -> QueueNumber:
    """One event of the booking, in the log of its office."""
    detail: dict[str, object] = {"number": queued.label, **(more or {})}
    if queued.counter:
        detail |= {"counter": queued.counter, "calls": queued.calls}
    events.record(queued.booking, what, actor=Actor.officer(officer), why=why, detail=detail)
    return queued
