"""A sign-in that waits for a second step that is lost: what its page and the app may do there."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest

from accounts import entrance_limits, policies, proving, selectors
from accounts.errors import StepPasswordNeeded, StepPasswordWrong
from accounts.models import LostStep, User
from accounts.services import lost_steps
from paspor.kernel.errors import DomainError


@dataclass(frozen=True)
class Lost:
    """``why_not`` stands against asking; ``waiting`` has been asked for. ``code_asked_at`` is of a
    code that may still come back.
    """

    days: int
    needs_password: bool
    why_not: DomainError | None = None
    waiting: LostStep | None = None
    code_asked_at: datetime | None = None


def state_of(request: HttpRequest, user: User, *, now: datetime) -> Lost:
    days = policies.LOST_STEP_DAYS.at(now=now)
    waiting = selectors.lost_step_of(user)
    needs = needs_password(request, user)
    if waiting is not None:
        return Lost(days, needs, waiting=waiting)
    try:
        lost_steps.check(user=user, now=now)
    except DomainError as refusal:
        return Lost(days, needs, why_not=refusal)
    return Lost(days, needs, code_asked_at=lost_steps.code_asked_at(user=user, now=now))


def needs_password(request: HttpRequest, user: User) -> bool:
    """Whoever came by a code from the mailbox types it now."""
    return not proving.typed_the_password(request, user)


def send_code(request: HttpRequest, user: User, *, password: str, now: datetime) -> None:
    """Counted as every code to a mailbox, and every password.

    Raises StepPasswordNeeded, StepPasswordWrong, TooManyRequests, and what lost_steps.ask does.
    """
    lost_steps.check(user=user, now=now)
    if needs_password(request, user):
        _prove_password(request, user, password)
    entrance_limits.mail_code(request, user.email)
    lost_steps.ask(user=user, now=now)


def _prove_password(request: HttpRequest, user: User, password: str) -> None:
    if not password:
        raise StepPasswordNeeded(fields={"password": [StepPasswordNeeded.message]})
    if get_adapter().authenticate(request, email=user.email, password=password) != user:
        raise StepPasswordWrong(fields={"password": [StepPasswordWrong.message]})
    record_authentication(request, user, method="password", email=user.email)


def begin(request: HttpRequest, user: User, *, code: str, now: datetime) -> LostStep:
    """Raises StepPasswordNeeded, and what lost_steps.begin does."""
    if needs_password(request, user):
        raise StepPasswordNeeded
    return lost_steps.begin(user=user, code=code, now=now)
