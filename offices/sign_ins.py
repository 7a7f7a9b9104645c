"""Officers' sign-ins go to the log: each new device, each failure, each means of entry changed.

allauth and Django tell of these by signals only; there is no other door.
"""

import hashlib
from typing import Any

from allauth.account import signals as account
from allauth.headless.constants import Client
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from offices import selectors
from offices.models import OfficerPost
from paspor.kernel import audit, device
from paspor.kernel.models import NATIONAL, AuditEvent

OF_AN_APP = "offices_of_an_app"
SHOWN = "offices_second_factors_shown"
SIGNED_IN = "sign_in.new_device"


def connect() -> None:
    account.user_logged_in.connect(signed_in, dispatch_uid="offices.signed_in")
    user_login_failed.connect(refused, dispatch_uid="offices.refused")
    account.login_code_rejected.connect(code_refused, dispatch_uid="offices.code_refused")
    account.password_reset_code_rejected.connect(
        reset_refused, dispatch_uid="offices.reset_refused"
    )
    account.password_changed.connect(password_changed, dispatch_uid="offices.password_changed")
    account.password_set.connect(password_changed, dispatch_uid="offices.password_set")
    account.password_reset.connect(password_reset, dispatch_uid="offices.password_reset")
    account.email_changed.connect(address_changed, dispatch_uid="offices.address_changed")
    mfa.authenticator_used.connect(second_used, dispatch_uid="offices.second_used")
    mfa.authentication_failed.connect(second_refused, dispatch_uid="offices.second_refused")
    mfa.authenticator_added.connect(second_added, dispatch_uid="offices.second_added")
    mfa.authenticator_removed.connect(second_removed, dispatch_uid="offices.second_removed")
    mfa.authenticator_reset.connect(second_reset, dispatch_uid="offices.second_reset")


def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Only a device that this officer has not used before is worth a line.

    Also says on the session whether it is an app's: its token is kept and carried in other
    ways than a browser's cookie, and does not open the officers' pages.
    """
    headless = getattr(getattr(request, "allauth", None), "headless", None)
    request.session[OF_AN_APP] = headless is not None and headless.client == Client.APP
    mark = device_mark(request, user)
    if not is_known(mark, user):
        record(SIGNED_IN, user, device=mark)


def is_known(mark: str, user: User) -> bool:
    """Whether this officer has signed in with the device before."""
    used = AuditEvent.objects.filter(act=SIGNED_IN, actor_id=user.pk, detail__device=mark)
    return bool(mark) and used.exists()


def refused(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    email = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    user = User.objects.filter(email=email).first() if email else None
    if user is not None:
        record_refused(request, user, by="password")


def code_refused(user: User, request: HttpRequest | None = None, **kwargs: Any) -> None:
    record_refused(request, user, by="mail_code")


def reset_refused(user: User, request: HttpRequest | None = None, **kwargs: Any) -> None:
    record_refused(request, user, by="reset_code")


def record_refused(request: HttpRequest | None, user: User, *, by: str) -> None:
    """About the account and not by it: anybody can fail to sign in as somebody.

    The device is told only where the officer has signed in with it; only such a failure is
    a signal (queueing.integrity.selectors.officers).
    """
    mark = device_mark(request, user) if request is not None else ""
    detail = {"device": mark} if is_known(mark, user) else {}
    record("sign_in.refused", user, is_theirs=False, by=by, **detail)


def password_changed(user: User, **kwargs: Any) -> None:
    record("password.changed", user)


def password_reset(user: User, **kwargs: Any) -> None:
    """By a code from the mailbox: whoever reads that, has the account."""
    record("password.reset", user)


def address_changed(user: User, **kwargs: Any) -> None:
    """That it was changed, and not from what to what."""
    record("address.changed", user)


def second_used(request: HttpRequest, authenticator: Any, **kwargs: Any) -> None:
    """Which one, and when: allauth's own records name the kind only."""
    shown = request.session.get(SHOWN, {})
    at = timezone.now().timestamp()
    request.session[SHOWN] = shown | {str(authenticator.pk): at}


def second_refused(user: User, **kwargs: Any) -> None:
    record("second_factor.refused", user)


def second_added(user: User, authenticator: Any, **kwargs: Any) -> None:
    record("second_factor.added", user, type=str(authenticator.type))


def second_removed(user: User, authenticator: Any, **kwargs: Any) -> None:
    record("second_factor.removed", user, type=str(authenticator.type))


def second_reset(user: User, authenticator: Any, **kwargs: Any) -> None:
    record("second_factor.reset", user, type=str(authenticator.type))


def device_mark(request: HttpRequest, user: User) -> str:
    """Tells one officer's devices apart, and is of no use for anyone else; "" if unknown."""
    found = device.installation_of(request)
    return hashlib.sha256(f"{user.code}:{found}".encode()).hexdigest()[:16] if found else ""


def record(act: str, user: User, *, is_theirs: bool = True, **detail: str) -> None:
    """Write the line, if the account is an officer's, to the chain of the first post's office.

    Where the act is not known to be theirs, it is nobody's, about their account.
    """
    posts = selectors.posts_of(user, timezone.now()).select_related("office")
    post: OfficerPost | None = posts.order_by("starts_at", "pk").first()
    if post is None:
        return
    stream = post.office.code if post.office else NATIONAL
    subject = f"user:{user.code}"
    actor_id = user.pk if is_theirs else None
    audit.record(act, actor_id=actor_id, subject=subject, stream=stream, detail=detail)
