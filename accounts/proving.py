"""Whose an account is while its address is not verified: whoever reads the mailbox.

Anybody may sign up with anybody's address. Each sign-up waits in its own session, with a
code of its own and what was typed there; the one whose code comes back wins, and what the
others typed is worth nothing.
"""

import time
from datetime import datetime
from typing import Any

from allauth.account import app_settings
from allauth.account.internal import flows
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.hashers import make_password
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from accounts import entrance_limits, entrance_proofs, selectors
from accounts.models import User
from accounts.services import messages, registration, suppressions
from accounts.services.registration import Typed

WAITING = "accounts_waiting_sign_up"


def remember_sign_up(request: HttpRequest, user: User | None, password: str) -> None:
    """``password`` as it is kept, never as it was typed.

    Without an account too: where the address has one already, nothing here may look different.
    """
    request.session[WAITING] = {
        "account": user.code if user else "",
        "password": password,
        "language": get_language() or "",
        "at": timezone.now().isoformat(),
    }


def waiting_sign_up(request: HttpRequest) -> dict[str, str] | None:
    """What was typed at the sign-up that waits here for its code; None once that ran out."""
    if request.user.is_authenticated or EmailVerificationProcess.resume(request) is None:
        return None
    waiting: dict[str, str] | None = request.session.get(WAITING)
    return waiting


def forget_others(request: HttpRequest, user: User) -> None:
    """Of a sign-up that waits here for another account, or for none: this one is signed in to."""
    waiting = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY)
    if waiting and waiting.get("user_id") != user_id_to_str(user):
        del request.session[EMAIL_VERIFICATION_CODE_SESSION_KEY]
        request.session.pop(WAITING, None)


def typed_here(request: HttpRequest) -> Typed | None:
    """For the account whose address awaits its code in this browser; None where nobody waits."""
    process = EmailVerificationProcess.resume(request)
    if process is None or request.user.is_authenticated:
        return None
    waiting = request.session.get(WAITING)
    user = process.user
    if waiting and waiting["account"] == (user.code if user else ""):
        agreed_at = datetime.fromisoformat(waiting["at"])
        return Typed(user, waiting["password"], waiting["language"], agreed_at)
    return Typed(user) if user and typed_the_password(request, user) else None


def waiting_address(request: HttpRequest) -> str:
    process = EmailVerificationProcess.resume(request)
    return process.email if process else ""


@receiver(email_confirmed)
def settle(request: HttpRequest, email_address: EmailAddress, **_kwargs: Any) -> None:
    """A code came back from the mailbox: a proof of who is asking, and of whose it is."""
    user = email_address.user
    messages.mark_answered(user=user, now=timezone.now())
    suppressions.lift(address=email_address.email, now=timezone.now())
    if not request.user.is_authenticated:
        record_authentication(request, user, method="code", email=email_address.email)
    others = EmailAddress.objects.filter(user=user, verified=True).exclude(pk=email_address.pk)
    if not others.exists():
        _settle_sign_up(request, user)


def _settle_sign_up(request: HttpRequest, user: User) -> None:
    waiting = request.session.pop(WAITING, None)
    if waiting and waiting["account"] == user.code:
        registration.settle_sign_up(
            user=user,
            password=waiting["password"],
            language=waiting["language"],
            agreed_at=datetime.fromisoformat(waiting["at"]),
        )
    elif not typed_the_password(request, user):
        registration.forget_password(user=user)


def typed_the_password(request: HttpRequest, user: User) -> bool:
    """In this browser, however far the sign-in has come."""
    records = get_authentication_records(request, user)
    return any(record["method"] == "password" for record in records)


def proved_recently(request: HttpRequest, user: User) -> bool:
    """Signed in, or proved again, within the last minutes (REAUTHENTICATION_TIMEOUT)."""
    latest = max((record["at"] for record in get_authentication_records(request, user)), default=0)
    return time.time() - latest <= app_settings.REAUTHENTICATION_TIMEOUT


class SignsUpAgain:
    """Mixed into allauth's sign-up, before it: an unverified address may sign up again."""

    def try_save(self, request: HttpRequest) -> tuple[User | None, Any]:
        """Raises ProofNeeded, the same whether the address has an account or not."""
        form: Any = self
        with entrance_proofs.checked(request, form.cleaned_data["email"]):
            entrance_limits.sign_up(request, form.cleaned_data["email"])
            return self._try_save(request, form.cleaned_data)

    def _try_save(self, request: HttpRequest, said: dict[str, Any]) -> tuple[User | None, Any]:
        form: Any = self
        if not form.account_already_exists:
            return super().try_save(request)  # type: ignore[misc]
        user = selectors.unproven_account(said["email"])
        # Hashing takes the longest of a sign-up. Doing it where there is an account already
        # keeps the answer's time from telling so, and what was typed for another address.
        password = make_password(said.get("password1") or said["password"])
        remember_sign_up(request, user, password)
        return (user, None) if user else super().try_save(request)  # type: ignore[misc]


class SignsUpElsewhere(SignsUpAgain):
    """Mixed into a sign-up that asks for nothing but another address.

    The rest is what this session typed before. It is a sign-up like any other, so it tells no
    more than one of who has an account; the account of the address before is left as it is,
    since others may be waiting for it, and is forgotten like all that nobody verifies.
    """

    def _try_save(self, request: HttpRequest, said: dict[str, Any]) -> tuple[User | None, Any]:
        form: Any = self
        typed = request.session[WAITING]
        if form.account_already_exists:
            user, answer = selectors.unproven_account(said["email"]), None
        else:
            user, answer = self._signed_up(request, typed), None
        if user is None:
            answer = flows.signup.prevent_enumeration(request, email=said["email"])
        request.session[WAITING] = typed | {"account": user.code if user else ""}
        return user, answer

    def _signed_up(self, request: HttpRequest, typed: dict[str, str]) -> User:
        form: Any = self
        user: User = form.save(request)
        registration.settle_sign_up(
            user=user,
            password=typed["password"],
            language=typed["language"],
            agreed_at=datetime.fromisoformat(typed["at"]),
        )
        return user
