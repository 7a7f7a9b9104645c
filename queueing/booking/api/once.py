"""The Idempotency-Key of a request: the same key and body, the same answer, done once."""

import json
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from paspor.kernel import idempotency

REPLAYED = "Idempotent-Replayed"

type Work = Callable[[], tuple[int, dict[str, Any]]]


def once(
    request: Request, work: Work, *, required: bool = False, found_at: str = "api-booking"
) -> Response:
    """Answer with what ``work`` says, or with what it said when this key came first.

    ``work`` that makes something answers 201 and a body with its code, ``found_at`` that route.
    """
    if not required and idempotency.HEADER not in request.headers:
        return _response(*work(), found_at)
    status, body, replayed = idempotency.answer_once(
        user_id=request.user.pk,
        key=idempotency.key_of(request),
        fingerprint=idempotency.fingerprint(request.method, request.path, _said(request.data)),
        work=work,
        now=timezone.now(),
    )
    response = _response(status, body, found_at)
    response[REPLAYED] = "true" if replayed else "false"
    return response


def _said(body: Any) -> bytes:
    """JSON without the accident of its order: the database stores objects in one of its own."""
    return json.dumps(body, sort_keys=True).encode()


def _response(status: int, body: dict[str, Any], found_at: str) -> Response:
    response = Response(json.loads(_said(body)), status=status)
    if status == 201:
        response["Location"] = reverse(found_at, args=[body["code"]])
    return response
