"""Signing up and in, for tests that start from there."""

import json
import re
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Message, User
from paspor.kernel import device
from tests.factories import UserFactory

PASSWORD = "kopi-hitam-di-pagi-hari"
CODE = re.compile(r"^[A-Z]{4}-[A-Z]{4}$", re.MULTILINE)


def newest(address: str) -> Message:
    return Message.objects.filter(to=address).latest("pk")


def code_for(address: str) -> str:
    """The code as the newest mail to this address says it."""
    return CODE.search(newest(address).text).group()


def person_with_account(**fields: Any) -> User:
    user = UserFactory(password=PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def signed_in(user: User) -> Client:
    """Through the door, so that the session knows when."""
    browser = Client()
    browser.post("/akun/login/", {"login": user.email, "password": PASSWORD})
    return browser


def surely(browser: Client) -> Client:
    """The same, having typed the password once more for something that matters."""
    browser.post("/akun/reauthenticate/", {"password": PASSWORD})
    return browser


class Phone:
    """The mobile app: JSON, and always the newest session token."""

    def __init__(self, installation: str = "") -> None:
        self.client = Client()
        self.token = ""
        self.always = {device.HEADER: installation} if installation else {}

    def send(self, method: str, path: str, body: Any = None) -> Any:
        headers = self.always | ({"X-Session-Token": self.token} if self.token else {})
        answer = self.client.generic(
            method,
            path,
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )
        if answer.content and "json" in answer.headers["Content-Type"]:
            self.token = (answer.json().get("meta") or {}).get("session_token", self.token)
        return answer

    def auth(self, path: str, body: Any = None, method: str = "POST") -> Any:
        return self.send(method, f"/_allauth/app/v1/{path}", body)

    def sign_in(self, user: User) -> "Phone":
        answer = self.auth("auth/login", {"email": user.email, "password": PASSWORD})
        assert answer.status_code == 200, answer.content
        return self
