"""Answers those who wait before sessions, accounts and the database are asked for anything.

One look at the line, by the signed token: the waiting page of a browser, and for the mobile
app its turn and the refusal of a booking that comes too early. Whoever has no token, or has
lost the turn, goes on to the views.
"""

import re
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve
from django.utils import timezone, translation

from paspor.kernel import problems
from queueing.admission import room, telling, tokens
from queueing.admission.errors import AtCapacity, InLine, NotYet
from queueing.admission.pages import waiting
from queueing.admission.rules import State, Turn
from queueing.admission.services import entering, turns
from queueing.admission.tokens import Token

PAGE = "/antrean/"
TURN = "/api/v1/turn"
# What needs a pass (queueing.booking.api), with the method POST.
BOOKS = re.compile(r"/api/v1/bookings(/[^/]+/reschedule)?")


type Kind = Callable[[HttpRequest, Token, Turn, datetime], HttpResponse | None]


class TurnMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return _answer(request) or self.get_response(request)


def _answer(request: HttpRequest) -> HttpResponse | None:
    kind = _kind(request)
    if kind is None:
        return None
    token = tokens.read(_sent(request, by_cookie=kind is waiting.answer))
    now = timezone.now()
    if token is None or not _concerns(kind, now):
        return None
    turn = _turn_of(token, kind, now)
    if turn is None:
        return None
    request.resolver_match = resolve(request.path_info)  # for the line in the log
    with translation.override(translation.get_language_from_request(request)):
        return kind(request, token, turn, now)


def _concerns(kind: Kind, now: datetime) -> bool:
    """Bookings are looked at while there is a line, or no permit; waiting always is."""
    return kind is not _booking or entering.bookings.are_out or room.current().is_open(now)


def _turn_of(token: Token, kind: Kind, now: datetime) -> Turn | None:
    refuses = kind is _booking and entering.bookings.are_out
    return (turns.counted if refuses else turns.look)(token.account, now=now)


def _sent(request: HttpRequest, *, by_cookie: bool) -> str:
    if by_cookie:
        return request.COOKIES.get(tokens.COOKIE, "")
    return request.headers.get(tokens.HEADER, "")


def _kind(request: HttpRequest) -> Kind | None:
    path, method = request.path_info, request.method
    if path == PAGE:
        return waiting.answer if method in {"GET", "HEAD"} else None
    if path == TURN:
        return _turn if method == "GET" else None
    return _booking if method == "POST" and BOOKS.fullmatch(path) else None


def _turn(request: HttpRequest, token: Token, turn: Turn, now: datetime) -> HttpResponse | None:
    if turn.state == State.NONE:
        return None
    return JsonResponse(telling.told(turn, account=token.account, now=now))


def _booking(request: HttpRequest, token: Token, turn: Turn, now: datetime) -> HttpResponse | None:
    refused: type[NotYet] = AtCapacity
    if turn.state == State.WAITING:
        refused = InLine
    elif not entering.bookings.are_out:
        return None
    _ = request.body  # read to the end, or the server hangs up on the next request
    shown = telling.told(turn, account=token.account, now=now)
    refusal = refused(turn=shown, retry_after=shown["ask_again"])
    return JsonResponse(
        problems.problem(refusal, request),
        status=refusal.status,
        headers=problems.headers(refusal),
        content_type=problems.CONTENT_TYPE,
    )
