"""Addresses that nothing more is sent to: how so, what their owners see, the way back."""

import mailbox
import re
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import bounces, return_path, tasks
from accounts.errors import AddressCodeWrong
from accounts.models import Message, Suppression, User
from accounts.services import address_proofs, messages, personal_data, retention, suppressions
from accounts.services import bounces as hearing
from accounts.services.deliveries import Heard
from tests.accounts.entering import Phone, code_for, newest, person_with_account, signed_in, surely
from tests.accounts.mail_server import MailServer, mail_server
from tests.accounts.messages import accepted, again, make_due, report, written
from tests.factories import LONG_AGO

__all__ = ["mail_server"]
State, Why = Message.State, Suppression.Why
TO = "warga@contoh.test"
GONE = "550 5.1.1 <{to}> User unknown"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("550 5.1.1 whatever", True),
        ("5.1.10 RESOLVER.ADR.RecipientNotFound", True),
        ("550 5.2.1 disabled", True),
        ("550 No such user here", True),
        ("5.0.0 550 mailbox does not exist", True),
        ("5.5.0 550 user unknown", True),
        ("550 5.2.2 mailbox full, no such user", False),
        ("554 5.7.1 user unknown to our blocklist", False),
        ("550 5.1.8 sender's domain does not exist; address not found", False),
        ("550 15.1.1 no", False),
        ("552 too large", False),
    ],
)
def test_what_is_about_the_mailbox(said: str, expected: bool):
    assert bounces.has_no_mailbox(said) == expected


def suppressed(address: str = TO, why: Why = Why.BOUNCE, **times: datetime) -> Suppression:
    now = timezone.now()
    told = {"at": now, "now": now} | times
    suppressions.suppress(address=address, why=why, said="550 5.1.1", **told)
    return Suppression.objects.get(address=address.lower())


@pytest.mark.django_db
def test_a_refusal_about_the_mailbox_stops_the_next_letter(mail_server: MailServer):
    mail_server.rcpt = GONE
    first, second = written(to="Warga@contoh.test"), written("dua")
    tasks.carry_message(first.pk)
    row = Suppression.objects.get()
    assert (row.address, row.why, row.lifted_at) == (TO, Why.BOUNCE, None)
    assert "@" not in row.said
    mail_server.rcpt = "250 OK"
    tasks.carry_message(second.pk)
    assert mail_server.letters == []
    held = again(second)
    assert (held.state, held.reason) == (State.REFUSED, "not sent: BOUNCE")
    assert held.text == ""
    # A held one is no new word about the address.
    assert Suppression.objects.get().at == row.at


@pytest.mark.django_db
def test_of_an_erased_accounts_address_no_refusal_is_kept(mail_server: MailServer):
    mail_server.rcpt = GONE
    last = written(to="hapus@contoh.test")
    Message.objects.filter(pk=last.pk).update(kind="account_erased")
    tasks.carry_message(last.pk)
    assert (again(last).state, again(last).to, again(last).reason) == (State.REFUSED, "", "")
    assert not Suppression.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["email_confirmation", "login_code", "account_already_exists"])
def test_what_is_asked_for_at_the_entrance_is_tried(mail_server: MailServer, kind: str):
    suppressed()
    tasks.carry_message(written(kind=kind).pk)
    assert len(mail_server.letters) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["550 5.7.1 listed", "552 5.2.2 full", "451 4.1.1 later"])
def test_another_refusal_suppresses_nothing(mail_server: MailServer, answer: str):
    mail_server.rcpt = answer
    tasks.carry_message(written().pk)
    assert not Suppression.objects.exists()


@pytest.fixture
def bounce_address(settings: Any) -> str:
    settings.BOUNCE_ADDRESS = "bounces@paspor.test"
    return settings.BOUNCE_ADDRESS


def to(address: str, raw: bytes, *, at: datetime | None = None) -> bytes:
    """A report as the mail system put it into our mailbox."""
    date = f"Date: {format_datetime(at)}\r\n" if at else ""
    return f"Delivered-To: <{address}>\r\n{date}".encode() + raw


@pytest.mark.django_db
def test_a_letter_leaves_with_its_own_return_path(mail_server: MailServer, bounce_address: str):
    message = written()
    tasks.carry_message(message.pk)
    (letter,) = mail_server.letters
    (sender,) = mail_server.senders
    assert letter["From"] == "Paspor <paspor@localhost>"
    assert sender == return_path.envelope_sender(message.code) != bounce_address
    assert return_path.code_in([sender.lower()]) == message.code


@pytest.mark.django_db
def test_a_report_to_its_own_address_suppresses(bounce_address: str):
    message = accepted()
    raw = report(message_id=message.message_id)
    sent = to(return_path.envelope_sender(message.code), raw)
    assert hearing.hear(raw=sent, now=timezone.now()) == Heard.CHANGED
    assert again(message).state == State.REFUSED
    assert Suppression.objects.get().address == TO


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["none", "of another", "guessed", "recipient", "message id"])
def test_a_forged_report_changes_nothing(bounce_address: str, forged: str):
    """Of somebody who knows the Message-ID and the address, and has letters of their own."""
    message, own = accepted(), written("lain", to="penyerang@contoh.test")
    Message.objects.filter(pk=own.pk).update(state=State.ACCEPTED)
    token = return_path.envelope_sender(message.code)
    raw = report(message_id=message.message_id)
    address = {
        "none": bounce_address,
        "of another": return_path.envelope_sender(own.code),
        "guessed": token.replace(token.rpartition("-")[2], "0" * 20 + "@paspor.test"),
    }.get(forged, token)
    if forged == "recipient":
        raw = raw.replace(b"rfc822; warga@", b"rfc822; lain@")
    if forged == "message id":
        raw = report(message_id=own.message_id)
    assert hearing.hear(raw=to(address, raw), now=timezone.now()) == Heard.NOTHING_NEW
    assert again(message).state == again(own).state == State.ACCEPTED
    assert not Suppression.objects.exists()


@pytest.mark.django_db
def test_without_signed_addresses_a_report_suppresses_nothing():
    message = accepted()
    raw = report(message_id=message.message_id)
    assert hearing.hear(raw=raw, now=timezone.now()) == Heard.CHANGED
    assert not Suppression.objects.exists()
    other = raw.replace(b"rfc822; warga@", b"rfc822; lain@")
    Message.objects.update(state=State.ACCEPTED, reported_at=None)
    assert hearing.hear(raw=other, now=timezone.now()) == Heard.NOTHING_NEW


QMAIL = """Hi. This is the qmail-send program at mx.contoh.test.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<warga@contoh.test>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <bounces@paspor.test>
Message-ID: {message_id}
Subject: Kode Anda

ABCD-EFGH
"""


@pytest.mark.django_db
def test_qmail_is_understood(bounce_address: str):
    message = accepted()
    text = QMAIL.format(message_id=message.message_id)
    found = bounces.read(f"\n\n{text}".encode())
    assert found is not None
    assert (found.message_id, found.status) == (message.message_id, "5.1.1")
    raw = to(
        return_path.envelope_sender(message.code), b"Subject: failure notice\n\n" + text.encode()
    )
    assert hearing.hear(raw=raw, now=timezone.now()) == Heard.CHANGED
    assert Suppression.objects.exists()
    assert "@" not in again(message).reason


@pytest.mark.django_db
def test_what_happened_last_stands(bounce_address: str):
    message, now = accepted(), timezone.now()
    address = return_path.envelope_sender(message.code)
    failed = report(message_id=message.message_id)
    arrived = report(message_id=message.message_id, action="delivered", status="2.0.0")
    early, late = now - timedelta(hours=2), now - timedelta(hours=1)

    def hear(raw: bytes, at: datetime) -> str:
        hearing.hear(raw=to(address, raw, at=at), now=now)
        return again(message).state

    assert hear(arrived, late) == State.DELIVERED
    assert hear(failed, early) == State.DELIVERED
    assert not Suppression.objects.exists()
    # Nobody's clock is ahead of ours.
    assert hear(failed, now + timedelta(days=400)) == State.REFUSED
    assert again(message).reported_at <= now
    assert hear(arrived, late) == State.REFUSED


@pytest.mark.django_db
def test_the_beat_reads_the_mailbox(bounce_address: str, settings: Any, tmp_path: Path):
    tasks.read_bounces()
    settings.BOUNCE_MAILDIR = str(tmp_path / "bounces")
    message = accepted()
    box = mailbox.Maildir(settings.BOUNCE_MAILDIR)
    box.add(to(return_path.envelope_sender(message.code), report(message_id=message.message_id)))
    tasks.read_bounces()
    assert again(message).state == State.REFUSED


@pytest.mark.django_db
def test_an_older_word_undoes_nothing():
    now = timezone.now()
    row = suppressed(at=now - timedelta(hours=3))
    assert suppressed(why=Why.COMPLAINT, at=now - timedelta(hours=4)).why == Why.BOUNCE
    suppressions.lift(address="WARGA@contoh.test", now=now - timedelta(hours=1))
    assert suppressed(at=now - timedelta(hours=2)).lifted_at is not None
    assert suppressed(at=now).lifted_at is None
    assert Suppression.objects.get() == row


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "Warga@contoh.test"},
        {"why": "X"},
        {"lifted_at": LONG_AGO},
    ],
)
def test_the_database_refuses_what_makes_no_sense(wrong: dict[str, Any]):
    row = suppressed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Suppression.objects.filter(pk=row.pk).update(**wrong)


@pytest.mark.django_db
def test_they_are_erased_with_the_account_and_forgotten_in_time():
    user, other = person_with_account(), person_with_account()
    suppressed(user.email)
    written(user=user, to="dulu@contoh.test")
    written("dua", user=user, to=other.email)
    suppressed("dulu@contoh.test")
    suppressed(other.email)
    assert personal_data.export(user=user, now=timezone.now())["suppressions"][0]["why"] == "BOUNCE"
    personal_data.erase(user=user, now=timezone.now())
    assert Suppression.objects.get().address == other.email
    suppressed("siapa@contoh.test")
    retention.forget_old_messages(now=timezone.now() + timedelta(days=400))
    assert Suppression.objects.get().address == other.email
    suppressions.lift(address=other.email, now=timezone.now())
    retention.forget_old_messages(now=timezone.now() + timedelta(days=400))
    assert not Suppression.objects.exists()


BANNER = "Surat kami tidak sampai"
CODE = re.compile(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$", re.MULTILINE)


def sent_code(user: User) -> str:
    return CODE.search(newest(user.email).text).group()


@pytest.mark.django_db
def test_the_owner_is_told_and_confirms_the_address():
    user = person_with_account()
    browser = signed_in(user)
    assert BANNER not in browser.get("/akun/").text
    assert browser.get("/akun/alamat/").status_code == 302
    suppressed(user.email)
    assert BANNER in browser.get("/akun/").text
    assert BANNER in browser.get("/").text
    assert BANNER not in Client().get("/").text
    page = browser.get("/akun/alamat/")
    assert "550 5.1.1" in page.text
    assert BANNER not in page.text
    browser.post("/akun/alamat/kode/")
    assert "tidak cocok" in browser.post("/akun/alamat/", {"code": "AAAA-AAAA"}).text
    browser.post("/akun/alamat/", {"code": sent_code(user).lower().replace("-", " ")})
    assert Suppression.objects.get().lifted_at is not None
    assert BANNER not in browser.get("/akun/").text


@pytest.mark.django_db
def test_the_banner_costs_a_page_no_question_of_its_own():
    user = person_with_account()
    browser = signed_in(user)
    suppressed(user.email)
    suppressions.lift(address=user.email, now=timezone.now())
    with CaptureQueriesContext(connection) as asked:
        assert BANNER not in browser.get("/akun/pemohon/tambah/").text
    about_it = [each["sql"] for each in asked if "accounts_suppression" in each["sql"]]
    assert len(about_it) == 1
    assert '"accounts_user"."password"' in about_it[0]


@pytest.mark.django_db
def test_the_app_is_told_and_confirms_the_address(mail_server: MailServer):
    user = person_with_account()
    phone = Phone().sign_in(user)
    assert phone.send("GET", "/api/v1/me").json()["mail_trouble"] is None
    assert phone.send("POST", "/api/v1/me/address/code").json()["code"] == "address_well"
    suppressed(user.email, why=Why.COMPLAINT)
    told = phone.send("GET", "/api/v1/me").json()["mail_trouble"]
    assert told["why"] == "COMPLAINT"
    assert "spam" in told["text"]
    assert phone.send("POST", "/api/v1/me/address/code").status_code == 204
    assert phone.send("POST", "/api/v1/me/address/code").status_code == 429
    code = sent_code(user)
    tasks.sweep_messages()
    assert len(mail_server.letters) == 1
    answer = phone.send("POST", "/api/v1/me/address/confirm", {"code": code})
    assert answer.json()["mail_trouble"] is None


@pytest.mark.django_db
def test_a_code_ends_with_its_tries_and_its_time():
    user, now = person_with_account(), timezone.now()
    suppressed(user.email)
    address_proofs.ask(user=user, now=now)
    code = sent_code(user)
    late = now + address_proofs.LIFETIME
    for typed, at in [("SALAH", now)] * 4 + [(code, late)] + [("SALAH", now), (code, now)]:
        with pytest.raises(AddressCodeWrong):
            address_proofs.prove(user=user, code=typed, now=at)
    address_proofs.ask(user=user, now=late)
    with pytest.raises(AddressCodeWrong):
        address_proofs.prove(user=user, code=code, now=late)
    address_proofs.prove(user=user, code=sent_code(user), now=late)


@pytest.mark.django_db
def test_an_address_verified_anew_is_sent_to_again():
    user = person_with_account()
    browser = signed_in(user)
    suppressed("baru@contoh.test")
    surely(browser).post("/akun/email/", {"email": "baru@contoh.test", "action_add": "1"})
    browser.post("/akun/confirm-email/", {"code": code_for("baru@contoh.test")})
    assert Suppression.objects.get().lifted_at is not None


@pytest.mark.django_db
def test_a_held_message_says_so_in_the_list():
    user = person_with_account()
    message = written(user=user, to=user.email)
    messages.claim(message_id=message.pk, now=timezone.now())
    suppressed(user.email)
    make_due(message)
    tasks.carry_message(message.pk)
    text = signed_in(user).get("/akun/pesan/").text
    assert "tidak dikirim" in text
    assert "Pastikan alamatnya" in text
