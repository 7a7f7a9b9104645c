"""An app's token is a session too: it opens neither the admin nor the counter by itself."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from accounts.models import User
from tests.accounts.entering import PASSWORD, Phone, person_with_account
from tests.factories import OfficerPostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return OfficerPostFactory(user=person_with_account(), role="COUNTER").user


@pytest.fixture
def enrolled(officer: User) -> User:
    totp.TOTP.activate(officer, totp.generate_totp_secret())
    return officer


def landings(token: str) -> list[str]:
    """Where the token leads to, carried as a cookie and as the app's own header."""
    by_cookie = Client()
    by_cookie.cookies["sessionid"] = token
    return [
        browser.get(path, headers=headers, follow=True).request["PATH_INFO"]
        for browser, headers in ((by_cookie, {}), (Client(), {"X-Session-Token": token}))
        for path in ("/admin/", "/loket/")
    ]


def test_a_token_without_a_second_factor_is_led_to_enrol(officer):
    phone = Phone().sign_in(officer)

    assert landings(phone.token) == ["/akun/2fa/", "/akun/2fa/", "/akun/login/", "/akun/login/"]


def test_a_token_that_awaits_the_second_factor_is_not_signed_in(enrolled):
    phone = Phone()

    answer = phone.auth("auth/login", {"email": enrolled.email, "password": PASSWORD})

    assert answer.status_code == 401
    assert phone.send("GET", "/api/v1/me").status_code == 401
    assert all(path.startswith("/akun/2fa/authenticate") for path in landings(phone.token)[:2])
    assert landings(phone.token)[2:] == ["/akun/login/", "/akun/login/"]


def test_a_token_from_before_the_enrolment_is_asked_for_it(officer):
    phone = Phone().sign_in(officer)
    totp.TOTP.activate(officer, totp.generate_totp_secret())

    assert landings(phone.token)[:2] == ["/akun/2fa/reauthenticate/"] * 2
