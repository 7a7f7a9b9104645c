"""The public figures: days that are over as they were rolled up, the others as they stand.

One statement, whether for a day of one office or for a quarter of a year of the nation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import connection

from accounts import selectors as people
from offices import selectors as offices
from offices.models import Office
from queueing.booking.rules import NOT_ENDED
from queueing.integrity.rules.figures import NAMES, Around, Figures, Span
from queueing.quota.models import WITHDRAWN

KEPT_SECONDS = 60
LATELY = timedelta(days=30)
COLUMNS = ", ".join(NAMES)
SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in NAMES)
# What is counted by the hour; the last is counted by the day.
OF_SLOTS = ", ".join(f"sum({name})::bigint AS {name}" for name in NAMES[:-1])

# The one place where each number is counted; needs "slot" (id, opens_at) and joins to it.
# A hold that was never confirmed counts nowhere. Each slot looks up its own seats and
# places: a join would read those of all years. The last two are of the officers' overview.
IN_EACH_SLOT = """
    CROSS JOIN LATERAL (
        SELECT
            count(*) FILTER (WHERE seat.taken
                OR (seat.visible_at < %(withdrawn)s AND slot.opens_at <= %(now)s)) AS released,
            count(*) FILTER (WHERE NOT seat.taken
                AND seat.visible_at < %(withdrawn)s AND slot.opens_at <= %(now)s) AS free
        FROM queueing_seat seat WHERE seat.slot_id = slot.id
    ) seats
    CROSS JOIN LATERAL (
        SELECT
            count(*) AS booked,
            count(*) FILTER (WHERE place.state IN ('CHECKED_IN', 'SERVED')) AS attended,
            count(*) FILTER (WHERE place.state = 'TURNED_AWAY') AS turned_away,
            count(*) FILTER (WHERE place.state = 'NO_SHOW') AS no_show,
            count(*) FILTER (WHERE place.state IN ('CANCELLED', 'MOVED', 'VOIDED')) AS returned,
            count(*) FILTER (WHERE place.state = 'VOIDED') AS voided,
            count(*) FILTER (WHERE place.state = 'CLOSED_BY_OFFICE') AS closed,
            count(*) FILTER (WHERE booking.made_by_id IS NOT NULL) AS officer_made,
            count(*) FILTER (WHERE booking.made_by_id IS NOT NULL
                AND booking.reason = 'walk_in') AS walk_in,
            count(*) FILTER (WHERE booking.channel = 'PRIORITY') AS priority,
            count(*) FILTER (WHERE place.state = 'SERVED'
                AND place.reason <> %(not_ended)s) AS served,
            count(*) FILTER (WHERE place.state = 'CHECKED_IN') AS present
        FROM queueing_booking booking
        JOIN queueing_place place ON place.booking_id = booking.id
        WHERE booking.slot_id = slot.id AND place.booked_at IS NOT NULL
    ) places
"""
# Needs "slot" (id, office_id, day, opens_at), and gives "counted".
COUNTED = f"""
counted AS (
    SELECT slot.office_id, slot.day, {OF_SLOTS},
        (SELECT count(*) FROM queueing_offlinewalkin walk_in
            JOIN queueing_daylist list ON list.id = walk_in.day_list_id
            WHERE list.office_id = slot.office_id AND list.day = slot.day) AS walk_in_offline
    FROM slot {IN_EACH_SLOT}
    GROUP BY slot.office_id, slot.day
)
"""  # noqa: S608  # only names of ours
# What every statement with IN_EACH_SLOT is asked with, beside "now".
CONSTANTS = {"withdrawn": WITHDRAWN, "not_ended": NOT_ENDED}

# A day is read from the roll-up where it stands there, else from its seats and places.
KNOWN = f"""
WITH wanted AS (
    SELECT * FROM unnest(%(offices)s::bigint[], %(firsts)s::date[], %(lasts)s::date[])
        AS wanted (office_id, first, last)
), stored AS (
    SELECT figures.* FROM wanted JOIN queueing_dayfigures figures
        ON figures.office_id = wanted.office_id
        AND figures.day BETWEEN wanted.first AND wanted.last
), slot AS MATERIALIZED (
    SELECT slot.id, slot.office_id, slot.day, release.opens_at
    FROM wanted
    JOIN queueing_slot slot ON slot.office_id = wanted.office_id
        AND slot.day BETWEEN wanted.first AND wanted.last
    JOIN queueing_release release ON release.id = slot.release_id
    WHERE NOT EXISTS (
        SELECT FROM stored WHERE stored.office_id = slot.office_id AND stored.day = slot.day)
), {COUNTED}, known AS (
    SELECT office_id, day, {COLUMNS} FROM stored
    UNION ALL
    SELECT office_id, day, {COLUMNS} FROM counted
)
"""  # noqa: S608  # only names of ours
BY_DAY = f"{KNOWN} SELECT day, {COLUMNS} FROM known ORDER BY day"  # noqa: S608
OF_NATION = f"""{KNOWN}
SELECT office_id, day, {SUMS} FROM known GROUP BY GROUPING SETS ((office_id), (day)) ORDER BY day
"""  # noqa: S608  # only names of ours


@dataclass(frozen=True)
class DayCount:
    """One day with quota. ``is_over`` by the office's own clock: it hardly changes any more."""

    day: date
    is_over: bool
    figures: Figures


@dataclass(frozen=True)
class Nation:
    """All offices that serve, each over the same days by its own clock."""

    as_of: datetime
    by_office: dict[int, Figures]
    by_day: dict[date, Figures]
    # Accounts verified at counters, and by codes to phones, of late.
    verified: int = 0
    verified_by_text: int = 0

    @property
    def total(self) -> Figures:
        return sum(self.by_office.values(), Figures())


def of_office(office: Office, span: Span, now: datetime) -> list[DayCount]:
    """The days of the span that have quota, in order."""
    today = office.today(now)
    rows = _ask(BY_DAY, {office.pk: span}, now)
    return [DayCount(day, day < today, Figures(*numbers)) for day, *numbers in rows]


def of_nation(around: Around, now: datetime) -> Nation:
    """The sums of each office and each day; at most a minute old."""
    key = f"integrity:figures:{around}"
    found = cache.get(key)
    if found is None:
        found = _count_nation(around, now)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _count_nation(around: Around, now: datetime) -> Nation:
    spans = {office.pk: around.of(office.today(now)) for office in offices.public_offices()}
    by_text = people.verified_by_text(since=now - LATELY)
    counted = of_offices(spans, now)
    return replace(counted, verified=verified_lately(now), verified_by_text=by_text)


def of_offices(spans: Mapping[int, Span], now: datetime) -> Nation:
    """The sums of some offices, each over days of its own; one statement."""
    by_office: dict[int, Figures] = {}
    by_day: dict[date, Figures] = {}
    for office_id, day, *numbers in _ask(OF_NATION, spans, now):
        if day is None:
            by_office[office_id] = Figures(*numbers)
        else:
            by_day[day] = Figures(*numbers)
    return Nation(now, by_office, by_day)


def verified_lately(now: datetime, office: Office | None = None) -> int:
    """Accounts that officers verified at counters, in the nation or at one office."""
    where = office.code if office else ""
    return people.verified_at_counters(since=now - LATELY, where=where)


def _ask(statement: str, spans: Mapping[int, Span], now: datetime) -> list[tuple]:
    asked = {
        "offices": list(spans),
        "firsts": [span.first for span in spans.values()],
        "lasts": [span.last for span in spans.values()],
        "now": now,
    } | CONSTANTS
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()
