"""The door at which the gateway of texts reports; 404 until TEXT_REPORT_TOKEN is set.

POST with ``Authorization: Bearer {TEXT_REPORT_TOKEN}`` and {"id": "…", "reference": "…",
"state": "delivered", "refused" or "failed", "reason": "…", "at": "2026-11-26T08:00:00Z"}.
``reference`` is ours, ``id`` the event's own: told twice it counts once.
"""

import json
import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.services import text_reports
from accounts.services.provider_reports import TooEarly
from accounts.services.text_reports import Event
from accounts.texting.http import WORD

log = logging.getLogger(__name__)
LONGEST_ID = 150


@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """401 without our token; 400 what cannot be read; 503 what is to be told again."""
    if not settings.TEXT_REPORT_TOKEN:
        raise Http404
    if not _knows_the_token(request):
        log.warning("report of a text refused")
        return HttpResponse(status=401)
    event = _event(request)
    if event is None:
        return HttpResponse(status=400)
    try:
        text_reports.hear(event=event, now=timezone.now())
    except TooEarly:
        return HttpResponse(status=503)
    return HttpResponse(status=200)


def _knows_the_token(request: HttpRequest) -> bool:
    told = request.headers.get("Authorization", "")
    return constant_time_compare(told, f"Bearer {settings.TEXT_REPORT_TOKEN}")


def _event(request: HttpRequest) -> Event | None:
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    event_id, reference, state = (_text(said, name) for name in ("id", "reference", "state"))
    if not event_id or not reference or "\0" in event_id + reference:
        return None
    reason = _text(said, "reason")
    return Event(
        id=event_id,
        reference=reference,
        state=state,
        reason=reason if WORD.fullmatch(reason) else "",
        at=_moment(_text(said, "at")),
    )


def _text(said: dict[str, Any], name: str) -> str:
    told = said.get(name)
    return told if isinstance(told, str) and len(told) <= LONGEST_ID else ""


def _moment(told: str) -> datetime | None:
    try:
        at = parse_datetime(told)
    except ValueError:
        return None
    return at if at is not None and timezone.is_aware(at) else None
