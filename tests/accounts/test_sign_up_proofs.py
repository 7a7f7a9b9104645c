"""Signing up asks for a proof of work where many come from, and of nobody else."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import policies, selectors
from accounts.models import Trace, User
from accounts.rules import SignUps, sign_up_pressure
from paspor.kernel import device, load
from paspor.kernel.policies import PROOF_WAIT_SECONDS
from paspor.kernel.proof import HEADER
from tests.accounts.entering import PASSWORD, Phone, person_with_account
from tests.factories import TraceFactory, UserFactory
from tests.paspor.proving import little_work, set_figure, solved

pytestmark = pytest.mark.django_db
ADDRESS = "warga@contoh.test"
SIGNUP = {"email": ADDRESS, "password1": PASSWORD, "consent": "on"}
CHALLENGE = re.compile(r'name="proof_ticket" value="([^"]+)"')
A_LOT = SignUps(from_device=3, from_address=100, at_new_domain=5, in_this_minute=300)


@pytest.fixture
def busy():
    """Very many sign up at this moment."""
    little_work()
    set_figure(policies.SIGN_UPS_PER_MINUTE, 10)
    # In the next minutes too, in which the test may end.
    for minute in range(4):
        for _ in range(10):
            load.count("sign_up", now=timezone.now() + timedelta(minutes=minute))


@pytest.fixture
def browser():
    """With a device that is known, as after its first form."""
    browser = Client()
    browser.cookies[device.COOKIE] = device.issue()
    return browser


def known(browser):
    return browser.cookies[device.COOKIE].value.rpartition(":")[0]


def ticket_in(page):
    return CHALLENGE.search(page.content.decode()).group(1)


@pytest.mark.parametrize(
    ("seen", "pressure"),
    [
        (SignUps(0, 0, 0, 1), 1 / 300),
        (SignUps(2, 99, 4, 299), 299 / 300),
        (SignUps(3, 0, 0, 1), 1),
        (SignUps(0, 100, 0, 1), 1),
        (SignUps(0, 0, 10, 1), 2),
        (SignUps(0, 0, 0, 900), 3),
    ],
)
def test_the_busiest_count_decides(seen, pressure):
    assert sign_up_pressure(seen, A_LOT) == pytest.approx(pressure)


def test_somebody_alone_on_an_ordinary_day_is_not_asked(browser):
    TraceFactory.create_batch(2, what="SIGN_UP", device=known(browser))
    TraceFactory.create_batch(3, what="SIGN_IN", device=known(browser))
    TraceFactory(what="SIGN_UP", device=known(browser), at=timezone.now() - timedelta(minutes=61))
    TraceFactory.create_batch(20, what="SIGN_UP", device="", address="127.0.0.1")

    assert browser.post("/akun/signup/", SIGNUP).status_code == 302


def test_fourth_account_of_a_device_in_an_hour_is_asked(browser):
    TraceFactory.create_batch(3, what="SIGN_UP", device=known(browser))

    assert browser.post("/akun/signup/", SIGNUP).status_code == 428
    assert not User.objects.filter(email=ADDRESS).exists()


def test_crowd_behind_one_address_is_asked_late():
    set_figure(policies.SIGN_UPS_PER_ADDRESS, 5)
    TraceFactory.create_batch(4, what="SIGN_UP", device="", address="127.0.0.1")
    assert Client().post("/akun/signup/", SIGNUP).status_code == 302

    answer = Client().post("/akun/signup/", SIGNUP | {"email": "lain@contoh.test"})

    assert answer.status_code == 428


def test_domain_that_is_new_and_busy_is_asked():
    week = timezone.now() - timedelta(days=8)
    User.objects.filter(pk=UserFactory(email="lama@lama.test").pk).update(joined_at=week)
    for number in range(4):
        UserFactory(email=f"{number}@baru.test")
    assert Client().post("/akun/signup/", SIGNUP | {"email": "5@baru.test"}).status_code == 302

    answer = Client().post("/akun/signup/", SIGNUP | {"email": "6@Baru.test"})

    assert answer.status_code == 428
    assert selectors.accounts_at_new_domain("x@lama.test", now=timezone.now()) == 0


def test_in_a_portal_of_this_week_no_domain_is_new():
    for number in range(9):
        UserFactory(email=f"{number}@baru.test")

    assert selectors.accounts_at_new_domain("x@baru.test", now=timezone.now()) == 0


@pytest.mark.usefixtures("busy")
def test_form_comes_back_whole_with_a_challenge(browser):
    answer = browser.post("/akun/signup/", SIGNUP | {"next": "/bantuan/"})
    page = answer.content.decode()

    assert answer.status_code == 428
    assert "Pemeriksaan keamanan" in page
    assert f'value="{ADDRESS}"' in page
    assert f'value="{PASSWORD}"' in page
    assert re.search(r'name="consent"[^>]* checked', page)
    assert 'name="next" value="/bantuan/"' in page
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.usefixtures("busy")
def test_solved_challenge_signs_up_and_serves_nobody_else(browser):
    shown = browser.post("/akun/signup/", SIGNUP).context["proof"]
    answer = solved(json.loads(shown.challenge))

    other = browser.post("/akun/signup/", SIGNUP | {"email": "lain@contoh.test", "proof": answer})
    mine = browser.post("/akun/signup/", SIGNUP | {"proof": answer})

    assert (other.status_code, mine.status_code) == (428, 302)
    assert "tidak berlaku lagi" in other.content.decode()
    assert User.objects.filter(email=ADDRESS).exists()


@pytest.mark.usefixtures("busy")
def test_whoever_waits_instead_signs_up_once(browser, monkeypatch):
    ticket = ticket_in(browser.post("/akun/signup/", SIGNUP))
    early = browser.post("/akun/signup/", SIGNUP | {"proof_ticket": ticket})
    assert early.status_code == 428
    assert "belum selesai" in early.content.decode()
    # Signed anew in another second, it still says when the waiting began.
    assert ticket_in(early).partition(":")[0] == ticket.partition(":")[0]

    begun = timezone.now()
    over = begun + timedelta(seconds=PROOF_WAIT_SECONDS.default + 1)
    monkeypatch.setattr(timezone, "now", lambda: over)

    assert browser.post("/akun/signup/", SIGNUP | {"proof_ticket": ticket}).status_code == 302
    again = Client().post("/akun/signup/", SIGNUP | {"proof_ticket": ticket})
    assert again.status_code == 428


@pytest.mark.usefixtures("busy")
def test_asking_does_not_tell_who_has_an_account(browser):
    taken = person_with_account()

    answer = browser.post("/akun/signup/", SIGNUP | {"email": taken.email})

    assert answer.status_code == 428


@pytest.mark.usefixtures("busy")
def test_app_gets_the_challenge_and_answers_it_in_a_header():
    phone = Phone()
    said = {"email": ADDRESS, "password": PASSWORD, "consent": True}
    refused = phone.auth("auth/signup", said)
    body = refused.json()
    assert (refused.status_code, body["code"]) == (428, "proof_needed")
    assert refused.headers["Content-Type"] == "application/problem+json"

    phone.always[HEADER] = solved(body["proof"])

    assert phone.auth("auth/signup", said).status_code == 401  # waits for its code
    assert Trace.objects.filter(user__email=ADDRESS).count() <= 1
    assert User.objects.filter(email=ADDRESS).exists()
