"""The officers' overview: the public figures over days of one's choice, and more by the hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from django.core.cache import cache
from django.db import connection

from offices import selectors as offices
from offices.models import Office
from queueing.integrity.rules.figures import NAMES, Figures, Span
from queueing.integrity.selectors import figures
from queueing.integrity.selectors.figures import CONSTANTS, IN_EACH_SLOT, KEPT_SECONDS, Nation

SUMS = ", ".join(f"sum({name})::bigint" for name in (*NAMES[:-1], "served", "present"))
BY_HOUR = f"""
WITH slot AS MATERIALIZED (
    SELECT slot.id, slot.day, slot.hour, release.opens_at
    FROM queueing_slot slot
    JOIN queueing_release release ON release.id = slot.release_id
    WHERE slot.office_id = %(office)s AND slot.day = ANY(%(days)s)
)
SELECT slot.day, slot.hour, {SUMS}
FROM slot {IN_EACH_SLOT}
GROUP BY slot.day, slot.hour ORDER BY slot.day, slot.hour
"""  # noqa: S608  # only names of ours


@dataclass(frozen=True)
class Counted:
    """The figures of an hour or a day as they stand now, and what became of who came.

    ``served``: with an outcome written down; ``present``: received, and not done yet.
    """

    figures: Figures = Figures()
    served: int = 0
    present: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.figures + other.figures,
            self.served + other.served,
            self.present + other.present,
        )


@dataclass(frozen=True)
class Hours:
    """By the hour on the office's clock, for each day whose rows stand; and each such day."""

    of_days: dict[date, dict[time, Counted]]

    @cached_property
    def by_day(self) -> dict[date, Counted]:
        return {day: sum(hours.values(), Counted()) for day, hours in self.of_days.items()}

    @property
    def figures(self) -> dict[date, dict[time, Figures]]:
        return {
            day: {hour: each.figures for hour, each in own.items()}
            for day, own in self.of_days.items()
        }

    def within(self, span: Span) -> "Hours":
        return Hours(
            {day: own for day, own in self.of_days.items() if span.first <= day <= span.last}
        )

    def by_hour(self, days: Iterable[date]) -> dict[time, Counted]:
        """In sum over these days."""
        found: dict[time, Counted] = {}
        for day in days:
            for hour, counted in self.of_days[day].items():
                found[hour] = found.get(hour, Counted()) + counted
        return dict(sorted(found.items()))

    @property
    def served(self) -> int:
        return sum(each.served for each in self.by_day.values())

    @property
    def present(self) -> int:
        return sum(each.present for each in self.by_day.values())


def hours_of(office: Office, days: Iterable[date], now: datetime) -> Hours:
    """From seats and places, also for days that are over; one statement."""
    asked = {"office": office.pk, "days": list(days), "now": now} | CONSTANTS
    of_days: dict[date, dict[time, Counted]] = {}
    with connection.cursor() as cursor:
        cursor.execute(BY_HOUR, asked)
        for day, hour, *numbers, served, present in cursor.fetchall():
            of_days.setdefault(day, {})[hour] = Counted(Figures(*numbers), served, present)
    return Hours(of_days)


def nation_on(span: Span, now: datetime) -> Nation:
    """All offices that serve, on the same dates by each one's clock; at most a minute old."""
    key = f"integrity:overview:{span.first}:{span.last}"
    found = cache.get(key)
    if found is None:
        spans = {office.pk: span for office in offices.public_offices()}
        found = figures.of_offices(spans, now)
        cache.set(key, found, KEPT_SECONDS)
    return found
