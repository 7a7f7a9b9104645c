"""A television that is no office's: it shows a code until an officer has typed it."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from paspor.kernel import ratelimit
from paspor.kernel.codes import grouped
from paspor.kernel.problems import TooManyRequests
from queueing.desk.errors import ScreenClosed
from queueing.desk.services import screens

COOKIE = "paspor_layar"
# As long as browsers keep one; a screen that is used renews it.
COOKIE_SECONDS = 400 * 24 * 3600
PATH = "/layar/"

type View = Callable[..., HttpResponse]


def in_the_hall(view: View) -> View:
    """In Indonesian, unless another language was chosen in this browser.

    A television often asks for the language of its own menus, which is not that of the hall.
    """

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: object, **fields: object) -> HttpResponse:
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **fields)
        with translation.override(settings.LANGUAGE_CODE):
            response = view(request, *args, **fields)
        response["Content-Language"] = settings.LANGUAGE_CODE
        return response

    return wrapper


@never_cache
@in_the_hall
@require_safe
@ratelimit.limited("public")
def start(request: HttpRequest) -> HttpResponse:
    """A screen that is somebody's goes to its office; any other shows its code."""
    token, now = request.COOKIES.get(COOKIE, ""), timezone.now()
    try:
        office = screens.office_shown(token, now=now)
    except ScreenClosed:
        code = screens.code_of(token, now=now)
        return _page(request, code) if code else _anew(request, token)
    return remembering(redirect("screen:page", office.code), token)


@never_cache
@require_safe
@ratelimit.limited("public")
def state(request: HttpRequest) -> HttpResponse:
    """Asked by the page that shows a code: where to go, or which code stands."""
    token, now = request.COOKIES.get(COOKIE, ""), timezone.now()
    try:
        office = screens.office_shown(token, now=now)
    except ScreenClosed:
        return JsonResponse({"at": None, "code": grouped(screens.code_of(token, now=now), 3)})
    return JsonResponse({"at": reverse("screen:page", args=[office.code]), "code": ""})


def remembering(response: HttpResponse, token: str) -> HttpResponse:
    how: dict[str, Any] = {"secure": settings.HTTPS, "httponly": True, "samesite": "Lax"}
    response.set_cookie(COOKIE, token, max_age=COOKIE_SECONDS, path=PATH, **how)
    return response


def _anew(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    if screens.was_revoked(token):
        # What was revoked never opens again: the next code belongs to a token of its own.
        response = redirect(f"{reverse('screen:start')}?lepas=1")
        response.delete_cookie(COOKIE, path=PATH)
        return response
    try:
        ratelimit.check(request, "screen_code")
    except TooManyRequests as refusal:
        return _page(request, "", status=refusal.status)
    token, code = screens.new_code(token, now=now)
    return remembering(_page(request, code), token)


def _page(request: HttpRequest, code: str, status: int = 200) -> HttpResponse:
    shown = {
        "code": grouped(code, 3),
        "is_removed": "lepas" in request.GET,
        "state_url": reverse("screen:state"),
        "again_url": request.get_full_path(),
        "minutes": int(screens.CODE_LASTS.total_seconds() // 60),
    }
    return render(request, "queueing_desk/screen_code.html", shown, status=status)
