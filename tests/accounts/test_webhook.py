"""A mail provider's reports: signed, each once, in whatever order."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.test import Client
from django.utils import timezone

from accounts.models import Message, ProviderEvent, Suppression
from accounts.services import retention
from tests.accounts.messages import accepted, again

State = Message.State
KEY, DOOR = "kunci-penyedia-uji", "/surat/laporan/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def provider(settings: Any) -> None:
    settings.MAIL_WEBHOOK, settings.MAIL_WEBHOOK_KEY = "mailgun", KEY


def mailgun(
    message: Message, event: str, *, token: str = "t1", at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    moment = (at or timezone.now()).timestamp()
    signature = hmac.new(KEY.encode(), f"{int(moment)}{token}".encode(), hashlib.sha256)
    data = {
        "event": event,
        "severity": "permanent",
        "timestamp": moment,
        "recipient": message.to,
        "message": {"headers": {"message-id": message.message_id.strip("<>")}},
    }
    return {
        "signature": {
            "timestamp": str(int(moment)),
            "token": token,
            "signature": signature.hexdigest(),
        },
        "event-data": data | more,
    }


def post(body: Any, **headers: str) -> int:
    text = body if isinstance(body, bytes) else json.dumps(body)
    answer = Client().post(DOOR, text, content_type="application/json", headers=headers)
    return answer.status_code


GONE = {"delivery-status": {"message": "550 5.1.1 <warga@contoh.test> unknown", "code": 550}}
FULL = {"delivery-status": {"message": "552 5.2.2 mailbox full", "code": 552}}


@pytest.mark.parametrize(
    ("event", "more", "state", "why"),
    [
        ("delivered", {}, State.DELIVERED, None),
        ("failed", GONE, State.REFUSED, "BOUNCE"),
        ("failed", FULL, State.REFUSED, None),
        ("failed", GONE | {"severity": "temporary"}, State.ACCEPTED, None),
        ("rejected", {}, State.FAILED, None),
        ("complained", {}, State.DELIVERED, "COMPLAINT"),
        ("opened", {}, State.ACCEPTED, None),
    ],
)
def test_what_is_told_is_written(event: str, more: Any, state: str, why: str | None):
    message = accepted()
    assert post(mailgun(message, event, **more)) == 200
    assert again(message).state == state
    row = Suppression.objects.first()
    assert (row.why if row else None) == why
    assert "@" not in again(message).reason


def test_an_event_counts_once_and_an_older_one_never():
    message, now = accepted(), timezone.now()
    late, early = now - timedelta(hours=1), now - timedelta(hours=2)
    assert post(mailgun(message, "delivered", token="a", at=late)) == 200
    assert post(mailgun(message, "failed", token="b", at=early, **GONE)) == 200
    assert again(message).state == State.DELIVERED
    # Mailgun signs the token and not the body: with it nobody tells anything else.
    stolen = mailgun(message, "delivered", token="a", at=late)
    stolen["event-data"] |= {"event": "complained", "timestamp": now.timestamp()}
    assert post(stolen) == 200
    assert again(message).reported_at.timestamp() == pytest.approx(late.timestamp(), abs=1)
    assert not Suppression.objects.exists()
    assert ProviderEvent.objects.count() == 2
    retention.forget_old_messages(now=now + timedelta(days=400))
    assert not ProviderEvent.objects.exists()


def test_a_forged_report_is_refused():
    message = accepted()
    body = mailgun(message, "complained")
    for forged in (
        body | {"signature": body["signature"] | {"signature": "0" * 64}},
        body | {"signature": body["signature"] | {"token": "lain"}},
        {"event-data": body["event-data"]},
        [1],
        b"\xff{",
        b"",
    ):
        assert post(forged) == 400
    assert again(message).state == State.ACCEPTED
    assert not Suppression.objects.exists()


def test_a_report_of_another_recipient_or_message_changes_nothing():
    message = accepted()
    assert post(mailgun(message, "complained", recipient="lain@contoh.test")) == 200
    body = mailgun(message, "complained", token="b")
    body["event-data"]["message"]["headers"]["message-id"] = "lain@contoh.test"
    assert post(body) == 200
    assert again(message).state == State.ACCEPTED
    assert not Suppression.objects.exists()


def test_one_that_comes_too_early_is_wanted_again():
    message = accepted(state=State.SENDING)
    body = mailgun(message, "delivered")
    assert post(body) == 503
    Message.objects.update(state=State.ACCEPTED)
    assert post(body) == 200
    assert again(message).state == State.DELIVERED


@pytest.mark.parametrize(("name", "key"), [("", KEY), ("mailgun", ""), ("postmark", KEY)])
def test_there_is_no_door_until_it_is_configured(settings: Any, name: str, key: str):
    settings.MAIL_WEBHOOK, settings.MAIL_WEBHOOK_KEY = name, key
    assert post(mailgun(accepted(), "complained")) == 404


def test_postal_signs_the_body(settings: Any):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    settings.MAIL_WEBHOOK = "postal"
    settings.MAIL_WEBHOOK_KEY = base64.b64encode(public).decode()
    message = accepted()
    event = {
        "event": "MessageDeliveryFailed",
        "uuid": "e1",
        "timestamp": timezone.now().timestamp(),
        "payload": {
            "status": "HardFail",
            "output": "550 5.1.1 unknown",
            "message": {
                "id": 7,
                "message_id": message.message_id.strip("<>"),
                "to": message.to,
                "direction": "outgoing",
            },
        },
    }
    body = json.dumps(event).encode()
    signed = key.sign(body, padding.PKCS1v15(), hashes.SHA1())  # what Postal signs with
    headers = {"X-Postal-Signature": base64.b64encode(signed).decode()}
    assert post(body.replace(b"5.1.1", b"5.1.2"), **headers) == 400
    assert post(body) == 400
    assert post(body, **headers) == 200
    assert again(message).state == State.REFUSED
    assert Suppression.objects.get().why == "BOUNCE"
