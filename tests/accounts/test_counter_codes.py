"""Verifying an address at a counter: the code of the page that waits, and whose it is."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import errors, policies
from accounts.models import CounterCode, User
from accounts.services import counter_codes, personal_data, retention
from accounts.services.counter_codes import Shown
from tests.accounts.entering import PASSWORD, Phone, person_with_account
from tests.accounts.signing_up import (
    ADDRESS,
    ASK,
    MEANT,
    OTHER,
    STATE,
    page,
    sign_in,
    sign_up,
    wait,
)
from tests.factories import PersonFactory
from tests.paspor.proving import set_figure

pytestmark = pytest.mark.django_db
NIK = "3271994501900001"


def code_of(browser: Client, address: str = ADDRESS, **more: Any) -> str:
    """Sign up, wait in vain, ask for a code for the counter."""
    sign_up(browser, address, **more)
    return asked(browser)


def asked(browser: Client) -> str:
    browser.post(ASK)
    return CounterCode.objects.latest("pk").code


def redeem(code: str, nik: str = NIK, **more: Any) -> CounterCode:
    now = more.pop("now", timezone.now())
    return counter_codes.redeem(shown=Shown(code, nik), where="KANIM-UJI", now=now)


def test_the_page_offers_a_code_once_it_has_taken_long(client: Client):
    sign_up(client, ADDRESS)
    assert "Minta kode loket" not in page(client)
    wait(client, minutes=6)
    assert "Minta kode loket" in page(client)

    code = asked(client)

    wait(client, minutes=6)
    assert f"{code[:4]}-{code[4:]}" in page(client)
    assert asked(client) == code


def test_after_the_counter_one_signs_in_with_the_password(client: Client):
    code = code_of(client, headers={"Accept-Language": "en"})
    assert not sign_in()

    row = redeem(code)

    assert sign_in()
    user = User.objects.get()
    assert user.language == "en"
    assert (row.account, row.used_where, row.password) == (user, "KANIM-UJI", "")
    assert "sudah diverifikasi di loket" in page(client, STATE)
    assert "sudah diverifikasi di loket" not in page(Client(), STATE)


def test_it_is_the_password_of_the_browser_whose_code_was_shown(client: Client):
    """A stranger signed up first with somebody's address."""
    sign_up(Client(), ADDRESS)
    owner = Client()
    said = {"email": ADDRESS, "password1": OTHER, "consent": "on"}
    owner.post("/akun/signup/", said)
    redeem(asked(owner))
    assert sign_in(OTHER)
    assert not sign_in(PASSWORD)


def test_who_signed_in_without_verifying_gets_a_code_too():
    sign_up(Client(), ADDRESS)
    browser = Client()
    browser.post("/akun/login/", {"login": ADDRESS, "password": PASSWORD})
    redeem(asked(browser))
    assert sign_in()


def test_what_was_typed_for_another_sign_up_is_not_taken_for_this_one(client: Client):
    elsewhere = Client()
    said = {"email": ADDRESS, "password1": OTHER, "consent": "on"}
    elsewhere.post("/akun/signup/", said)
    sign_up(client, "dahulu@contoh.test")
    session = client.session
    session["account_email_verification_code"] |= {"at": 0}
    session.save()
    client.get("/akun/confirm-email/")
    client.post("/akun/login/", {"login": ADDRESS, "password": OTHER})

    redeem(asked(client))

    assert sign_in(OTHER)
    assert not sign_in(PASSWORD)


def test_where_the_address_has_an_account_only_the_counter_learns_so(client: Client):
    taken = person_with_account(email=ADDRESS)
    code = code_of(client)
    wait(client, minutes=6)
    assert f"{code[:4]}-{code[4:]}" in page(client)
    row = CounterCode.objects.get()
    assert (row.account, row.password) == (None, "")
    with pytest.raises(errors.AddressHasAccount):
        redeem(code)
    taken.refresh_from_db()
    assert taken.check_password(PASSWORD)


def test_a_code_works_once():
    browser = Client()
    code = code_of(browser)
    redeem(code)
    with pytest.raises(errors.CounterCodeInvalid):
        redeem(code)


@pytest.mark.parametrize("code", ["", "ABCDEFGH", "kode lain"])
def test_an_unknown_code_verifies_nobody(client: Client, code: str):
    code_of(client)
    with pytest.raises(errors.CounterCodeInvalid):
        redeem(code)
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_a_code_runs_out(client: Client):
    code = code_of(client)
    with pytest.raises(errors.CounterCodeInvalid):
        redeem(code, now=timezone.now() + timedelta(days=3, seconds=1))


def test_a_code_of_another_sign_up_is_worth_nothing_once_one_was_verified(client: Client):
    stranger = code_of(Client())
    redeem(code_of(client))
    with pytest.raises(errors.AddressHasAccount):
        redeem(stranger)


def test_a_code_is_of_the_address_that_waits_now(client: Client):
    before = code_of(client)
    client.post("/akun/kode/alamat/", {"email": MEANT})
    wait(client, minutes=6)
    assert before[:4] not in page(client)
    assert asked(client) != before
    assert CounterCode.objects.latest("pk").account.email == MEANT


def test_one_ktp_verifies_a_few_accounts_a_month():
    set_figure(policies.VERIFIED_PER_CARD, 1)
    first = redeem(code_of(Client(), "a@contoh.test"))
    second = code_of(Client(), "b@contoh.test")
    with pytest.raises(errors.CardUsedOften):
        redeem(second)
    first.used_at -= timedelta(days=31)
    first.save()
    redeem(second)


def test_a_nik_that_cannot_be_verifies_nobody(client: Client):
    code = code_of(client)
    with pytest.raises(errors.NikInvalid):
        redeem(code, nik="123")


def test_nobody_gets_a_code_who_waits_for_nothing(client: Client):
    client.post(ASK)
    signed = Client()
    signed.force_login(person_with_account())
    signed.post(ASK)
    assert not CounterCode.objects.exists()
    assert client.get(ASK).status_code == 405


def test_codes_are_asked_for_in_moderation(client: Client, settings: Any):
    settings.RATELIMIT_ENABLE = True
    sign_up(client, ADDRESS)
    for _time in range(30):
        session = client.session
        session.pop("accounts_counter_code", None)
        session.save()
        last = client.post(ASK)
    assert last.status_code == 429


def test_the_database_keeps_a_used_code_whole(client: Client):
    code_of(client)
    with pytest.raises(IntegrityError), transaction.atomic():
        CounterCode.objects.update(person=PersonFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        CounterCode.objects.update(used_at=timezone.now(), used_where="")


def test_erasure_leaves_a_number_of_the_office(client: Client):
    code = code_of(client)
    redeem(code)
    user = User.objects.get()
    personal_data.erase(user=user, now=timezone.now())
    row = CounterCode.objects.get()
    assert (row.account, row.used_where) == (None, "KANIM-UJI")


def test_what_ran_out_is_forgotten(client: Client):
    code_of(client)
    retention.forget_unverified_accounts(now=timezone.now() + timedelta(days=4))
    assert not CounterCode.objects.exists()


def test_whose_ktp_it_was_is_forgotten_after_a_month(client: Client):
    redeem(code_of(client))
    retention.forget_unverified_accounts(now=timezone.now() + timedelta(days=31))
    assert CounterCode.objects.get().person is None


def test_the_app_is_told_the_same():
    phone = Phone()
    assert phone.auth("auth/email/waiting", method="GET").status_code == 409
    said = {"email": "warga@gamil.com", "password": PASSWORD, "consent": True}
    phone.auth("auth/signup", said)
    told = phone.auth("auth/email/waiting", method="GET").json()["data"]
    assert told["to"] == "w•••@gamil.com"
    assert (told["state"], told["meant"]) == ("QUEUED", "w•••@gmail.com")
    assert 0 < told["resend_in"] <= 30
    assert told["counter_code"] is None

    told = phone.auth("auth/email/waiting").json()["data"]

    redeem(told["counter_code"])
    assert phone.auth("auth/email/waiting", method="GET").json()["data"]["is_verified"]
