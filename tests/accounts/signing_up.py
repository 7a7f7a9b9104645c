"""Signing up, and the page that waits for a code from a mail."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.accounts.entering import PASSWORD

TYPED = "warga@gamil.com"
MEANT = "warga@gmail.com"
WAITING = "/akun/confirm-email/"
STATE = "/akun/kode/"
ASK = "/akun/kode/loket/"
ADDRESS = "warga@contoh.test"
OTHER = "sandi-orang-iseng-itu"


def sign_up(browser: Client, address: str = TYPED, **more: Any) -> None:
    said = {"email": address, "password1": PASSWORD, "consent": "on"}
    assert browser.post("/akun/signup/", said, **more).url == WAITING


def page(browser: Client, path: str = WAITING) -> str:
    return browser.get(path).content.decode()


def wait(browser: Client, **long: float) -> None:
    """As if this browser had begun so long ago."""
    session = browser.session
    before = (timezone.now() - timedelta(**long)).isoformat()
    session["accounts_code_asked_at"] = before
    session["accounts_waiting_sign_up"] |= {"at": before}
    session.save()


def sign_in(password: str = PASSWORD) -> bool:
    browser = Client()
    browser.post("/akun/login/", {"login": ADDRESS, "password": password})
    return browser.get("/akun/").status_code == 200
