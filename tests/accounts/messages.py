"""Messages in the outbox, and what a mail server reports of them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Message, User
from accounts.services import messages

State = Message.State
ID = "<3f6c2c1e@paspor.contoh.test>"


def written(key: str = "satu", **fields: Any) -> Message:
    values = {
        "user": None,
        "to": "warga@contoh.test",
        "kind": "uji",
        "language": "id",
        "subject": "Kode Anda",
        "text": "ABCD-EFGH\n\nKode Anda.",
        "html": "<p>ABCD-EFGH</p>",
        "dedup_key": key,
        "now": timezone.now(),
    }
    return messages.enqueue(**(values | fields))


def again(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def make_due(message: Message) -> None:
    """Let the pause or the lease of a message be over."""
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.filter(pk=message.pk).update(not_before=past, claimed_until=past)


def report(
    *,
    message_id: str = ID,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <warga@contoh.test>: User unknown",
    returned: str = "message/rfc822",
    kind: str = "multipart/report; report-type=delivery-status",
    head: str = "Reporting-MTA: dns; mx.contoh.test",
) -> bytes:
    lines = [
        "From: MAILER-DAEMON@mx.contoh.test",
        "Subject: Undelivered Mail",
        "MIME-Version: 1.0",
        f'Content-Type: {kind}; boundary="batas"',
        "",
        "--batas",
        "Content-Type: text/plain",
        "",
        "Maaf.",
        "--batas",
        "Content-Type: message/delivery-status",
        "",
        head,
        "",
        "Final-Recipient: rfc822; warga@contoh.test",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: {said}",
        "",
        "--batas",
        f"Content-Type: {returned}",
        "",
        "From: Paspor <paspor@contoh.test>",
        f"Message-ID: {message_id}",
        "Subject: Kode Anda",
        "",
        "ABCD-EFGH",
        "--batas--",
    ]
    return "\r\n".join(lines).encode()


def accepted(**fields: Any) -> Message:
    message = written()
    Message.objects.filter(pk=message.pk).update(**({"state": State.ACCEPTED} | fields))
    return message


def mail_to(user: User, key: str = "a") -> Message:
    return messages.enqueue(
        user=user,
        to=user.email,
        kind="uji",
        language="id",
        subject="Halo",
        text="rahasia",
        html="",
        dedup_key=key,
        now=timezone.now(),
    )
