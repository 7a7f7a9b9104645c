"""Every page of the account, on a small phone in the light and on a desk in the dark."""

from collections.abc import Iterator
from itertools import count

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from accounts.models import Consent, User
from tests.accounts.entering import PASSWORD, code_for, person_with_account
from tests.browser.security_key import plug_in_a_key, send
from tests.browser.visitor import IN_TURN, Visitor
from tests.factories import ApplicantFactory, MessageFactory

NEWCOMER = "sukarti@contoh.test"


@pytest.fixture
def citizen(portal) -> User:
    user = person_with_account(email="i.gusti.ayu.mirah.kencana.dewi.panjang@contoh.test")
    ApplicantFactory(account=user, code="4T7KQ2M8XR9B", is_holder=True)
    ApplicantFactory(account=user, name="I Gusti Ayu Agung Istri Mirah Kencana Dewi")
    for number, state in enumerate(["QUEUED", "DELIVERED", "REFUSED"]):
        MessageFactory(
            user=user, state=state, dedup_key=f"uji-{number}", message_id=f"<{number}@x>"
        )
    return user


@pytest.fixture(params=IN_TURN)
def visitor(phones, portal, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    visitor = Visitor(phones, portal.url.replace("127.0.0.1", "localhost"))
    visitor.looks = count(request.param)
    yield visitor
    visitor.close()


def look(visitor: Visitor) -> None:
    """Check the page that stands there, in the look whose turn it is."""
    visitor.take(next(visitor.looks))
    visitor.check()


def look_at(visitor: Visitor, *paths: str) -> None:
    for path in paths:
        answer = visitor.page.goto(path)
        assert answer.status == 200, path
        assert visitor.page.url == visitor.url + path
        look(visitor)


def fill(visitor: Visitor, **said: str) -> None:
    for name, value in said.items():
        visitor.page.locator(f"main input[name={name}]").fill(value)
    send(visitor)


def enter(visitor: Visitor, user: User) -> None:
    """With the password, and once more for what concerns the account's safety."""
    visitor.page.goto("/akun/login/")
    fill(visitor, login=user.email, password=PASSWORD)
    visitor.page.goto("/akun/reauthenticate/")
    look(visitor)
    fill(visitor, password=PASSWORD)


def test_signing_up_and_in(visitor, citizen):
    page = visitor.page

    look_at(visitor, "/akun/signup/")
    page.locator("main form").evaluate("form => { form.noValidate = true; }")
    fill(visitor, email="bukan alamat", password1="123")
    look(visitor)
    page.get_by_label("pemberitahuan privasi", exact=False).check()
    fill(visitor, email=NEWCOMER, password1=PASSWORD)
    look(visitor)
    fill(visitor, code="AAAA-AAAA")
    look(visitor)
    fill(visitor, code=code_for(NEWCOMER))
    expect(page.get_by_role("heading", level=1)).to_have_text("Janji saya")
    page.goto("/akun/logout/")
    look(visitor)
    send(visitor)

    look_at(visitor, "/akun/login/", "/akun/inactive/")
    page.goto("/akun/login/")
    fill(visitor, login=citizen.email, password="bukan-ini-katanya")
    look(visitor)
    look_at(visitor, "/akun/login/code/")
    fill(visitor, email=citizen.email)
    look(visitor)

    visitor.context.clear_cookies()
    look_at(visitor, "/akun/password/reset/")
    fill(visitor, email=citizen.email)
    look(visitor)
    fill(visitor, code=code_for(citizen.email))
    look(visitor)
    fill(visitor, password1=f"{PASSWORD}-baru", password2=f"{PASSWORD}-baru")
    look(visitor)


def test_ones_own_pages(visitor, citizen):
    enter(visitor, citizen)

    look_at(
        visitor,
        *("/akun/", "/akun/pemohon/", "/akun/pemohon/tambah/", "/akun/pemohon/4T7KQ2M8XR9B/"),
        *("/akun/pemohon/4T7KQ2M8XR9B/hapus/", "/akun/pesan/", "/akun/data/", "/akun/data/hapus/"),
        *("/akun/sessions/", "/akun/password/change/", "/akun/email/", "/akun/persetujuan/"),
    )
    visitor.page.goto("/akun/pemohon/tambah/")
    visitor.page.locator("main form").evaluate("form => { form.noValidate = true; }")
    fill(visitor, name="", nik="12")
    look(visitor)
    visitor.page.goto("/akun/email/")
    fill(visitor, email="alamat.baru@contoh.test")
    look(visitor)
    look_at(visitor, "/akun/email/")

    Consent.objects.filter(user=citizen).update(notice_version="2020-01")
    look_at(visitor, "/akun/", "/akun/persetujuan/")


def test_the_pages_of_the_second_factor(visitor, citizen):
    plug_in_a_key(visitor)
    enter(visitor, citizen)

    look_at(visitor, "/akun/2fa/", "/akun/2fa/totp/activate/", "/akun/2fa/webauthn/add/")
    visitor.press(visitor.page.get_by_role("button", name="Tambah kunci"))
    look(visitor)
    totp.TOTP.activate(citizen, totp.generate_totp_secret())
    look_at(
        visitor,
        *("/akun/2fa/", "/akun/2fa/totp/deactivate/", "/akun/2fa/webauthn/"),
        *("/akun/2fa/recovery-codes/", "/akun/2fa/recovery-codes/generate/"),
        *("/akun/2fa/reauthenticate/", "/akun/2fa/webauthn/reauthenticate/"),
    )
    for page in ("Ganti nama", "Hapus kunci"):
        visitor.page.goto("/akun/2fa/webauthn/")
        visitor.press(visitor.page.get_by_role("link", name=page))
        look(visitor)

    visitor.context.clear_cookies()
    visitor.page.goto("/akun/login/")
    fill(visitor, login=citizen.email, password=PASSWORD)
    look(visitor)
