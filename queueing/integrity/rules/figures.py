"""The public figures: what is counted of a day, and over which days."""

from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from enum import StrEnum

from queueing.quota import errors

# What one answer covers at most: a quarter of a year.
MOST_DAYS = 92
BEFORE, AFTER = 30, 7
# A day that is over is counted again for so long: the sweep that ends a day may have been
# away (desk.services.day_end), and what happened without the portal is told later
# (record_taken_days, which is 7 at most).
CORRECTED_DAYS = 8


@dataclass(frozen=True)
class Figures:
    """What became of the seats and places of one or more days. In words: docs/figures.md.

    ``booked`` = attended + turned_away + no_show + returned + closed + those still to come;
    ``voided`` is part of returned, ``walk_in`` of officer_made, that and ``priority`` of booked.
    ``walk_in_offline`` stands beside them: these people had no seat of the quota.
    """

    released: int = 0
    free: int = 0
    booked: int = 0
    attended: int = 0
    turned_away: int = 0
    no_show: int = 0
    returned: int = 0
    voided: int = 0
    closed: int = 0
    officer_made: int = 0
    walk_in: int = 0
    priority: int = 0
    walk_in_offline: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


NAMES = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True)
class Span:
    """Service days of an office, both ends included."""

    first: date
    last: date


class Around(StrEnum):
    """Spans of days about today, by what they are called in an address."""

    NEAR = "sekitar"
    LAST_30 = "30-hari-lalu"
    LAST_90 = "90-hari-lalu"
    NEXT_7 = "7-hari-lagi"
    NEXT_30 = "30-hari-lagi"

    def of(self, today: date) -> Span:
        first, last = DAYS_AROUND[self]
        return Span(today + timedelta(days=first), today + timedelta(days=last))


DAYS_AROUND = {
    Around.NEAR: (-BEFORE, AFTER),
    Around.LAST_30: (-30, -1),
    Around.LAST_90: (-90, -1),
    Around.NEXT_7: (0, 6),
    Around.NEXT_30: (0, 29),
}


def span_asked(first: date | None, last: date | None, today: date) -> Span:
    """The days asked for; what is left out is taken so that the span has its usual length.

    Raises DaysOutOfOrder, TooManyDays.
    """
    usual = BEFORE + AFTER
    if first is None and last is None:
        return Around.NEAR.of(today)
    if first is None:
        first = date.fromordinal(max(1, last.toordinal() - usual))
    if last is None:
        last = date.fromordinal(min(date.max.toordinal(), first.toordinal() + usual))
    if last < first:
        raise errors.DaysOutOfOrder(fields={"to": [errors.DaysOutOfOrder.message]})
    if (last - first).days >= MOST_DAYS:
        raise errors.TooManyDays(fields={"to": [errors.TooManyDays.message]}, most=MOST_DAYS)
    return Span(first, last)
