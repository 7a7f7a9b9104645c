"""A real SMTP server on loopback that takes, refuses, delays or drops on demand."""

import asyncio
import email
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.live import LOOPBACK, free_port


@dataclass
class MailServer:
    """What it answers to RCPT and DATA, and the letters that it took."""

    port: int
    rcpt: str = "250 OK"
    data: str = "250 OK"
    seconds: float = 0
    drops: bool = False
    letters: list[EmailMessage] = field(default_factory=list)

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
        if self.data.startswith("2"):
            letter = email.message_from_bytes(envelope.content, policy=default)
            self.letters.append(letter)
        return self.data


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer(free_port())
    controller = Controller(server, hostname=LOOPBACK, port=server.port)
    controller.start()
    options = {"host": LOOPBACK, "port": server.port, "timeout": 0.5}
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": options,
        }
    }
    yield server
    controller.stop()
