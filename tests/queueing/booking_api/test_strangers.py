"""Who may not: the anonymous get 401, and what is another person's is not there."""

from collections.abc import Callable

import pytest

from accounts.models import Applicant, User
from queueing.booking.models import Booking, Place
from queueing.quota.models import Slot
from tests.factories import ApplicantFactory, SlotFactory, UserFactory
from tests.queueing.booking_api.conftest import BOOKINGS, Phone

READS = ["", "/ticket", "/calendar.ics"]
ACTS = ["/confirm", "/cancel", "/reschedule"]


@pytest.fixture
def code(phone: Phone, slot: Slot, applicant: Applicant) -> str:
    return phone.book(slot, applicant, confirm=True).json()["code"]


@pytest.fixture
def stranger(phone_of: Callable[[User | None], Phone]) -> Phone:
    return phone_of(UserFactory())


def act(phone: Phone, code: str, path: str) -> object:
    body = {"slot": SlotFactory(capacity=1).code} if path == "/reschedule" else None
    return phone.post(f"{BOOKINGS}/{code}{path}", body, key="act-1")


@pytest.mark.parametrize("path", READS)
def test_another_persons_booking_cannot_be_read(stranger: Phone, code: str, path: str) -> None:
    response = stranger.get(f"{BOOKINGS}/{code}{path}")

    assert response.status_code == 404
    assert response.json()["code"] == "booking_unknown"


@pytest.mark.parametrize("path", ACTS)
def test_another_persons_booking_cannot_be_changed(stranger: Phone, code: str, path: str) -> None:
    response = act(stranger, code, path)

    assert response.status_code == 404
    assert response.json()["code"] == "booking_unknown"
    assert Place.objects.get().state == "BOOKED"


def test_another_persons_booking_is_not_in_the_list(stranger: Phone, code: str) -> None:
    assert stranger.get(BOOKINGS).json()["results"] == []


def test_another_persons_applicant_cannot_be_booked(stranger: Phone, slot: Slot) -> None:
    theirs = ApplicantFactory()

    response = stranger.book(slot, theirs, confirm=True)

    assert response.status_code == 404
    assert response.json()["code"] == "applicant_unknown"
    assert not Booking.objects.exists()


@pytest.mark.parametrize("path", ["", *READS[1:]])
def test_anonymous_reading_is_401(
    phone_of: Callable[[User | None], Phone], code: str, path: str
) -> None:
    response = phone_of(None).get(f"{BOOKINGS}/{code}{path}")

    assert response.status_code == 401
    assert response.json()["code"] == "not_signed_in"
    assert response["WWW-Authenticate"] == "X-Session-Token"


@pytest.mark.parametrize("path", ACTS)
def test_anonymous_acting_is_401(
    phone_of: Callable[[User | None], Phone], code: str, path: str
) -> None:
    response = act(phone_of(None), code, path)

    assert response.status_code == 401
    assert Place.objects.get().state == "BOOKED"


def test_stale_token_is_401(phone: Phone) -> None:
    phone.client.credentials(HTTP_X_SESSION_TOKEN="gone")

    assert phone.get(BOOKINGS).status_code == 401


def test_code_that_is_nobodys_is_404(phone: Phone) -> None:
    for code in ["ABCDEFGH", "x", "%00", "..", "a" * 300, "KODE JANJI"]:
        assert phone.get(f"{BOOKINGS}/{code}").status_code == 404
