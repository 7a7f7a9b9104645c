"""Answers of the registry that meet people on the move: real connections, exact results."""

from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import IdentityCheck
from accounts.registry.interface import Answer
from accounts.services import identity as checks
from offices.models import Office
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent
from queueing.booking.services import changing
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit
from queueing.integrity.services import identity
from tests.at_once import at_once
from tests.factories import OfficerPostFactory, SlotFactory
from tests.queueing.booking.racing import BOOKED, outcome
from tests.queueing.booking.visits import (
    another_hour,
    book,
    check_books,
    live,
    states,
    taken,
)
from tests.queueing.integrity.conftest import UNKNOWN, people_of, person

pytestmark = pytest.mark.usefixtures("committed_db")
ROUNDS = 5
NOBODY = Answer(is_found=False, matches={})
# As ``outcome`` calls what went well, whatever the act was.
DONE = BOOKED


def claimed() -> IdentityCheck:
    check = checks.claim(now=timezone.now())
    assert check is not None
    return check


def answered_while(act: Callable[[], object]) -> str:
    """The registry does not know the NIK, in the instant of somebody's act; what came of it."""
    answer = partial(identity.follow, check=claimed(), answer=NOBODY, now=timezone.now())
    told = at_once([partial(outcome, act), partial(outcome, answer)])
    assert told[1] == DONE
    return told[0]


def arrival(booking: Booking) -> Callable[[], object]:
    office: Office = booking.slot.office
    officer = OfficerPostFactory(office=office).user
    visit = Visit(office, booking.code)
    return partial(attendance.check_in, officer=officer, visit=visit, now=booking.slot.starts_at)


def test_an_unknown_nik_and_an_arrival_at_once_end_in_one_of_two_ways():
    for n in range(ROUNDS):
        slot = SlotFactory(capacity=1)
        booking = book(slot, people_of(UNKNOWN + n))

        told = answered_while(arrival(booking))

        [state] = states(booking)
        assert (told, state) in {(DONE, "CHECKED_IN"), ("WrongState", "VOIDED")}
        assert taken(slot) == (state == "CHECKED_IN")
        check_books()


def test_an_unknown_nik_and_a_cancellation_at_once_free_the_seat_once():
    for n in range(ROUNDS):
        slot = SlotFactory(capacity=1)
        booking = book(slot, people_of(UNKNOWN + n))
        cancel = partial(
            changing.cancel,
            account=booking.account,
            code=booking.code,
            actor=Actor.citizen(booking.account),
            now=timezone.now(),
        )

        told = answered_while(cancel)

        [state] = states(booking)
        assert (told, state) in {(DONE, "CANCELLED"), ("WrongState", "VOIDED")}
        assert taken(slot) == 0
        ends = BookingEvent.objects.filter(booking_id=booking.pk, what__in=["CANCELLED", "VOIDED"])
        assert ends.count() == 1
        check_books()


def test_an_unknown_nik_does_not_escape_by_moving():
    for n in range(ROUNDS):
        slot = SlotFactory(capacity=1)
        booking, later = book(slot, people_of(UNKNOWN + n)), another_hour(slot, capacity=1)
        move = partial(
            changing.reschedule,
            account=booking.account,
            code=booking.code,
            slot_code=later.code,
            actor=Actor.citizen(booking.account),
            now=timezone.now(),
        )

        told = answered_while(move)

        assert told in {DONE, "WrongState"}
        assert (live(), taken(slot), taken(later)) == (0, 0, 0)
        check_books()


def test_an_unknown_nik_does_not_escape_into_another_account():
    for n in range(ROUNDS):
        slot = SlotFactory(capacity=2)
        book(slot, people_of(UNKNOWN + n))
        elsewhere = partial(book, slot, [person(UNKNOWN + n)])

        told = answered_while(elsewhere)

        assert told in {"AlreadyBooked", "NikNotFound"}
        assert (live(), taken(slot)) == (0, 0)
        check_books()


def test_control_without_the_question_who_was_unknown_books_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(identity, "_refuse_unknown", lambda *_args, **_fields: None)
    slot = SlotFactory(capacity=2)
    book(slot, people_of(UNKNOWN))
    identity.follow(check=claimed(), answer=NOBODY, now=timezone.now())

    assert outcome(partial(book, slot, [person(UNKNOWN)])) == DONE
    assert live() == 1


def test_two_workers_with_one_answer_void_once():
    booking = book(SlotFactory(capacity=1), people_of(UNKNOWN))
    follow = partial(identity.follow, check=claimed(), answer=NOBODY, now=timezone.now())

    assert at_once([partial(outcome, follow)] * 4) == [DONE] * 4

    assert states(booking) == ["VOIDED"]
    assert BookingEvent.objects.filter(what="VOIDED").count() == 1
    check_books()
