"""Confirming reads, judges, and then writes: what happens in between is not overrun."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Message
from queueing.booking import errors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.services import changing, confirming
from tests.at_once import at_once
from tests.factories import SlotFactory
from tests.lock_waits import until_somebody_waits
from tests.queueing.booking.racing import weaken
from tests.queueing.booking.visits import book, check_books, family, states

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def held() -> Booking:
    return book(SlotFactory(capacity=2), family(2), confirm=False)


def confirm(booking: Booking) -> Booking:
    return confirming.confirm(
        account=booking.account, code=booking.code, now=timezone.now()
    ).booking


def cancel(booking: Booking) -> Booking:
    return changing.cancel(
        account=booking.account,
        code=booking.code,
        actor=Actor.citizen(booking.account),
        now=timezone.now(),
    ).booking


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Once, between what a confirmation reads and what it writes."""
    write, acts = confirming._write, [act]

    def late(*args: Any) -> None:
        if acts:
            at_once([acts.pop()])
        write(*args)

    monkeypatch.setattr(confirming, "_write", late)


def test_who_was_let_go_in_between_is_not_booked(
    monkeypatch: pytest.MonkeyPatch, held: Booking
) -> None:
    meanwhile(monkeypatch, partial(cancel, held))

    with pytest.raises(errors.WrongState):
        confirm(held)

    assert states(held) == ["CANCELLED"] * 2
    assert not Message.objects.filter(kind="booked").exists()
    check_books()


def test_who_was_booked_in_between_is_booked_once(
    monkeypatch: pytest.MonkeyPatch, held: Booking
) -> None:
    meanwhile(monkeypatch, partial(confirm, held))

    told = confirm(held)

    assert [place.state for place in told.places.all()] == ["BOOKED"] * 2
    assert BookingEvent.objects.filter(what="BOOKED").count() == 2
    assert Message.objects.filter(kind="booked").count() == 1
    check_books()


def told_to_who_comes_while_another_lets_go(held: Booking) -> Future[Booking]:
    """They read what is not written yet, and come to the lock before it is."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            cancel(held)
            coming = pool.submit(lambda: at_once([partial(confirm, held)]))
            until_somebody_waits(or_else=coming.done)
        return coming


def test_confirming_waits_for_who_is_letting_go(held: Booking) -> None:
    told = told_to_who_comes_while_another_lets_go(held)

    assert isinstance(told.exception(), errors.WrongState)
    assert states(held) == ["CANCELLED"] * 2
    check_books()


def test_control_without_the_lock_they_are_told_that_they_come(held: Booking) -> None:
    weaken("queueing_confirm", "FOR NO KEY UPDATE")

    told = told_to_who_comes_while_another_lets_go(held)

    assert told.exception() is None
    assert not Place.objects.filter(state="BOOKED").exists()
