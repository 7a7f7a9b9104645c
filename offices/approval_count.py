"""How many requests wait for the officer who reads the page, for the officers' menu."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from offices import selectors


def approval_count(request: HttpRequest) -> dict[str, Any]:
    """A template's context: counted only where a page shows it, and once."""

    def count() -> int:
        return selectors.approvals_to_decide(request.user, timezone.now()).count()

    return {"approval_count": SimpleLazyObject(count)}
