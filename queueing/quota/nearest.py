"""The first day with room at every office at once, for lists; nothing here writes.

One query answers for the whole country. Its answer lives two seconds in the cache; while
one process asks anew, the others go on with the old one for some seconds more and tell
its age. A claim never looks here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import connection
from django.db.models import Min

from offices.models import Office
from queueing.quota import policies, rules, snapshots
from queueing.quota.models import Channel, Release

FRESH = timedelta(seconds=2)
STILL_USEFUL = timedelta(seconds=15)
KEPT_SECONDS = 30
LOCK_SECONDS = 5

# For each office its slots are walked in order of time until one has room for all; OFFSET 0
# keeps the planner from looking into all of them first (0.9 s instead of 0.04 s for the
# country). An office that is full costs one look into the index of free seats for each slot.
FIRST_ROOM = """
SELECT asked.office_id, room.day, room.starts_at, left_on_day.seats, now()
FROM unnest(%s::bigint[], %s::int[]) AS asked (office_id, cutoff)
CROSS JOIN LATERAL (
    SELECT slot.day, slot.starts_at
    FROM (
        SELECT id, day, starts_at, release_id
        FROM queueing_slot
        WHERE office_id = asked.office_id AND closed_at IS NULL
          AND starts_at > now() + make_interval(mins => asked.cutoff)
        ORDER BY starts_at
        OFFSET 0
    ) slot
    WHERE (SELECT opens_at FROM queueing_release WHERE id = slot.release_id) <= now()
      AND (
        SELECT count(*) FROM (
            SELECT FROM queueing_seat seat
            WHERE seat.slot_id = slot.id AND seat.channel = %s
              AND NOT seat.taken AND seat.visible_at <= now()
            LIMIT %s
        ) free
      ) = %s
    ORDER BY slot.starts_at
    LIMIT 1
) room
CROSS JOIN LATERAL (
    SELECT count(*) AS seats
    FROM queueing_slot slot
    JOIN queueing_seat seat ON seat.slot_id = slot.id
    WHERE slot.office_id = asked.office_id AND slot.day = room.day
      AND slot.starts_at >= room.starts_at AND slot.closed_at IS NULL
      AND seat.channel = %s AND NOT seat.taken AND seat.visible_at <= now()
) left_on_day
"""


@dataclass(frozen=True)
class FirstRoom:
    """The first hour of an office with room for all, and what is left on that day from it on."""

    day: date
    starts_at: datetime
    seats: int


@dataclass(frozen=True)
class FirstRooms:
    """By the id of each office that has room; ``as_of`` is when it was counted."""

    as_of: datetime
    by_office: dict[int, FirstRoom]


def first_rooms(
    offices: Sequence[Office], *, people: int, now: datetime, channel: str = Channel.ONLINE
) -> FirstRooms:
    """Where this many can come together first. ``offices`` are all that may be asked about:
    callers that ask alike share one answer, so hand in all and pick from it."""
    key = f"quota:first_rooms:{channel}:{people}"
    known: FirstRooms | None = cache.get(key)
    if known is not None and now - known.as_of < FRESH:
        return known
    may_ask = cache.add(f"{key}:asking", 1, LOCK_SECONDS)
    if not may_ask and known is not None and now - known.as_of < STILL_USEFUL:
        return known
    rooms = _ask(offices, people=people, channel=channel, now=now)
    cache.set(key, rooms, KEPT_SECONDS)
    cache.delete(f"{key}:asking")
    return rooms


def _ask(offices: Sequence[Office], *, people: int, channel: str, now: datetime) -> FirstRooms:
    cutoffs = [policies.BOOK_CUTOFF_MINUTES.at(now=now, scope=office.code) for office in offices]
    ids = [office.pk for office in offices]
    as_of, found = now, {}
    with connection.cursor() as cursor:
        cursor.execute(FIRST_ROOM, [ids, cutoffs, channel, people, people, channel])
        for office_id, day, starts_at, seats, at in cursor:
            found[office_id] = FirstRoom(day, starts_at, seats)
            as_of = at
    return FirstRooms(as_of, found)


def next_openings(offices: Iterable[Office], now: datetime) -> dict[int, datetime]:
    """When each office opens quota next: as planned, else as its rhythm says; one query."""
    offices = list(offices)
    planned = dict(
        Release.objects.filter(office__in=offices, opens_at__gt=now)
        .values_list("office_id")
        .annotate(first=Min("opens_at"))
    )
    return {
        office.pk: planned.get(office.pk)
        or rules.next_opening(now, snapshots.rhythm_of(office, now), office.zone)
        for office in offices
    }
