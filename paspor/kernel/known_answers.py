"""Public answers that this process wrote already, given before anything is asked.

An answer is good while what it was made from is the same object (paspor.kernel.sharing). Whoever
asks the same is counted, and gets it without a session, a route or a view.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from paspor.kernel import conditional, ratelimit, speaking
from paspor.kernel.conditional import Freshness, Written
from paspor.kernel.errors import DomainError

MOST_ANSWERS = 500
READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Known:
    """``source`` gives what the answer would be made from now; ``route`` is for the log."""

    written: Written
    made_from: object
    source: Callable[[], object]
    fresh: Freshness
    rate_group: str
    route: Any


class _Answers:
    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Known] = {}

    def of(self, request: HttpRequest) -> Known | None:
        return self._known.get(_key(request))

    def keep(self, request: HttpRequest, known: Known) -> None:
        if len(self._known) >= MOST_ANSWERS:
            self._known.clear()
        self._known[_key(request)] = known


def _key(request: HttpRequest) -> tuple[str, ...]:
    """All that an answer depends on. Only one whose host was found to be ours is kept."""
    asked = request.META
    host, query = asked.get("HTTP_HOST", ""), asked.get("QUERY_STRING", "")
    language = speaking.shared(request)
    return (request.scheme, host, request.path_info, query, language)


_answers = _Answers()
keep = _answers.keep


class KnownAnswersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        known = _answers.of(request) if request.method in READING else None
        if known is None or not _is_good(known) or not _is_let_in(request, known):
            return self.get_response(request)
        request.resolver_match = known.route
        response = conditional.reply(request, known.written, known.fresh)
        if isinstance(response, HttpResponse) and response.status_code == 200:
            # CommonMiddleware, which counts for all others, comes later.
            response.headers["Content-Length"] = str(len(response.content))
        return response


def _is_good(known: Known) -> bool:
    """A refusal or a database that is away is told where a view tells it."""
    try:
        return known.source() is known.made_from
    except (DomainError, DatabaseError):
        return False


def _is_let_in(request: HttpRequest, known: Known) -> bool:
    """Whoever is not is counted once more, and told so, by the view."""
    try:
        ratelimit.check(request, known.rate_group)
    except ratelimit.TooManyRequests:
        return False
    return True
