"""Telling anew what somebody comes for, while the visit keeps its hour."""

from datetime import timedelta

import pytest
from django.utils import timezone

from queueing.booking import errors
from queueing.booking.actors import Actor
from queueing.booking.errands import Errand
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.services import errands
from queueing.quota.models import Slot
from tests.factories import SlotFactory
from tests.queueing.booking.visits import book, family

pytestmark = pytest.mark.django_db
LOST = Errand("LOST", "DISASTER")


@pytest.fixture
def slot() -> Slot:
    return SlotFactory(capacity=4)


def change(booking: Booking, told: dict[str, Errand], **more: object) -> Booking:
    now = more.pop("now", timezone.now())
    account = booking.account
    return errands.change(
        account=account,
        code=booking.code,
        told=told,
        actor=Actor.citizen(account),
        now=now,
    ).booking


def told_by(booking: Booking) -> list[Errand]:
    return [Errand.of(place) for place in Place.objects.filter(booking=booking).order_by("pk")]


def test_the_place_stays_and_the_history_tells(slot: Slot) -> None:
    people = family(2)
    booking = book(slot, people)
    first, second = booking.places.all()
    seats = {place.pk: place.seat_id for place in (first, second)}

    change(booking, {first.applicant.code: LOST, second.applicant.code: Errand("NEW")})

    assert told_by(booking) == [LOST, Errand("NEW")]
    after = Place.objects.filter(booking=booking)
    assert {place.pk: place.seat_id for place in after} == seats
    # Whoever was told the same has no part in it.
    (event,) = BookingEvent.objects.filter(booking_id=booking.pk, reason="errand")
    assert (event.place_id, event.what) == (first.pk, "BOOKED")


@pytest.mark.parametrize(
    ("errand", "refusal"),
    [
        (Errand("NEW", "PLAIN"), errors.OldPassportMismatch),
        (Errand("NEW", "", "BOTH"), errors.ParentsMismatch),
        (Errand("STOLEN"), errors.KindUnknown),
    ],
)
def test_what_does_not_go_together_changes_nothing(
    slot: Slot, errand: Errand, refusal: type[Exception]
) -> None:
    booking = book(slot, family(2))
    first, second = booking.places.all()

    with pytest.raises(refusal):
        change(booking, {first.applicant.code: LOST, second.applicant.code: errand})

    assert told_by(booking) == [Errand("NEW"), Errand("NEW")]


def test_a_child_is_told_of_by_its_age_on_the_day(slot: Slot) -> None:
    (person,) = family(1)
    person.birth_date = slot.day - timedelta(days=365 * 5)
    person.save()
    booking = book(slot, [person])

    change(booking, {person.code: Errand("NEW", "", "CUSTODY")})

    assert told_by(booking) == [Errand("NEW", "", "CUSTODY")]


def test_once_the_hour_has_begun_the_counter_is_told(slot: Slot) -> None:
    (person,) = family(1)
    booking = book(slot, [person])

    with pytest.raises(errors.TooLateToChange):
        change(booking, {person.code: LOST}, now=slot.starts_at)


def test_who_is_not_booked_or_of_another_visit_is_refused(slot: Slot) -> None:
    (held, stranger) = family(1)[0], family(1)[0]
    booking = book(slot, [held], confirm=False)

    with pytest.raises(errors.WrongState):
        change(booking, {held.code: LOST})
    with pytest.raises(errors.ApplicantUnknown):
        change(booking, {stranger.code: LOST})
