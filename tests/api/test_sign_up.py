"""Signing up from the mobile app, as docs/api.md tells it."""

import re

import pytest
from rest_framework.test import APIClient

from accounts.models import Consent, Message

AUTH = "/_allauth/app/v1/auth"
NEWCOMER = {"email": "baru@contoh.test", "password": "rahasia-sekali-99", "consent": True}

Headers = dict[str, str]


def newest_token(answer: dict[str, dict[str, str]]) -> Headers:
    return {"X-Session-Token": answer["meta"]["session_token"]}


def mailed_code() -> str:
    return re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", Message.objects.get().text)[0]


@pytest.fixture
def app(db: None) -> APIClient:
    return APIClient()


@pytest.fixture
def waiting(app: APIClient) -> Headers:
    """The token of a sign-up that waits for its code."""
    response = app.post(f"{AUTH}/signup", NEWCOMER)
    assert response.status_code == 401
    assert "verify_email" in {flow["id"] for flow in response.json()["data"]["flows"]}
    return newest_token(response.json())


@pytest.fixture
def signed_in(app: APIClient, waiting: Headers) -> Headers:
    response = app.post(f"{AUTH}/email/verify", {"key": mailed_code()}, headers=waiting)
    assert response.status_code == 200
    return newest_token(response.json())


def test_before_the_code_nobody_is_signed_in(app: APIClient, waiting: Headers) -> None:
    assert app.get("/api/v1/me", headers=waiting).status_code == 401


def test_newcomer_is_known_with_the_newest_token(app: APIClient, signed_in: Headers) -> None:
    me = app.get("/api/v1/me", headers=signed_in)

    assert (me.status_code, me.json()["email"]) == (200, NEWCOMER["email"])
    assert Consent.objects.get().user.email == NEWCOMER["email"]


def test_token_is_gone_after_signing_out(app: APIClient, signed_in: Headers) -> None:
    app.delete(f"{AUTH}/session", headers=signed_in)

    assert app.get("/api/v1/me", headers=signed_in).status_code == 401


def test_sign_up_without_consent_is_refused(app: APIClient) -> None:
    response = app.post(f"{AUTH}/signup", NEWCOMER | {"consent": False})

    assert (response.status_code, response.json()["errors"][0]["param"]) == (400, "consent")
