"""The language of the API: the one asked for, else the account's own, else Indonesian.

A cookie has no say in it: what is shared by all readers would be kept in the wrong language.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header


def accepted_language(request: HttpRequest) -> str:
    """The first language of ours that Accept-Language names, or ""."""
    ours = dict(settings.LANGUAGES)
    named = parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    codes = (code.partition("-")[0] for code, _weight in named)
    return next((code for code in codes if code in ours), "")


def shared(request: HttpRequest) -> str:
    """Where it does not matter, or is not known yet, who asks."""
    return accepted_language(request) or settings.LANGUAGE_CODE


def request_language(request: Any) -> str:
    """Where an account may have come to be known."""
    return accepted_language(request) or getattr(getattr(request, "user", None), "language", "")
