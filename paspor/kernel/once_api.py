"""The Idempotency-Key of a request: the same key and body, the same answer, done once."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from paspor.kernel import idempotency
from paspor.kernel.idempotency import Keyed
from paspor.kernel.once_door import NOBODY, digest_of

REPLAYED = "Idempotent-Replayed"

type Work = Callable[[], tuple[int, dict[str, Any]]]
type WorkAhead = Callable[[Keyed], None]


def once(request: Request, work: Work, *, required: bool = False, found_at: str = "") -> Response:
    """Answer with what ``work`` says, or with what it said when this key came first.

    ``found_at`` is the route that shows, by its code, what ``work`` made.
    """
    if not required and idempotency.HEADER not in request.headers:
        response = _response(*work())
    else:
        response = _answer(*idempotency.answer_once(_keyed(request), work))
    return _located(response, found_at)


def once_ahead(request: Request, work: WorkAhead, *, found_at: str = "") -> Response:
    """Answer once under the key; ``work`` stores the answer itself (idempotency.Keyed)."""
    return _located(_answer(*idempotency.answer_ahead(_keyed(request), work)), found_at)


def _located(response: Response, found_at: str) -> Response:
    if found_at and response.status_code == 201:
        response["Location"] = reverse(found_at, args=[response.data["code"]])
    return response


def _keyed(request: Request) -> Keyed:
    return Keyed(
        user_id=request.user.pk or NOBODY,
        key=idempotency.key_of(request),
        fingerprint=idempotency.fingerprint(
            request.method, request.path, _canonical_json(request.data)
        ),
        now=timezone.now(),
    )


def _answer(status: int, body: Any, replayed: bool) -> Response:
    response = _response(status, body)
    response[REPLAYED] = "true" if replayed else "false"
    return response


def _canonical_json(body: Any) -> bytes:
    """JSON without the accident of its order: the database stores objects in one of its own."""
    if isinstance(body, Mapping):
        body = {
            name: digest_of(value) if isinstance(value, UploadedFile) else value
            for name, value in body.items()
        }
    return json.dumps(body, sort_keys=True).encode()


def _response(status: int, body: dict[str, Any]) -> Response:
    return Response(json.loads(_canonical_json(body)), status=status)
