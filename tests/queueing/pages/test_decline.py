"""Saying on the visit's page that the place owed after a closing is not needed."""

import pytest
from django.test import Client
from django.urls import reverse

from queueing.booking.models import Booking, Place
from tests.factories import SlotFactory, UserFactory
from tests.queueing.booking.closing_days import close
from tests.queueing.booking.visits import book, family
from tests.queueing.booking_api.conftest import BOOKINGS, Phone

pytestmark = pytest.mark.django_db
WORD = "Saya tidak memerlukannya lagi"


@pytest.fixture
def booking() -> Booking:
    slot = SlotFactory(capacity=1)
    left = book(slot, family(1))
    close(slot)
    return left


def waiting() -> bool:
    return Place.objects.filter(first_right_until__isnull=False).exists()


def test_first_right_is_declined_with_one_button(client: Client, booking: Booking) -> None:
    client.force_login(booking.account)
    page = reverse("queueing:booking", args=[booking.code])
    assert WORD in client.get(page).content.decode()

    answer = client.post(reverse("queueing:decline", args=[booking.code]), follow=True)

    assert answer.redirect_chain[-1][0] == page
    assert WORD not in answer.content.decode()
    assert not waiting()
    again = client.post(reverse("queueing:decline", args=[booking.code]), follow=True)
    assert again.status_code == 200


def test_stranger_declines_nothing(client: Client, booking: Booking) -> None:
    client.force_login(UserFactory())
    assert client.post(reverse("queueing:decline", args=[booking.code])).status_code == 404
    assert Phone(UserFactory()).post(f"{BOOKINGS}/{booking.code}/decline").status_code == 404
    assert waiting()


def test_phone_declines_too(booking: Booking) -> None:
    phone = Phone(booking.account)
    first = phone.post(f"{BOOKINGS}/{booking.code}/decline", key="decline-1")
    again = phone.post(f"{BOOKINGS}/{booking.code}/decline", key="decline-1")

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.json()["places"][0]["first_right_until"] is None
    refused = phone.post(f"{BOOKINGS}/{booking.code}/decline", key="decline-2")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert not waiting()
