"""Signing up and in with the mobile app, and what a token opens."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Consent, Message, User
from tests.accounts.entering import PASSWORD, Phone, code_for, newest, person_with_account

pytestmark = pytest.mark.django_db
ADDRESS = "warga@contoh.test"
SIGNUP = {"email": ADDRESS, "password": PASSWORD, "consent": True}


def test_the_app_asks_for_consent_too():
    for consent in ({}, {"consent": False}):
        answer = Phone().auth("auth/signup", {"email": ADDRESS, "password": PASSWORD} | consent)
        assert answer.status_code == 400
        assert [error["param"] for error in answer.json()["errors"]] == ["consent"]
    assert not User.objects.exists()


def test_signing_up_verifying_and_using_the_api():
    phone = Phone()

    answer = phone.auth("auth/signup", SIGNUP)
    assert answer.status_code == 401
    pending = [flow["id"] for flow in answer.json()["data"]["flows"] if flow.get("is_pending")]
    assert pending == ["verify_email"]
    assert Consent.objects.count() == 1
    assert phone.send("GET", "/api/v1/me").status_code == 401

    code = code_for(ADDRESS).replace("-", "").lower()
    assert phone.auth("auth/email/verify", {"key": code}).status_code == 200
    me = phone.send("GET", "/api/v1/me")
    assert me.status_code == 200
    assert me.json()["email"] == ADDRESS


def test_a_message_that_cannot_be_written_leaves_no_account(monkeypatch: pytest.MonkeyPatch):
    def break_down(**_fields: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("accounts.adapters.messages.enqueue", break_down)
    with pytest.raises(RuntimeError):
        Phone().auth("auth/signup", SIGNUP)
    assert not User.objects.exists()


def test_a_known_address_is_answered_like_a_new_one():
    owner = person_with_account()
    answers = [
        Phone().auth("auth/signup", SIGNUP | {"email": address})
        for address in ("baru@contoh.test", owner.email)
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    first, second = (answer.json()["data"] for answer in answers)
    assert first == second
    assert newest(owner.email).kind == "account_already_exists"


def test_a_pending_address_cannot_be_changed_for_new_or_known():
    owner = person_with_account()
    for address in ("baru@contoh.test", owner.email):
        phone = Phone()
        phone.auth("auth/signup", SIGNUP | {"email": address})
        assert phone.auth("account/email", {"email": "lain@contoh.test"}).status_code == 409


def test_signing_in_and_out_with_a_password():
    phone = Phone().sign_in(person_with_account())
    assert phone.send("GET", "/api/v1/me").status_code == 200

    stale = phone.token
    phone.auth("auth/session", method="DELETE")

    phone.token = stale
    assert phone.send("GET", "/api/v1/me").status_code == 401


def test_signing_in_with_a_code():
    user, phone = person_with_account(), Phone()
    assert phone.auth("auth/code/request", {"email": user.email}).status_code == 401
    assert phone.auth("auth/code/confirm", {"code": "BBBB-BBBB"}).status_code == 400
    answer = phone.auth("auth/code/confirm", {"code": code_for(user.email)})
    assert answer.status_code == 200
    assert phone.send("GET", "/api/v1/me").status_code == 200


def test_resetting_a_password_by_code():
    user, phone = person_with_account(), Phone()
    assert phone.auth("auth/password/request", {"email": user.email}).status_code == 401
    key, new = code_for(user.email), "teh-manis-di-sore-hari"
    phone.auth("auth/password/reset", {"key": key, "password": new})
    user.refresh_from_db()
    assert user.check_password(new)


def test_devices_are_listed_and_signed_out():
    user = person_with_account()
    here, there = Phone().sign_in(user), Phone().sign_in(user)
    devices = here.auth("auth/sessions", method="GET").json()["data"]
    other = next(device["id"] for device in devices if not device["is_current"])
    here.auth("auth/sessions", {"sessions": [other]}, method="DELETE")
    assert here.send("GET", "/api/v1/me").status_code == 200
    assert there.send("GET", "/api/v1/me").status_code == 401


@pytest.mark.parametrize("token", [None, "bukan-token", "x" * 500])
def test_no_token_and_a_stale_one_are_401_not_403(client: Any, token: str | None):
    headers = {"X-Session-Token": token} if token else {}
    answer = client.get("/api/v1/me", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "X-Session-Token"
    assert answer.json()["code"] == "not_signed_in"


def test_a_stale_token_does_not_close_what_is_public(client: Any):
    answer = client.get("/api/v1/offices", headers={"X-Session-Token": "sudah-lama-lewat"})
    assert answer.status_code in {200, 404}  # never 401


def test_an_account_that_was_closed_is_401_at_once():
    user = person_with_account()
    phone = Phone().sign_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert phone.send("GET", "/api/v1/me").status_code == 401


def test_many_people_behind_one_address_can_sign_up():
    for number in range(40):
        answer = Phone().auth("auth/signup", SIGNUP | {"email": f"w{number}@contoh.test"})
        assert answer.status_code == 401
    assert Message.objects.count() == 40


def test_an_address_that_is_verified_is_not_verified_again():
    owner = person_with_account()
    phone = Phone().sign_in(owner)
    asked = phone.auth("account/email", {"email": owner.email}, method="PUT")
    assert asked.status_code == 409
    assert not Message.objects.filter(kind="email_confirmation").exists()


def test_a_code_that_comes_after_the_address_was_verified_elsewhere():
    phone = Phone()
    phone.auth("auth/signup", SIGNUP)
    EmailAddress.objects.filter(email=ADDRESS).update(verified=True)
    late = phone.auth("auth/email/verify", {"key": code_for(ADDRESS)})
    assert late.status_code == 409
    assert phone.send("GET", "/api/v1/me").status_code == 401
