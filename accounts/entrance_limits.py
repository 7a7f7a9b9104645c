"""How often one may try to come in, so that guessing ends and nobody is shut out by others.

allauth counts by address of the e-mail alone: whoever knows it could keep its owner out
from anywhere. Here a try counts for the e-mail and the network it comes from; for the
e-mail alone the limit is loose. A device that has signed in to the account before counts
by itself, whatever others do.
"""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from accounts import rules
from paspor.kernel import device, ratelimit


def sign_in(request: HttpRequest, email: str) -> None:
    """Count a password tried for this account. Raises TooManyRequests."""
    _count(request, email, "sign_in", known="sign_in_known")


def sign_up(request: HttpRequest, email: str) -> None:
    """Count a sign-up for this mailbox, by whatever address of it. Raises TooManyRequests.

    Also where there is an account already, so that the count tells nothing of it.
    """
    ratelimit.check(request, "sign_up", person=rules.mail_key(email))


def mail_code(request: HttpRequest, email: str) -> None:
    """Count a code asked for at this address. Raises TooManyRequests."""
    _count(request, email, "mail_code", known="mail_code_known")
    _count(request, email, "mail_code_hour", known="mail_code_hour_known")


def verify_code(request: HttpRequest, email: str) -> None:
    """Count a code to verify this address, one in half a minute. Raises TooManyRequests."""
    _count(request, email, "verify_code", known="verify_code")
    _count(request, email, "mail_code_hour", known="mail_code_hour_known")


def remember_device(request: HttpRequest, email: str) -> None:
    """This device has signed in to the account; a cache that forgets it only counts tighter."""
    if installation := device.installation_of(request):
        cache.set(_mark(installation, email), value=True, timeout=device.COOKIE_SECONDS)


def _count(request: HttpRequest, email: str, group: str, *, known: str) -> None:
    whom = email.lower()
    installation = device.installation_of(request)
    if installation and cache.get(_mark(installation, whom)):
        ratelimit.check(request, known, person=f"{whom} {installation}")
    else:
        ratelimit.check(request, group, person=whom)


def _mark(installation: str, email: str) -> str:
    digest = hashlib.sha256(f"{installation} {email.lower()}".encode()).hexdigest()
    return f"signed-in-before:{digest}"
