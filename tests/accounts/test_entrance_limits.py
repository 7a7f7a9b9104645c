"""Guessing ends soon, and whoever guesses shuts nobody out but themselves."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django_ratelimit import core

from accounts.models import Message, User
from paspor.kernel import ratelimit
from tests.accounts.entering import PASSWORD, Phone, person_with_account

pytestmark = pytest.mark.django_db
LOGIN = "/akun/login/"
HERE, ELSEWHERE = "203.0.113.1", "198.51.100.1"
ADDRESS = "warga@contoh.test"
SIGNUP = {"email": ADDRESS, "password1": PASSWORD, "consent": "on"}


@pytest.fixture(autouse=True)
def _limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, at one moment: a window that ends meanwhile would begin a new count."""
    settings.RATELIMIT_ENABLE = True
    monkeypatch.setattr(core, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))


def browser(address: str = HERE) -> Client:
    client = Client(REMOTE_ADDR=address)
    client.cookies["csrftoken"] = "x" * 32  # as after any page with a form
    return client


def try_password(client: Client, user: User, password: str = "salah-salah") -> Any:
    return client.post(LOGIN, {"login": user.email, "password": password})


def guess_until_refused(client: Client, user: User) -> Any:
    for _attempt in range(50):
        answer = try_password(client, user)
        if answer.status_code == 429:
            return answer
    raise AssertionError("Guessing went on.")


def test_guessing_ends_with_a_page_that_says_when_to_come_back():
    answer = guess_until_refused(browser(), person_with_account())
    seconds = int(answer.headers["Retry-After"])
    assert 1 <= seconds <= 300
    wait = f"{seconds} detik" if seconds < 90 else f"{-(-seconds // 60)} menit"
    assert wait in answer.content.decode()


def test_the_app_is_told_the_same_as_a_problem():
    user, phone = person_with_account(), Phone()
    wrong = {"email": user.email, "password": "salah-salah"}
    answer = next(
        answer
        for answer in (phone.auth("auth/login", wrong) for _attempt in range(50))
        if answer.status_code != 400
    )
    assert answer.status_code == 429
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["code"], body["retry_after"]) == (
        "too_many_requests",
        int(answer.headers["Retry-After"]),
    )
    assert "lagi." in body["detail"]


def test_a_stranger_elsewhere_does_not_shut_the_owner_out():
    user = person_with_account()
    guess_until_refused(browser(ELSEWHERE), user)
    assert try_password(browser(), user, PASSWORD).status_code == 302


def test_a_device_that_was_signed_in_before_counts_by_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(ratelimit.LIMITS, "sign_in", {"pair": "10/h", "person": "12/h"})
    user, own = person_with_account(), browser()
    assert try_password(own, user, PASSWORD).status_code == 302
    own.post("/akun/logout/")
    for number in range(3):
        guess_until_refused(browser(HERE if number else ELSEWHERE), user)

    assert try_password(browser("192.0.2.7"), user, PASSWORD).status_code == 429
    assert try_password(own, user, PASSWORD).status_code == 302


def test_a_device_that_was_signed_in_before_may_not_guess_on():
    user, own = person_with_account(), browser()
    try_password(own, user, PASSWORD)
    own.post("/akun/logout/")
    guess_until_refused(own, user)


def test_guessing_from_many_networks_ends_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(ratelimit.LIMITS, "sign_in", {"pair": "10/h", "person": "20/h"})
    user = person_with_account()
    answers = [try_password(browser(f"203.0.113.{number}"), user) for number in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]


@pytest.mark.parametrize("path", ["/akun/login/code/", "/akun/password/reset/"])
@pytest.mark.parametrize("known", [True, False])
def test_codes_run_out_for_who_asks_and_not_for_the_owner(path: str, known: bool):
    address = person_with_account().email if known else "siapa@contoh.test"
    answers = [browser(ELSEWHERE).post(path, {"email": address}) for _attempt in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert browser().post(path, {"email": address}).status_code == 302


@pytest.mark.parametrize("known", [True, False])
def test_sending_again_is_limited_alike_for_new_and_known(known: bool):
    if known:
        person_with_account(email=ADDRESS)
    client = browser()
    assert client.post("/akun/signup/", SIGNUP).status_code == 302
    again = client.post("/akun/confirm-email/", {"action": "resend"})
    assert again.status_code == 429
    assert 1 <= int(again.headers["Retry-After"]) <= 30


def test_a_refused_sign_up_leaves_no_account(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(ratelimit.LIMITS, "verify_code", {"pair": "0/h"})
    assert browser().post("/akun/signup/", SIGNUP | {"action": "resend"}).status_code == 429
    assert not User.objects.exists()
    assert not Message.objects.exists()


def test_what_allauth_still_counts_counts_by_the_minute():
    """refusals.too_many says a minute, since allauth does not tell which limit it was."""
    rates = configured.ACCOUNT_RATE_LIMITS | {"login_failed": ""}
    periods = {rate.split("/")[1] for rate in rates.values() if rate}
    assert periods == {"m"}


def sign_up_as(client: Client, address: str) -> int:
    return client.post("/akun/signup/", SIGNUP | {"email": address}).status_code


@pytest.mark.parametrize("has_account", [True, False])
def test_sign_ups_of_one_mailbox_end_whether_it_has_an_account_or_not(has_account: bool):
    if has_account:
        person_with_account(email=ADDRESS)
    told = [sign_up_as(browser(), f"warga+{n}@contoh.test" if n else ADDRESS) for n in range(7)]
    assert told == [302] * 6 + [429]


def test_sign_ups_from_elsewhere_shut_nobody_out():
    for n in range(7):
        sign_up_as(browser(ELSEWHERE), f"warga+{n}@contoh.test")
    assert sign_up_as(browser(), ADDRESS) == 302


def test_a_code_for_the_password_asked_for_again_counts_like_the_first():
    user, client = person_with_account(), browser()
    client.post("/akun/password/reset/", {"email": user.email})
    most = ratelimit.split_rate(ratelimit.LIMITS["mail_code"]["pair"])[0]
    again = ("/akun/password/reset/confirm/", {"action": "resend"})

    said = [client.post(*again).status_code for _attempt in range(most)]

    assert said == [302] * (most - 1) + [429]
    assert Message.objects.filter(kind="password_reset_code").count() == most
