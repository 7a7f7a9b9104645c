"""The doors of claims: the claimant's pages, the counter's, the API."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Applicant, IdentityCheck
from accounts.services import people
from queueing.booking import words
from queueing.booking.models import Booking
from queueing.integrity.models.claims import IdentityClaim
from tests.accounts.entering import Phone, person_with_account
from tests.factories import IdentityClaimFactory, OfficeFactory, SlotFactory
from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in
from tests.page_text import text_of_page
from tests.queueing.booking.visits import book, lapse
from tests.queueing.integrity.claiming import true_fields
from tests.queueing.integrity.conftest import UNKNOWN, person, registry_answers

pytestmark = pytest.mark.django_db
WHY = {"reason": "nik_claimed", "note": "Pemilik datang dengan KTP"}


@pytest.fixture
def squat() -> Booking:
    return book(SlotFactory(capacity=2), [person(7, name="Penyerobot")])


@pytest.fixture
def owner(squat: Booking) -> Applicant:
    return person(7, person_with_account(), name="Pemilik Sah")


@pytest.fixture
def browser(owner: Applicant, client: Client) -> Client:
    client.force_login(owner.account)
    return client


def test_who_claims_again_is_led_to_the_claim_that_is_open(browser: Client, owner: Applicant):
    """Its number is what they are to bring to the counter."""
    claim = IdentityClaimFactory(account=owner.account, applicant=owner, person=owner.person)

    again = browser.get(start_of(owner))

    assert again.headers["Location"] == reverse("integrity:claim", args=[claim.code])


def test_who_claims_again_after_the_answer_may(browser: Client, owner: Applicant):
    IdentityClaimFactory(
        account=owner.account,
        applicant=owner,
        person=owner.person,
        state="OVER",
        settled_at=timezone.now(),
    )

    assert browser.get(start_of(owner)).status_code == 200


def test_an_open_claim_is_found_at_the_visits_and_at_its_person(browser: Client, owner: Applicant):
    claim = IdentityClaimFactory(account=owner.account, applicant=owner, person=owner.person)
    href = f'href="{reverse("integrity:claim", args=[claim.code])}"'
    ends = words.moment(claim.created_at + timedelta(days=14), None)

    visits = text_of_page(browser.get(reverse("queueing:booking-list")))
    people = browser.get(reverse("accounts:applicants")).content.decode()
    page = text_of_page(browser.get(reverse("integrity:claim", args=[claim.code])))

    assert href in visits
    assert href in people
    locked = browser.get(reverse("accounts:applicant-change", args=[owner.code])).content.decode()
    assert href in locked
    assert "selama klaim atas NIK orang ini belum diputuskan" in locked
    assert "karena ada janji temu" not in locked
    assert f"terbuka sampai {ends}" in visits
    assert f"terbuka sampai {ends}" in page


def test_a_settled_claim_is_listed_no_more(browser: Client, owner: Applicant):
    IdentityClaimFactory(
        account=owner.account,
        applicant=owner,
        person=owner.person,
        state="OVER",
        settled_at=timezone.now(),
    )
    for name in ("queueing:booking-list", "accounts:applicants"):
        assert "Klaim NIK" not in browser.get(reverse(name)).content.decode()


def test_a_won_place_says_until_when_it_is_held(browser: Client, owner: Applicant, squat: Booking):
    browser.post(start_of(owner), asks(owner))
    registry_answers()
    claim = IdentityClaim.objects.get()
    booking = claim.booking
    until = words.moment(booking.held_until, squat.slot.office)

    page = text_of_page(browser.get(reverse("integrity:claim", args=[claim.code])))
    visits = text_of_page(browser.get(reverse("queueing:booking-list")))
    review = text_of_page(browser.get(reverse("queueing:review", args=[booking.code])))

    assert f"pesan sebelum {until}" in page
    assert "atas nama Anda" not in page
    assert f"pesan sebelum {until}" in visits
    assert f"sampai <strong>{until}</strong>" in review
    assert "Klaim NIK" not in visits


def test_what_became_of_a_won_place_is_said(browser: Client, owner: Applicant, squat: Booking):
    browser.post(start_of(owner), asks(owner))
    registry_answers()
    claim = IdentityClaim.objects.get()
    path = reverse("integrity:claim", args=[claim.code])
    until = claim.booking.held_until

    lapse(claim.booking)
    assert "sudah dilepas" in browser.get(path).content.decode()
    Booking.objects.filter(pk=claim.booking_id).update(held_until=until)
    browser.post(reverse("queueing:confirm", args=[claim.booking.code]))
    assert "tempatnya sekarang atas nama Anda" in browser.get(path).content.decode()


def start_of(owner: Applicant) -> str:
    return reverse("integrity:claim-start", args=[owner.code])


def asks(owner: Applicant, **changed: str) -> dict[str, str]:
    return {"kind": "NEW", "passport_type": "REGULAR"} | true_fields(owner) | changed


def test_who_is_told_that_a_nik_is_booked_is_offered_to_claim_it(
    browser: Client, owner: Applicant, squat: Booking
):
    address = reverse("queueing:book", args=[squat.slot.code])
    said = {
        f"{owner.code}-comes": "on",
        f"{owner.code}-kind": "NEW",
        f"{owner.code}-passport_type": "REGULAR",
    }
    page = browser.post(address, said).content.decode()
    assert start_of(owner) in page
    assert squat.code not in page


def test_ones_own_booking_offers_no_claim(client: Client):
    mine = person(7, person_with_account())
    slot = SlotFactory(capacity=2)
    book(slot, [mine])
    client.force_login(mine.account)
    said = {f"{mine.code}-comes": "on", f"{mine.code}-kind": "NEW"}
    said[f"{mine.code}-passport_type"] = "REGULAR"
    page = client.post(reverse("queueing:book", args=[slot.code]), said).content.decode()
    assert "sudah mempunyai janji temu" in page
    assert start_of(mine) not in page


def test_a_claim_is_made_on_its_page_and_leads_to_the_place(
    browser: Client, owner: Applicant, squat: Booking
):
    page = browser.post(start_of(owner), asks(owner), follow=True).content.decode()
    claim = IdentityClaim.objects.get()
    assert "Sedang diperiksa" in page
    registry_answers()
    claim.refresh_from_db()
    page = browser.get(reverse("integrity:claim", args=[claim.code])).content.decode()
    assert reverse("queueing:booking", args=[claim.booking.code]) in page
    review = browser.get(reverse("queueing:review", args=[claim.booking.code]))
    assert review.status_code == 200


def test_half_the_answers_come_back_at_their_fields(browser: Client, owner: Applicant):
    answer = browser.post(start_of(owner), asks(owner, mother_name=""))
    assert answer.status_code == 422
    assert "Isi juga yang ini" in answer.content.decode()
    assert not IdentityClaim.objects.exists()


def test_nobody_claims_for_an_applicant_of_another(client: Client, owner: Applicant):
    client.force_login(person_with_account())
    assert client.get(start_of(owner)).status_code == 404
    claim = IdentityClaimFactory()
    assert client.get(reverse("integrity:claim", args=[claim.code])).status_code == 404


@pytest.fixture
def office():
    return OfficeFactory(code="KANIM-LOKET")


@pytest.fixture
def counter(officer: Any, office: Any, sign_in: Any) -> Client:
    return sign_in(officer("COUNTER", office))


def test_a_counter_finds_a_claim_and_accepts_it(
    counter: Client, browser: Client, owner: Applicant, squat: Booking
):
    browser.post(start_of(owner), asks(owner, kk="", mother_name="", birth_place=""))
    claim = IdentityClaim.objects.get()
    found = counter.post(
        reverse("integrity:claim-find", args=["KANIM-LOKET"]),
        {"number": f"{claim.code[:4]}-{claim.code[4:].lower()}"},
    )
    page = counter.get(found["Location"]).content.decode()
    assert "Pemilik Sah" in page
    assert people.open_nik(owner) not in page
    assert squat.code not in page

    assert counter.post(found["Location"], {"decision": "accept"}).status_code == 422
    counter.post(found["Location"], WHY | {"decision": "accept"})

    claim.refresh_from_db()
    assert claim.state == "ACCEPTED"
    assert squat.places.get().state == "VOIDED"


def test_an_unknown_number_is_said_to_be_unknown(counter: Client):
    answer = counter.post(
        reverse("integrity:claim-find", args=["KANIM-LOKET"]), {"number": "XXXX"}, follow=True
    )
    assert "Klaim itu tidak ditemukan" in answer.content.decode()


def test_a_counter_records_a_ktp_that_it_saw(counter: Client):
    someone = person(UNKNOWN, name="Sari Dewi")
    card = {
        "nik": people.open_nik(someone),
        "name": "SARI DEWI",
        "birth_date": "1990-08-17",
        "sex": "M",
    }
    address = reverse("integrity:identity", args=["KANIM-LOKET"])
    assert counter.post(address, card).status_code == 422
    page = counter.post(address, card | WHY, follow=True).content.decode()
    assert "KTP sudah dilihat" in page
    assert IdentityCheck.objects.get().source == "OFFICER"
    assert people.open_nik(someone) not in page


def test_others_find_nothing_at_that_counter(officer: Any, sign_in: Any, office: Any):
    claim = IdentityClaimFactory()
    stranger = sign_in(officer("HEAD", OfficeFactory()))
    planner = sign_in(officer("PLANNER", office))
    for client in (stranger, planner):
        for path in (
            reverse("integrity:identity", args=[office.code]),
            reverse("integrity:claim-decide", args=[office.code, claim.code]),
        ):
            assert client.get(path).status_code == 404


def test_the_app_claims_and_reads_its_claim(owner: Applicant):
    phone = Phone().sign_in(owner.account)
    body = asks(owner) | {"applicant": owner.code}
    headers = {"Idempotency-Key": "a", "X-Session-Token": phone.token}

    made = phone.client.post(
        "/api/v1/identity-claims", body, content_type="application/json", headers=headers
    )

    assert (made.status_code, made.json()["state"]) == (201, "ASKED")
    assert made["Location"] == f"/api/v1/identity-claims/{made.json()['code']}"
    registry_answers()
    ends = datetime.fromisoformat(made.json()["created_at"]) + timedelta(days=14)
    assert datetime.fromisoformat(made.json()["open_until"]) == ends
    assert made.json()["held_until"] is None
    claim = phone.send("GET", made["Location"]).json()
    assert (claim["state"], claim["open_until"]) == ("ACCEPTED", None)
    visit = phone.send("GET", f"/api/v1/bookings/{claim['booking']}").json()
    assert visit["state"] == "HELD"
    held_until = datetime.fromisoformat(visit["held_until"])
    assert datetime.fromisoformat(claim["held_until"]) == held_until
    assert phone.send("GET", "/api/v1/identity-claims").json()["count"] == 1


def test_the_app_is_told_that_there_is_nothing_to_claim():
    someone = person(8, person_with_account())
    phone = Phone().sign_in(someone.account)
    body = asks(someone) | {"applicant": someone.code}
    headers = {"Idempotency-Key": "a", "X-Session-Token": phone.token}
    answer = phone.client.post(
        "/api/v1/identity-claims", body, content_type="application/json", headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_claim")


def test_a_place_tells_the_app_how_far_its_person_is_known():
    someone = person(9, person_with_account())
    booking = book(SlotFactory(capacity=1), [someone])
    phone = Phone().sign_in(someone.account)
    path = f"/api/v1/bookings/{booking.code}"
    assert phone.send("GET", path).json()["places"][0]["identity"] == "not_checked"
    registry_answers()
    assert phone.send("GET", path).json()["places"][0]["identity"] == "matched"
