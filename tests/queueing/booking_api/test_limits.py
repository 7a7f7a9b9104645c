"""Too many requests: 429 says when to come back, and a dead Redis is never a 500."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Applicant, User
from paspor.kernel import ratelimit
from queueing.quota.models import Slot
from tests.factories import UserFactory
from tests.queueing.booking.limit_events import act, database_now, limit, minute_after
from tests.queueing.booking_api.conftest import BOOKINGS, Phone

TWO = {"account": "2/h", "person": "2/h"}


@pytest.fixture(autouse=True)
def _limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RATELIMIT_ENABLE = True
    for group in ("booking", "change", "lookup", "claim"):
        monkeypatch.setitem(ratelimit.LIMITS, group, TWO)


def refused(response: Any) -> None:
    assert (response.status_code, response.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(response["Retry-After"]) <= 3600
    assert response.json()["retry_after"] == int(response["Retry-After"])


def test_third_try_to_book_is_told_when_to_come_back(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    for number in range(2):
        assert phone.book(slot, applicant, key=f"k{number}").status_code in (201, 409)

    refused(phone.book(slot, applicant, key="k3"))


def test_other_accounts_are_not_slowed(
    phone: Phone, slot: Slot, applicant: Applicant, phone_of: Callable[[User | None], Phone]
) -> None:
    for number in range(3):
        phone.book(slot, applicant, key=f"k{number}")

    assert phone_of(UserFactory()).post(BOOKINGS, {}, key="k").status_code == 422


def test_whoever_moved_too_often_may_still_give_back(phone: Phone) -> None:
    for number in range(3):
        answer = phone.post(f"{BOOKINGS}/K7QX4M2P/reschedule", {}, key=f"k{number}")
    refused(answer)

    assert phone.post(f"{BOOKINGS}/K7QX4M2P/cancel", None, key="c").status_code == 404


@pytest.mark.parametrize("path", ["reschedule", "claim"])
def test_changes_are_limited(phone: Phone, path: str) -> None:
    address = f"{BOOKINGS}/claim" if path == "claim" else f"{BOOKINGS}/K7QX4M2P/{path}"
    body = {"code": "K7QX4M2P", "birth_date": "1990-08-17"} if path == "claim" else None
    for number in range(2):
        assert phone.post(address, body, key=f"k{number}").status_code in (404, 422)

    refused(phone.post(address, body, key="k3"))


def test_guessing_a_birth_date_is_limited_by_booking(
    phone: Phone, slot: Slot, applicant: Applicant, phone_of: Callable[[User | None], Phone]
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]
    anyone = phone_of(None)
    for day in (1, 2):
        guess = {"code": code.lower(), "birth_date": f"1990-08-0{day}"}
        assert anyone.post(f"{BOOKINGS}/lookup", guess).status_code == 404

    refused(anyone.post(f"{BOOKINGS}/lookup", {"code": code, "birth_date": "1990-08-17"}))


def test_reading_goes_on(phone: Phone, slot: Slot, applicant: Applicant) -> None:
    for number in range(3):
        phone.book(slot, applicant, key=f"k{number}")

    assert phone.get(BOOKINGS).status_code == 200


def test_limit_of_booking_is_named_and_says_when_it_ends(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    limit("account_holds", 1)
    at = database_now()
    act("holds", applicant, at)

    answer = phone.book(slot, applicant)

    told = answer.json()
    assert (answer.status_code, told["code"], told["limit"]) == (
        429,
        "limit_reached",
        "account_holds",
    )
    assert (
        told["ends_at"]
        == minute_after(at + timedelta(hours=24)).astimezone(slot.office.zone).isoformat()
    )
    assert told["retry_after"] == int(answer["Retry-After"]) > 86_000
