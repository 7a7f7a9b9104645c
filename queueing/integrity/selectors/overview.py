"""The officers' overview: the public figures over days of one's choice, and more by the hour."""

from dataclasses import dataclass
from datetime import date, datetime, time

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
    WHERE slot.office_id = %(office)s AND slot.day BETWEEN %(first)s AND %(last)s
)
SELECT slot.hour, slot.day, {SUMS}
FROM slot {IN_EACH_SLOT}
GROUP BY GROUPING SETS ((slot.hour), (slot.day)) ORDER BY slot.hour, slot.day
"""  # noqa: S608  # only names of ours


@dataclass(frozen=True)
class Counted:
    """The figures of an hour or a day as they stand now, and what became of who came.

    ``served``: with an outcome written down; ``present``: received, and not done yet.
    """

    figures: Figures
    served: int
    present: int


@dataclass(frozen=True)
class Hours:
    """By the hour on the office's clock, over all days asked for; and each of those days."""

    by_hour: dict[time, Counted]
    by_day: dict[date, Counted]

    @property
    def served(self) -> int:
        return sum(each.served for each in self.by_day.values())

    @property
    def present(self) -> int:
        return sum(each.present for each in self.by_day.values())


def hours_of(office: Office, span: Span, now: datetime) -> Hours:
    """From seats and places, also for days that are over; one statement."""
    asked = {"office": office.pk, "first": span.first, "last": span.last, "now": now} | CONSTANTS
    by_hour: dict[time, Counted] = {}
    by_day: dict[date, Counted] = {}
    with connection.cursor() as cursor:
        cursor.execute(BY_HOUR, asked)
        for hour, day, *numbers, served, present in cursor.fetchall():
            counted = Counted(Figures(*numbers), served, present)
            if day is None:
                by_hour[hour] = counted
            else:
                by_day[day] = counted
    return Hours(by_hour, by_day)


def nation_on(span: Span, now: datetime) -> Nation:
    """All offices that serve, on the same dates by each one's clock; at most a minute old."""
    key = f"integrity:overview:{span.first}:{span.last}"
    found = cache.get(key)
    if found is None:
        spans = {office.pk: span for office in offices.public_offices()}
        found = figures.of_offices(spans, now)
        cache.set(key, found, KEPT_SECONDS)
    return found
