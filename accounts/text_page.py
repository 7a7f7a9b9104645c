"""A code to a phone for whoever waits for a code from a mail: when it is offered, and where
the text is.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from accounts import bounces, proving
from accounts.mail_states import MailState, State, state_of
from accounts.models import Message, TextCode, User
from accounts.services import text_codes
from accounts.services.text_codes import Asked
from accounts.texting.interface import is_configured
from paspor.kernel import device, ratelimit

TEXT_CODE = "accounts_text_code"
# How the channel is called by those who use it.
NAMES = {"sms": "SMS", "whatsapp": "WhatsApp"}


@dataclass(frozen=True)
class TextSent:
    """The code that was sent for the address that waits now. ``to`` is masked."""

    to: str
    state: MailState
    message_state: str
    resend_in: int
    is_used: bool


def name() -> str:
    return NAMES.get(settings.TEXT_KIND, NAMES["sms"])


def is_offered(request: HttpRequest, *, message: Message | None, shows_other_ways: bool) -> bool:
    """Not where the mailbox is said not to exist: that address is to be mended."""
    if not is_configured() or not shows_other_ways or proving.typed_here(request) is None:
        return False
    is_refused = message is not None and message.state == State.REFUSED
    return not (is_refused and bounces.has_no_mailbox(message.reason))


def sent(request: HttpRequest, *, now: datetime) -> TextSent | None:
    row = _kept(request)
    if row is None:
        return None
    left = text_codes.PAUSE - (now - row.made_at)
    return TextSent(
        to=row.message.masked_to,
        state=state_of(row.message),
        message_state=row.message.state,
        resend_in=max(0, round(left.total_seconds())),
        is_used=row.used_at is not None,
    )


def _kept(request: HttpRequest) -> TextCode | None:
    kept = request.session.get(TEXT_CODE)
    if not kept or kept["address"] != proving.waiting_address(request):
        return None
    return TextCode.objects.select_related("message").filter(pk=kept["id"]).first()


def send(request: HttpRequest, *, phone: str, now: datetime) -> None:
    """An empty ``phone`` is the one before. Raises what text_codes.send raises, and
    TooManyRequests.
    """
    typed = proving.typed_here(request)
    if typed is None:
        return
    ratelimit.check(request, "text_code")
    address = proving.waiting_address(request)
    before = _kept(request)
    asked = Asked(
        typed=typed,
        email=address,
        phone=phone or (before.message.to if before else ""),
        device=device.installation_of(request),
    )
    row = text_codes.send(asked=asked, now=now)
    request.session[TEXT_CODE] = {"id": row.pk, "address": address}


def prove(request: HttpRequest, *, code: str, now: datetime) -> User:
    """Raises what text_codes.prove raises."""
    row = _kept(request)
    return text_codes.prove(pk=row.pk if row else 0, code=code, now=now)
