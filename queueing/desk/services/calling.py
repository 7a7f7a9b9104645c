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
from queueing.booking.actors import Actor
from queueing.booking.models import BookingEvent, Place
from queueing.booking.services import events
from queueing.desk import errors, policies, queue_selectors, rules
from queueing.desk.models import Letter, Turn
from queueing.desk.services import attendance, sittings, turns
from queueing.desk.services.attendance import Visit

State = Turn.State
ONE_PER_COUNTER = "turn_one_per_counter"
# Others were quicker with everybody in the order: look anew.
MOST_TRIES = 5

TAKE_FIRST = """
UPDATE queueing_turn
SET state = 'CALLED', counter = %(counter)s, officer_id = %(officer)s, calls = calls + 1,
    called_at = coalesce(called_at, %(now)s), last_called_at = %(now)s
WHERE id = (
    SELECT id FROM queueing_turn
    WHERE id = ANY (%(order)s) AND state = ANY (%(states)s)
    ORDER BY array_position(%(order)s, id)
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


@transaction.atomic
def call_next(*, officer: User, office: Office, now: datetime) -> Turn:
    """Call whoever is next to the officer's counter.

    Raises NoCounter, NobodyWaits, and CounterBusy while a number is still there.
    """
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    counter = sittings.counter_of(officer, office, now=now)
    for _try in range(MOST_TRIES):
        order = [one.key for one in queue_selectors.next_ones(office, now=now)]
        if not order:
            break
        if found := _take_first(order, [State.WAITING], counter, officer, now):
            return _told(found, "CALLED", officer)
    raise errors.NobodyWaits


@transaction.atomic
def call_again(*, officer: User, office: Office, label: str, now: datetime) -> Turn:
    """Call the number at the officer's counter once more."""
    turn = _mine(officer, office, label, (State.CALLED,), now)
    turn.calls += 1
    turn.last_called_at = now
    return _kept(turn, "CALLED", officer, ["calls", "last_called_at"])


@transaction.atomic
def start(*, officer: User, office: Office, label: str, now: datetime) -> Turn:
    """They have come to the counter."""
    turn = _mine(officer, office, label, (State.CALLED,), now)
    turn.state = State.SERVING
    return _kept(turn, "AT_COUNTER", officer, ["state"])


@transaction.atomic
def hold(*, officer: User, office: Office, label: str, now: datetime) -> Turn:
    """Put aside: they fetch something, and any counter calls them again."""
    turn = _mine(officer, office, label, Turn.AT_COUNTER, now)
    turn.state, turn.counter = State.HELD, None
    return _kept(turn, "PUT_ASIDE", officer, ["state", "counter"])


@transaction.atomic
def put_back(*, officer: User, office: Office, label: str, now: datetime) -> Turn:
    """Back among those who wait, where they were: due when they were before."""
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    turn = _locked(office, label, (*Turn.AT_COUNTER, State.HELD), now)
    if turn.state != State.HELD:
        _check_mine(turn, officer, office, now)
    turn.state, turn.counter = State.WAITING, None
    return _kept(turn, "PUT_BACK", officer, ["state", "counter"])


@transaction.atomic
def call_held(*, officer: User, office: Office, label: str, now: datetime) -> Turn:
    """Call somebody who was put aside to the officer's counter."""
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    counter = sittings.counter_of(officer, office, now=now)
    turn = queue_selectors.turn_of(office, label, now=now)
    found = _take_first([turn.pk], [State.HELD], counter, officer, now)
    if found is None:
        raise errors.TurnMoved(number=label)
    return _told(found, "CALLED", officer)


@transaction.atomic
def finish(*, officer: User, office: Office, label: str, now: datetime) -> Turn:
    """Everybody of this number has been served."""
    turn = _seen_mine(officer, office, label, now)
    attendance.serve(officer=officer, visit=_visit(turn), now=now)
    return _after(turn)


@transaction.atomic
def turn_away(*, officer: User, office: Office, label: str, why: Why, now: datetime) -> Turn:
    """Nobody of this number can be served, for a reason of the list."""
    turn = _seen_mine(officer, office, label, now)
    visit = replace(_visit(turn, _codes(turn, state=Place.State.CHECKED_IN)), why=why)
    attendance.turn_away(officer=officer, visit=visit, now=now)
    return _after(turn)


@transaction.atomic
def gone(*, officer: User, office: Office, label: str, now: datetime) -> Turn:
    """They do not answer, however often called: their arrival is taken back.

    Who returns today is received anew; who does not is absent when the office closes the
    day, by the rules of absence. Raises CallAgainFirst.
    """
    turn = _seen_mine(officer, office, label, now)
    needed = policies.CALLS_BEFORE_GONE.at(now=now, scope=office.code)
    rules.check_may_be_gone(calls=turn.calls, needed=needed)
    people = _codes(turn, state=Place.State.CHECKED_IN)
    attendance.undo(officer=officer, visit=_visit(turn, people), now=now)
    return _told(_after(turn), "LEFT_QUEUE", officer, {"people": people})


@transaction.atomic
def take_back(*, officer: User, office: Office, label: str, now: datetime) -> Turn:
    """Undo the end of a number: a service, or an absence from the call.

    It comes back to the officer's counter where that is free, else it is put aside.
    Raises CannotUndo for whoever was turned away or came again meanwhile.
    """
    turn = queue_selectors.turn_of(office, label, now=now)
    if turn.state in Turn.OPEN:
        raise errors.TurnMoved(number=label)
    if turn != Turn.objects.filter(booking=turn.booking).order_by("-pk").first():
        raise errors.CannotUndo
    if turn.state == State.GONE:
        _receive_again(turn, officer)
    else:
        served = queue_selectors.served_last(turn.booking)
        attendance.undo(officer=officer, visit=_visit(turn, served), now=now)
    return _seated(_after(turn), officer, office, now)


@transaction.atomic
def give_priority(  # who, whom, why, and whether it was seen
    *, officer: User, office: Office, label: str, why: Why, has_proof: bool, now: datetime
) -> Turn:
    """A number of priority instead of the one given, for a reason of the list.

    Without proof of the entitlement a second officer agrees first (NeedsApproval).
    """
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    rules.check_priority_reason(why.reason)
    turn = _locked(office, label, (State.WAITING, State.HELD), now)
    if turn.letter == Letter.PRIORITY:
        raise errors.TurnMoved(number=label)
    if not has_proof:
        authority.require(officer=officer, act=Act.PRIORITY_UNPROVEN, office=office, now=now)
        approvals.use_where_needed(
            act=Act.PRIORITY_UNPROVEN,
            subject=f"{Act.PRIORITY_UNPROVEN}:{turn.booking.code}",
            extent=Extent(places=1),
            officer=officer,
            office=office,
            now=now,
        )
    turn.letter = Letter.PRIORITY
    turn.number = turns.next_number(office, turn.day, turn.letter)
    turn.due_at = min(turn.due_at, now)
    turn.save(update_fields=["letter", "number", "due_at"])
    return _told(turn, "PRIORITISED", officer, {"before": label, "proof": has_proof}, why)


# --- Helpers ---------------------------------------------------------------------------


def _take_first(
    order: Sequence[int], states: Collection[str], counter: int, officer: User, now: datetime
) -> Turn | None:
    values = {"order": list(order), "states": [str(state) for state in states]}
    values |= {"counter": counter, "officer": officer.pk, "now": now}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(TAKE_FIRST, values)
            row = cursor.fetchone()
    except IntegrityError as problem:
        if ONE_PER_COUNTER not in str(problem):
            raise
        raise errors.CounterBusy from problem
    return Turn.objects.select_related("booking__slot__office").get(pk=row[0]) if row else None


def _locked(office: Office, label: str, among: Collection[str], now: datetime) -> Turn:
    turn = queue_selectors.turn_of(office, label, now=now)
    locked = (
        Turn.objects.filter(pk=turn.pk, state__in=among)
        .select_related("booking__slot__office")
        .select_for_update(no_key=True, of=("self",))
        .first()
    )
    if locked is None:
        raise errors.TurnMoved(number=label)
    return locked


def _mine(officer: User, office: Office, label: str, among: Collection[str], now: datetime) -> Turn:
    """The number at the officer's own counter, locked."""
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    turn = _locked(office, label, among, now)
    _check_mine(turn, officer, office, now)
    return turn


def _seen_mine(officer: User, office: Office, label: str, now: datetime) -> Turn:
    """The same, not locked: the booking's lock comes first."""
    turn = queue_selectors.turn_of(office, label, now=now)
    if turn.state not in Turn.AT_COUNTER:
        raise errors.TurnMoved(number=label)
    _check_mine(turn, officer, office, now)
    return turn


def _check_mine(turn: Turn, officer: User, office: Office, now: datetime) -> None:
    if turn.counter != sittings.counter_of(officer, office, now=now):
        raise errors.TurnMoved(number=turn.label)


def _codes(turn: Turn, **of: object) -> list[str]:
    return list(turn.booking.places.filter(**of).values_list("applicant__code", flat=True))


def _visit(turn: Turn, people: Collection[str] | None = None) -> Visit:
    return Visit(office=turn.office, booking_code=turn.booking.code, applicant_codes=people)


def _receive_again(turn: Turn, officer: User) -> None:
    """Those who left the queue, as having come when they came."""
    left = BookingEvent.objects.filter(booking_id=turn.booking_id, what="LEFT_QUEUE")
    latest = left.order_by("-id").first()
    if latest is None:
        raise errors.CannotUndo
    visit = replace(_visit(turn, latest.detail["people"]), is_queued=False)
    attendance.check_in(officer=officer, visit=visit, now=turn.arrived_at)
    turns.reopen(turn.booking)


def _seated(turn: Turn, officer: User, office: Office, now: datetime) -> Turn:
    """Back at the officer's counter, or put aside where another number is there."""
    try:
        counter = sittings.counter_of(officer, office, now=now)
        with transaction.atomic():
            there = {"state": State.SERVING, "counter": counter, "officer": officer}
            Turn.objects.filter(pk=turn.pk, state=State.HELD, calls__gt=0).update(**there)
    except (errors.NoCounter, IntegrityError):
        return turn
    return _after(turn)


def _after(turn: Turn) -> Turn:
    turn.refresh_from_db()
    return turn


def _kept(turn: Turn, what: str, officer: User, fields: Sequence[str]) -> Turn:
    turn.save(update_fields=fields)
    return _told(turn, what, officer)


def _told(
    turn: Turn,
    what: str,
    officer: User,
    more: Mapping[str, object] | None = None,
    why: Why = reasons.NO_REASON,
) -> Turn:
    """One event of the booking, in the log of its office."""
    detail: dict[str, object] = {"number": turn.label, **(more or {})}
    if turn.counter:
        detail |= {"counter": turn.counter, "calls": turn.calls}
    events.record(turn.booking, what, actor=Actor.officer(officer), why=why, detail=detail)
    return turn
