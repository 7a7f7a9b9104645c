"""The page of those who wait. It asks nobody who they are and touches no database."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from queueing.admission import room, telling, tokens, words
from queueing.admission.errors import InLine, NotYet
from queueing.admission.rules import State, Turn
from queueing.admission.tokens import Token


def send(account: str, refusal: NotYet, *, back: str, now: datetime) -> HttpResponse:
    """From a booking that is not taken on yet to the page that waits, and comes back."""
    response = redirect("admission:place")
    waits = 0 if isinstance(refusal, InLine) else refusal.retry_after or 0
    tokens.give(response, Token(account, back, int(now.timestamp()) + waits))
    return response


def answer(request: HttpRequest, token: Token, turn: Turn, now: datetime) -> HttpResponse | None:
    """None where the turn is lost and there is a line: taking another is asked for, then."""
    left = token.not_before - int(now.timestamp())
    if turn.state == State.NONE and left <= 0 and _has_line(now):
        return None
    if turn.state in {State.WAITING, State.EARLY}:
        shown = {"turn": turn, "again": telling.ask_again(turn, now=now)}
        return page(shown)
    return page({"again": left}) if left > 0 else _let_in(request, token)


def page(shown: dict[str, Any]) -> HttpResponse:
    turn: Turn | None = shown.get("turn")
    told = {
        "page": reverse("admission:place"),
        "keep_minutes": room.current().room.keep_seconds // 60,
        "waits": turn is not None and turn.state == State.WAITING,
        "early": turn is not None and turn.state == State.EARLY,
    }
    if turn is not None:
        told |= {
            "number": turn.ahead + 1,
            "about": words.about(telling.wait_seconds(turn)),
            "opening": words.opening(turn.second),
        }
    return HttpResponse(render_to_string("queueing_admission/waiting.html", told | shown))


def _has_line(now: datetime) -> bool:
    known = room.current()
    return known.is_open(now) or known.room.coming(now=now) is not None


def _let_in(request: HttpRequest, token: Token) -> HttpResponse:
    target = token.back or reverse("queueing:office-list")
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(headers={"HX-Redirect": target})
    else:
        response = redirect(target)
    tokens.take_back(response)
    return response
