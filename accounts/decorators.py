"""Decorators of pages that write personal data: a new privacy notice is agreed to first."""

import functools
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import selectors
from accounts.forms import own_page
from paspor.kernel.decorators import View


def consent_required(view: View) -> View:
    """Send a signed-in visitor by the new notice first; they come back to where they were.

    For pages on which personal data are written or a visit is booked. Pages that only
    show, and acts that lessen what is held (cancel, remove, erase), go without.
    """

    @functools.wraps(view)
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or selectors.has_consented(user):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('accounts:consent')}?{urlencode({'next': _page_of(request)})}")

    return guard


def consent_required_to_post(view: View) -> View:
    """For a page that shows much and writes little: asked when something is sent."""
    guarded = consent_required(view)

    @functools.wraps(view)
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = guarded if request.method == "POST" else view
        return chosen(request, *args, **kwargs)

    return guard


def _page_of(request: HttpRequest) -> str:
    """The page in front of the visitor: a form's own address may take nothing but forms."""
    if request.method != "POST":
        return request.get_full_path()
    before = own_page(request, request.headers.get("Referer", ""))
    return urlsplit(before)._replace(scheme="", netloc="").geturl() if before else ""
