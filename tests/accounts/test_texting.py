"""The gateway of texts: what is sent, what an answer means, and what it reports later."""

import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone

from accounts import tasks
from accounts.models import Message, Relay
from accounts.services import relays, text_carrying
from accounts.texting import simulator
from accounts.texting.http import HttpGateway
from accounts.texting.interface import GatewayAway, GatewayBusy, NumberRefused, Text
from accounts.texting.simulator import Simulator, Temper
from paspor.kernel import outcall
from tests.accounts.messages import again, make_due, written
from tests.accounts.registry_server import RegistryServer

State = Message.State
PHONE, TOKEN, DOOR = "+6281234567890", "rahasia-laporan", "/teks/laporan/"
TEXT = Text(to=PHONE, words="Kode 123456", reference="ABCD", once="<satu@paspor.test>")


@pytest.fixture
def server(settings: Any) -> Iterator[RegistryServer]:
    server = RegistryServer()
    settings.TEXT_GATEWAY = "accounts.texting.http.HttpGateway"
    settings.TEXT_URL, settings.TEXT_TOKEN = server.url, "rahasia"
    settings.TEXT_SENDER, settings.TEXT_KIND = "PASPOR", "sms"
    yield server
    server.close()


def text(**fields: Any) -> Message:
    channel = Message.Channel.TEXT
    return written(to=PHONE, channel=channel, html="", text="Kode 123456", urgent=True, **fields)


def test_a_text_is_sent_with_our_token(server: RegistryServer):
    server.says(201, {"id": "m-1"})
    assert HttpGateway().send(TEXT) == "201 m-1"
    [(path, headers, said)] = server.heard
    assert path == "/dukcapil"
    assert headers["Authorization"] == "Bearer rahasia"
    assert headers["Idempotency-Key"] == TEXT.once
    assert said == {
        "to": PHONE,
        "from": "PASPOR",
        "channel": "sms",
        "text": "Kode 123456",
        "reference": "ABCD",
    }


@pytest.mark.parametrize(
    ("status", "body", "trouble", "said"),
    [
        (400, {"error": "invalid_number"}, NumberRefused, "400 invalid_number"),
        (422, {"error": f"no such {PHONE}"}, NumberRefused, "422"),
        (404, b"not json", NumberRefused, "404"),
        (429, b"", GatewayBusy, "429"),
        (401, b"", GatewayAway, "401"),
        (302, b"", GatewayAway, "302"),
        (500, {"error": [1]}, GatewayAway, "500"),
        (200, b"x" * (outcall.LONGEST_ANSWER + 1), GatewayAway, "too long"),
    ],
)
def test_what_an_answer_means(
    server: RegistryServer, status: int, body: Any, trouble: type[Exception], said: str
):
    server.says(status, body)
    with pytest.raises(trouble) as met:
        HttpGateway().send(TEXT)
    assert (type(met.value), str(met.value)) == (trouble, said)


def test_silence_is_no_answer(server: RegistryServer, monkeypatch: Any, settings: Any):
    monkeypatch.setattr(outcall, "SILENCE_SECONDS", 0.2)
    done = Event()
    server.says(200, done)
    with pytest.raises(GatewayAway, match="TimeoutError"):
        HttpGateway().send(TEXT)
    done.set()
    settings.TEXT_URL = "http://127.0.0.1:1/"
    with pytest.raises(GatewayAway, match="ConnectionRefusedError"):
        HttpGateway().send(TEXT)


def test_a_certificate_of_nobody_is_not_believed(server: RegistryServer, tmp_path: Any):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1)
    made = made.not_valid_before(datetime.now(UTC) - timedelta(days=1))
    made = made.not_valid_after(datetime.now(UTC) + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    file = tmp_path / "both.pem"
    as_pem = serialization.Encoding.PEM
    private = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(signed.public_bytes(as_pem) + key.private_bytes(as_pem, *private))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server._server.socket = context.wrap_socket(
        server._server.socket, server_side=True, do_handshake_on_connect=False
    )
    with pytest.raises(outcall.NoAnswer, match="SSLCertVerificationError"):
        outcall.post(server.url.replace("http://127.0.0.1", "https://localhost"), {}, {})
    assert server.heard == []


@pytest.fixture
def gateway(settings: Any) -> None:
    settings.TEXT_GATEWAY = "accounts.texting.simulator.Simulator"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("temper", "state", "reason"),
    [
        (Temper.NORMAL, State.ACCEPTED, "200 simulated"),
        (Temper.DOWN, State.QUEUED, "down"),
        (Temper.BUSY, State.QUEUED, "429"),
        (Temper.REFUSING, State.REFUSED, "422 invalid_number"),
    ],
)
def test_a_text_goes_by_its_gateway(gateway: None, temper: Temper, state: str, reason: str):
    simulator.set_temper(temper)
    message = text()
    tasks.carry_message(message.pk)
    found = again(message)
    assert (found.state, found.reason) == (state, reason)
    assert found.relay == ("text" if state == State.ACCEPTED else "")
    # What is still to be sent keeps its words.
    assert bool(found.text) == (state == State.QUEUED)
    assert Relay.objects.filter(name="text").exists() == (temper == Temper.DOWN)


@pytest.mark.django_db
def test_letters_and_texts_take_their_own_roads(gateway: None, settings: Any):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    letter, message = written(), text(dedup_key="teks")
    assert text_carrying.carry(letter.pk) is False
    assert tasks.sweep_messages() == 1
    assert (again(letter).state, again(message).state) == (State.ACCEPTED, State.QUEUED)
    assert tasks.sweep_texts() == 1
    assert again(message).state == State.ACCEPTED


@pytest.mark.django_db
def test_a_gateway_that_is_away_rests_and_comes_back(gateway: None):
    simulator.set_temper(Temper.DOWN)
    message = text()
    for _time in range(3):
        make_due(message)
        assert text_carrying.carry()
    make_due(message)
    assert not text_carrying.carry()
    relays.forget(now=timezone.now())
    assert Relay.objects.get(name="text").rests_until > timezone.now()
    simulator.set_temper(Temper.NORMAL)
    Relay.objects.update(rests_until=timezone.now())
    assert text_carrying.carry()
    assert again(message).state == State.ACCEPTED
    assert Relay.objects.get(name="text").failures == 0


@pytest.mark.django_db
def test_after_a_rest_one_text_tries_and_the_others_wait(gateway: None):
    now = timezone.now()
    Relay.objects.create(name="text", failures=3, rests_until=now)
    known = relays.healths()
    assert relays.begin_trial(name="text", healths=known, now=now)
    message = text()
    Relay.objects.update(rests_until=now)
    stale = {("text", ""): known["text", ""]}
    Relay.objects.update(rests_until=now + timedelta(seconds=90))
    outcome = text_carrying._hand_over(Simulator(), message, stale, now)
    assert (outcome.state, outcome.reason) == (State.QUEUED, "")


@pytest.mark.django_db
def test_without_a_gateway_a_text_ends_with_its_time(settings: Any):
    settings.TEXT_GATEWAY = ""
    message = text(not_after=timezone.now() - timedelta(seconds=1))
    assert not text_carrying.carry()
    tasks.sweep_messages()
    assert again(message).state == State.FAILED


@pytest.fixture
def sent(settings: Any, db: None) -> Message:
    settings.TEXT_REPORT_TOKEN = TOKEN
    message = text()
    Message.objects.update(state=State.ACCEPTED)
    return message


def told(message: Message, state: str, event: str = "e-1", **more: Any) -> dict[str, Any]:
    return {"id": event, "reference": message.code, "state": state} | more


def post(body: Any, token: str = TOKEN) -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body)
    headers = {"Authorization": f"Bearer {token}"}
    return Client().post(DOOR, raw, content_type="application/json", headers=headers).status_code


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("delivered", State.DELIVERED),
        ("refused", State.REFUSED),
        ("failed", State.FAILED),
        ("sent", State.ACCEPTED),
    ],
)
def test_a_report_says_what_became_of_a_text(sent: Message, state: str, expected: str):
    assert post(told(sent, state, reason="absent_subscriber")) == 200
    assert again(sent).state == expected
    assert again(sent).reason in {"", "absent_subscriber"}


def test_what_was_delivered_stays_delivered(sent: Message):
    late = (timezone.now() + timedelta(minutes=1)).isoformat()
    assert post(told(sent, "delivered")) == 200
    assert post(told(sent, "failed", "e-2", at=late)) == 200
    assert post(told(sent, "refused", "e-3")) == 200
    assert again(sent).state == State.DELIVERED


def test_a_text_that_arrived_late_has_arrived(sent: Message):
    now = timezone.now()
    assert post(told(sent, "failed", at=(now - timedelta(minutes=2)).isoformat())) == 200
    assert post(told(sent, "delivered", "e-2", at=now.isoformat())) == 200
    assert again(sent).state == State.DELIVERED


def test_an_event_counts_once(sent: Message):
    old = (timezone.now() - timedelta(minutes=2)).isoformat()
    assert [post(told(sent, "failed", at=old)), post(told(sent, "delivered"))] == [200, 200]
    assert again(sent).state == State.FAILED


def test_what_comes_too_early_is_told_again(sent: Message):
    Message.objects.update(state=State.SENDING)
    assert post(told(sent, "delivered")) == 503
    Message.objects.update(state=State.ACCEPTED)
    assert post(told(sent, "delivered")) == 200
    assert again(sent).state == State.DELIVERED


@pytest.mark.parametrize("token", ["", "lain", f"{TOKEN}x"])
def test_without_the_token_nothing_is_believed(sent: Message, token: str):
    assert post(told(sent, "delivered"), token) == 401
    assert again(sent).state == State.ACCEPTED


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", {"id": "e"}, {"id": 1, "reference": "x"}, {"id": "\0", "reference": "x"}],
)
def test_what_cannot_be_read_is_400(sent: Message, body: Any):
    assert post(body) == 400


def test_a_letter_is_no_text_and_a_strangers_reference_nothing(sent: Message):
    Message.objects.update(channel="EMAIL")
    assert post(told(sent, "failed")) == 200
    assert post({"id": "x", "reference": "TIDAKADA", "state": "failed"}) == 200
    assert again(sent).state == State.ACCEPTED
    assert post(told(sent, "failed", reason=f"call {PHONE}", at="2026-99-99T00:00:00Z")) == 200


def test_the_door_is_closed_until_it_is_configured(settings: Any):
    settings.TEXT_REPORT_TOKEN = ""
    assert post({"id": "x"}, "") == 404


@pytest.mark.django_db
def test_the_demo_shows_texts_and_switches_the_simulator(client: Client, demo: Any):
    message = text()
    mailbox = client.get(f"/demo/mailbox/?to={PHONE.replace('+', '%2B')}").text
    assert "123456" in mailbox
    assert "Kode 123456" in client.get(f"/demo/mailbox/{message.code}/").text
    client.post("/demo/teks/", {"temper": "refusing"})
    assert simulator.temper() == Temper.REFUSING
    client.post("/demo/teks/", {"temper": "lain"})
    assert simulator.temper() == Temper.REFUSING
    assert 'value="refusing" checked' in client.get("/demo/teks/").text
