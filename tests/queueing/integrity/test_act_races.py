"""Acts against what people do in the same instant, over real connections."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from offices.rules import Act
from paspor.kernel import broker
from paspor.kernel.models import AuditEvent
from paspor.kernel.prepared.reading import Prepared
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.services import changing, places
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit
from queueing.integrity.models.cases import BulkAct, BulkItem
from queueing.integrity.rules import cases as rules
from queueing.integrity.selectors import restrictions as restricted
from queueing.integrity.services import acts, voiding, withdrawing
from tests.at_once import at_once
from tests.factories import OfficerPostFactory, SlotFactory, UserFactory
from tests.live import PATIENCE
from tests.lock_waits import until_somebody_waits
from tests.queueing.booking.racing import as_owner, outcome, outcomes
from tests.queueing.booking.visits import (
    account_of,
    another_day,
    book,
    check_books,
    family,
    live,
    states,
    taken,
)
from tests.queueing.integrity.cases import begun, case_of, prepared, sistik

pytestmark = pytest.mark.usefixtures("committed_db")
ROUNDS = 5


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """An act is told to a worker when it starts; here the tests run it."""
    monkeypatch.setattr(broker, "tell", lambda *_told: None)


def run(act: BulkAct, at: object = None) -> int:
    return acts.run(act_id=act.pk, now=at or timezone.now())


def race(act: BulkAct, other: Callable[[], object]) -> Counter[str]:
    """What came of an act that voids and of what its people do at once.

    A place is voided when the other waits for the act's lock, or is over: between the look
    at its state and its end.
    """
    over, void = Event(), voiding.void

    def other_to_its_end() -> None:
        try:
            other()
        finally:
            over.set()

    def void_late(*args: object, **more: object) -> None:
        until_somebody_waits(or_else=over.is_set)
        void(*args, **more)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(voiding, "void", void_late)
        return outcomes([partial(run, act), other_to_its_end])


def arriving(officer: User, booking: Booking) -> object:
    slot = booking.slot
    return attendance.check_in(
        officer=officer, visit=Visit(slot.office, booking.code), now=slot.starts_at
    )


def void_against_check_in(
    together: Callable[[BulkAct, Callable[[], object]], object] = race,
) -> tuple[list[str], int]:
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people)
    counter = OfficerPostFactory(role="COUNTER", office=slot.office).user
    act = begun(case_of([account_of(people)]), Act.VOID, sistik())
    together(act, partial(arriving, counter, booking))
    whats = BookingEvent.objects.filter(booking_id=booking.pk).exclude(what="BOOKED")
    return states(booking), whats.count()


def test_of_voiding_and_arrival_exactly_one_happens():
    for _round in range(ROUNDS):
        (state,), happened = void_against_check_in()

        assert state in {"VOIDED", "CHECKED_IN"}
        assert happened == 1
    check_books()


def test_control_without_the_bookings_lock_both_happen(monkeypatch: pytest.MonkeyPatch):
    looked, arrived = Event(), Event()
    void, check_in = voiding.void, attendance.check_in

    def void_late(*args: object, **more: object) -> None:
        looked.set()
        arrived.wait(PATIENCE)
        void(*args, **more)

    def check_in_between(**more: object) -> Booking:
        looked.wait(PATIENCE)
        booking = check_in(**more)
        transaction.on_commit(arrived.set)
        return booking

    unlocked = Prepared(lambda pk: Booking.objects.select_related("slot__office").filter(pk=pk))
    monkeypatch.setattr(places, "_LOCK_ID", unlocked)
    monkeypatch.setattr(voiding, "void", void_late)
    monkeypatch.setattr(attendance, "check_in", check_in_between)

    def meet(act: BulkAct, other: Callable[[], object]) -> object:
        return outcomes([partial(run, act), other])

    assert void_against_check_in(meet) == (["VOIDED"], 2)


def cancelling(booking: Booking, account: User) -> object:
    return changing.cancel(
        account=account, code=booking.code, actor=Actor.citizen(account), now=timezone.now()
    ).booking


def test_of_voiding_and_cancelling_exactly_one_ends_the_place():
    for _round in range(ROUNDS):
        slot, people = SlotFactory(capacity=1), family(1)
        booking = book(slot, people)
        act = begun(case_of([account_of(people)]), Act.VOID, sistik())

        told = race(act, partial(cancelling, booking, account_of(people)))

        ended = {"VOIDED": {"BOOKED": 1, "WrongState": 1}, "CANCELLED": {"BOOKED": 2}}
        assert told == ended[states(booking)[0]]
        assert (taken(slot), live()) == (0, 0)
    check_books()


def moving(booking: Booking, account: User, slot_code: str) -> object:
    return changing.reschedule(
        account=account,
        code=booking.code,
        slot_code=slot_code,
        actor=Actor.citizen(account),
        now=timezone.now(),
    ).booking


def test_of_voiding_and_moving_exactly_one_ends_the_place():
    for _round in range(ROUNDS):
        slot, people = SlotFactory(capacity=1), family(1)
        later = another_day(slot)
        booking = book(slot, people)
        act = begun(case_of([account_of(people)]), Act.VOID, sistik())

        race(act, partial(moving, booking, account_of(people), later.code))

        (state,) = states(booking)
        assert state in {"VOIDED", "MOVED"}
        assert (
            taken(slot) + taken(later)
            == Place.objects.filter(live_seat__slot__in=[slot, later]).count()
            == (state == "MOVED")
        )
    check_books()


def test_suspending_waits_for_a_hold_under_way_or_refuses_it():
    for _round in range(ROUNDS):
        slot, people = SlotFactory(capacity=1), family(1)
        act = begun(case_of([account_of(people)]), Act.SUSPEND, sistik())

        told = outcomes([partial(run, act), partial(book, slot, people)])

        held = Place.objects.filter(booking__slot=slot, state__in=Place.LIVE).count()
        assert told == ({"BOOKED": 2} if held else {"BOOKED": 1, "AccountSuspended": 1})
        since = User.objects.get(pk=account_of(people).pk).suspended_at
        assert since is not None


def test_nothing_is_held_once_suspended_and_voided():
    """Suspend first, then void what stands: no hold slips in between."""
    for _round in range(ROUNDS):
        slot, people = SlotFactory(capacity=1), family(1)
        officer, case = sistik(), case_of([account_of(people)])
        suspension = begun(case, Act.SUSPEND, officer)

        outcomes([partial(run, suspension), partial(book, slot, people)])
        if Place.objects.filter(booking__slot=slot, state__in=Place.LIVE).exists():
            run(begun(case, Act.VOID, officer))

        assert taken(slot) == 0
    check_books()


def withdraw_against_start(
    monkeypatch: pytest.MonkeyPatch, until: Callable[[], object] = until_somebody_waits
) -> tuple[list[str], str]:
    """What came of beginning and of withdrawing one act, and how it stands.

    Whoever finds it waiting goes on when the other has come: to the lock, or as ``until`` says.
    """
    officer = sistik()
    act = prepared(case_of([UserFactory()]), Act.LIMIT, officer)
    with monkeypatch.context() as patched:
        check = rules.check_act_waits
        patched.setattr(rules, "check_act_waits", lambda state: (check(state), until()))
        told = at_once(
            [
                partial(outcome, partial(each, officer=officer, code=act.code, now=timezone.now()))
                for each in (acts.start, withdrawing.withdraw)
            ]
        )
    act.refresh_from_db()
    return told, act.state


def test_an_act_is_either_begun_or_withdrawn(monkeypatch: pytest.MonkeyPatch):
    for _round in range(ROUNDS):
        assert withdraw_against_start(monkeypatch) in [
            (["BOOKED", "ActBegun"], "RUNNING"),
            (["ActWithdrawn", "BOOKED"], "DROPPED"),
        ]


def test_control_without_the_acts_lock_only_the_database_refuses(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "django.db.models.QuerySet.select_for_update", lambda rows, **_options: rows
    )
    told, _state = withdraw_against_start(monkeypatch, Barrier(2, timeout=30).wait)
    assert sorted(told) == ["BOOKED", "CheckViolation"]


def test_two_runs_at_once_do_each_account_once():
    for _round in range(ROUNDS):
        accounts = UserFactory.create_batch(12)
        act = begun(case_of(accounts), Act.LIMIT, sistik())
        before = AuditEvent.objects.filter(act="limit").count()

        shares = at_once([partial(run, act)] * 3)
        acts.resume(timezone.now())

        act.refresh_from_db()
        assert act.state == "DONE"
        assert sum(shares) == 12
        assert AuditEvent.objects.filter(act="limit").count() - before == 12
        outcomes_ = Counter(act.items.values_list("outcome", flat=True))
        assert outcomes_ == {"DONE": 12}


def test_control_without_the_items_lock_an_account_is_done_twice(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(
        "django.db.models.QuerySet.select_for_update", lambda rows, **_options: rows
    )
    as_owner("DROP INDEX restriction_one_live_per_kind")
    accounts = UserFactory.create_batch(12)
    act = begun(case_of(accounts), Act.LIMIT, sistik())

    shares = at_once([partial(run, act)] * 3)

    assert sum(shares) > 12


def test_a_worker_killed_half_way_loses_nothing():
    """Its connection is cut in the middle of an item, as the kernel would."""
    accounts = UserFactory.create_batch(5)
    act = begun(case_of(accounts), Act.LIMIT, sistik())
    real = acts.WORK[BulkAct.Kind.LIMIT]

    def cut(item: BulkItem, now: object) -> object:
        done = real(item, now)
        if item.account_id == accounts[2].pk:
            connection.connection.close()
        return done

    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(acts.WORK, BulkAct.Kind.LIMIT, cut)
        told = at_once([partial(outcome, partial(run, act))])
    assert told != ["BOOKED"]
    assert restricted.live(timezone.now()).count() == 2

    assert acts.resume(timezone.now()) == 3
    assert restricted.live(timezone.now()).count() == 5
    act.refresh_from_db()
    assert act.state == "DONE"
