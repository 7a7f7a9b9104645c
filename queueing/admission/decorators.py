"""Decorators of pages that book: whose turn it is, and whether there is room now.

Whoever has to wait is sent to the waiting page, which leads back to the same page; what
they had typed is kept.
"""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from paspor.kernel import kept_forms
from paspor.kernel.decorators import View
from paspor.kernel.proof import ProofNeeded
from queueing.admission.errors import NotYet
from queueing.admission.pages import waiting
from queueing.admission.services import entering


def admitted(view: View) -> View:
    """A turn to open the form; and to send it, a permit besides."""

    @functools.wraps(view)
    def gated(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        account, now = request.user.code, timezone.now()
        try:
            entering.check_turn(account, now=now)
            if request.method != "POST":
                return view(request, *args, **kwargs)
            with entering.permitted(account, now=now):
                response = view(request, *args, **kwargs)
        except NotYet as refusal:
            if request.method == "POST":
                kept_forms.keep(request)
            return waiting.send(account, refusal, back=request.get_full_path(), now=now)
        _settle(account, response)
        return response

    return gated


def permitted(page: str) -> Callable[[View], View]:
    """A permit to book what is held, and no turn: its clock runs. ``page`` is the route of the
    visit, to come back to from the waiting page.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def gated(request: HttpRequest, code: str) -> HttpResponse:
            account, now = request.user.code, timezone.now()
            try:
                with entering.permitted(account, in_line=False, now=now):
                    return view(request, code)
            except NotYet as refusal:
                back = reverse(page, args=[code])
                return waiting.send(account, refusal, back=back, now=now)

        return gated

    return decorate


def _settle(account: str, response: HttpResponse) -> None:
    """After a form was sent: done with the turn, or busy proving something for minutes."""
    now = timezone.now()
    if response.status_code == 302:
        entering.done(account, now=now)
    elif response.status_code == ProofNeeded.status:
        entering.working(account, now=now)
