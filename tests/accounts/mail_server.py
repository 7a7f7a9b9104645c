"""A real SMTP server on loopback that takes, refuses, delays or drops on demand."""

import asyncio
import email
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from tests.live import LOOPBACK, free_port


@dataclass
class MailServer:
    """What it answers to RCPT and DATA, and the letters that it took."""

    port: int
    rcpt: str = "250 OK"
    data: str = "250 OK"
    seconds: float = 0
    drops: bool = False
    # Whether it has what it says it took.
    keeps: bool = True
    letters: list[EmailMessage] = field(default_factory=list)
    # The same as they came over the wire.
    raw: list[bytes] = field(default_factory=list)
    # Their envelope senders.
    senders: list[str] = field(default_factory=list)
    # Their Message-IDs.
    kept: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, to: str, *_: Any
    ) -> str:
        if self.rcpt.startswith("2"):
            envelope.rcpt_tos.append(to)
        return self.rcpt.format(to=to)

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.drops:
            server.transport.abort()
            return "451 gone"
        if self.data.startswith("2") and self.keeps:
            letter = email.message_from_bytes(envelope.content, policy=default)
            self.letters.append(letter)
            self.senders.append(envelope.mail_from)
            self.raw.append(envelope.original_content)
            self.kept.add(letter["Message-ID"])
        return self.data


def options(server: MailServer, **more: Any) -> dict[str, Any]:
    """The entry of MAILERS for it."""
    where = {"host": LOOPBACK, "port": server.port, "timeout": 0.5}
    return {"BACKEND": "accounts.smtp.Backend", "OPTIONS": where | more}


def untrusted(folder: Path) -> ssl.SSLContext:
    """A certificate that its owner signed: nobody vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.contoh.test")])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    server = MailServer(free_port())
    controller = Controller(server, hostname=LOOPBACK, port=server.port, tls_context=tls)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with serving() as server:
        settings.MAILERS = {"default": options(server)}
        yield server


@pytest.fixture
def relay_pair(settings: Any) -> Iterator[tuple[MailServer, MailServer]]:
    """Two relays, asked in this order."""
    with serving() as first, serving() as second:
        settings.MAILERS = {"default": options(first), "relay-2": options(second)}
        yield first, second
