"""Answers those who wait before sessions, accounts and the database are asked for anything.

One look at the line, by the signed token: the waiting page of a browser, and for the mobile
app its turn and the refusal of a booking that comes too early. Whoever has lost the turn, or
has none while others wait, goes on to the views. A booking takes its permit here; without one
it is refused by this process alone.
"""

import re
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve
from django.utils import timezone, translation

from paspor.kernel import counting, problems, speaking
from queueing.admission import room, telling, tokens
from queueing.admission.errors import AtCapacity, InLine, NotYet
from queueing.admission.pages import waiting
from queueing.admission.rules import Gate, State, Turn
from queueing.admission.services import entering, pressure, turns

PAGE = "/antrean/"
TURN = "/api/v1/turn"
# The addresses whose views queueing.booking.api.gate guards; a test compares the two. Matched
# here without resolving, which would cost every booking.
GATES = (
    (re.compile(r"/api/v1/bookings(/[^/]+/reschedule)?"), Gate.TURN_AND_PERMIT),
    (re.compile(r"/api/v1/bookings/[^/]+/confirm"), Gate.PERMIT),
)


def gate_at(path: str) -> Gate | None:
    """What a POST to this address needs, if anything."""
    return next((gate for address, gate in GATES if address.fullmatch(path)), None)


class TurnMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path, method = request.path_info, request.method
        if method == "POST" and (gate := gate_at(path)):
            return self._booking(request, takes_turns=gate == Gate.TURN_AND_PERMIT)
        response = _look(request) if method in {"GET", "HEAD"} else None
        return self.get_response(request) if response is None else _from_here(request, response)

    def _booking(self, request: HttpRequest, *, takes_turns: bool) -> HttpResponse:
        with entering.bookings.tried() as got:
            response = _refusal(request, takes_turns=takes_turns, has_permit=got)
            if response is not None:
                return _from_here(request, response)
            request.has_permit = got
            return self.get_response(request)


def _from_here(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    request.resolver_match = resolve(request.path_info)  # for the line in the log
    # CommonMiddleware, which counts for all others, comes later.
    response.headers["Content-Length"] = str(len(response.content))
    return response


def _look(request: HttpRequest) -> HttpResponse | None:
    if request.path_info == PAGE:
        return _page(request)
    return _turn(request) if request.path_info == TURN and request.method == "GET" else None


def _page(request: HttpRequest) -> HttpResponse | None:
    now = timezone.now()
    token = tokens.read(request.COOKIES.get(tokens.COOKIE, ""))
    turn = turns.look(token.account, now=now) if token else None
    if token is None or turn is None:
        return None
    with translation.override(translation.get_language_from_request(request)):
        return waiting.answer(request, token, turn, now)


def _turn(request: HttpRequest) -> HttpResponse | None:
    now = timezone.now()
    token = tokens.read(request.headers.get(tokens.HEADER, ""))
    turn = turns.look(token.account, now=now) if token else None
    if token is None or turn is None or turn.state == State.NONE:
        return None
    return JsonResponse(telling.turn_payload(turn, account=token.account, now=now))


def _refusal(request: HttpRequest, *, takes_turns: bool, has_permit: bool) -> HttpResponse | None:
    """Of what would be refused anyway, where nothing is lost by not asking who it is."""
    now, known = timezone.now(), room.current()
    if has_permit and not (takes_turns and known.is_open(now)):
        return None
    token = tokens.read(request.headers.get(tokens.HEADER, ""))
    if token is None and takes_turns and known.has_waiting:
        return None  # to be given a place in line
    account = token.account if token else ""
    turn = _turn_of(account, counts=not has_permit, now=now)
    if takes_turns and turn is not None and turn.state == State.WAITING:
        return _refused(request, InLine, turn, account)
    return None if has_permit else _refused(request, AtCapacity, turn, account)


def _turn_of(account: str, *, counts: bool, now: datetime) -> Turn | None:
    if account:
        return (turns.counted if counts else turns.look)(account, now=now)
    if counts:
        pressure.count(now=now)
    return None


def _refused(
    request: HttpRequest, kind: type[NotYet], turn: Turn | None, account: str
) -> HttpResponse:
    _ = request.body  # read to the end, or the server hangs up on the next request
    shown = telling.turn_payload(turn, account=account, now=timezone.now())
    refusal = kind(turn=shown, retry_after=shown["ask_again"])
    counting.refused(refusal.code)
    with translation.override(speaking.shared(request)):
        body = problems.problem(refusal, request)
    response = JsonResponse(
        body,
        status=refusal.status,
        headers=problems.headers(refusal),
        content_type=problems.CONTENT_TYPE,
    )
    return problems.as_expected(response)
