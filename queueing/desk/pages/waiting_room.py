"""The screen on the wall: numbers and counters, nothing about anybody."""

import functools
import hashlib
import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.models import Office
from paspor.kernel import formatting, problems
from queueing.booking import words as booking_words
from queueing.desk import screen_pictures
from queueing.desk.errors import ScreenClosed
from queueing.desk.pages.unpaired import COOKIE, in_the_hall, remembering
from queueing.desk.services import screens

# What stands beside the newest call; more has no room on a wall.
ROWS = 5

type View = Callable[..., HttpResponse]


def for_screen(view: View) -> View:
    """Only a browser that is a screen of this office: paired, or a link was opened in it."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, office: str) -> HttpResponse:
        try:
            shown = _office(request.COOKIES.get(COOKIE, ""), office)
        except ScreenClosed as refusal:
            return _closed(request, refusal, is_led_on=True)
        return view(request, shown)

    return wrapper


@never_cache
@in_the_hall
@require_safe
def enter(request: HttpRequest, office: str, token: str) -> HttpResponse:
    """The link itself: the browser remembers it, so that the address on the wall opens nothing."""
    try:
        _office(token, office)
    except ScreenClosed as refusal:
        return _closed(request, refusal)
    return remembering(redirect("screen:page", office), token)


@in_the_hall
@require_safe
@for_screen
def page(request: HttpRequest, office: Office) -> HttpResponse:
    now = timezone.now()
    picture = screen_pictures.calls(office, now=now)
    first, *others = picture["called"] or [None]
    rest = [(call, True) for call in others] + [(call, False) for call in picture["serving"]]
    more, words = max(len(rest) - ROWS, 0), _("+ {n} nomor lain di loket")
    rest += [(None, False)] * ROWS
    shown = {
        "office": office,
        "picture": picture,
        "first": first,
        "rest": rest[:ROWS],
        "more": words.replace("{n}", str(more)) if more else "",
        "more_words": words,
        "clock": booking_words.clock(now, office),
        "day_words": formatting.day(office.today(now)),
        "start_url": reverse("screen:start"),
        "calls_url": reverse("screen:calls", args=[office.code]),
    }
    response = render(request, "queueing_desk/waiting_room.html", shown)
    return remembering(response, request.COOKIES[COOKIE])


@require_safe
@for_screen
def calls(request: HttpRequest, office: Office) -> HttpResponse:
    """Asked every few seconds: an answer that has not changed is 304."""
    picture = screen_pictures.calls(office, now=timezone.now())
    digest = hashlib.sha256(json.dumps(picture).encode()).hexdigest()[:32]
    response = JsonResponse(picture)
    response["ETag"] = f'W/"{digest}"'
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=response["ETag"], response=response)


def _office(token: str, code: str) -> Office:
    office = screens.office_shown(token, now=timezone.now())
    if office.code != code:
        raise ScreenClosed
    return office


def _closed(
    request: HttpRequest, refusal: ScreenClosed, *, is_led_on: bool = False
) -> HttpResponse:
    """What is no screen here goes on to its own office, or to a code, by itself."""
    shown = {"why": problems.sentence(refusal), "start": reverse("screen:start")}
    shown["is_led_on"] = is_led_on
    return render(request, "queueing_desk/screen_closed.html", shown, status=refusal.status)
