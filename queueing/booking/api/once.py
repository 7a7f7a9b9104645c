"""The Idempotency-Key of an act on bookings, and where what it made is found."""

from collections.abc import Callable

from rest_framework.request import Request
from rest_framework.response import Response

from paspor.kernel import idempotency, once_api
from paspor.kernel.idempotency import Answer
from paspor.kernel.once_api import Work, WorkAhead
from queueing.booking.reads import BookingRead
from queueing.booking.services.holding import Once

# Where what was made is found.
ROUTE = "api-booking"


def once(request: Request, work: Work, *, required: bool = False) -> Response:
    """Answer once under the request's key: ``work`` that makes something answers 201 and a body
    with its code.
    """
    return once_api.once(request, work, required=required, found_at=ROUTE)


def once_ahead(request: Request, work: WorkAhead) -> Response:
    """Answer once under the key; ``work`` stores its answer with what it makes."""
    return once_api.once_ahead(request, work, found_at=ROUTE)


def changed_once(
    request: Request,
    change: Callable[[Once | None], BookingRead],
    told: Callable[[BookingRead], Answer],
) -> Response:
    """Answer once; ``change`` stores its own answer where the request has a key."""
    if idempotency.HEADER not in request.headers:
        return once(request, lambda: told(change(None)))
    return once_ahead(request, lambda keyed: change(Once(keyed, told)))
