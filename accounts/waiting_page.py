"""What the page tells that waits for a code from a mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts import mail_typos, policies, proving, selectors, text_page
from accounts.adapters import ASKED_AT, WAITING_FOR
from accounts.mail_states import STATES, MailState, State, state_as_asked
from accounts.models import CounterCode, Message
from accounts.services import counter_codes
from accounts.text_page import TextSent
from paspor.kernel import formatting, ratelimit
from paspor.kernel.codes import grouped
from paspor.kernel.masking import mask_email

COUNTER_CODE = "accounts_counter_code"
# Of the limit that decides when the button is pressed (ratelimit); the page only counts it.
PAUSE_SECONDS = ratelimit.split_rate(ratelimit.LIMITS["verify_code"]["pair"])[1]
FAILED = (STATES[State.REFUSED], STATES[State.FAILED])


@dataclass(frozen=True)
class Waiting:
    """``meant`` is the address that was probably meant; "" where nothing is odd."""

    state: MailState | None
    resend_in: int
    may_change: bool
    meant: str
    shows_other_ways: bool
    counter_code: str = ""
    counter_until: str = ""
    may_go_to_counter: bool = False
    # By SMS or WhatsApp, in the name's place; "" where it is not offered.
    text_by: str = ""
    is_verified: bool = False
    is_verified_by_text: bool = False

    @property
    def is_over(self) -> bool:
        return self.is_verified or self.is_verified_by_text


def waiting_of(request: HttpRequest, *, now: datetime) -> Waiting:
    asked_at = _asked_at(request, now)
    message = _message(request)
    state = state_as_asked(message, asked_at=asked_at, now=now) if message else None
    sign_up = proving.waiting_sign_up(request)
    meant = mail_typos.meant_address(proving.waiting_address(request)) if sign_up else ""
    since = datetime.fromisoformat(sign_up["at"]) if sign_up else asked_at
    patience = timedelta(minutes=policies.OTHER_WAYS_MINUTES.at(now=now))
    left = timedelta(seconds=PAUSE_SECONDS) - (now - asked_at)
    counter = counter_code_of(request, now=now)
    shows_other_ways = state in FAILED or now - since >= patience
    by_text = text_page.is_offered(request, message=message, shows_other_ways=shows_other_ways)
    text = text_page.sent(request, now=now)
    return Waiting(
        counter_code=grouped(counter.code) if counter else "",
        counter_until=_day(counter.expires_at) if counter else "",
        may_go_to_counter=proving.typed_here(request) is not None,
        text_by=text_page.name() if by_text else "",
        is_verified=counter is not None and counter.used_at is not None,
        is_verified_by_text=text is not None and text.is_used,
        state=state,
        resend_in=max(0, round(left.total_seconds())),
        may_change=sign_up is not None,
        meant=meant,
        shows_other_ways=shows_other_ways,
    )


def counter_code_of(request: HttpRequest, *, now: datetime) -> CounterCode | None:
    """The code that was asked for here, for the address that waits now; used or still good."""
    kept = request.session.get(COUNTER_CODE)
    if not kept or kept["address"] != proving.waiting_address(request):
        return None
    found = CounterCode.objects.filter(code=kept["code"])
    return found.filter(Q(used_at__isnull=False) | Q(expires_at__gt=now)).first()


def ask_counter_code(request: HttpRequest, *, now: datetime) -> CounterCode | None:
    """The one that stands, or a new one; None where nobody waits."""
    typed = proving.typed_here(request)
    if typed is None:
        return None
    code = counter_code_of(request, now=now)
    if code is None:
        ratelimit.check(request, "messages")
        code = counter_codes.issue(typed=typed, now=now)
        address = proving.waiting_address(request)
        request.session[COUNTER_CODE] = {"code": code.code, "address": address}
    return code


def told_to_app(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """What the page says, for the app."""
    waiting = waiting_of(request, now=now)
    counter = counter_code_of(request, now=now)
    text = text_page.sent(request, now=now)
    states = [code for code, state in STATES.items() if state is waiting.state]
    return {
        "to": mask_email(proving.waiting_address(request)),
        "state": states[0].value if states else None,
        "state_text": str(waiting.state.label) if waiting.state else "",
        "advice": str(waiting.state.advice) if waiting.state else "",
        "resend_in": waiting.resend_in,
        "meant": mask_email(waiting.meant) if waiting.meant else "",
        "shows_other_ways": waiting.shows_other_ways,
        "counter_code": counter.code if counter else None,
        "counter_code_until": counter.expires_at.isoformat() if counter else None,
        "text_by": waiting.text_by,
        "text": _text_told(text) if text else None,
        "is_verified": waiting.is_over,
    }


def _text_told(text: TextSent) -> dict[str, Any]:
    return {
        "to": text.to,
        "state": text.message_state,
        "state_text": str(text.state.label),
        "advice": str(text.state.advice),
        "resend_in": text.resend_in,
    }


def _day(at: datetime) -> str:
    return formatting.timestamp(timezone.localtime(at))


def _asked_at(request: HttpRequest, now: datetime) -> datetime:
    said = request.session.get(ASKED_AT)
    return datetime.fromisoformat(said) if said else now


def _message(request: HttpRequest) -> Message | None:
    code = request.session.get(WAITING_FOR)
    return selectors.message_with_code(code) if code else None


def waiting_now(request: HttpRequest) -> Waiting:
    return waiting_of(request, now=timezone.now())
