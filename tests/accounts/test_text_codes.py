"""Verifying a sign-up by a code to a phone: when it is offered, how often, and whose it is."""

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import errors, policies, rules, selectors
from accounts.models import Message, TextCode, User
from accounts.services import messages, personal_data, retention, text_codes
from accounts.services.registration import Typed
from accounts.services.text_codes import Asked
from accounts.texting import simulator
from paspor.kernel import device
from paspor.kernel.models import AuditEvent
from tests.accounts.entering import PASSWORD, Phone, newest, person_with_account
from tests.accounts.signing_up import ADDRESS, OTHER, STATE, page, sign_in, sign_up, wait
from tests.factories import LONG_AGO, UserFactory
from tests.paspor.proving import set_figure

pytestmark = pytest.mark.django_db
DOOR, SEND, WAITING = "/akun/kode/teks/", "/akun/kode/teks/kirim/", "/akun/confirm-email/"
PHONE = "+6281234567890"
TYPED = "0812-3456-7890"
OFFERED = "Kode lewat SMS"
SIX = re.compile(r"\b[0-9]{6}\b")


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.TEXT_GATEWAY = "accounts.texting.simulator.Simulator"
    simulator.set_temper(simulator.Temper.NORMAL)


def waiting(browser: Client, address: str = ADDRESS, **more: Any) -> Client:
    """Signed up, and waited in vain."""
    sign_up(browser, address, **more)
    wait(browser, minutes=6)
    return browser


def asked(browser: Client, phone: str = TYPED) -> str:
    """The code as the text says it."""
    assert browser.post(SEND, {"phone": phone}).status_code == 302
    return SIX.search(newest(PHONE).text).group()


def typed_in(browser: Client, code: str) -> Any:
    return browser.post(DOOR, {"code": code})


def send(phone: str = PHONE, **more: Any) -> TextCode:
    now = more.pop("now", timezone.now())
    email = more.pop("email", "warga@contoh.test")
    device = more.pop("device", "")
    typed = Typed(more.pop("account", None), "sandi", "id", now)
    who = Asked(typed=typed, email=email, phone=phone, device=device)
    return text_codes.send(asked=who, now=now)


def test_it_is_offered_once_it_has_taken_long(client: Client):
    sign_up(client, ADDRESS)
    assert OFFERED not in page(client, STATE)
    # Not merely hidden.
    assert client.get(DOOR).url == client.post(SEND, {"phone": TYPED}).url == WAITING
    assert not TextCode.objects.exists()
    wait(client, minutes=6)
    assert OFFERED in page(client, STATE)
    assert client.get(DOOR).status_code == 200


def test_it_is_not_offered_until_it_is_configured(client: Client, settings: Any):
    settings.TEXT_GATEWAY = ""
    waiting(client)
    assert OFFERED not in page(client, STATE)
    client.post(SEND, {"phone": TYPED})
    with pytest.raises(errors.TextsOff):
        send()
    assert not TextCode.objects.exists()


@pytest.mark.parametrize(
    ("reason", "offered"), [("550 5.1.1 User unknown", False), ("554 5.7.1 listed", True)]
)
def test_an_address_that_does_not_exist_is_to_be_mended(client: Client, reason: str, offered: bool):
    sign_up(client, ADDRESS)
    Message.objects.update(state="REFUSED", reason=reason)
    assert (OFFERED in page(client, STATE)) == offered


def test_nobody_gets_a_text_who_waits_for_nothing(client: Client):
    signed = Client()
    signed.force_login(person_with_account())
    for browser in (client, signed):
        browser.post(SEND, {"phone": TYPED})
        browser.post(DOOR, {"code": "123456"})
    assert not Message.objects.filter(channel="TEXT").exists()
    assert client.get(SEND).status_code == 405


def test_after_the_code_one_signs_in_with_the_password(client: Client):
    waiting(client, headers={"Accept-Language": "en"})
    code = asked(client)
    shown = page(client, DOOR)
    assert "••••••890" in shown
    assert "3456" not in shown
    assert code not in shown
    assert 0 < int(re.search(r'data-resend-in="(\d+)"', shown)[1]) <= 60
    assert not sign_in()

    assert typed_in(client, f"{code[:3]} {code[3:]}").url == WAITING

    assert sign_in()
    user = User.objects.get()
    assert (user.language, user.phone) == ("en", PHONE)
    row = TextCode.objects.get()
    assert (row.account, row.password, row.digest) == (user, "", "")
    assert Message.objects.get(channel="TEXT").answered_at is not None
    assert "diverifikasi lewat nomor telepon" in page(client, STATE)
    assert "data-waiting" not in page(client)
    assert "diverifikasi lewat nomor telepon" not in page(Client(), STATE)


def test_it_is_logged_counted_and_told_to_the_address(client: Client):
    waiting(client)
    typed_in(client, asked(client))
    user = User.objects.get()
    event = AuditEvent.objects.get(act="verified_by_text")
    assert (event.actor_id, event.subject) == (user.pk, f"account:{user.code}")
    assert selectors.verified_by_text(since=timezone.now() - timedelta(days=30)) == 1
    letter = newest(ADDRESS)
    assert (letter.kind, PHONE in letter.text) == ("verified_by_text", False)
    assert "••••••890" in letter.text
    page = Client().get("/angka/").text
    assert "kode ke nomor telepon dalam 30 hari terakhir: <strong>1</strong>" in page


def test_whoever_reads_the_mailbox_takes_the_account(client: Client):
    """The address was never proved: its owner asks for another password there."""
    waiting(client)
    typed_in(client, asked(client))
    owner = Client()
    owner.post("/akun/password/reset/", {"email": ADDRESS})
    assert newest(ADDRESS).kind == "password_reset_code"


def test_it_is_the_password_of_the_browser_that_asked(client: Client):
    sign_up(Client(), ADDRESS)
    owner = Client()
    owner.post("/akun/signup/", {"email": ADDRESS, "password1": OTHER, "consent": "on"})
    wait(owner, minutes=6)
    code = asked(owner)
    typed_in(waiting(Client()), code)
    assert not EmailAddress.objects.filter(verified=True).exists()
    typed_in(owner, code)
    assert sign_in(OTHER)
    assert not sign_in(PASSWORD)


def test_where_the_address_has_an_account_only_the_phones_owner_learns_so(client: Client):
    taken = person_with_account(email=ADDRESS)
    waiting(client)
    code = asked(client)
    row = TextCode.objects.get()
    assert (row.account, row.password) == (None, "")
    assert "sudah memiliki akun" not in page(client, DOOR)
    assert "sudah memiliki akun" not in typed_in(client, "000000").text
    assert "sudah memiliki akun" in typed_in(client, code).text
    taken.refresh_from_db()
    assert taken.check_password(PASSWORD)
    assert taken.phone == ""


def test_the_account_of_a_counter_is_nobody_elses(client: Client):
    """Verified meanwhile by another of its ways."""
    waiting(client)
    code = asked(client)
    EmailAddress.objects.update_or_create(user=User.objects.get(), defaults={"verified": True})
    assert "sudah memiliki akun" in typed_in(client, code).text


def test_a_code_is_six_digits_of_which_only_a_digest_is_kept():
    row = send()
    code = SIX.search(row.message.text).group()
    assert len(code) == 6
    assert code not in str(TextCode.objects.values().get())
    assert PHONE not in str(TextCode.objects.values().get())
    assert len(row.message.text) <= 160
    assert row.message.text.isascii()


def test_a_code_works_once_within_its_time_and_its_tries(client: Client):
    waiting(client)
    code, now = asked(client), timezone.now()
    pk = TextCode.objects.get().pk
    late = now + text_codes.LIFETIME
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for typed, at in [(wrong, now)] * 4 + [(code, late)]:
        with pytest.raises(errors.TextCodeWrong):
            text_codes.prove(pk=pk, code=typed, now=at)
    text_codes.prove(pk=pk, code=code, now=now)
    with pytest.raises(errors.TextCodeWrong):
        text_codes.prove(pk=pk, code=code, now=now)


def test_after_five_tries_the_right_one_is_wrong_too(client: Client):
    waiting(client)
    code = asked(client)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    answers = [typed_in(client, typed) for typed in [wrong] * 5 + [code]]
    assert all("tidak cocok" in answer.text for answer in answers)
    assert not sign_in()


def test_only_the_newest_code_holds(client: Client):
    waiting(client)
    first = asked(client)
    TextCode.objects.update(made_at=timezone.now() - timedelta(minutes=2))
    second = asked(client, "")
    assert Message.objects.filter(channel="TEXT", to=PHONE).count() == 2
    if first != second:
        assert "tidak cocok" in typed_in(client, first).text
    assert typed_in(client, second).url == WAITING


def test_a_code_is_of_the_address_that_waits_now(client: Client):
    waiting(client)
    code = asked(client)
    client.post("/akun/kode/alamat/", {"email": "lain@contoh.test"})
    wait(client, minutes=6)
    assert "Enam angka" not in page(client, DOOR)
    assert typed_in(client, code).status_code == 200
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_neither_number_nor_code_is_logged(client: Client, caplog: Any):
    caplog.set_level(logging.DEBUG)
    waiting(client)
    code = asked(client)
    typed_in(client, code)
    assert PHONE[3:] not in caplog.text
    assert "3456-7890" not in caplog.text
    assert not re.search(rf"\b{code}\b", caplog.text)


@pytest.mark.parametrize(
    "phone",
    ["", "0812", "021 555 1234", "+62215551234", "+1 202 555 0123", "+6281", "8123456789"],
)
def test_a_number_that_no_text_reaches_is_refused(phone: str):
    with pytest.raises(errors.PhoneInvalid):
        send(phone)
    assert not TextCode.objects.exists()


def test_numbers_abroad_are_a_matter_of_policy():
    set_figure(policies.TEXTS_ABROAD, 1)
    assert send("+1 202 555 0123").message.to == "+12025550123"
    with pytest.raises(errors.PhoneInvalid):
        send("+62 21 555 1234", email="b@contoh.test")
    rules.check_text_phone("+6281234567890", abroad=True)


def test_another_is_to_be_waited_for(client: Client):
    waiting(client)
    asked(client)
    again = client.post(SEND, {"phone": ""})
    assert "Tunggu satu menit" in again.text
    assert TextCode.objects.count() == 1


@pytest.mark.parametrize(
    ("figure", "same"),
    [
        (policies.TEXTS_PER_PHONE, {"phone": PHONE}),
        (policies.TEXTS_PER_SIGN_UP, {"email": "Warga@contoh.test"}),
        (policies.TEXTS_PER_DEVICE, {"device": "pemasangan-1"}),
        (policies.TEXTS_PER_DAY, {}),
    ],
)
def test_each_limit_holds_for_a_day(figure: Any, same: dict[str, str]):
    set_figure(figure, 2)
    now = timezone.now()

    def ask(number: int, at: Any) -> TextCode:
        others = {
            "phone": f"+62812000000{number:02}",
            "email": f"w{number}@contoh.test",
            "device": f"lain-{number}",
        }
        return send(now=at, **(others | same))

    ask(1, now)
    ask(2, now + timedelta(minutes=2))
    with pytest.raises(errors.TextsTooMany):
        ask(3, now + timedelta(minutes=4))
    assert Message.objects.count() == 2
    ask(4, now + timedelta(days=1, minutes=1))


def test_addresses_of_one_mailbox_count_together():
    set_figure(policies.TEXTS_PER_SIGN_UP, 1)
    now = timezone.now()
    send("+6281200000001", email="war.ga+satu@gmail.com", now=now)
    with pytest.raises(errors.TextsTooMany):
        send("+6281200000002", email="Warga+dua@gmail.com", now=now + timedelta(minutes=2))


def test_without_a_device_none_is_counted():
    set_figure(policies.TEXTS_PER_DEVICE, 1)
    send("+6281200000001", email="a@contoh.test")
    send("+6281200000002", email="b@contoh.test")
    assert Message.objects.count() == 2


def test_one_phone_verifies_a_few_accounts_a_month(client: Client):
    set_figure(policies.VERIFIED_PER_PHONE, 1)
    waiting(client)
    second = waiting(Client(), "lain@contoh.test")
    code = asked(second)
    typed_in(client, asked(client))

    assert "sudah 1 akun diverifikasi" in typed_in(second, code).text
    assert not EmailAddress.objects.filter(email="lain@contoh.test", verified=True).exists()
    third = waiting(Client(), "ketiga@contoh.test")
    assert "sudah 1 akun diverifikasi" in third.post(SEND, {"phone": TYPED}).text


def test_asking_without_end_is_stopped(client: Client, settings: Any):
    settings.RATELIMIT_ENABLE = True
    client.cookies[device.COOKIE] = device.issue()
    waiting(client)
    answers = [client.post(SEND, {"phone": "0812"}).text for _time in range(21)]
    assert "Terlalu banyak" in answers[-1]
    assert "Terlalu banyak" not in answers[-2]


@pytest.mark.parametrize(
    "wrong",
    [
        {"used_at": LONG_AGO},
        {"expires_at": LONG_AGO},
    ],
)
def test_the_database_refuses_what_makes_no_sense(wrong: dict[str, Any]):
    send()
    with pytest.raises(IntegrityError), transaction.atomic():
        TextCode.objects.update(**wrong)


@pytest.mark.parametrize("wrong", [{"to": "warga@contoh.test"}, {"html": "x"}, {"channel": "X"}])
def test_a_text_goes_to_a_phone_only(wrong: dict[str, str]):
    send()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(**wrong)


def test_what_limits_nothing_any_more_is_forgotten(client: Client):
    waiting(client)
    typed_in(client, asked(client))
    send("+6281200000001", email="b@contoh.test")
    retention.forget_unverified_accounts(now=timezone.now() + timedelta(days=1, minutes=1))
    row = TextCode.objects.get()
    assert row.number
    retention.forget_unverified_accounts(now=timezone.now() + timedelta(days=31))
    row.refresh_from_db()
    assert (row.number, row.whom, row.device) == ("", "", "")
    assert row.used_at is not None


def test_erasure_leaves_a_number_of_the_figures(client: Client):
    waiting(client)
    typed_in(client, asked(client))
    user = User.objects.get()
    told = personal_data.export(user=user, now=timezone.now())
    assert told["text_codes"][0]["used_at"]
    personal_data.erase(user=user, now=timezone.now())
    row = TextCode.objects.get()
    assert (row.account, row.message.to, row.message.text) == (None, "", "")
    assert selectors.verified_by_text(since=timezone.now() - timedelta(days=1)) == 1


def test_letters_are_watched_without_the_texts():
    """A domain of none would be a trouble of the mail."""
    now = timezone.now()
    send(now=now - timedelta(minutes=30))
    about = {"since": now - timedelta(hours=2)}
    assert selectors.oldest_unsent(now) is None
    assert selectors.mail_counts(**about, now=now) == []
    assert selectors.sent_mail(**about, before=now, codes_only=False, most=9) == []
    assert selectors.text_count(**about, now=now).waiting == 1


def test_the_list_of_messages_shows_it_masked(client: Client):
    user = UserFactory(password=PASSWORD)
    send(account=user)
    client.force_login(user)
    told = client.get("/akun/pesan/").text
    assert "••••••890" in told
    assert PHONE not in told
    assert "Kode ke nomor telepon" in told


def test_a_reason_that_names_the_number_is_masked():
    message = send().message
    claimed = messages.claim(now=timezone.now(), channel=Message.Channel.TEXT)
    outcome = messages.Outcome(Message.State.REFUSED, f"no such {PHONE}")
    messages.settle(message=claimed, outcome=outcome, now=timezone.now())
    message.refresh_from_db()
    assert message.reason == "no such ••••••890"
    assert message.text == ""


def test_the_app_goes_the_same_way():
    phone = Phone()
    assert phone.auth("auth/email/text", {"phone": TYPED}).status_code == 409
    phone.auth("auth/signup", {"email": ADDRESS, "password": PASSWORD, "consent": True})
    early = phone.auth("auth/email/text", {"phone": TYPED})
    assert (early.status_code, early.json()["code"]) == (409, "texts_off")
    Message.objects.update(state="FAILED")
    told = phone.auth("auth/email/waiting", method="GET").json()["data"]
    assert (told["text_by"], told["text"]) == ("SMS", None)
    assert phone.auth("auth/email/text", {"phone": "0812"}).status_code == 422

    told = phone.auth("auth/email/text", {"phone": TYPED}).json()["data"]

    assert told["text"]["to"] == "••••••890"
    assert (told["text"]["state"], told["text"]["resend_in"] > 0) == ("QUEUED", True)
    assert phone.auth("auth/email/text", {"phone": TYPED}).status_code == 429
    assert phone.auth("auth/email/text/confirm", {"code": "000000"}).status_code in {200, 422}
    code = SIX.search(newest(PHONE).text).group()
    assert phone.auth("auth/email/text/confirm", {"code": code}).json()["data"]["is_verified"]
    assert phone.auth("auth/email/text/confirm", {}).status_code == 400
    phone.auth("auth/login", {"email": ADDRESS, "password": PASSWORD})
    assert phone.auth("auth/session", method="GET").status_code == 200
