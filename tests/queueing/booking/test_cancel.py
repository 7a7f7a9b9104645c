from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Applicant, Message
from queueing.booking import errors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place, Referral
from queueing.booking.services import changing
from queueing.quota.models import WITHDRAWN, Seat, Slot
from tests.factories import OfficeFactory, SlotFactory, UserFactory
from tests.queueing.booking.visits import account_of, book, check_books, family, states, taken

pytestmark = pytest.mark.django_db


def cancel(booking: Booking, people: list[Applicant], codes: list[str] | None = None) -> Booking:
    account = account_of(people)
    return changing.cancel(
        account=account,
        code=booking.code,
        actor=Actor.citizen(account),
        now=timezone.now(),
        applicant_codes=codes,
    ).booking


def test_cancelling_frees_every_seat_and_writes_a_mail() -> None:
    slot, people = SlotFactory(capacity=2), family(2)
    booking = book(slot, people)

    cancel(booking, people)

    assert states(booking) == ["CANCELLED"] * 2
    assert taken(slot) == 0
    assert Message.objects.filter(kind="cancelled").count() == 1
    event = BookingEvent.objects.filter(what="CANCELLED").first()
    assert event is not None
    assert (event.actor_kind, event.actor_id) == ("CITIZEN", account_of(people).pk)
    check_books()


def test_one_of_a_family_may_be_cancelled_and_later_another() -> None:
    slot, people = SlotFactory(capacity=3), family(3)
    booking = book(slot, people)

    cancel(booking, people, [people[0].code])
    cancel(booking, people, [people[1].code])

    assert states(booking) == ["CANCELLED", "CANCELLED", "BOOKED"]
    assert Message.objects.filter(kind="cancelled").count() == 2
    check_books()


def test_cancelled_seats_return_late_at_random_within_a_day() -> None:
    slot = SlotFactory(capacity=5)
    people = family(5)
    cancel(book(slot, people), people)

    now = timezone.now()
    returns = [seat.visible_at - now for seat in Seat.objects.filter(slot=slot)]
    assert all(timedelta(seconds=50) < late < timedelta(days=1) for late in returns)
    assert len(set(returns)) == 5


def test_seat_returns_within_a_quarter_of_the_time_that_is_left() -> None:
    now = timezone.now()
    zone = SlotFactory(capacity=0).office.zone
    starts_at = now + timedelta(hours=30)
    slot = SlotFactory(capacity=1, starts_at=starts_at)
    assert slot.day > now.astimezone(zone).date()
    people = family(1)
    cancel(book(slot, people), people)

    seat = Seat.objects.get(slot=slot)
    assert timedelta(seconds=50) < seat.visible_at - now < timedelta(hours=7.6)
    assert seat.channel == "ONLINE"


def test_seat_of_today_goes_to_the_counter_at_once() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people)
    Slot.objects.filter(pk=slot.pk).update(day=timezone.now().astimezone(slot.office.zone).date())

    cancel(booking, people)

    seat = Seat.objects.get(slot=slot)
    assert seat.channel == "COUNTER"
    assert seat.visible_at <= timezone.now()


def test_seat_of_a_closed_slot_stays_withdrawn() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people)
    Slot.objects.filter(pk=slot.pk).update(closed_at=timezone.now(), closed_why="banjir")

    cancel(booking, people)

    assert Seat.objects.get(slot=slot).visible_at == WITHDRAWN


def test_giving_up_a_hold_needs_no_mail() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people, confirm=False)

    booking = cancel(booking, people)

    assert states(booking) == ["CANCELLED"]
    assert booking.held_until is None
    assert not Message.objects.exists()
    check_books()


def test_slot_that_has_started_is_too_late() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people)
    Slot.objects.filter(pk=slot.pk).update(starts_at=timezone.now())

    with pytest.raises(errors.TooLateToCancel):
        cancel(booking, people)

    assert states(booking) == ["BOOKED"]
    assert taken(slot) == 1


@pytest.mark.parametrize("state", ["CHECKED_IN", "SERVED", "CANCELLED"])
def test_place_that_is_past_cancelling_is_refused(state: str) -> None:
    people = family(1)
    booking = book(SlotFactory(capacity=1), people)
    ended = {} if state == "CHECKED_IN" else {"ended_at": timezone.now()}
    gone = {} if state == "CHECKED_IN" else {"live_person": None, "live_seat": None}
    Place.objects.update(state=state, **ended, **gone)

    with pytest.raises(errors.WrongState):
        cancel(booking, people)


def test_strangers_and_unknown_people_are_refused() -> None:
    people = family(1)
    booking = book(SlotFactory(capacity=1), people)
    with pytest.raises(errors.BookingUnknown):
        cancel(booking, family(1))
    with pytest.raises(errors.ApplicantUnknown):
        cancel(booking, people, [people[0].code, "X"])
    with pytest.raises(errors.WrongState):
        cancel(booking, people, [])
    assert states(booking) == ["BOOKED"]


def test_cancelling_gives_the_referral_back() -> None:
    office = OfficeFactory(kind="LTSP", parent=OfficeFactory(), needs_referral=True)
    slot, people = SlotFactory(release__office=office, capacity=1), family(1)
    Referral.objects.create(
        code="RUJUKAN234",
        office=office,
        issued_by=UserFactory(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    booking = book(slot, people, referral_code="RUJUKAN234")

    cancel(booking, people)

    assert Referral.objects.get().booking is None
