"""The Idempotency-Key: a phone that asks twice gets one booking and one answer."""

import pytest

from accounts.models import Applicant, User
from queueing.booking.models import Booking
from queueing.quota.models import Seat, Slot
from tests.factories import ApplicantFactory, SlotFactory
from tests.queueing.booking_api.conftest import BOOKINGS, Phone, wish


def test_repeated_request_gets_the_same_answer_and_books_once(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    first = phone.book(slot, applicant, key="k")
    again = phone.book(slot, applicant, key="k")

    assert again.status_code == first.status_code == 201
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert (first["Idempotent-Replayed"], again["Idempotent-Replayed"]) == ("false", "true")
    assert Booking.objects.count() == 1
    assert Seat.objects.filter(taken=True).count() == 1


def test_body_written_in_another_order_is_the_same_request(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    body = wish(slot, applicant)
    first = phone.post(BOOKINGS, body, key="k")

    again = phone.post(BOOKINGS, dict(reversed(body.items())), key="k")

    assert again.content == first.content


def test_key_with_another_body_is_refused(phone: Phone, slot: Slot, account: User) -> None:
    one, two = ApplicantFactory.create_batch(2, account=account)
    phone.book(slot, one, key="k")

    response = phone.book(slot, two, key="k")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert Booking.objects.count() == 1


def test_key_with_another_address_is_refused(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant, key="k").json()["code"]

    response = phone.post(f"{BOOKINGS}/{code}/cancel", key="k")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert phone.get(f"{BOOKINGS}/{code}").json()["state"] == "HELD"


def test_keys_of_two_accounts_do_not_meet(slot: Slot) -> None:
    one, two = ApplicantFactory.create_batch(2)

    answers = [Phone(person.account).book(slot, person, key="k") for person in (one, two)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Booking.objects.count() == 2


def test_refusal_is_not_kept_so_asking_again_tries_again(
    phone: Phone, applicant: Applicant
) -> None:
    slot = SlotFactory()
    assert phone.book(slot, applicant, key="k").json()["code"] == "slot_full"
    Seat.objects.create(slot=slot, number=1, channel="ONLINE", visible_at=slot.release.opens_at)

    assert phone.book(slot, applicant, key="k").status_code == 201


def test_key_is_required(phone: Phone, slot: Slot, applicant: Applicant) -> None:
    response = phone.post(BOOKINGS, wish(slot, applicant))

    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_missing")
    assert not Booking.objects.exists()


@pytest.mark.parametrize("key", ["x" * 81, "dua kata", "kunci-é"])
def test_malformed_key_is_refused(phone: Phone, slot: Slot, applicant: Applicant, key: str) -> None:
    response = phone.book(slot, applicant, key=key)

    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_malformed")
    assert not Booking.objects.exists()


def test_optional_key_of_a_cancellation_is_kept(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]

    first = phone.post(f"{BOOKINGS}/{code}/cancel", key="c")
    again = phone.post(f"{BOOKINGS}/{code}/cancel", key="c")

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.json()["state"] == "CANCELLED"
