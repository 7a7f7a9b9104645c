"""Whom a first right serves when the next days are prepared, and whom it does not any more."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Applicant
from accounts.services import personal_data
from queueing.booking import errors
from queueing.booking.models import Booking, BookingEvent, Place, Referral
from queueing.booking.services import first_rights, holding
from queueing.quota.models import Slot
from tests.factories import OfficeFactory, SlotFactory, UserFactory
from tests.queueing.booking.closing_days import close, follow_up, opening
from tests.queueing.booking.visits import (
    account_of,
    another_day,
    book,
    check_books,
    family,
    lapse,
    live,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot() -> Slot:
    return SlotFactory(capacity=5)


def left_waiting(slot: Slot, people: list[Applicant], **more: object) -> Booking:
    """A visit whose day was closed without an alternative."""
    booking = book(slot, people, **more)
    close(slot)
    assert waiting(booking) == len(people)
    return booking


def waiting(booking: Booking) -> int:
    return Place.objects.filter(booking=booking, first_right_until__isnull=False).count()


def served() -> int:
    return first_rights.serve_all(timezone.now())


def test_erased_account_is_given_no_place(slot: Slot) -> None:
    people = family(2)
    booking = left_waiting(slot, people)

    personal_data.erase(user=account_of(people), now=timezone.now())

    assert waiting(booking) == 0
    opening(slot)
    assert served() == 0
    assert live() == 0


def test_account_that_is_not_active_is_given_no_place(slot: Slot) -> None:
    people = family(1)
    booking = left_waiting(slot, people)
    account = account_of(people)
    account.is_active = False
    account.save()
    opening(slot)

    assert served() == 0

    assert (live(), waiting(booking)) == (0, 0)


def test_who_was_taken_off_the_list_is_left_out(slot: Slot) -> None:
    people = family(2)
    booking = left_waiting(slot, people)
    people[0].removed_at = timezone.now()
    people[0].save()
    opening(slot)

    assert served() == 1

    placed = Place.objects.filter(state="BOOKED").values_list("applicant", flat=True)
    assert list(placed) == [people[1].pk]
    assert waiting(booking) == 0
    check_books()


@pytest.mark.parametrize("end", ["SERVED", "NO_SHOW", "TURNED_AWAY", "CANCELLED"])
def test_who_has_had_another_place_since_needs_none(slot: Slot, end: str) -> None:
    people = family(1)
    booking = left_waiting(slot, people)
    elsewhere = book(SlotFactory(capacity=1), people)
    Place.objects.filter(booking=elsewhere).update(
        state=end, live_person=None, live_seat=None, ended_at=timezone.now()
    )
    opening(slot)

    assert served() == 0

    assert (live(), waiting(booking)) == (0, 0)
    assert BookingEvent.objects.filter(reason="first_right_over").count() == 1


def test_hold_that_came_to_nothing_costs_no_first_right(slot: Slot) -> None:
    people = family(1)
    left_waiting(slot, people)
    lapse(book(SlotFactory(capacity=1), people, confirm=False))
    holding.expire_lapsed(timezone.now())
    opening(slot)

    assert served() == 1


def test_who_holds_a_place_at_this_moment_waits_on(slot: Slot) -> None:
    people = family(1)
    booking = left_waiting(slot, people)
    book(SlotFactory(capacity=1), people, confirm=False)
    opening(slot)

    assert served() == 0

    assert waiting(booking) == 1


def test_account_never_goes_over_its_limit_and_waits_on(slot: Slot) -> None:
    people = family(5)
    booking = left_waiting(slot, people[:2])
    book(SlotFactory(capacity=4), [*people[2:], *_more(people)])
    opening(slot)

    assert served() == 0

    assert waiting(booking) == 2
    assert live() == 4


def _more(people: list[Applicant]) -> list[Applicant]:
    (other,) = family(1)
    other.account = people[0].account
    other.save()
    return [other]


def test_account_is_locked_before_its_people_and_its_booking(slot: Slot) -> None:
    left_waiting(slot, family(1))
    opening(slot)

    with CaptureQueriesContext(connection) as asked:
        assert served() == 1

    locks = [query["sql"] for query in asked if "FOR NO KEY UPDATE" in query["sql"]]
    tables = [
        (re.search(r'UPDATE OF "(\w+)"', sql) or re.search(r' FROM "(\w+)"', sql))[1]
        for sql in locks
    ]
    assert tables[:4] == [
        "accounts_user",
        "accounts_applicant",
        "accounts_person",
        "queueing_booking",
    ]


def test_paper_visit_is_served_too(slot: Slot) -> None:
    booking = left_waiting(slot, family(1))
    Booking.objects.update(account=None, made_by=UserFactory())
    Applicant.objects.update(account=None)
    opening(slot)

    assert served() == 1
    assert follow_up(booking).account is None


def test_first_right_may_be_declined(slot: Slot) -> None:
    people = family(2)
    booking = left_waiting(slot, people)

    first_rights.decline_first_right(
        account=account_of(people), code=booking.code, now=timezone.now()
    )

    assert waiting(booking) == 0
    event = BookingEvent.objects.filter(booking_id=booking.pk).last()
    assert event is not None
    assert (event.what, event.reason, event.actor_kind) == (
        "CLOSED_BY_OFFICE",
        "first_right_declined",
        "CITIZEN",
    )
    opening(slot)
    assert served() == 0
    check_books()


def test_only_a_first_right_of_ones_own_is_declined_and_once(slot: Slot) -> None:
    people = family(1)
    booking = left_waiting(slot, people)
    now = timezone.now()
    with pytest.raises(errors.BookingUnknown):
        first_rights.decline_first_right(account=UserFactory(), code=booking.code, now=now)
    first_rights.decline_first_right(account=account_of(people), code=booking.code, now=now)
    with pytest.raises(errors.WrongState):
        first_rights.decline_first_right(account=account_of(people), code=booking.code, now=now)


@pytest.fixture
def ltsp() -> Slot:
    office = OfficeFactory(kind="LTSP", parent=OfficeFactory(), needs_referral=True)
    Referral.objects.create(
        code="RUJUKAN234",
        office=office,
        issued_by=UserFactory(),
        expires_at=timezone.now() + timedelta(days=90),
    )
    return SlotFactory(release__office=office, capacity=1)


@pytest.mark.parametrize("end", ["lapses", "declined", "booked elsewhere"])
def test_referral_is_free_again_once_the_first_right_is_over(ltsp: Slot, end: str) -> None:
    people = family(1)
    booking = left_waiting(ltsp, people, referral_code="RUJUKAN234")
    assert Referral.objects.get().booking == booking
    now = timezone.now()
    if end == "lapses":
        first_rights.serve_all(now + timedelta(days=61))
    elif end == "declined":
        first_rights.decline_first_right(account=account_of(people), code=booking.code, now=now)
    else:
        elsewhere = book(SlotFactory(capacity=1), people)
        Place.objects.filter(booking=elsewhere).update(
            state="SERVED", live_person=None, live_seat=None, ended_at=now
        )
        opening(ltsp)
        first_rights.serve_all(now)

    assert Referral.objects.get().booking is None
    again = another_day(ltsp)
    assert book(again, family(1), referral_code="RUJUKAN234").slot == again


def test_lapsed_first_right_is_cleared(slot: Slot) -> None:
    booking = left_waiting(slot, family(1))

    first_rights.serve_all(timezone.now() + timedelta(days=61))

    assert waiting(booking) == 0
    assert BookingEvent.objects.filter(reason="first_right_lapsed").count() == 1
