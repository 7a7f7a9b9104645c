"""Letters that tell of a spam mark (ARF), as several mail systems write them."""

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.utils import timezone

from accounts import complaints, return_path
from accounts.models import Message, Suppression
from accounts.services import bounces as hearing
from accounts.services import suppressions
from accounts.services.deliveries import Heard
from tests.accounts.messages import accepted, again, report, written

State = Message.State
TO = "warga@contoh.test"
SENDER = "bounces+ABCDEFGHJKLM-0123456789abcdef0123@paspor.test"
FROM_YAHOO = """\
Feedback-Type: abuse
User-Agent: Yahoo!-Mail-Feedback/2.0
Version: 0.1
Original-Mail-From: <{sender}>
Original-Rcpt-To: warga@contoh.test
Received-Date: Mon, 1 Jun 2026 08:00:00 +0700
Reported-Domain: paspor.test"""
# Who complained is blacked out, and only the letter's header comes back.
FROM_AOL = """\
Feedback-Type: ABUSE
User-Agent: AOL SComp
Version: 0.1
Original-Rcpt-To: <1f0e3dad99908345f7439f8ffabdffc4@contoh.test>"""
FROM_OUTLOOK = """\
Feedback-Type: abuse
User-Agent: Outlook-JMRP/1.0
Version: 1"""
SIGNED_OUT = FROM_OUTLOOK.replace("abuse", "opt-out")
HEADERS = {"returned": "text/rfc822-headers; charset=utf-8"}


def arf(
    told: str = FROM_YAHOO,
    *,
    sender: str = SENDER,
    message_id: str = "<satu@paspor.test>",
    returned: str = "message/rfc822",
    date: str = "",
) -> bytes:
    lines = [
        "From: feedback@penyedia.test",
        "To: keluhan@paspor.test",
        *([f"Date: {date}"] if date else []),
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="batas"',
        "",
        "--batas",
        "Content-Type: text/plain",
        "",
        "This is an email abuse report.",
        "--batas",
        "Content-Type: message/feedback-report",
        "",
        *told.format(sender=sender).split("\n"),
        "",
        "--batas",
        f"Content-Type: {returned}",
        "Content-Disposition: inline",
        "",
        f"Return-Path: <{sender}>",
        "From: Paspor <paspor@paspor.test>",
        f"Message-ID: {message_id}",
        "Subject: Kode Anda",
        "",
        "ABCD-EFGH",
        "--batas--",
    ]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    ("told", "more", "recipient"),
    [
        (FROM_YAHOO, {}, TO),
        (FROM_AOL, HEADERS, "1f0e3dad99908345f7439f8ffabdffc4@contoh.test"),
        (FROM_OUTLOOK, {}, ""),
        (SIGNED_OUT, HEADERS, ""),
    ],
)
def test_complaints_of_several_systems_are_read(told: str, more: dict[str, str], recipient: str):
    found = complaints.read(arf(told, **more))
    assert found is not None
    assert f"<{SENDER}>" in found.senders
    assert (found.message_id, found.recipient) == ("<satu@paspor.test>", recipient)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Content-Type: multipart/report\r\n\r\nNothing inside",
        b"Subject: Saya sedang cuti\r\n\r\nFeedback-Type: abuse",
        report(),
        arf("User-Agent: nothing told"),
        arf("Feedback-Type: not-spam"),
        arf("Feedback-Type: auth-failure\nAuth-Failure: dmarc"),
    ],
)
def test_another_letter_is_no_complaint(raw: bytes):
    assert complaints.read(raw) is None


def of(message: Message, told: str = FROM_YAHOO, **more: Any) -> bytes:
    sender = return_path.envelope_sender(message.code)
    return arf(told, **({"sender": sender, "message_id": message.message_id} | more))


@pytest.fixture
def message(settings: Any, db: None) -> Message:
    settings.BOUNCE_ADDRESS = "bounces@paspor.test"
    return accepted()


@pytest.mark.parametrize("told", [FROM_YAHOO, FROM_AOL, FROM_OUTLOOK, SIGNED_OUT])
def test_a_complaint_stops_letters_to_the_address(message: Message, told: str):
    assert hearing.hear(raw=of(message, told), now=timezone.now()) == Heard.CHANGED
    assert again(message).state == State.DELIVERED
    row = Suppression.objects.get()
    assert (row.address, row.why) == (TO, Suppression.Why.COMPLAINT)


@pytest.mark.parametrize("dated", [True, False])
def test_the_same_complaint_again_undoes_no_lifting(message: Message, dated: bool):
    now = timezone.now()
    Message.objects.update(accepted_at=now - timedelta(hours=3))
    raw = of(message, date=format_datetime(now - timedelta(hours=2)) if dated else "")
    assert hearing.hear(raw=raw, now=now) == Heard.CHANGED
    suppressions.lift(address=TO, now=now)
    assert hearing.hear(raw=raw, now=now + timedelta(hours=1)) == Heard.NOTHING_NEW
    assert Suppression.objects.get().lifted_at == now


@pytest.mark.parametrize("forged", ["guessed", "none", "of another", "elsewhere"])
def test_a_forged_complaint_changes_nothing(message: Message, forged: str):
    """Of somebody who knows the Message-ID and the address, and has letters of their own."""
    own = written("lain", to="penyerang@contoh.test")
    signed = return_path.envelope_sender(message.code)
    raw = {
        "guessed": of(message, sender=f"{signed.rpartition('-')[0]}-{'0' * 20}@paspor.test"),
        "none": of(message, sender="bounces@paspor.test"),
        "of another": of(own, message_id=message.message_id),
        "elsewhere": of(message).replace(b"Rcpt-To: warga@contoh.test", b"Rcpt-To: warga@x.test"),
    }[forged]
    assert hearing.hear(raw=raw, now=timezone.now()) == Heard.NOTHING_NEW
    assert not Suppression.objects.exists()


def test_without_signed_return_paths_no_complaint_counts(message: Message, settings: Any):
    raw = of(message)
    settings.BOUNCE_ADDRESS = ""
    assert hearing.hear(raw=raw, now=timezone.now()) == Heard.NOTHING_NEW
    assert not Suppression.objects.exists()
