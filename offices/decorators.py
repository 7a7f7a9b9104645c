"""Decorators of officers' pages: who may open them, and where."""

import functools
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from offices.models import Office
from offices.officer_selectors import offices_open_to
from offices.rules import Act
from offices.services import authority
from paspor.kernel.decorators import View
from paspor.kernel.errors import DomainError

# What headquarters may see and no office.
HEADQUARTERS = "accounts.view_relay"


def headquarters_only(view: View) -> View:
    """For officers of headquarters, signed in with a second factor."""

    @admin.site.admin_view
    @functools.wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(HEADQUARTERS):
            raise PermissionDenied
        return view(request)

    return guarded


def at_office(*acts: Act | None) -> Callable[[View], View]:
    """A live post and a second factor, as the admin asks; and an act is the officer's there.

    None is no act: whoever has a post there may look.

    Every other office is not found: which offices exist is no secret, but what happens
    at their counters is.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, office: str, **kwargs: Any) -> HttpResponse:
            now = timezone.now()
            own = (offices_open_to(request.user, now=now, act=act) for act in acts)
            found = next(filter(None, (reach.filter(code=office).first() for reach in own)), None)
            if found is None:
                raise _over(request, acts, now, office) or Http404
            return view(request, found, **kwargs)

        return admin.site.admin_view(guarded)

    return guard


def _over(
    request: HttpRequest, acts: Iterable[Act | None], now: datetime, code: str
) -> DomainError | None:
    """The post by which this page stood open here until it ended."""
    office = Office.objects.filter(code=code, is_active=True).first()
    if office is None:
        return None
    over = (authority.ended(request.user, now=now, act=act, office=office) for act in acts)
    return next(filter(None, over), None)
