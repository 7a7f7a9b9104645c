"""Several sign-ups for one address: whoever reads the mailbox gets the account."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Consent, User
from tests.accounts.entering import PASSWORD, Phone, code_for, newest, person_with_account

pytestmark = pytest.mark.django_db
ADDRESS = "warga@contoh.test"
WAITING = "/akun/confirm-email/"
OTHER = "sandi-orang-iseng-itu"


def sign_up(browser: Client, password: str = PASSWORD, address: str = ADDRESS, **more: Any) -> str:
    """Returns the code in the newest mail."""
    said = {"email": address, "password1": password, "consent": "on"}
    answer = browser.post("/akun/signup/", said, **more)
    assert answer.url == WAITING
    return code_for(address)


def is_signed_in(browser: Client) -> bool:
    return browser.get("/akun/").status_code == 200


def test_who_lost_the_code_signs_up_again_and_the_newest_mail_works(client: Client):
    sign_up(client)
    again = Client()
    code = sign_up(again)
    again.post(WAITING, {"code": code})
    assert is_signed_in(again)
    assert User.objects.count() == 1


def test_it_works_in_the_app_too():
    said = {"email": ADDRESS, "password": PASSWORD, "consent": True}
    Phone().auth("auth/signup", said | {"password": OTHER})
    phone = Phone()
    assert phone.auth("auth/signup", said).status_code == 401
    assert phone.auth("auth/email/verify", {"key": code_for(ADDRESS)}).status_code == 200
    assert phone.send("GET", "/api/v1/me").status_code == 200
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("owner_is_first", [True, False])
def test_the_password_of_who_verifies_wins(owner_is_first: bool):
    owner, stranger = Client(), Client()
    if owner_is_first:
        code = sign_up(owner)
        sign_up(stranger, OTHER)
    else:
        sign_up(stranger, OTHER)
        code = sign_up(owner)
    assert not User.objects.get().check_password(OTHER) or not owner_is_first

    owner.post(WAITING, {"code": code})

    assert is_signed_in(owner)
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert not user.check_password(OTHER)
    refused = Client().post("/akun/login/", {"login": ADDRESS, "password": OTHER})
    assert refused.status_code == 200


def test_the_code_of_one_sign_up_is_worth_nothing_in_another():
    owner, stranger = Client(), Client()
    sign_up(stranger, OTHER)
    code = sign_up(owner)
    stranger.post(WAITING, {"code": code})
    assert not is_signed_in(stranger)


def test_language_and_consent_are_of_who_verifies(client: Client):
    sign_up(Client(), OTHER)
    Consent.objects.update(given_at=timezone.now() - timedelta(days=2))
    before: datetime = timezone.now()
    code = sign_up(client, headers={"Accept-Language": "en"})
    client.post(WAITING, {"code": code})
    assert User.objects.get().language == "en"
    assert Consent.objects.get().given_at >= before


@pytest.mark.parametrize("door", ["/akun/login/code/", "/akun/password/reset/"])
def test_coming_in_by_mail_leaves_no_password_of_a_stranger(client: Client, door: str):
    sign_up(Client(), OTHER)
    answer = client.post(door, {"email": ADDRESS})
    client.post(answer.url, {"code": code_for(ADDRESS)})
    assert not User.objects.get().check_password(OTHER)
    assert is_signed_in(client) is ("login" in door)


def test_signing_in_with_the_password_and_verifying_keeps_it(client: Client):
    sign_up(Client())
    client.post("/akun/login/", {"login": ADDRESS, "password": PASSWORD})
    client.post(WAITING, {"code": code_for(ADDRESS)})
    assert is_signed_in(client)
    assert User.objects.get().check_password(PASSWORD)


def test_new_unverified_and_verified_addresses_are_answered_alike():
    sign_up(Client(), OTHER, "menunggu@contoh.test")
    verified = person_with_account()
    answers = []
    for address in ("baru@contoh.test", "menunggu@contoh.test", verified.email):
        said = {"email": address, "password": PASSWORD, "consent": True}
        answer = Phone().auth("auth/signup", said)
        answers.append((answer.status_code, answer.json()["data"]))
    assert answers[0] == answers[1] == answers[2]
    assert newest(verified.email).kind == "account_already_exists"
    assert verified.check_password(PASSWORD)


@pytest.mark.parametrize("kind", ["new", "unverified", "verified"])
def test_each_answer_takes_one_hashing_of_a_password(kind: str, monkeypatch: pytest.MonkeyPatch):
    if kind == "unverified":
        sign_up(Client(), OTHER)
    if kind == "verified":
        person_with_account(email=ADDRESS)
    hashed = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    monkeypatch.setattr(hasher, lambda _self, _raw, _salt: hashed.append(1) or "md5$a$b")
    Client().post("/akun/signup/", {"email": ADDRESS, "password1": PASSWORD, "consent": "on"})
    assert len(hashed) == 1


def test_whoever_has_an_account_signs_in_where_they_signed_up_again():
    """Their letter says so, and no code ever comes."""
    user = person_with_account(email="punya@contoh.test")
    browser = Client()
    said = {"email": user.email, "password1": OTHER, "consent": "on"}
    browser.post("/akun/signup/", said)
    assert newest(user.email).kind == "account_already_exists"
    assert 'href="/akun/login/"' in browser.get("/akun/confirm-email/").content.decode()

    page = browser.get("/akun/login/")
    assert page.status_code == 200
    assert "/akun/confirm-email/" in page.content.decode()
    assert browser.get("/akun/login/code/").status_code == 200
    assert browser.get("/akun/password/reset/").status_code == 200
    browser.post("/akun/login/", {"login": user.email, "password": PASSWORD})

    assert browser.session["_auth_user_id"] == str(user.pk)
    assert "Menunggu dipastikan" not in browser.get("/akun/email/").content.decode()
