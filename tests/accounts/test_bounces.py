"""Reports of undelivered mail, as several mail systems write them."""

import io
import mailbox
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import bounces
from accounts.models import Message
from accounts.services import bounces as hearing
from accounts.services.bounces import Heard
from tests.accounts.messages import ID, State, accepted, again, report

POSTFIX = {
    "head": "Reporting-MTA: dns; mx.contoh.test\r\nX-Postfix-Queue-ID: 4Xy\r\n"
    "X-Postfix-Sender: rfc822; paspor@contoh.test\r\nArrival-Date: Mon,  1 Jun 2026 08:00:00 +0700",
    "said": "smtp; 550 5.1.1 <warga@contoh.test>:\r\n    Recipient address rejected: unknown",
}
EXCHANGE = {
    "head": "Reporting-MTA: dns;SG2.contoh.test\r\nReceived-From-MTA: dns;mx.contoh.test",
    "status": "5.1.10",
    "said": "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient warga@contoh.test not found",
    "returned": "text/rfc822-headers",
}
GMAIL = {
    "kind": 'multipart/report; report-type="delivery-status"',
    "status": "5.2.2",
    "said": "smtp; 552-5.2.2 The recipient's inbox is out of storage space.\r\n 552 5.2.2 gsmtp",
}
EXIM = {
    "status": "5.0.0",
    "said": "smtp; 550 mailbox of warga@contoh.test is unavailable",
    "returned": "text/rfc822-headers; charset=utf-8",
}


@pytest.mark.parametrize("sample", [POSTFIX, EXCHANGE, GMAIL, EXIM])
def test_reports_of_several_systems_are_read(sample: dict[str, str]):
    found = bounces.read(report(**sample))
    assert found is not None
    assert (found.message_id, found.action, found.is_permanent) == (ID, "failed", True)
    assert found.reason.startswith("5.")
    assert "@" not in found.reason
    assert "\n" not in found.reason


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: Saya sedang cuti\r\n\r\nSampai jumpa.",
        b"Content-Type: multipart/report\r\n\r\nNothing inside",
        report(kind="multipart/mixed"),
        b"Subject: Hi\r\n\r\nHi. This is the qmail-send program at x.\r\nNothing more.",
    ],
)
def test_a_letter_that_reports_nothing_is_none(raw: bytes):
    assert bounces.read(raw) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "status", "state"),
    [
        ("failed", "5.1.1", State.REFUSED),
        ("failed", "4.4.7", State.FAILED),
        ("delivered", "2.0.0", State.DELIVERED),
        ("delayed", "4.4.1", State.ACCEPTED),
        ("relayed", "2.0.0", State.ACCEPTED),
    ],
)
def test_a_report_says_what_became_of_a_message(action: str, status: str, state: str):
    message = accepted()
    hearing.hear(
        raw=report(message_id=message.message_id, action=action, status=status),
        now=timezone.now(),
    )
    found = again(message)
    assert found.state == state
    assert bool(found.reason) == (state in {State.REFUSED, State.FAILED})


@pytest.mark.django_db
def test_the_first_report_that_decides_stands():
    message, now = accepted(), timezone.now()
    refused = report(message_id=message.message_id)
    late = report(message_id=message.message_id, action="delivered", status="2.0.0")
    heard = [hearing.hear(raw=raw, now=now) for raw in (refused, refused, late)]
    assert heard == [Heard.CHANGED, Heard.NOTHING_NEW, Heard.NOTHING_NEW]
    assert again(message).state == State.REFUSED


@pytest.mark.django_db
def test_nothing_is_written_about_a_forgotten_message():
    message = accepted(to="")
    raw = report(message_id=message.message_id)
    assert hearing.hear(raw=raw, now=timezone.now()) == Heard.NOTHING_NEW
    assert again(message).reason == ""


@pytest.mark.django_db
def test_a_maildir_is_read_once_and_what_came_too_early_again(tmp_path: Path):
    message = accepted(state=State.SENDING)
    box = mailbox.Maildir(tmp_path / "bounces")
    box.add(report(message_id=message.message_id))
    box.add(b"Subject: Saya sedang cuti\r\n\r\nSampai jumpa.")

    def read() -> dict[Heard, int]:
        return hearing.hear_all(folder=tmp_path / "bounces", now=timezone.now())

    assert read() == {Heard.CHANGED: 0, Heard.NOTHING_NEW: 1, Heard.TOO_EARLY: 1}
    Message.objects.update(state=State.ACCEPTED)
    assert read() == {Heard.CHANGED: 1, Heard.NOTHING_NEW: 0, Heard.TOO_EARLY: 0}
    assert sum(read().values()) == 0
    assert again(message).state == State.REFUSED


@pytest.mark.django_db
def test_a_mail_system_that_pipes_too_early_brings_it_again(monkeypatch: Any):
    message = accepted(state=State.SENDING)
    raw = report(message_id=message.message_id)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    with pytest.raises(CommandError) as refusal:
        call_command("read_bounces")
    assert refusal.value.returncode == 75


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(CommandError):
        call_command("read_bounces", str(tmp_path / "none"))
