"""Figures of policy: each is declared once in code and set by rows.

A room declares ``HOLD_MINUTES = Figure("hold_minutes", default=10, ...)`` and reads
``HOLD_MINUTES.at(scope=office.code, now=now)``. The row of the office wins over the
national one; without either, the default stands. A ``national_only`` figure has no row of
an office: it guards against that office, or is a promise to everyone. A value applies from its
``valid_from`` on, so a change can be planned and the past can be read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any

from paspor.kernel.errors import N_, Invalid
from paspor.kernel.models import NATIONAL, PolicyValue

FIGURES: dict[str, "Figure"] = {}
# How long a process may go on with the values it has read. A change of policy is
# announced ahead, so a few seconds of the old figure harm nobody.
FRESH_SECONDS = 5


class FigureOutOfBounds(Invalid):
    code = "policy_out_of_bounds"
    message = N_("Nilai harus antara %(low)s dan %(high)s.")


class FigureOfAnotherKind(Invalid):
    code = "policy_of_another_kind"
    message = N_("Isi dengan nilai yang sejenis dengan nilai bawaannya, %(default)s.")


@dataclass(frozen=True)
class Figure:
    """One figure with its bounds. ``unit`` and ``help`` are for the officer who sets it."""

    key: str
    default: Any
    unit: str
    help: str
    low: int | None = None
    high: int | None = None
    source: str = field(default="", compare=False)
    national_only: bool = False

    def __post_init__(self) -> None:
        if self.key in FIGURES and FIGURES[self.key] != self:
            raise ValueError(f"The figure {self.key} is declared twice.")
        FIGURES[self.key] = self

    def at(self, *, now: datetime, scope: str = NATIONAL) -> Any:
        rows = _rows.current()
        for level in (NATIONAL,) if self.national_only else (scope, NATIONAL):
            for valid_from, value in rows.get((self.key, level), ()):
                if valid_from <= now:
                    return value
        return self.default

    def check(self, value: Any) -> None:
        """Raise FigureOfAnotherKind (not the default's type) or FigureOutOfBounds."""
        if type(value) is not type(self.default):
            fields = {"value": [FigureOfAnotherKind.message]}
            raise FigureOfAnotherKind(default=self.default, fields=fields)
        if self.low is None or self.high is None or self.low <= value <= self.high:
            return
        fields = {"value": [FigureOutOfBounds.message]}
        raise FigureOutOfBounds(low=self.low, high=self.high, fields=fields)


class _Rows:
    """All policy rows, newest first for each key and scope, re-read when stale."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[tuple[str, str], list[tuple[datetime, Any]]] = {}
        self._read_at: float | None = None

    def current(self) -> dict[tuple[str, str], list[tuple[datetime, Any]]]:
        if not self._is_fresh():
            with self._lock:
                if not self._is_fresh():
                    self._rows = _by_key(PolicyValue.objects.order_by("-valid_from"))
                    self._read_at = monotonic()
        return self._rows

    def _is_fresh(self) -> bool:
        read_at = self._read_at
        return read_at is not None and monotonic() - read_at <= FRESH_SECONDS

    def forget(self) -> None:
        with self._lock:
            self._read_at = None


def _by_key(values: Iterable[PolicyValue]) -> dict[tuple[str, str], list[tuple[datetime, Any]]]:
    rows: dict[tuple[str, str], list[tuple[datetime, Any]]] = {}
    for row in values:
        rows.setdefault((row.key, row.scope), []).append((row.valid_from, row.value))
    return rows


_rows = _Rows()
forget = _rows.forget


def minutes(figure: Figure, *, now: datetime, scope: str = NATIONAL) -> timedelta:
    """The figure, which must be counted in minutes, as a length of time."""
    return timedelta(minutes=figure.at(now=now, scope=scope))
