"""How many reports came, how many are open or were late, and how long solving them took."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, F, Q, QuerySet

from offices.models import Report
from paspor.kernel.aggregates import Median, seconds

HOUR = 3600


@dataclass(frozen=True)
class Sums:
    """``late``: waited too long in one of its states, whatever became of it since.

    ``median_hours``: half of the solved ones took no longer; None where none is solved.
    """

    filed: int
    open: int
    late: int
    solved: int
    median_hours: int | None


def sums_of(rows: QuerySet[Report]) -> Sums:
    return _sums(rows.aggregate(**_counted()))


def by_kind(rows: QuerySet[Report]) -> list[tuple[str, Sums]]:
    """Those that came most first."""
    return _grouped(rows, "kind")


def by_office(rows: QuerySet[Report]) -> list[tuple[str, Sums]]:
    """By the office's name, "" for no office in particular; those that came most first."""
    return _grouped(rows, "office__name")


def _counted() -> dict[str, Aggregate]:
    is_solved = Q(state=Report.State.SOLVED)
    return {
        "filed": Count("pk"),
        "solved": Count("pk", filter=is_solved),
        "late": Count("pk", filter=Q(was_late=True)),
        "taken": Median(seconds(F("solved_at") - F("opened_at")), filter=is_solved),
    }


def _grouped(rows: QuerySet[Report], name: str) -> list[tuple[str, Sums]]:
    found = rows.order_by().values(name).annotate(**_counted()).order_by("-filed", name)
    return [(row[name] or "", _sums(row)) for row in found]


def _sums(row: dict[str, Any]) -> Sums:
    taken = row["taken"]
    return Sums(
        filed=row["filed"],
        open=row["filed"] - row["solved"],
        late=row["late"],
        solved=row["solved"],
        median_hours=None if taken is None else round(taken / HOUR),
    )
