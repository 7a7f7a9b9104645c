"""Whoever switches the pages to English gets letters in English too."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from accounts import notices
from accounts.models import User
from tests.accounts.entering import PASSWORD, code_for, newest, person_with_account, signed_in

pytestmark = pytest.mark.django_db
SWITCH = "/i18n/setlang/"


def test_the_switch_sets_the_language_of_the_account():
    user = person_with_account()
    browser = signed_in(user)
    answer = browser.post(SWITCH, {"language": "en", "next": "/akun/"})
    assert answer.url == "/akun/"
    assert browser.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    user.refresh_from_db()
    assert user.language == "en"

    Client().post("/akun/login/code/", {"email": user.email})
    assert newest(user.email).subject == "Sign-in code for Paspor"


@pytest.mark.parametrize("language", ["xx", "", "id-ID"])
def test_an_unknown_language_changes_nothing(language: str):
    user = person_with_account(language="en")
    signed_in(user).post(SWITCH, {"language": language})
    assert User.objects.get().language == "en"


def test_a_get_changes_nothing_and_a_stranger_may_switch(client: Client):
    user = person_with_account()
    signed_in(user).get(SWITCH, {"language": "en"})
    assert User.objects.get().language == "id"
    client.post(SWITCH, {"language": "en"})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert User.objects.get().language == "id"


def test_a_letter_says_its_code_once(client: Client):
    address = "warga@contoh.test"
    said = {"email": address, "password1": "kopi-hitam-di-pagi-hari", "consent": "on"}
    client.post("/akun/signup/", said)
    code, letter = code_for(address), newest(address)
    assert (letter.text.count(code), letter.html.count(code)) == (1, 1)


def test_every_letter_is_laid_out_by_the_same_two_templates():
    folder = settings.BASE_DIR / "templates" / "email"
    assert {path.name for path in folder.rglob("*.*")} == {"letter.html", "letter.txt"}


def test_signing_in_brings_the_account_s_language_unless_one_was_chosen_here():
    owner = person_with_account(language="en")
    typed = {"login": owner.email, "password": PASSWORD}

    elsewhere, here = Client(), Client()
    here.cookies["django_language"] = "id"
    answers = [browser.post("/akun/login/", typed) for browser in (elsewhere, here)]

    assert answers[0].cookies["django_language"].value == "en"
    assert "django_language" not in answers[1].cookies


@pytest.mark.parametrize(
    ("language", "address", "clock"),
    [("id", "Alamat internet", ", 05.53 WIB"), ("en", "Internet address", ", 05:53 WIB")],
)
def test_the_letter_of_a_change_says_when_and_from_where_in_its_language(language, address, clock):
    at = datetime(2026, 11, 27, 22, 53, tzinfo=UTC)
    context = {"timestamp": at, "ip": "192.0.2.1", "user_agent": ""}

    with translation.override(language):
        facts = dict(notices.news("password_changed", context).facts)

    assert facts[address] == "192.0.2.1"
    assert any(str(text).endswith(clock) for text in facts.values())
