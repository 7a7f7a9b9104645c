"""Booking, confirming, moving and cancelling as the mobile app does."""

from collections.abc import Callable
from datetime import UTC, datetime

from accounts.models import Applicant, User
from queueing.booking.models import Booking, Place
from queueing.quota.models import Slot
from tests.factories import (
    ApplicantFactory,
    BookingFactory,
    PlaceFactory,
    SlotFactory,
    UserFactory,
)
from tests.queueing.booking.closing_days import close
from tests.queueing.booking.visits import another_day, another_hour
from tests.queueing.booking_api.conftest import BOOKINGS, Phone


def test_booking_at_once_answers_201_with_its_address(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    response = phone.book(slot, applicant, confirm=True)

    body = response.json()
    assert response.status_code == 201
    assert response["Location"] == f"{BOOKINGS}/{body['code']}"
    assert body["state"] == "BOOKED"
    assert body["held_until"] is None
    assert [place["name"] for place in body["places"]] == ["Siti Aminah"]
    assert phone.get(response["Location"]).json() == body


def test_hold_says_until_when_and_is_then_confirmed(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    held = phone.book(slot, applicant).json()

    confirmed = phone.post(f"{BOOKINGS}/{held['code']}/confirm")

    assert held["state"] == "HELD"
    assert held["held_until"]
    assert held["may_confirm"]
    assert confirmed.status_code == 200
    assert confirmed.json()["state"] == "BOOKED"


def test_confirm_sent_twice_answers_the_same(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant).json()["code"]

    first = phone.post(f"{BOOKINGS}/{code}/confirm", key="confirm-1")
    again = phone.post(f"{BOOKINGS}/{code}/confirm", key="confirm-1")

    assert (first.status_code, first.content) == (again.status_code, again.content)


def test_times_are_the_offices_own(phone: Phone, applicant: Applicant) -> None:
    slot = SlotFactory(
        release__office__timezone="Asia/Jayapura",
        starts_at=datetime(2030, 1, 6, 23, tzinfo=UTC),
        capacity=1,
    )

    body = phone.book(slot, applicant, confirm=True).json()

    assert body["day"] == "2030-01-07"
    assert body["starts_at"] == "2030-01-07T08:00:00+09:00"
    assert body["move_until"] == "2030-01-07T00:00:00+09:00"
    assert body["office"]["zone_name"] == "WIT"


def test_family_is_booked_together_and_one_of_them_cancels(
    phone: Phone, slot: Slot, account: User
) -> None:
    mother, child = ApplicantFactory.create_batch(2, account=account)
    code = phone.book(slot, mother, child, confirm=True).json()["code"]

    response = phone.post(f"{BOOKINGS}/{code}/cancel", {"applicants": [child.code]})

    states = {place["applicant"]: place["state"] for place in response.json()["places"]}
    assert response.status_code == 200
    assert states == {mother.code: "BOOKED", child.code: "CANCELLED"}


def test_cancel_without_names_is_for_everyone(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]

    response = phone.post(f"{BOOKINGS}/{code}/cancel")

    assert response.json()["state"] == "CANCELLED"
    assert not Place.objects.filter(state__in=Place.LIVE).exists()


def test_reschedule_makes_a_new_booking_and_says_where(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]
    later = another_hour(slot)

    response = phone.post(f"{BOOKINGS}/{code}/reschedule", {"slot": later.code}, key="move-1")

    moved = response.json()
    assert response.status_code == 201
    assert response["Location"] == f"{BOOKINGS}/{moved['code']}"
    assert (moved["slot"], moved["moved_from"]) == (later.code, code)
    assert phone.get(f"{BOOKINGS}/{code}").json()["moved_to"] == moved["code"]


def test_replacement_says_which_visit_it_stands_for_and_why(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]
    another_day(slot)
    close(slot)

    old = phone.get(f"{BOOKINGS}/{code}").json()
    new = phone.get(f"{BOOKINGS}/{old['moved_to']}").json()

    assert old["instead_of"] is None
    assert new["instead_of"] == {
        name: old[name] for name in ("code", "day", "starts_at", "ends_at")
    } | {"why": "Banjir."}


def test_reschedule_needs_a_key(phone: Phone, slot: Slot, applicant: Applicant) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]

    response = phone.post(f"{BOOKINGS}/{code}/reschedule", {"slot": another_hour(slot).code})

    assert response.status_code == 400
    assert response.json()["code"] == "idempotency_key_missing"


def test_list_shows_coming_visits_first(phone: Phone, slot: Slot, account: User) -> None:
    one, two, three = ApplicantFactory.create_batch(3, account=account)
    given_up = phone.book(slot, one, key="k1").json()["code"]
    phone.post(f"{BOOKINGS}/{given_up}/cancel")
    late = phone.book(another_hour(slot), two, key="k2").json()["code"]
    soon = phone.book(slot, three, key="k3").json()["code"]

    response = phone.get(BOOKINGS)

    assert [booking["code"] for booking in response.json()["results"]] == [soon, late, given_up]
    assert response.json()["count"] == 3


def test_list_comes_in_pages(phone: Phone, slot: Slot, account: User) -> None:
    for number, applicant in enumerate(ApplicantFactory.create_batch(3, account=account)):
        phone.book(slot, applicant, key=f"k{number}")

    page = phone.get(BOOKINGS, {"page_size": 2}).json()

    assert len(page["results"]) == 2
    assert len(phone.client.get(page["next"]).json()["results"]) == 1


def test_code_may_be_typed_as_people_write_it(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant).json()["code"]

    response = phone.get(f"{BOOKINGS}/{code[:4].lower()}-{code[4:].lower()}")

    assert response.json()["code"] == code


def test_ticket_carries_a_token_and_its_picture(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]

    ticket = phone.get(f"{BOOKINGS}/{code}/ticket").json()

    assert ticket["code"] == code
    assert ticket["token"]
    assert ticket["qr_svg"].startswith("<svg")


def test_held_booking_has_no_ticket(phone: Phone, slot: Slot, applicant: Applicant) -> None:
    code = phone.book(slot, applicant).json()["code"]

    for of_ticket in ("ticket", "calendar.ics"):
        response = phone.get(f"{BOOKINGS}/{code}/{of_ticket}")
        assert (response.status_code, response.json()["code"]) == (409, "not_confirmed")


def test_a_cancelled_booking_has_no_ticket_any_more(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]
    phone.post(f"{BOOKINGS}/{code}/cancel", {})

    response = phone.get(f"{BOOKINGS}/{code}/ticket")

    assert (response.status_code, response.json()["code"]) == (409, "wrong_state")


def test_calendar_is_a_file_whatever_is_accepted(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]

    response = phone.get(f"{BOOKINGS}/{code}/calendar.ics", Accept="application/json")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{code}.ics"'
    assert response.content.startswith(b"BEGIN:VCALENDAR\r\n")


def test_lookup_needs_no_account_and_masks_names(
    phone: Phone, slot: Slot, applicant: Applicant, phone_of: Callable[[User | None], Phone]
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]

    response = phone_of(None).post(f"{BOOKINGS}/lookup", {"code": code, "birth_date": "1990-08-17"})

    assert response.status_code == 200
    body = response.json()
    assert body["places"][0]["name"] == "S••• A•••"
    assert body["places"][0]["applicant"] == ""
    assert [body["may_cancel"], body["may_move"]] == [False, False]
    assert "history" not in body


def test_lookup_with_another_birth_date_finds_nothing(
    phone: Phone, slot: Slot, applicant: Applicant, phone_of: Callable[[User | None], Phone]
) -> None:
    code = phone.book(slot, applicant, confirm=True).json()["code"]
    anyone = phone_of(None)

    wrong_date = anyone.post(f"{BOOKINGS}/lookup", {"code": code, "birth_date": "1990-08-18"})
    wrong_code = anyone.post(f"{BOOKINGS}/lookup", {"code": "ZZZZ2222", "birth_date": "1990-08-17"})

    assert wrong_date.status_code == wrong_code.status_code == 404
    assert wrong_date.json()["code"] == wrong_code.json()["code"] == "booking_unknown"
    assert wrong_date.json()["detail"] == wrong_code.json()["detail"]
    assert "tanggal lahir" in wrong_code.json()["detail"]


def test_unknown_code_alone_is_not_blamed_on_a_birth_date(phone: Phone) -> None:
    answer = phone.get(f"{BOOKINGS}/ZZZZ2222")

    assert answer.json()["code"] == "booking_unknown"
    assert "tanggal lahir" not in answer.json()["detail"]


def test_booking_shows_its_history(phone: Phone, slot: Slot, applicant: Applicant) -> None:
    code = phone.book(slot, applicant).json()["code"]
    phone.post(f"{BOOKINGS}/{code}/confirm")

    history = phone.get(f"{BOOKINGS}/{code}").json()["history"]

    assert [entry["what"] for entry in history] == ["HELD", "BOOKED"]
    assert Booking.objects.get().code == code


def test_paper_ticket_of_the_counter_is_tied_to_an_account(phone: Phone, account: User) -> None:
    paper = BookingFactory(account=None, made_by=UserFactory(), channel="COUNTER")
    PlaceFactory(booking=paper, applicant=ApplicantFactory(account=None))
    asked = {"code": paper.code, "birth_date": "1990-08-17"}

    response = phone.post(f"{BOOKINGS}/claim", asked)

    assert response.status_code == 200
    assert response.json()["code"] == paper.code
    assert phone.get(f"{BOOKINGS}/{paper.code}").status_code == 200
    assert Phone(UserFactory()).post(f"{BOOKINGS}/claim", asked).status_code == 404


def test_who_is_booked_already_is_named_by_place(
    phone: Phone, slot: Slot, applicant: Applicant, account: User
) -> None:
    other = ApplicantFactory(account=account)
    phone.book(slot, applicant, confirm=True)

    refused = phone.book(slot, other, applicant, key="again")

    assert refused.status_code == 409
    assert refused.json()["code"] == "already_booked"
    assert list(refused.json()["fields"]) == ["places.1.applicant"]
    assert refused.json()["claimable"] == []


def test_who_was_booked_by_another_account_is_named_as_claimable(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    squatter = ApplicantFactory(person=applicant.person)
    PlaceFactory(applicant=squatter, booking=BookingFactory(account=squatter.account))

    refused = phone.book(slot, applicant).json()

    assert refused["code"] == "already_booked"
    assert refused["claimable"] == [applicant.code]
