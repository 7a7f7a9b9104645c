"""What the page tells that waits for a code from a mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts import mail_typos, policies, proving, selectors
from accounts.adapters import ASKED_AT, WAITING_FOR
from accounts.mail_states import STATES, MailState, State, state_as_asked
from accounts.models import Message
from paspor.kernel import ratelimit
from paspor.kernel.masking import mask_email

# Of the limit that decides when the button is pressed (ratelimit); the page only counts it.
PAUSE_SECONDS = ratelimit.split_rate(ratelimit.LIMITS["verify_code"]["pair"])[1]
FAILED = (STATES[State.REFUSED], STATES[State.FAILED])


@dataclass(frozen=True)
class Waiting:
    """``meant`` is the masked address that was probably meant; "" where nothing is odd."""

    state: MailState | None
    resend_in: int
    may_change: bool
    meant: str
    shows_other_ways: bool


def waiting_of(request: HttpRequest, *, now: datetime) -> Waiting:
    asked_at = _asked_at(request, now)
    state = _state(request, asked_at=asked_at, now=now)
    sign_up = proving.waiting_sign_up(request)
    meant = mail_typos.meant_address(proving.waiting_address(request)) if sign_up else ""
    since = datetime.fromisoformat(sign_up["at"]) if sign_up else asked_at
    patience = timedelta(minutes=policies.OTHER_WAYS_MINUTES.at(now=now))
    left = timedelta(seconds=PAUSE_SECONDS) - (now - asked_at)
    return Waiting(
        state=state,
        resend_in=max(0, round(left.total_seconds())),
        may_change=sign_up is not None,
        meant=mask_email(meant) if meant else "",
        shows_other_ways=state in FAILED or now - since >= patience,
    )


def _asked_at(request: HttpRequest, now: datetime) -> datetime:
    said = request.session.get(ASKED_AT)
    return datetime.fromisoformat(said) if said else now


def _state(request: HttpRequest, *, asked_at: datetime, now: datetime) -> MailState | None:
    message = _message(request)
    return state_as_asked(message, asked_at=asked_at, now=now) if message else None


def _message(request: HttpRequest) -> Message | None:
    code = request.session.get(WAITING_FOR)
    return selectors.message_with_code(code) if code else None


def waiting_now(request: HttpRequest) -> Waiting:
    return waiting_of(request, now=timezone.now())
