"""The gate before what the mobile app books: whose turn it is, and whether there is room now."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from paspor.kernel import idempotency
from queueing.admission.errors import InLine, NotYet
from queueing.admission.rules import Gate
from queueing.admission.services import entering

type Method = Callable[..., Response]


def admitted(method: Method) -> Method:
    """Raises InLine, AtCapacity. Whoever asks again for what was done is answered at once."""

    @functools.wraps(method)
    def gated(self: Any, request: Request, *args: str, **kwargs: str) -> Response:
        account, now = request.user.code, timezone.now()
        with _heard_out(request):
            try:
                entering.check_turn(account, now=now)
            except InLine:
                if not _is_answered(request):
                    raise
            with entering.permitted(account, has_one=_has_permit(request), now=now):
                response = method(self, request, *args, **kwargs)
        entering.done(account, now=timezone.now())
        return response

    gated.gate = Gate.TURN_AND_PERMIT
    return gated


def permitted(method: Method) -> Method:
    """A permit to book what is held, and no turn: its clock runs. Raises AtCapacity."""

    @functools.wraps(method)
    def gated(self: Any, request: Request, *args: str, **kwargs: str) -> Response:
        account, now = request.user.code, timezone.now()
        has_one = _has_permit(request)
        with (
            _heard_out(request),
            entering.permitted(account, in_line=False, has_one=has_one, now=now),
        ):
            return method(self, request, *args, **kwargs)

    gated.gate = Gate.PERMIT
    return gated


@contextmanager
def _heard_out(request: Request) -> Iterator[None]:
    """Who is refused has been read to the end: else the server hangs up, and the next request
    on this connection is lost.
    """
    try:
        yield
    except NotYet:
        _ = request.body
        raise


def _has_permit(request: Request) -> bool:
    """Taken before it was asked who comes (queueing.admission.middleware)."""
    return getattr(request, "has_permit", False)


def _is_answered(request: Request) -> bool:
    key = request.headers.get(idempotency.HEADER, "")
    return bool(key) and idempotency.has_answer(user_id=request.user.pk, key=key)
