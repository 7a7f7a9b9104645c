"""A hold asks for a proof of work when the account or the hour stands out, and of nobody else."""

import json
import re
from datetime import timedelta
from math import inf

import pytest
from django.utils import timezone

from accounts.models import Message
from paspor.kernel import load, ratelimit
from paspor.kernel.policies import PROOF_MOST_TIMES, PROOF_WAIT_SECONDS
from paspor.kernel.proof import HEADER
from queueing.booking import ports
from queueing.booking.models import Booking
from queueing.booking.ports import Attempt
from queueing.integrity.errors import LimitedPause
from queueing.integrity.policies.proof import PROOF_FROM_HOLDS, PROOF_FROM_RISK
from queueing.integrity.rules.proof import hold_pressure
from tests.factories import (
    AccountScoreFactory,
    ApplicantFactory,
    BookingFactory,
    RestrictionFactory,
)
from tests.paspor.proving import little_work, set_figure, solved
from tests.queueing.booking_api.conftest import Phone
from tests.queueing.pages.visitors import browser_of, near_hour, token_in, who

pytestmark = pytest.mark.django_db
TICKET = re.compile(r'name="proof_ticket" value="([^"]+)"')
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


@pytest.fixture
def person():
    return ApplicantFactory()


@pytest.fixture
def browser(person):
    return browser_of(person.account)


@pytest.fixture
def risky(person):
    """The account of this person has a high score."""
    little_work()
    AccountScoreFactory(account=person.account, score=80)


def page_of(browser, slot, person, **more):
    return browser.post(f"/pesan/{slot.code}/", who(person, token="a") | more)


@pytest.mark.parametrize(
    ("seen", "pressure"),
    [
        ({}, 0),
        ({"risk": 39, "holds": 2999}, 2999 / 3000),
        ({"risk": 40}, 1),
        ({"risk": 100}, 2.5),
        ({"holds": 3000}, 1),
        ({"holds": 9000, "risk": 60}, 3),
        ({"is_limited": True}, inf),
    ],
)
def test_what_stands_out_most_decides(seen, pressure):
    usual = {"risk": 0, "much_risk": 40, "is_limited": False, "holds": 0, "many_holds": 3000}

    assert hold_pressure(**(usual | seen)) == pytest.approx(pressure)


def test_clean_record_on_an_ordinary_day_is_not_asked(browser, person):
    other = ApplicantFactory()
    AccountScoreFactory(account=other.account, score=PROOF_FROM_RISK.default - 1)
    slot = near_hour()

    assert page_of(browser, slot, person).status_code == 302
    assert Phone(other.account).book(slot, other).status_code == 201


def test_rush_asks_everybody_and_more_of_them_the_greater_it_is(person):
    set_figure(PROOF_FROM_HOLDS, 10)
    little_work()
    for minute in range(3):
        for _ in range(24):
            load.count("hold", now=timezone.now() + timedelta(minutes=minute))

    refused = Phone(person.account).book(near_hour(), person).json()

    assert refused["code"] == "proof_needed"
    assert refused["proof"]["parameters"]["data"]["most"] == 250


def test_limited_account_does_the_most(person):
    little_work()
    RestrictionFactory(account=person.account)

    refused = Phone(person.account).book(near_hour(), person).json()

    assert refused["proof"]["parameters"]["data"]["most"] == 100 * PROOF_MOST_TIMES.default


def test_limited_account_waits_between_two_bookings_and_is_told_until_when(person):
    little_work()
    family = [person, *ApplicantFactory.create_batch(2, account=person.account)]
    one = Attempt(person.account, near_hour(), "ONLINE", family, proved=True)
    made = BookingFactory(account=person.account)
    ports.check(one, now=made.created_at)

    RestrictionFactory(account=person.account)
    with pytest.raises(LimitedPause) as told:
        ports.check(one, now=made.created_at + timedelta(minutes=29))

    assert told.value.extras["limit"] == "limited_account"
    assert told.value.ends_at >= made.created_at + timedelta(minutes=30)
    ports.check(one, now=made.created_at + timedelta(minutes=31))


@pytest.mark.usefixtures("risky")
def test_app_answers_in_a_header_and_the_answer_holds_once(person):
    phone, slot = Phone(person.account), near_hour()
    refused = phone.book(slot, person)
    assert (refused.status_code, refused.headers["Content-Type"]) == (
        428,
        "application/problem+json",
    )
    proof = {HEADER: solved(refused.json()["proof"])}
    body = {
        "slot": slot.code,
        "places": [{"applicant": person.code, "kind": "NEW", "passport_type": "REGULAR"}],
    }

    first = phone.client.post(
        "/api/v1/bookings", body, headers=proof | {"Idempotency-Key": "book-1"}
    )
    again = phone.client.post(
        "/api/v1/bookings", body, headers=proof | {"Idempotency-Key": "book-1"}
    )
    other = phone.client.post(
        "/api/v1/bookings", body, headers=proof | {"Idempotency-Key": "book-2"}
    )

    assert (first.status_code, other.status_code) == (201, 428)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")


@pytest.mark.usefixtures("risky")
def test_full_hour_leaves_the_proof_unused(person):
    phone, full, free = Phone(person.account), near_hour(capacity=0), near_hour(hour=10)
    proof = solved(phone.book(full, person).json()["proof"])
    place = {"applicant": person.code, "kind": "NEW", "passport_type": "REGULAR"}

    def book(slot, key):
        body = {"slot": slot.code, "places": [place]}
        headers = {HEADER: proof, "Idempotency-Key": key}
        return phone.client.post("/api/v1/bookings", body, headers=headers)

    assert book(full, "1").json()["code"] == "slot_full"
    assert book(free, "2").status_code == 201


@pytest.mark.usefixtures("risky")
def test_proof_of_another_account_does_not_hold(person):
    other, slot = ApplicantFactory(), near_hour()
    AccountScoreFactory(account=other.account, score=80)
    theirs = solved(Phone(other.account).book(slot, other).json()["proof"])

    answer = Phone(person.account).book(slot, person, key="mine")
    assert answer.status_code == 428
    mine = Phone(person.account).client.post(
        "/api/v1/bookings",
        {
            "slot": slot.code,
            "places": [{"applicant": person.code, "kind": "NEW", "passport_type": "REGULAR"}],
        },
        headers={HEADER: theirs, "Idempotency-Key": "k"},
    )

    assert mine.json()["code"] == "proof_needed"


@pytest.mark.usefixtures("risky", "dead_cache")
def test_without_a_cache_a_risky_account_still_proves_itself(person):
    phone, slot = Phone(person.account), near_hour()
    refused = phone.book(slot, person)
    assert refused.status_code == 428

    answer = phone.client.post(
        "/api/v1/bookings",
        {
            "slot": slot.code,
            "places": [{"applicant": person.code, "kind": "NEW", "passport_type": "REGULAR"}],
        },
        headers={HEADER: solved(refused.json()["proof"]), "Idempotency-Key": "k"},
    )

    assert answer.status_code == 201


@pytest.mark.usefixtures("risky")
def test_form_comes_back_whole_and_is_taken_with_the_solution(browser, person):
    slot = near_hour()
    asked = page_of(browser, slot, person, **{f"{person.code}-kind": "REPLACEMENT"})
    assert asked.status_code == 428
    assert token_in(asked) == "a"
    assert re.search(r'value="REPLACEMENT"[^>]* selected', asked.content.decode())
    assert not Booking.objects.exists()

    proof = solved(json.loads(asked.context["proof"].challenge))
    answer = page_of(browser, slot, person, proof=proof)

    assert answer.status_code == 302
    assert Booking.objects.get().places.count() == 1


@pytest.mark.usefixtures("risky")
def test_without_a_script_one_waits_and_types_the_code_from_the_mail(browser, person, monkeypatch):
    slot = near_hour()
    first = page_of(browser, slot, person)
    begun = TICKET.search(first.content.decode())[1]
    assert not Message.objects.exists()

    sent = page_of(browser, slot, person, proof_ticket=begun, proof_send_code="1")
    ticket = TICKET.search(sent.content.decode())[1]
    code = CODE.search(Message.objects.get(kind="hold_code").text)[0]
    assert Message.objects.get().to == person.account.email
    early = page_of(browser, slot, person, proof_ticket=ticket, proof_code=code)
    assert "belum selesai" in early.content.decode()
    over = timezone.now() + timedelta(seconds=PROOF_WAIT_SECONDS.default + 1)
    monkeypatch.setattr(timezone, "now", lambda: over)
    wrong = page_of(browser, slot, person, proof_ticket=ticket, proof_code="ABCD-2345")
    assert "belum cocok" in wrong.content.decode()

    answer = page_of(browser, slot, person, proof_ticket=ticket, proof_code=code.lower())

    assert answer.status_code == 302
    assert Booking.objects.count() == 1


@pytest.mark.usefixtures("risky")
def test_waiting_instead_of_computing_is_counted(browser, person, monkeypatch, settings):
    settings.RATELIMIT_ENABLE = True
    monkeypatch.setitem(ratelimit.LIMITS, "proof_code", {"account": "1/h"})
    slot = near_hour()
    assert page_of(browser, slot, person, proof_send_code="1").status_code == 428

    assert page_of(browser, slot, person, proof_send_code="1").status_code == 429
    assert Message.objects.count() == 1
