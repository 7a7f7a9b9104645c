"""Which installation a request comes from: an id that we have signed, so nobody invents one.

A browser carries it as a cookie, the mobile app as a header. It limits and counts; it
proves nothing about who is asking, and whoever drops it simply gets a new one.
"""

import functools
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

COOKIE = "paspor_device"
HEADER = "X-Install-Id"
COOKIE_SECONDS = 180 * 24 * 3600  # as long as devices are kept at all
MAX_LENGTH = 120

_signer = Signer(salt="paspor.device")


def issue() -> str:
    """A new signed id, to be sent back with each request."""
    return _signer.sign(secrets.token_urlsafe(16))


def installation_of(request: Any) -> str:
    """The installation's id, or "" when none of ours was sent."""
    sent = request.headers.get(HEADER) or request.COOKIES.get(COOKIE) or ""
    if not sent or len(sent) > MAX_LENGTH:
        return ""
    try:
        return _read(sent)
    except BadSignature:
        return ""


@functools.lru_cache(10_000)
def _read(sent: str) -> str:
    """Verified once: a phone sends the same with each request. Forged ones are not kept."""
    return _signer.unsign(sent)


class DeviceMiddleware:
    """Gives a browser its id with the first form it sends, not with pages a cache may hold."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = ""
        if request.method == "POST" and request.COOKIES and not installation_of(request):
            # Known already while this form is answered: signing in remembers the device.
            given = request.COOKIES[COOKIE] = issue()
        response = self.get_response(request)
        if given:
            response.set_cookie(
                COOKIE,
                given,
                max_age=COOKIE_SECONDS,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )
        return response
