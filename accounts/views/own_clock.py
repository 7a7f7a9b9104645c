"""Moments on an account's own pages, by the clock of whoever reads them."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import ports


def by_own_clock(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages of whoever is signed in: an officer in Denpasar reads WITA, as at work."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(ports.clock_of(request.user)):
            return view(request, *args, **kwargs)

    return wrapper
