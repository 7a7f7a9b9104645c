"""What shows that a second step is not lost after all, and what tells its owner of a request.

allauth tells of sign-ins, of steps and of passwords by signals only.
"""

from datetime import datetime
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import selectors
from accounts.models import LostStep, User
from accounts.services import lost_steps


@receiver(mfa.authenticator_used)
def authenticator_used(user: User, **_kwargs: Any) -> None:
    """A spare code, too, is a second step that is not lost."""
    lost_steps.keep(user=user, end=LostStep.End.SIGN_IN, now=timezone.now())


@receiver(
    [
        *(mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset),
        *(account.password_changed, account.password_set, account.password_reset),
        account.email_changed,
    ]
)
def factors_or_password_changed(user: User, **_kwargs: Any) -> None:
    lost_steps.keep(user=user, end=LostStep.End.CHANGED, now=timezone.now())


def note_sign_in(request: HttpRequest, user: User) -> None:
    """Where the password that holds now was typed and the second step given, in one sign-in."""
    since = user.password_by_mail_at
    if since is not None and _typed_since(request, user, since) and _used_step(request, user):
        lost_steps.note_sign_in(user=user)


def _typed_since(request: HttpRequest, user: User, since: datetime) -> bool:
    return any(
        record["method"] == "password" and record["at"] >= since.timestamp()
        for record in get_authentication_records(request, user)
    )


def _used_step(request: HttpRequest, user: User) -> bool:
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def lost_step(request: HttpRequest) -> LostStep | None:
    """For every page: each device that is signed in tells of the request. Whether there is one
    was read with the account itself (accounts.backends).
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not getattr(user, "is_step_lost", True):
        return None
    return selectors.lost_step_of(user)
