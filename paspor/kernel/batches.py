"""Forgetting many rows a few at a time: no lock is held for long, and no snapshot grows old."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from django.db.models import QuerySet

BATCH = 1000
# Shorter than the time limit of a task; the next run goes on.
LONGEST_SECONDS = 90.0


def delete(rows: QuerySet[Any]) -> int:
    """Delete these rows, BATCH in each transaction; how many went."""
    return each(rows, lambda some: some.delete()[0])


def each(rows: QuerySet[Any], act: Callable[[QuerySet[Any]], int]) -> int:
    """Do it to all these rows, which must not be among them afterwards; how many it was done to.

    Each BATCH is a statement of its own. Call it outside a transaction.
    """
    stop_at = monotonic() + LONGEST_SECONDS
    total = 0
    while monotonic() < stop_at:
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        total += act(rows.model._base_manager.filter(pk__in=keys))
    return total
