"""The Idempotency-Key of an act on bookings, and where what it made is found."""

from collections.abc import Callable

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from paspor.kernel import idempotency, once_api
from paspor.kernel.idempotency import Answer
from paspor.kernel.once_api import Work, WorkAhead
from queueing.booking.reads import BookingRead
from queueing.booking.services.holding import Once


def once(
    request: Request, work: Work, *, required: bool = False, found_at: str = "api-booking"
) -> Response:
    """Answer once under the request's key: ``work`` that makes something answers 201 and a body
    with its code.

    ``found_at`` is the route that shows it.
    """
    return _found_at(once_api.once(request, work, required=required), found_at)


def once_ahead(request: Request, work: WorkAhead) -> Response:
    """Answer once under the key; ``work`` stores its answer with what it makes."""
    return _found_at(once_api.once_ahead(request, work), "api-booking")


def changed_once(
    request: Request,
    change: Callable[[Once | None], BookingRead],
    told: Callable[[BookingRead], Answer],
) -> Response:
    """Answer once; ``change`` stores its own answer where the request has a key."""
    if idempotency.HEADER not in request.headers:
        return once(request, lambda: told(change(None)))
    return once_ahead(request, lambda keyed: change(Once(keyed, told)))


def _found_at(response: Response, found_at: str) -> Response:
    if response.status_code == 201:
        response["Location"] = reverse(found_at, args=[response.data["code"]])
    return response
