"""However much there is to tell, a hot answer asks the database the same number of times."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.factories import ApplicantFactory, MessageFactory, PlaceFactory, SlotFactory, UserFactory
from tests.queueing.booking_api.conftest import BOOKINGS, Phone

pytestmark = pytest.mark.django_db
# The most that each asks; the session is in the cache.
READS = {
    "me": 5,
    "applicants": 3,
    "messages": 4,
    "bookings": 6,
    "bookings/{code}": 6,
    "incidents": 3,
}
MOST = 5  # people of a booking


def things(account: User, number: int) -> str:
    """So many of everything; the code of a booking of so many people."""
    slot = SlotFactory(capacity=MOST)
    ApplicantFactory.create_batch(number, account=account)
    MessageFactory.create_batch(number, user=account)
    first = PlaceFactory(booking__account=account, booking__slot=slot)
    for seat in slot.seats.filter(taken=False)[: number - 1]:
        PlaceFactory(booking=first.booking, seat=seat, applicant__account=account)
    PlaceFactory.create_batch(number, booking__account=account)
    return first.booking.code


def counted(act: Callable[[], Any], *, status: int = 200) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = act()
    assert answer.status_code == status, answer.content
    return len(asked)


@pytest.mark.parametrize("path", READS)
def test_reading_more_asks_no_more(path: str) -> None:
    counts = []
    for number in (1, 4):
        account = UserFactory()
        address = "/api/v1/" + path.format(code=things(account, number))
        phone = Phone(account)
        phone.get("/api/v1/me")  # the session and the figures are read once
        counts.append(counted(lambda p=phone, at=address: p.get(at)))

    assert counts[1] <= counts[0], counts
    assert counts[0] <= READS[path], counts


def test_booking_a_family_asks_no_more_than_booking_one() -> None:
    slot = SlotFactory(capacity=2 * MOST)
    counts = []
    for number in (1, MOST):
        account = UserFactory()
        people = ApplicantFactory.create_batch(number, account=account)
        phone = Phone(account)
        phone.get("/api/v1/me")
        counts.append(counted(lambda p=phone, o=people: p.book(slot, *o, confirm=True), status=201))
        (booking,) = account.bookings.all()
        path = f"{BOOKINGS}/{booking.code}/cancel"
        counts.append(counted(lambda p=phone, at=path: p.post(at, {}, key="batal")))

    assert counts[2] <= counts[0]
    assert counts[3] <= counts[1]
