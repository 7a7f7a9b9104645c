"""Pages that wait for a code: the wrong ones, another one, and an address that is taken."""

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.entering import code_for, newest, person_with_account, signed_in, surely

pytestmark = pytest.mark.django_db
OVER = "kode itu tidak berlaku lagi"
RESET = "/akun/password/reset/"
CONFIRM_RESET = "/akun/password/reset/confirm/"
CONFIRM = "/akun/confirm-email/"
NEW = "baru@contoh.test"


def wrong(browser: Client, path: str, times: int) -> str:
    """Where the last of so many wrong codes leads; "" where the page stays."""
    for _ in range(times):
        answer = browser.post(path, {"code": "ZZZZ-ZZZZ"})
    return answer.headers.get("Location", "")


def changing(user: User, to: str = NEW) -> Client:
    browser = surely(signed_in(user))
    answer = browser.post("/akun/email/", {"action_add": "", "email": to})
    assert answer.url == CONFIRM
    return browser


def test_after_three_wrong_codes_a_new_one_is_asked_for_where_the_password_was(client: Client):
    user = person_with_account()
    client.post(RESET, {"email": user.email})
    assert wrong(client, CONFIRM_RESET, 2) == ""
    assert wrong(client, CONFIRM_RESET, 1) == RESET
    assert OVER in client.get(RESET).content.decode()
    client.post(RESET, {"email": user.email})
    answer = client.post(CONFIRM_RESET, {"code": code_for(user.email)})
    assert answer.url == "/akun/password/reset/complete/"


def test_after_three_wrong_codes_signing_in_by_code_begins_anew(client: Client):
    user = person_with_account()
    client.post("/akun/login/code/", {"email": user.email})
    assert wrong(client, "/akun/login/code/confirm/", 3) == "/akun/login/code/"
    assert OVER in client.get("/akun/login/code/").content.decode()


def test_after_three_wrong_codes_the_address_is_said_to_be_unchanged():
    user = person_with_account()
    browser = changing(user)
    assert wrong(browser, CONFIRM, 3) == "/akun/email/"
    page = browser.get("/akun/email/").content.decode()
    assert OVER in page
    assert "tidak diganti" in page
    assert NEW not in page
    user.refresh_from_db()
    assert user.email != NEW


def test_a_code_to_reset_the_password_is_sent_again(client: Client):
    user = person_with_account()
    client.post(RESET, {"email": user.email})
    before = code_for(user.email)
    assert "Kirim kode baru" in client.get(CONFIRM_RESET).content.decode()

    answer = client.post(CONFIRM_RESET, {"action": "resend"})

    assert answer.url == CONFIRM_RESET
    assert code_for(user.email) != before
    assert client.post(CONFIRM_RESET, {"code": before}).status_code == 200
    answer = client.post(CONFIRM_RESET, {"code": code_for(user.email)})
    assert answer.url == "/akun/password/reset/complete/"


def test_an_unknown_address_may_ask_again_as_a_known_one(client: Client):
    client.post(RESET, {"email": "tidak.ada@contoh.test"})
    assert "Kirim kode baru" in client.get(CONFIRM_RESET).content.decode()
    assert client.post(CONFIRM_RESET, {"action": "resend"}).url == CONFIRM_RESET
    assert newest("tidak.ada@contoh.test").kind == "unknown_account"


def test_the_address_that_was_typed_here_is_shown_whole():
    browser = changing(person_with_account())
    assert NEW in browser.get(CONFIRM).content.decode()


def test_a_change_that_waits_is_told_and_leads_back_to_its_code():
    user = person_with_account()
    browser = changing(user)
    page = browser.get("/akun/email/").content.decode()
    assert NEW in page
    assert f'href="{CONFIRM}"' in page

    browser.post(CONFIRM, {"code": code_for(NEW)})

    user.refresh_from_db()
    assert user.email == NEW
    page = browser.get("/akun/email/").content.decode()
    assert f"{NEW} sudah dipastikan" in page
    assert "Menunggu dipastikan" not in page


def test_a_change_that_waits_is_called_off():
    user = person_with_account()
    browser = changing(user)
    assert browser.post(CONFIRM, {"action": "cancel"}).url == "/akun/email/"
    page = browser.get("/akun/email/").content.decode()
    assert "tidak diganti" in page
    assert NEW not in page
    assert browser.post(CONFIRM, {"code": code_for(NEW)}).url == "/akun/email/"
    user.refresh_from_db()
    assert user.email != NEW


def test_a_sign_up_is_not_called_off_that_way(client: Client):
    form = {"email": NEW, "password1": "kopi-hitam-di-pagi-hari", "consent": "on"}
    client.post("/akun/signup/", form)
    assert client.post(CONFIRM, {"action": "cancel"}).status_code == 200
    client.post(CONFIRM, {"code": code_for(NEW)})
    assert "_auth_user_id" in client.session


def test_an_address_that_is_taken_is_told_once_and_no_code_is_asked_for_any_more():
    """Whoever typed the right code reads that mailbox, so it tells them nothing new."""
    user = person_with_account()
    browser = changing(user)
    person_with_account(email=NEW)

    assert browser.post(CONFIRM, {"code": code_for(NEW)}).url == "/akun/email/"

    page = browser.get("/akun/email/").content.decode()
    assert "sudah dipakai akun lain" in page
    assert "Menunggu dipastikan" not in page
    assert browser.get(CONFIRM).url == "/akun/email/"
    user.refresh_from_db()
    assert user.email != NEW
