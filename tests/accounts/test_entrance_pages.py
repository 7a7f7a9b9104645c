"""Signing up, in and out on the web."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils import timezone

from accounts import adapters
from accounts.models import Consent, Message, User
from paspor import settings as real
from tests.accounts.entering import (
    PASSWORD,
    code_for,
    newest,
    person_with_account,
    signed_in,
    surely,
)
from tests.cache_prefix import new_cache_prefix
from tests.factories import ApplicantFactory

pytestmark = pytest.mark.django_db
ADDRESS = "warga@contoh.test"
SIGNUP = {"email": "Warga@Contoh.test", "password1": PASSWORD, "consent": "on"}
WAITING = "/akun/confirm-email/"


def test_signing_up_asks_for_consent_and_keeps_what_was_typed(client: Client):
    answer = client.post("/akun/signup/", {"email": ADDRESS, "password1": PASSWORD})
    page = answer.content.decode()
    assert "Setujui pemberitahuan privasi" in page
    assert f'value="{ADDRESS}"' in page
    assert not User.objects.exists()


def test_signing_up_writes_account_consent_and_message_together(client: Client, settings: Any):
    answer = client.post("/akun/signup/", SIGNUP, headers={"Accept-Language": "en"})

    assert answer.url == WAITING
    user = User.objects.get()
    assert (user.email, user.language) == (ADDRESS, "en")
    assert user.password.startswith("md5$")  # of the test's settings; argon2 in the real ones
    assert Consent.objects.get().notice_version == settings.PRIVACY_NOTICE_VERSION
    message = Message.objects.get()
    assert (message.user, message.to, message.language) == (user, ADDRESS, "en")
    assert message.urgent
    lifetime = message.not_after - timezone.now()
    assert timedelta(minutes=14) < lifetime <= timedelta(minutes=15)
    assert message.text.startswith(code_for(ADDRESS))
    assert code_for(ADDRESS) in message.html
    assert code_for(ADDRESS) not in message.subject


def test_argon2_is_the_first_hasher():
    assert "Argon2" in real.PASSWORD_HASHERS[0]


def test_a_message_that_cannot_be_written_leaves_no_account(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    def break_down(**_fields: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(adapters.messages, "enqueue", break_down)
    with pytest.raises(RuntimeError):
        client.post("/akun/signup/", SIGNUP)
    assert not User.objects.exists()


def test_the_waiting_page_says_where_the_mail_is_and_to_which_address(client: Client):
    client.post("/akun/signup/", SIGNUP)
    page = client.get(WAITING).content.decode()
    assert ADDRESS in page
    assert "menunggu dikirim" in page

    Message.objects.update(state="REFUSED")
    assert "ditolak server penerima" in client.get(WAITING).content.decode()
    assert "ditolak server penerima" in client.get("/akun/kode/").content.decode()
    assert "ditolak" not in Client().get("/akun/kode/").content.decode()


@pytest.mark.parametrize("typed", ["{}", "{l}", " {l} ", "{s}", "{ls}"])
def test_the_code_may_be_typed_with_or_without_dash_in_any_case(client: Client, typed: str):
    client.post("/akun/signup/", SIGNUP)
    code = code_for(ADDRESS)
    bare = code.replace("-", "")

    answer = client.post(
        WAITING, {"code": typed.format(code, l=code.lower(), s=bare, ls=bare.lower())}
    )

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_a_wrong_code_says_so_and_three_end_it(client: Client):
    client.post("/akun/signup/", SIGNUP)
    for _attempt in range(2):
        answer = client.post(WAITING, {"code": "BBBB-BBBB"})
        assert "Kode tidak cocok" in answer.content.decode()
    assert client.post(WAITING, {"code": "BBBB-BBBB"}).status_code == 302
    code = code_for(ADDRESS)
    assert client.post(WAITING, {"code": code}).url == "/akun/login/"
    assert "_auth_user_id" not in client.session


def test_a_new_code_comes_after_half_a_minute_and_only_the_last_counts(
    client: Client, settings: Any
):
    settings.RATELIMIT_ENABLE = True
    client.post("/akun/signup/", SIGNUP)
    first = code_for(ADDRESS)

    page = client.post(WAITING, {"action": "resend"})
    assert page.status_code == 429
    assert code_for(ADDRESS) == first

    new_cache_prefix()  # half a minute later
    assert client.post(WAITING, {"action": "resend"}).status_code == 302
    second = code_for(ADDRESS)
    assert second != first
    assert client.post(WAITING, {"code": first}).status_code == 200
    assert client.post(WAITING, {"code": second}).status_code == 302


def without_tokens(page: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.decode())


@pytest.mark.usefixtures("stopped_clock")
def test_signing_up_with_a_known_address_looks_the_same_and_tells_its_owner():
    owner = person_with_account(email="lama@contoh.test")
    pages = []
    for address in ("baru@contoh.test", owner.email):
        browser = Client()
        answer = browser.post("/akun/signup/", SIGNUP | {"email": address})
        assert answer.url == WAITING
        page = without_tokens(browser.get(WAITING).content)
        pages.append(page.replace(address, ""))
        assert browser.post(WAITING, {"code": "BBBB-BBBB"}).status_code == 200

    assert pages[0] == pages[1]
    assert User.objects.count() == 2
    told = newest(owner.email)
    assert told.kind == "account_already_exists"
    assert "/akun/login/" in told.text


def test_nobodys_mailbox_is_flooded_with_that_news():
    owner = person_with_account()
    for _attempt in range(3):
        Client().post("/akun/signup/", SIGNUP | {"email": owner.email})
        new_cache_prefix()
    assert Message.objects.filter(to=owner.email).count() == 1


def test_signing_in_with_a_password(client: Client):
    user = person_with_account()
    wrong = client.post("/akun/login/", {"login": user.email, "password": "salah-salah"})
    assert "Alamat e-mail atau kata sandi tidak cocok." in wrong.content.decode()
    right = client.post("/akun/login/", {"login": user.email.upper(), "password": PASSWORD})
    assert right.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_signing_in_unverified_asks_for_the_code_again(client: Client):
    client.post("/akun/signup/", SIGNUP)
    new_cache_prefix()
    other = Client()
    answer = other.post("/akun/login/", {"login": ADDRESS, "password": PASSWORD})
    assert answer.url == WAITING
    other.post(WAITING, {"code": code_for(ADDRESS)})
    assert "_auth_user_id" in other.session


def test_signing_in_with_a_code(client: Client):
    user = person_with_account()
    answer = client.post("/akun/login/code/", {"email": user.email})
    assert answer.url == "/akun/login/code/confirm/"
    assert newest(user.email).kind == "login_code"

    client.post("/akun/login/code/confirm/", {"code": code_for(user.email).lower()})

    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.usefixtures("stopped_clock")
def test_an_unknown_address_asking_for_a_code_learns_nothing_here():
    known, pages = person_with_account(email="ada@contoh.test"), []
    for address in (known.email, "bukan@contoh.test"):
        browser = Client()
        browser.post("/akun/login/code/", {"email": address})
        page = without_tokens(browser.get("/akun/login/code/confirm/").content)
        pages.append(page.replace(address, ""))
    assert pages[0] == pages[1]
    assert newest("bukan@contoh.test").kind == "unknown_account"


def test_resetting_a_password_by_code(client: Client):
    user = person_with_account()
    answer = client.post("/akun/password/reset/", {"email": user.email})
    assert answer.url == "/akun/password/reset/confirm/"
    answer = client.post(answer.url, {"code": code_for(user.email)})
    new = "teh-manis-di-sore-hari"
    client.post(answer.url, {"password1": new, "password2": new})

    user.refresh_from_db()
    assert user.check_password(new)
    assert newest(user.email).kind == "password_reset"


def test_signing_out_everywhere_else():
    user = person_with_account()
    here, there = signed_in(user), signed_in(user)
    page = here.get("/akun/sessions/").content.decode()
    assert page.count("row__title") == 2

    here.post("/akun/sessions/")

    assert "_auth_user_id" in here.session
    assert there.get("/akun/").status_code == 302


@pytest.mark.parametrize(
    ("people", "said"), [(5, "Hapus seorang pemohon"), (7, "hapus dahulu 3 pemohon")]
)
def test_a_list_that_is_full_or_more_says_how_many_must_leave(people: int, said: str):
    """A paper ticket brings its people into a list that is full."""
    user = person_with_account()
    ApplicantFactory.create_batch(people, account=user)

    page = signed_in(user).get("/akun/pemohon/").content.decode()

    assert said in page
    assert "Tambah pemohon" not in page


PAGES = [
    "/akun/",
    "/akun/pemohon/",
    "/akun/pemohon/tambah/",
    "/akun/pesan/",
    "/akun/data/",
    "/akun/data/hapus/",
    "/akun/email/",
    "/akun/password/change/",
    "/akun/sessions/",
    "/akun/logout/",
    "/akun/reauthenticate/",
    "/akun/2fa/",
    "/akun/2fa/totp/activate/",
    "/akun/2fa/webauthn/",
    "/akun/2fa/webauthn/add/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_an_account_has_our_look_and_no_inline_code(path: str):
    page = surely(signed_in(person_with_account())).get(path)
    text = page.content.decode()
    assert page.status_code == 200, page.headers
    assert "css/components.css" in text
    assert text.count("<h1") == 1
    assert " style=" not in text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)


@pytest.mark.parametrize(
    "path",
    ["/akun/login/", "/akun/signup/", "/akun/login/code/", "/akun/password/reset/"],
)
def test_every_door_has_our_look(client: Client, path: str):
    text = client.get(path).content.decode()
    assert "css/components.css" in text
    assert "placeholder=" not in text
    assert text.count("<h1") == 1


@pytest.mark.parametrize("path", [page for page in PAGES if page != "/akun/logout/"])
def test_every_page_of_an_account_asks_a_stranger_to_sign_in(client: Client, path: str):
    answer = client.get(path)
    assert answer.status_code == 302
    assert "/akun/login/" in answer.url


def test_a_second_factor_is_set_up_and_asked_for(django_capture_on_commit_callbacks: Any):
    user = person_with_account()
    browser = surely(signed_in(user))
    browser.get("/akun/2fa/totp/activate/")
    secret = browser.session[totp.SECRET_SESSION_KEY]
    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post("/akun/2fa/totp/activate/", {"code": code})
    assert answer.status_code == 302
    assert newest(user.email).kind == "totp_activated"

    again = Client()
    answer = again.post("/akun/login/", {"login": user.email, "password": PASSWORD})
    assert answer.url == "/akun/2fa/authenticate/"
    page = again.get(answer.url).content.decode()
    assert "Langkah kedua" in page
    assert "Pakai kunci keamanan" not in page  # there is none
    assert "_auth_user_id" not in again.session
    codes = browser.get("/akun/2fa/recovery-codes/")
    assert codes.status_code == 200
