"""How a text (SMS or WhatsApp) is handed to whoever carries it, and what is answered.

docs/mail.md tells when one is sent, and what an answer means for the message.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class GatewayAway(Exception):
    """No answer about this text; try again. Its text holds no number and no word of ours."""


class GatewayBusy(GatewayAway):
    """It answers, and wants this text later: no fault of the gateway's."""


class NumberRefused(Exception):
    """Of this number, for good."""


# Without repr: a traceback must tell neither the number nor the code.
@dataclass(frozen=True, repr=False)
class Text:
    """``reference`` comes back in reports of what became of it; ``once`` is the same at each
    attempt, so that the gateway may drop a second copy.
    """

    to: str
    words: str
    reference: str
    once: str


class TextGateway(Protocol):
    def send(self, text: Text) -> str:
        """Its word for what it took. Raises GatewayAway, GatewayBusy, NumberRefused."""


def gateway() -> TextGateway | None:
    """None where no text can be sent: until it is configured."""
    return import_string(settings.TEXT_GATEWAY)() if settings.TEXT_GATEWAY else None


def is_configured() -> bool:
    return bool(settings.TEXT_GATEWAY)
