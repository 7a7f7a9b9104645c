"""A request id for everybody, and one JSON line for each request, without personal data.

A line names the route, never the address: addresses carry codes of bookings. Neither the
visitor's network address nor the query string is written. What a caller adds with
``extra`` is written only when its name stands in EXTRA, which holds ids and codes.
"""

import json
import logging
import os
import re
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from paspor.kernel import counting
from paspor.kernel.counting import Answered
from paspor.kernel.postgres.base import seconds_waited

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# Only shapes in which nobody can smuggle a NIK or a name into the log.
WELL_FORMED = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OURS = ("paspor", "accounts", "offices", "queueing")
EXTRA = frozenset(
    {
        *("act", "by", "cause", "code", "group", "job", "kind", "reason", "source", "state"),
        *("applicant", "booking", "mail", "office", "place", "release", "slot", "user"),
        *("attempts", "count", "missing", "ms", "seats", "seconds", "seq", "status"),
        *("day", "digest", "method", "route", "stream", "task"),
    }
)
PRIVATE = re.compile(r"[^\s<>'\"(]+@[^\s<>'\")]+|\d{8,}|\d{1,3}(?:\.\d{1,3}){3}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Asked for all day long; a line only when they fail.
QUIET = frozenset({"healthz", "readyz", "metrics", "static"})

_request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started, waited = perf_counter(), seconds_waited()
        request.id = _wanted_id(request)
        token = _request_id.set(request.id)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = request.id
            seconds = perf_counter() - started
            _write_line(request, response, seconds)
            _count(request, response, seconds, seconds_waited() - waited)
        finally:
            _request_id.reset(token)
        return response


def _wanted_id(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "").lower()
    return given if WELL_FORMED.fullmatch(given) else os.urandom(16).hex()


def _method(request: HttpRequest) -> str:
    return request.method if request.method in METHODS else "OTHER"


def _count(request: HttpRequest, response: HttpResponse, seconds: float, waited: float) -> None:
    counting.answered(
        Answered(_method(request), route_of(request), response.status_code, seconds, waited)
    )


def _write_line(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    route = route_of(request)
    extra = {
        "method": _method(request),
        "route": route,
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "user": _user_code(request),
    }
    quiet = route in QUIET and response.status_code < 400
    log.log(logging.DEBUG if quiet else logging.INFO, "request", extra=extra)


def route_of(request: HttpRequest) -> str:
    """The pattern that matched ("kantor/<slug:code>/"), with no value filled in."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return match.route or "/"
    path = request.path_info.lstrip("/")
    if path in QUIET:
        return path
    return "static" if request.path_info.startswith(settings.STATIC_URL) else ""


def _user_code(request: HttpRequest) -> str:
    """Who it was, if the request has asked for that; never a query of the log's own."""
    user = request.__dict__.get("user")
    if type(user) is SimpleLazyObject:
        user = request.__dict__.get("_cached_user")
    return getattr(user, "code", "")


class JsonFormatter(logging.Formatter):
    """One JSON object a line.

    An error keeps its type and the lines it came through, never its text: PostgreSQL
    quotes the row at fault.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        request_id = _request_id.get()
        if request_id:
            line["request_id"] = request_id
        line |= {
            name: record.__dict__[name]
            for name in EXTRA
            if record.__dict__.get(name) not in (None, "")
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _frames(record.exc_info[2])
        return json.dumps(line, default=str, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """Our own messages are constant texts; in others' what looks personal is covered.

    Their errors are not filled in at all, since they quote paths and values.
    """
    if record.name == "django.request":
        return "request failed" if record.levelno >= logging.ERROR else "request refused"
    if record.name.split(".")[0] in OURS:
        return record.getMessage()
    text = str(record.msg) if record.levelno >= logging.ERROR else record.getMessage()
    return PRIVATE.sub("•••", text)


def _frames(trace: Any) -> list[str]:
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]
