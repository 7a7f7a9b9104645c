"""The middleware, which resolves no address, knows the very views that the gate guards."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver, reverse

from queueing.admission import middleware
from queueing.admission.rules import Gate


def posts(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, Gate | None]]:
    """Every address of a class that takes a POST, and the gate of its method."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern).lstrip("^")
        if hasattr(pattern, "url_patterns"):
            yield from posts(pattern.url_patterns, path)
        elif post := getattr(getattr(pattern.callback, "view_class", None), "post", None):
            yield re.sub(r"<[^>]+>", "A2B3C4D5", path), getattr(post, "gate", None)


def test_the_middleware_knows_what_the_gate_guards():
    found = dict(posts(get_resolver().url_patterns))
    guarded = {path: gate for path, gate in found.items() if gate}

    assert {path: middleware.gate_at(path) for path in found} == found
    assert guarded == {
        "/api/v1/bookings": Gate.TURN_AND_PERMIT,
        "/api/v1/bookings/A2B3C4D5/reschedule": Gate.TURN_AND_PERMIT,
        "/api/v1/bookings/A2B3C4D5/confirm": Gate.PERMIT,
    }


def test_the_middleware_knows_where_turns_are_looked_at():
    assert reverse("admission:place") == middleware.PAGE
    assert reverse("api-turn") == middleware.TURN
