"""An officer's second factor in a real browser: enrol, sign out, sign in, enter the admin.

By name, not by number: a security key is bound to a domain, and an address is none.
"""

import re
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from accounts.models import User
from tests.accounts.entering import PASSWORD, code_for
from tests.browser.security_key import plug_in_a_key, send
from tests.browser.visitor import Visitor
from tests.factories import OfficerPostFactory, UserFactory


@pytest.fixture
def officer(portal) -> User:
    user = UserFactory(password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return OfficerPostFactory(user=user, role="COUNTER").user


@pytest.fixture
def phone(phones, portal) -> Iterator[Visitor]:
    visitor = Visitor(phones, portal.url.replace("127.0.0.1", "localhost"))
    yield visitor
    visitor.close()


def give_password(visitor: Visitor) -> None:
    visitor.page.get_by_label("Kata sandi").fill(PASSWORD)
    send(visitor)


def sign_in(visitor: Visitor, user: User) -> None:
    """With the password, on the way to the admin."""
    visitor.page.goto("/admin/")
    visitor.page.get_by_label("Alamat e-mail").fill(user.email)
    give_password(visitor)


def sign_out(visitor: Visitor) -> None:
    visitor.page.goto("/akun/logout/")
    send(visitor)


def expect_admin(visitor: Visitor) -> None:
    expect(visitor.page).to_have_url(re.compile("/admin/$"))
    assert visitor.troubles == []


def expect_closed(visitor: Visitor) -> None:
    """Neither the admin nor the counter opens."""
    for path in ("/admin/", "/loket/"):
        visitor.page.goto(path)
        assert visitor.page.url.split("?")[0].removeprefix(visitor.url).startswith("/akun/")


def next_code(secret: str, used: set[str]) -> str:
    """One that the app may show now and that has not been used: a code serves once."""
    counters = totp.yield_hotp_counters_from_time()
    codes = [totp.format_hotp_value(totp.hotp_value(secret, counter)) for counter in counters]
    code = next(code for code in codes if code not in used)
    used.add(code)
    return code


def give_code(visitor: Visitor, code: str) -> None:
    visitor.page.locator("input[name=code]").fill(code)
    send(visitor)


def test_a_security_key_opens_the_admin(phone, officer):
    plug_in_a_key(phone)
    page = phone.page

    sign_in(phone, officer)
    phone.check()
    expect_closed(phone)
    page.goto("/admin/")
    phone.press(page.get_by_role("link", name="Tambah kunci"))
    phone.check()
    give_password(phone)
    phone.check()
    phone.press(page.get_by_role("button", name="Tambah kunci"))
    phone.check()
    page.goto("/admin/")
    phone.press(page.get_by_role("link", name="Pakai kunci keamanan"))
    phone.check()
    phone.press(page.get_by_role("button", name="Pakai kunci keamanan"))
    expect_admin(phone)

    sign_out(phone)
    sign_in(phone, officer)
    phone.check()
    expect_closed(phone)
    phone.press(page.get_by_role("button", name="Pakai kunci keamanan"))
    expect_admin(phone)


def test_an_app_opens_the_admin(phone, officer):
    page, used = phone.page, set()

    sign_in(phone, officer)
    phone.press(page.get_by_role("link", name="Pasang aplikasi"))
    give_password(phone)
    phone.check()
    give_code(phone, "000000")
    phone.check()
    secret = page.get_by_label("Rahasia").input_value()
    give_code(phone, next_code(secret, used))
    phone.check()
    expect(page.locator("main .code")).to_have_count(10)
    page.goto("/admin/")
    phone.check()
    give_code(phone, next_code(secret, used))
    expect_admin(phone)

    sign_out(phone)
    sign_in(phone, officer)
    expect_closed(phone)
    give_code(phone, "000000")
    phone.check()
    give_code(phone, next_code(secret, used))
    expect_admin(phone)


def test_a_spare_code_leads_to_a_new_second_factor_once(phone, officer):
    totp.TOTP.activate(officer, totp.generate_totp_secret())
    spare = RecoveryCodes.activate(officer).get_unused_codes()[0]

    sign_in(phone, officer)
    give_code(phone, spare)
    expect(phone.page.get_by_role("link", name="Tambah kunci")).to_be_visible()
    phone.check()
    expect_closed(phone)

    sign_out(phone)
    sign_in(phone, officer)
    give_code(phone, spare)
    expect(phone.page.get_by_text("Kode tidak cocok").first).to_be_visible()
    expect_closed(phone)


def test_a_key_that_fails_says_so_on_the_page(phone, officer):
    sign_in(phone, officer)
    phone.press(phone.page.get_by_role("link", name="Tambah kunci"))
    give_password(phone)
    phone.page.evaluate(
        "() => { navigator.credentials.create = () => Promise.reject(new Error('no')); }"
    )

    phone.page.get_by_role("button", name="Tambah kunci").click()

    expect(phone.page.get_by_role("alert")).to_contain_text("Kunci tidak terbaca")
    phone.check()


def test_a_code_from_a_mail_is_no_second_factor(phone, officer):
    page = phone.page
    page.goto("/akun/login/code/?next=/admin/")
    page.get_by_label("Alamat e-mail").fill(officer.email)
    send(phone)
    give_code(phone, code_for(officer.email))
    expect_closed(phone)
    sign_out(phone)

    totp.TOTP.activate(officer, totp.generate_totp_secret())
    page.goto("/akun/login/code/?next=/admin/")
    page.get_by_label("Alamat e-mail").fill(officer.email)
    send(phone)
    give_code(phone, code_for(officer.email))

    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    expect_closed(phone)
