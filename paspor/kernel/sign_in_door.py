"""What is refused under /_allauth/ is refused as under /api/: problem details.

allauth itself answers with Django's pages, or with nothing at all.
"""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from paspor.kernel import problems, refusals
from paspor.kernel.errors import DomainError, NotAllowed, NotFound

REFUSALS: dict[int, type[DomainError]] = {
    400: problems.Malformed,
    403: NotAllowed,
    404: NotFound,
    405: problems.MethodNotAllowed,
    415: problems.UnsupportedMediaType,
}


class SignInDoorMiddleware:
    """Innermost, so that every other one still sees the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(refusals.SIGN_IN):
            return response
        if response.status_code == 429 and "Retry-After" not in response.headers:
            return refusals.too_many(request)
        if response.status_code < 400 or "json" in response.headers["Content-Type"]:
            return response
        refusal = REFUSALS.get(response.status_code)
        return _instead(response, refusals.answer(request, refusal())) if refusal else response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if not request.path_info.startswith(refusals.SIGN_IN):
            return None
        refusal = _bad_body(request)
        return refusals.answer(request, refusal) if refusal else None


def _instead(response: HttpResponse, answer: HttpResponse) -> HttpResponse:
    if allowed := response.headers.get("Allow"):
        answer.headers["Allow"] = allowed
    return answer


def _bad_body(request: HttpRequest) -> DomainError | None:
    """Bodies are JSON objects, without half a surrogate pair, which nothing can store."""
    if not request.body:
        return None
    if request.content_type != "application/json":
        return problems.UnsupportedMediaType()
    try:
        body = json.loads(request.body)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return problems.Malformed()
    return None if isinstance(body, dict) else problems.Malformed()
