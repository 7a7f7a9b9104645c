"""The app meets codes and digests, never a number of our database."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession

from accounts import app_ids
from accounts.models import User
from tests.accounts.entering import PASSWORD, Phone, person_with_account

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"  # of a test
KEYS = "account/authenticators/webauthn"


def numbers_called_id(node: Any) -> Iterator[int]:
    if isinstance(node, list):
        for each in node:
            yield from numbers_called_id(each)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "id" and isinstance(value, int):
                yield value
            yield from numbers_called_id(value)


def with_key(user: User, monkeypatch: pytest.MonkeyPatch) -> Authenticator:
    data = {"name": "Kunci 1", "credential": {}}
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.WebAuthn.is_passwordless", None)
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def test_an_account_is_called_by_its_code():
    user, phone = person_with_account(), Phone()
    answer = phone.auth("auth/login", {"email": user.email, "password": PASSWORD})
    assert answer.json()["data"]["user"]["id"] == user.code
    assert not list(numbers_called_id(answer.json()))


def test_a_session_has_an_opaque_id_that_ends_it():
    user = person_with_account()
    here, there = Phone().sign_in(user), Phone().sign_in(user)
    listed = here.auth("auth/sessions", method="GET").json()
    assert not list(numbers_called_id(listed))
    other = next(each["id"] for each in listed["data"] if not each["is_current"])

    for wrong in (UserSession.objects.earliest("pk").pk, "x", None, [1]):
        answer = here.auth("auth/sessions", {"sessions": [wrong]}, method="DELETE")
        assert answer.status_code == 400
    answer = (
        Phone()
        .sign_in(person_with_account())
        .auth("auth/sessions", {"sessions": [other]}, method="DELETE")
    )
    assert answer.status_code == 400

    answer = here.auth("auth/sessions", {"sessions": [other]}, method="DELETE")
    assert [each["is_current"] for each in answer.json()["data"]] == [True]
    assert there.send("GET", "/api/v1/me").status_code == 401


def test_the_row_of_a_second_factor_is_not_told():
    user, phone = person_with_account(), Phone()
    totp.TOTP.activate(user, SECRET)
    phone.auth("auth/login", {"email": user.email, "password": PASSWORD})
    code = totp.format_hotp_value(
        totp.hotp_value(SECRET, next(totp.yield_hotp_counters_from_time()))
    )
    answer = phone.auth("auth/2fa/authenticate", {"code": code})
    assert answer.status_code == 200, answer.content
    assert [each["method"] for each in answer.json()["data"]["methods"]] == ["password", "mfa"]
    assert not list(numbers_called_id(answer.json()))


def test_a_security_key_has_an_opaque_id_that_renames_it(monkeypatch: pytest.MonkeyPatch):
    user = person_with_account()
    phone = Phone().sign_in(user)
    key = with_key(user, monkeypatch)
    phone.auth("auth/reauthenticate", {"password": PASSWORD})
    listed = phone.auth("account/authenticators", method="GET").json()
    assert not list(numbers_called_id(listed))
    called = listed["data"][0]["id"]

    wrong = phone.auth(KEYS, {"id": key.pk, "name": "Lain"}, method="PUT")
    assert wrong.status_code == 400
    renamed = phone.auth(KEYS, {"id": called, "name": "Lain"}, method="PUT").json()
    assert (renamed["data"]["id"], renamed["data"]["name"]) == (called, "Lain")
    phone.auth(KEYS, {"authenticators": [called]}, method="DELETE")
    assert not Authenticator.objects.exists()


def test_ids_of_different_kinds_and_rows_differ():
    told = {app_ids.opaque(kind, pk) for kind in (app_ids.SESSION, app_ids.KEY) for pk in (1, 2)}
    assert len(told) == 4
    assert not any(json.dumps(each).isdigit() for each in told)
