"""The page that waits after a sign-up: what it tells, and the way to another address."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import waiting_page
from accounts.models import Consent, Message, User
from paspor.kernel import device
from tests.accounts.entering import PASSWORD, Phone, code_for, newest, person_with_account
from tests.accounts.signing_up import MEANT, STATE, TYPED, WAITING, page, sign_up, wait
from tests.factories import TraceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]
CHANGE = "/akun/kode/alamat/"
SPAM = "Spam"
OTHER_WAYS = "Jalan lain"


@pytest.mark.parametrize("state", ["QUEUED", "SENDING", "REFUSED", "FAILED"])
def test_nobody_is_sent_to_the_spam_folder_for_what_is_not_there(client: Client, state: str):
    sign_up(client)
    Message.objects.update(state=state)
    assert SPAM not in page(client)
    assert SPAM not in page(client, STATE)


def test_once_it_was_accepted_the_spam_folder_is_named(client: Client):
    sign_up(client)
    Message.objects.update(state="ACCEPTED")
    assert SPAM in page(client)
    assert SPAM in page(client, STATE)


def test_other_ways_are_told_after_some_minutes(client: Client):
    sign_up(client)
    assert OTHER_WAYS not in page(client, STATE)
    wait(client, minutes=4.9)
    assert OTHER_WAYS not in page(client, STATE)
    wait(client, minutes=5.1)
    assert OTHER_WAYS in page(client, STATE)
    assert "/laporan/" in page(client)


def test_other_ways_are_told_at_once_where_the_message_failed(client: Client):
    sign_up(client)
    Message.objects.update(state="REFUSED")
    assert OTHER_WAYS in page(client)


def test_the_page_counts_what_the_limit_demands(client: Client):
    sign_up(client)
    assert 'data-resend-in="30"' in page(client)
    wait(client, seconds=20)
    assert 'data-resend-in="10"' in page(client)
    wait(client, seconds=31)
    assert 'data-resend-in="0"' in page(client)
    assert waiting_page.PAUSE_SECONDS == 30


def test_a_mistyped_domain_is_mended_by_one_button(client: Client):
    sign_up(client, headers={"Accept-Language": "en"})
    Consent.objects.update(given_at=timezone.now() - timedelta(days=1))
    assert "Ganti ke warga@gmail.com" in page(client)

    assert client.post(CHANGE, {"fix": "1"}).url == WAITING

    told = page(client)
    assert "warga@gmail.com" in told
    assert "Ganti ke" not in told
    client.post(WAITING, {"code": code_for(MEANT)})
    user = User.objects.get(pk=client.session["_auth_user_id"])
    assert (user.email, user.language) == (MEANT, "en")
    assert user.check_password(PASSWORD)
    assert Consent.objects.filter(user=user).exists()


def test_the_code_of_the_address_before_is_worth_nothing(client: Client):
    sign_up(client)
    before = code_for(TYPED)
    client.post(CHANGE, {"email": "lain@contoh.test"})
    assert client.post(WAITING, {"code": before}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_consent_stays_of_the_moment_it_was_given(client: Client):
    sign_up(client)
    wait(client, minutes=3)
    client.post(CHANGE, {"email": "lain@contoh.test"})
    given = Consent.objects.get(user__email="lain@contoh.test").given_at
    assert timezone.now() - given >= timedelta(minutes=3)


def test_another_address_is_answered_alike_whether_it_has_an_account():
    verified = person_with_account(email="lama@contoh.test")
    sign_up(Client(), "menunggu@contoh.test")
    answers = []
    for address in ("baru@contoh.test", "menunggu@contoh.test", verified.email):
        browser = Client()
        sign_up(browser)
        answer = browser.post(CHANGE, {"email": address})
        told = page(browser).replace(address, "")
        answers.append((answer.status_code, answer.url, told.split("csrf")[0], OTHER_WAYS in told))
    assert answers[0] == answers[1] == answers[2]
    assert newest(verified.email).kind == "account_already_exists"
    verified.refresh_from_db()
    assert verified.check_password(PASSWORD)


def test_from_an_address_with_an_account_one_gets_to_ones_own(client: Client):
    taken = person_with_account(email="lama@contoh.test")
    sign_up(client, taken.email)
    client.post(CHANGE, {"email": MEANT})
    client.post(WAITING, {"code": code_for(MEANT)})
    assert User.objects.get(pk=client.session["_auth_user_id"]).email == MEANT


def test_the_account_of_the_address_before_is_not_touched(client: Client):
    sign_up(client)
    user = User.objects.get()
    client.post(CHANGE, {"email": MEANT})
    user.refresh_from_db()
    assert user.email == TYPED
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (TYPED, "berbeda dari yang sekarang"),
        ("bukan alamat", "alamat"),
        ("saya@mailinator.com", "sekali pakai"),
        ("", ""),
    ],
)
def test_an_address_that_cannot_be_is_refused_at_the_field(client: Client, address: str, said: str):
    sign_up(client)
    answer = client.post(CHANGE, {"email": address})
    assert answer.status_code != 302
    assert said in answer.content.decode()
    assert User.objects.count() == 1


def test_changing_the_address_counts_as_a_sign_up(settings: Any):
    settings.RATELIMIT_ENABLE = True
    answers = []
    for number in range(7):
        browser = Client(REMOTE_ADDR="10.9.9.9")
        sign_up(browser, f"a{number}@contoh.test")
        # One mailbox, by addresses that each are asked to wait half a minute by themselves.
        answers.append(browser.post(CHANGE, {"email": f"warga+{number}@gmail.com"}).status_code)
    assert answers == [302] * 6 + [429]


def test_after_three_sign_ups_of_a_device_changing_asks_for_a_proof_too(client: Client):
    client.cookies[device.COOKIE] = device.issue()
    sign_up(client)
    known = client.cookies[device.COOKIE].value.rpartition(":")[0]
    TraceFactory.create_batch(2, what="SIGN_UP", device=known)

    asked = client.post(CHANGE, {"email": MEANT})

    assert asked.status_code == 428
    assert f'value="{MEANT}"' in asked.content.decode()
    assert User.objects.filter(email=MEANT).count() == 0


def test_without_a_waiting_sign_up_there_is_nothing_to_change(client: Client):
    assert client.get(CHANGE).url == "/akun/signup/"
    assert client.post(CHANGE, {"email": MEANT}).url == "/akun/signup/"
    assert not User.objects.exists()


def test_when_the_code_ran_out_the_sign_up_begins_anew(client: Client):
    sign_up(client)
    session = client.session
    session["account_email_verification_code"] |= {"at": 0}
    session.save()
    assert client.post(CHANGE, {"email": MEANT}).url == "/akun/signup/"
    assert User.objects.count() == 1


def test_sending_again_looks_the_same_where_there_is_an_account(client: Client):
    """Nothing is sent there; the page may not say "accepted" sooner than elsewhere."""
    taken = person_with_account(email="lama@contoh.test")
    sign_up(client, taken.email)
    now = timezone.now()
    Message.objects.update(
        state="ACCEPTED",
        created_at=now - timedelta(seconds=60),
        changed_at=now - timedelta(seconds=57),
    )
    wait(client, seconds=60)
    assert SPAM in page(client, STATE)

    client.post(WAITING, {"action": "resend"})

    assert Message.objects.count() == 1
    assert "menunggu dikirim" in page(client, STATE)
    wait(client, seconds=4)
    assert SPAM in page(client, STATE)


def test_a_slip_that_is_a_throw_away_domain_says_what_was_meant(client: Client):
    said = {"email": "warga@gmial.com", "password1": PASSWORD, "consent": "on"}
    assert f"Mungkin maksud Anda {MEANT}" in client.post("/akun/signup/", said).content.decode()


def test_only_the_domain_is_asked_about(client: Client):
    assert client.get("/akun/kode/domain/?domain=gmial.com").json() == {"meant": "gmail.com"}
    assert client.get("/akun/kode/domain/?domain=contoh.test").json() == {"meant": ""}
    assert client.get("/akun/kode/domain/").json() == {"meant": ""}


def test_in_the_app_too_a_taken_address_gives_nothing_away():
    verified = person_with_account(email="lama@contoh.test")
    phone = Phone()
    said = {"email": verified.email, "password": PASSWORD, "consent": True}
    assert phone.auth("auth/signup", said).status_code == 401
    again = phone.auth("auth/signup", said | {"email": MEANT})
    assert again.status_code == 401
    assert phone.auth("auth/email/verify", {"key": code_for(MEANT)}).status_code == 200


def test_the_state_of_a_mail_opened_by_itself_leads_to_its_page(client, db):
    """A script asks for it again and again; who follows a link wants a page."""
    answer = client.get(STATE, headers={"Sec-Fetch-Mode": "navigate"})

    assert answer.headers["Location"] == "/akun/confirm-email/"
    assert "/akun/confirm-email/" in client.get("/bantuan/").text
