"""What the app is refused while it signs in has the shape of every other refusal."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
LOGIN = "/_allauth/app/v1/auth/login"
JSON = "application/json"


@pytest.mark.parametrize(
    ("path", "body", "content_type", "status", "code"),
    [
        (LOGIN, "{", JSON, 400, "malformed"),
        (LOGIN, "[]", JSON, 400, "malformed"),
        (LOGIN, "[" * 50_000, JSON, 400, "malformed"),
        (LOGIN, b"\xff", JSON, 400, "malformed"),
        (LOGIN, '{"email": "a@contoh.test", "password": "\\ud800"}', JSON, 400, "malformed"),
        (LOGIN, "email=a", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (LOGIN, "{}", "text/plain", 415, "unsupported_media_type"),
        (LOGIN, '{"email": "%s"}' % ("a" * 300_000), JSON, 413, "too_large"),
        ("/_allauth/app/v1/nothing", "{}", JSON, 404, "not_found"),
        ("/_allauth/", "{}", JSON, 404, "not_found"),
        ("/_allauth/app/v1/config", "{}", JSON, 405, "method_not_allowed"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_it_is_a_problem_with_our_code(
    client: Client, path: str, body: Any, content_type: str, status: int, code: str
):
    answer = client.post(path, body, content_type=content_type)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["code"]) == (status, code)
    assert answer.json()["instance"] == answer.headers["X-Request-ID"]
    assert ("Allow" in answer.headers) is (status == 405)


def test_what_a_form_refuses_keeps_allauths_shape(client: Client):
    answer = client.post(LOGIN, {"email": "a@contoh.test"}, content_type=JSON)
    assert answer.status_code == 400
    assert [error["param"] for error in answer.json()["errors"]] == ["password"]
