"""The screens of the waiting room: which there are and when they were seen; links, revoking."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices.models import Office
from offices.officer_pages import office_choice, say_refusal
from offices.rules import Act
from paspor.kernel import formatting, once_door
from paspor.kernel.errors import DomainError
from queueing.booking import words as booking_words
from queueing.desk import queue_selectors, screen_tokens
from queueing.desk.forms import ScreenForm
from queueing.desk.models import WaitingScreen
from queueing.desk.pages import doors
from queueing.desk.services import screens

# A screen is noted every five minutes at most, and a minute late.
LIT_FOR = 2 * screens.SEEN_EVERY

start = office_choice(Act.SCREEN, "desk:screens", gettext_lazy("Layar ruang tunggu"))


@never_cache
@require_safe
@doors.screens
def page(request: HttpRequest, office: Office) -> HttpResponse:
    return _page(request, office, ScreenForm())


@never_cache
@require_POST
@doors.screens
def make(request: HttpRequest, office: Office) -> HttpResponse:
    form = ScreenForm(request.POST)
    if not form.is_valid():
        return _page(request, office, form, status=422)
    name = form.cleaned_data["name"]
    try:
        once_door.once(
            request,
            lambda: (
                screens.make(
                    officer=request.user, office=office, name=name, now=timezone.now()
                ).code
            ),
        )
    except DomainError as refusal:
        say_refusal(request, refusal)
    else:
        messages.success(request, _("Layar dibuat. Buka tautannya di peramban layar itu."))
    return redirect("desk:screens", office.code)


@never_cache
@require_POST
@doors.screens
def revoke(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    try:
        screen = screens.revoke(officer=request.user, office=office, code=code, now=timezone.now())
    except DomainError as refusal:
        say_refusal(request, refusal)
    else:
        text = _("%(name)s dicabut: layarnya tidak menampilkan nomor lagi.")
        messages.success(request, text % {"name": screen.name})
    return redirect("desk:screens", office.code)


def _page(
    request: HttpRequest, office: Office, form: ScreenForm, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    rows = [_row(request, screen, office, now=now) for screen in queue_selectors.screens_of(office)]
    shown = {"office": office, "form": form, "rows": rows, "token": once_door.new_token()}
    return render(request, "queueing_desk/screens.html", shown, status=status)


def _row(
    request: HttpRequest, screen: WaitingScreen, office: Office, *, now: datetime
) -> dict[str, Any]:
    said_of = _("%(day)s, oleh %(who)s")
    row = {
        "code": screen.code,
        "name": screen.name,
        "is_paired": screen.device is not None,
        "made": said_of
        % {
            "day": formatting.day(screen.made_at.astimezone(office.zone).date()),
            "who": screen.made_by.email,
        },
        "status": _status(screen, now=now),
        "seen": booking_words.moment(screen.seen_at, office) if screen.seen_at else "",
    }
    if screen.device is None:
        path = reverse("screen:enter", args=[office.code, screen_tokens.link_token_of(screen.code)])
        row |= {"link": path, "whole": request.build_absolute_uri(path)}
    return row


def _status(screen: WaitingScreen, *, now: datetime) -> dict[str, str]:
    if screen.seen_at is None:
        return {"tone": "", "icon": "clock", "label": _("Belum pernah menyala")}
    if screen.seen_at > now - LIT_FOR:
        return {"tone": "success", "icon": "circle-check", "label": _("Menyala")}
    return {"tone": "warning", "icon": "alert-triangle", "label": _("Tidak menyala")}
