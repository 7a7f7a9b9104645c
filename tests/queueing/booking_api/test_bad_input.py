"""Bad input gets a clear refusal with a stable code, and changes nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Applicant, User
from queueing.booking.models import Booking
from queueing.quota.models import Seat, Slot
from tests.factories import LONG_AGO, ApplicantFactory, SlotFactory, UserFactory
from tests.queueing.booking_api.conftest import BOOKINGS, Phone, wish

PROBLEM = "application/problem+json"


def refused(response: Any, status: int, code: str, *fields: str) -> None:
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    assert response["Content-Type"].startswith(PROBLEM)
    assert (body["status"], set(body.get("fields", {}))) == (status, set(fields))
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == response["X-Request-ID"]
    assert not Booking.objects.exists()
    assert not Seat.objects.filter(taken=True).exists()


def changed(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The body with one value put elsewhere: "places.0.kind" names it."""
    at: Any = body
    *way, last = path.split(".")
    for step in way:
        at = at[int(step) if step.isdigit() else step]
    at[last] = value
    return body


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("slot", None, "slot"),
        ("slot", 7, "slot"),
        ("slot", "", "slot"),
        ("slot", ["abc"], "slot"),
        ("slot", "x\0y", "slot"),
        ("slot", "x" * 500, "slot"),
        ("places", [], "places"),
        ("places", {}, "places"),
        ("places", "me", "places"),
        ("places", None, "places"),
        ("places", [7], "places.0"),
        ("places.0.applicant", 12, "places.0.applicant"),
        ("places.0.applicant", True, "places.0.applicant"),
        ("places.0.kind", "FREE", "places.0.kind"),
        ("places.0.kind", None, "places.0.kind"),
        ("places.0.kind", ["NEW"], "places.0.kind"),
        ("places.0.passport_type", "PAPER", "places.0.passport_type"),
        ("places.0.entitlement", "VIP", "places.0.entitlement"),
        ("places.0.seat", 1, "places.0.seat"),
        ("channel", "BACKDOOR", "channel"),
        ("confirm", "yes", "confirm"),
        ("confirm", 1, "confirm"),
        ("confirm", None, "confirm"),
        ("confrim", True, "confrim"),
        ("referral_code", 5, "referral_code"),
    ],
)
def test_field_at_fault_is_named(
    phone: Phone, slot: Slot, applicant: Applicant, path: str, value: Any, field: str
) -> None:
    body = changed(wish(slot, applicant), path, value)

    refused(phone.post(BOOKINGS, body, key="k"), 422, "invalid", field)


@pytest.mark.parametrize("missing", ["slot", "places"])
def test_missing_field_is_named(
    phone: Phone, slot: Slot, applicant: Applicant, missing: str
) -> None:
    body = wish(slot, applicant)
    del body[missing]

    refused(phone.post(BOOKINGS, body, key="k"), 422, "invalid", missing)


@pytest.mark.parametrize("code", ["abc", "8KQ2M7XR4T", "'; DROP TABLE", "ａｂｃ", "꧋ꦲ"])
def test_slot_that_is_none_is_unknown(phone: Phone, applicant: Applicant, code: str) -> None:
    body = {**wish(SlotFactory(capacity=1), applicant), "slot": code}

    refused(phone.post(BOOKINGS, body, key="k"), 404, "slot_unknown")


def test_six_people_are_too_many(phone: Phone, slot: Slot, account: User) -> None:
    six = ApplicantFactory.create_batch(6, account=account)

    refused(phone.book(slot, *six), 422, "group_size", "places")


def test_the_same_applicant_twice_is_refused(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    answer = phone.book(slot, applicant, applicant)
    refused(answer, 422, "same_person_twice", "places.1.applicant")


def test_removed_applicant_is_unknown(
    phone: Phone, slot: Slot, account: User, applicant: Applicant
) -> None:
    removed = ApplicantFactory(account=account, removed_at=LONG_AGO)

    answer = phone.book(slot, applicant, removed)
    refused(answer, 404, "applicant_unknown", "places.1.applicant")


def test_past_hour_cannot_be_booked(phone: Phone, applicant: Applicant) -> None:
    past = SlotFactory(starts_at=datetime(2024, 1, 8, 1, tzinfo=UTC), capacity=1)

    refused(phone.book(past, applicant), 409, "too_late_to_book")


def test_passport_type_that_is_not_offered_is_refused(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    body = changed(wish(slot, applicant), "places.0.passport_type", "POLYCARBONATE")

    refused(phone.post(BOOKINGS, body, key="k"), 422, "passport_type_not_offered")


@pytest.mark.parametrize("channel", ["COUNTER", "SAME_DAY"])
def test_officers_channel_is_refused(
    phone: Phone, slot: Slot, applicant: Applicant, channel: str
) -> None:
    refused(phone.book(slot, applicant, channel=channel), 422, "channel_not_for_citizens")


def test_priority_needs_someone_entitled(phone: Phone, slot: Slot, applicant: Applicant) -> None:
    refused(phone.book(slot, applicant, channel="PRIORITY"), 422, "priority_needs_entitlement")


def test_full_hour_is_a_conflict(phone: Phone, applicant: Applicant) -> None:
    refused(phone.book(SlotFactory(), applicant), 409, "slot_full")


def test_person_booked_elsewhere_is_told_so_and_nothing_more(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    elsewhere = SlotFactory(capacity=1)
    other = ApplicantFactory(person=applicant.person)
    theirs = Phone(other.account).book(elsewhere, other, confirm=True).json()

    response = phone.book(slot, applicant)

    assert (response.status_code, response.json()["code"]) == (409, "already_booked")
    for secret in [theirs["code"], elsewhere.office.name, elsewhere.office.code, other.name]:
        assert secret not in response.content.decode()


def test_sixth_live_place_of_an_account_is_refused(phone: Phone, slot: Slot, account: User) -> None:
    six = ApplicantFactory.create_batch(6, account=account)
    assert phone.book(slot, *six[:5], confirm=True).status_code == 201

    response = phone.book(slot, six[5], key="another")

    assert (response.status_code, response.json()["code"]) == (409, "too_many_places")


def raw(phone: Phone, body: bytes, content_type: str = "application/json") -> Any:
    headers = {"Idempotency-Key": "k"}
    return phone.client.generic("POST", BOOKINGS, body, content_type, headers=headers)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"slot=abc",
        b"\xff\xfe",
        b'{"slot": NaN}',
        b'{"slot": "\\ud800"}',
        b"[" * 50_000,
        b'{"a":' * 20_000,
        b"1" * 6_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_body_that_is_no_json_is_malformed(phone: Phone, body: bytes) -> None:
    refused(raw(phone, body), 400, "malformed")


@pytest.mark.parametrize("body", [b"[]", b'"slot"', b"null", b"7"])
def test_body_that_is_no_object_is_invalid(phone: Phone, body: bytes) -> None:
    response = raw(phone, body)

    assert (response.status_code, response.json()["code"]) == (422, "invalid")


def test_empty_body_is_invalid(phone: Phone) -> None:
    refused(raw(phone, b""), 422, "invalid", "slot", "places")


def test_huge_body_is_refused(phone: Phone) -> None:
    body = b'{"slot": "' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'

    refused(raw(phone, body), 413, "too_large")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x"]
)
def test_other_content_type_is_refused(phone: Phone, content_type: str) -> None:
    refused(raw(phone, b'{"slot": "x"}', content_type), 415, "unsupported_media_type")


def test_no_page_for_browsers_is_served(phone: Phone) -> None:
    refused(phone.get(BOOKINGS, Accept="text/html"), 406, "not_acceptable")


def test_other_method_is_refused(phone: Phone) -> None:
    refused(phone.client.put(BOOKINGS, {}), 405, "method_not_allowed")


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "x"}, {"page": "99"}])
def test_page_that_is_not_there_is_404(phone: Phone, query: dict[str, str]) -> None:
    refused(phone.get(BOOKINGS, query), 404, "not_found")


@pytest.mark.parametrize("size", ["0", "-1", "x", "501", "９"])
def test_page_size_out_of_bounds_is_named(phone: Phone, size: str) -> None:
    refused(phone.get(BOOKINGS, {"page_size": size}), 422, "invalid", "page_size")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"code": "K7QX4M2P", "birth_date": "31-02-1990"}, "birth_date"),
        ({"code": "K7QX4M2P", "birth_date": "1990-02-31"}, "birth_date"),
        ({"code": "K7QX4M2P", "birth_date": 19900817}, "birth_date"),
        ({"code": "K7QX4M2P"}, "birth_date"),
        ({"code": 7, "birth_date": "1990-08-17"}, "code"),
        ({"code": "K7QX4M2P", "birth_date": "1990-08-17", "nik": "1"}, "nik"),
    ],
)
def test_lookup_names_the_field_at_fault(phone: Phone, body: Any, field: str) -> None:
    refused(phone.post(f"{BOOKINGS}/lookup", body), 422, "invalid", field)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("confirm", {"really": True}, "really"),
        ("cancel", {"applicants": []}, "applicants"),
        ("cancel", {"applicants": "all"}, "applicants"),
        ("cancel", {"applicants": [1]}, "applicants.0"),
        ("cancel", {"who": []}, "who"),
        ("reschedule", {}, "slot"),
        ("reschedule", {"slot": 5}, "slot"),
    ],
)
def test_acts_name_the_field_at_fault(phone: Phone, path: str, body: Any, field: str) -> None:
    refused(phone.post(f"{BOOKINGS}/K7QX4M2P/{path}", body, key="k"), 422, "invalid", field)


def test_cancelling_for_someone_who_is_not_in_it_changes_nothing(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]

    response = phone.post(f"{BOOKINGS}/{code}/cancel", {"applicants": ["ZZZZ2222YYYY"]})

    assert (response.status_code, response.json()["code"]) == (404, "applicant_unknown")
    assert phone.get(f"{BOOKINGS}/{code}").json()["state"] == "BOOKED"


@pytest.mark.parametrize(("asked", "word"), [("id", "isian"), ("en", "correct"), ("fr", "isian")])
def test_refusal_speaks_the_language_asked_for(phone: Phone, asked: str, word: str) -> None:
    body = phone.post(BOOKINGS, {}, key="k", Accept_Language=asked).json()

    assert word in body["detail"]
    assert body["code"] == "invalid"


def test_refusal_speaks_the_accounts_language_where_none_is_asked_for(db: None) -> None:
    phone = Phone(UserFactory(language="en"))

    assert "correct" in phone.post(BOOKINGS, {}, key="k").json()["detail"]


def test_fields_speak_the_language_asked_for(phone: Phone) -> None:
    body = {"slot": 7, "places": [], "kode": ""}
    said = {
        language: phone.post(BOOKINGS, body, key="k", Accept_Language=language).json()["fields"]
        for language in ("id", "en")
    }

    assert said["id"]["kode"] == ["Isian ini tidak dikenal."]
    assert said["en"]["kode"] == ["This field is not known."]


def test_an_unknown_field_hides_no_other_fault(phone: Phone) -> None:
    refused(
        phone.post(BOOKINGS, {"slot": 7, "kode": ""}, key="k"),
        422,
        "invalid",
        "slot",
        "places",
        "kode",
    )
