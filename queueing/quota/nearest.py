"""The first day with room at every office at once, for lists; nothing here writes.

One query answers for the whole country, and is shared as the pictures of offices are
(paspor.kernel.sharing): two seconds old at most, asked by one process at a time. It is for all
public offices, whoever asks; who wants some picks them. A claim never looks here.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from offices import selectors as offices
from paspor.kernel.sharing import shared
from queueing.quota import policies
from queueing.quota.models import Channel

# Counts up with each change of what an answer holds: old and new code share a cache.
LAYOUT = 2

# For each office its slots are walked in order of time until one has room for all; OFFSET 0
# keeps the planner from looking into all of them first (0.9 s instead of 0.04 s for the
# country). An office that is full costs one look into the index of free seats for each slot.
FIRST_ROOM = """
SELECT asked.office_id, opened.until, now(), room.code, room.day, room.starts_at, room.ends_at,
       in_hour.seats, left_on_day.seats
FROM unnest(%s::bigint[], %s::int[]) AS asked (office_id, cutoff)
CROSS JOIN LATERAL (
    SELECT (
        SELECT slot.day FROM queueing_slot slot
        WHERE slot.office_id = asked.office_id AND slot.closed_at IS NULL
          AND slot.starts_at > now() + make_interval(mins => asked.cutoff)
          AND (SELECT opens_at FROM queueing_release WHERE id = slot.release_id) <= now()
        ORDER BY slot.starts_at DESC
        LIMIT 1
    ) AS until
) opened
LEFT JOIN LATERAL (
    SELECT slot.id, slot.code, slot.day, slot.starts_at, slot.ends_at
    FROM (
        SELECT id, code, day, starts_at, ends_at, release_id
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
) room ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS seats FROM queueing_seat seat
    WHERE seat.slot_id = room.id AND seat.channel = %s
      AND NOT seat.taken AND seat.visible_at <= now()
) in_hour
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
    """The first hour of an office with room for all, its free seats, and how many are left
    on that day from it on (``seats``)."""

    slot_code: str
    day: date
    starts_at: datetime
    ends_at: datetime
    free: int
    seats: int


@dataclass(frozen=True)
class FirstRooms:
    """By the id of each office that has room; ``as_of`` is when it was counted.

    ``opened_until`` holds the last day that is open to booking, full or not, of each office
    that has one.
    """

    as_of: datetime
    by_office: dict[int, FirstRoom]
    opened_until: dict[int, date]


def first_rooms(*, people: int, now: datetime, channel: str = Channel.ONLINE) -> FirstRooms:
    """Where this many can come together first, at every public office."""
    key = f"quota:first_rooms:{LAYOUT}:{channel}:{people}"
    return shared(key, lambda: _ask(people=people, channel=channel, now=now))


def _ask(*, people: int, channel: str, now: datetime) -> FirstRooms:
    codes = {office.pk: office.code for office in offices.listed()}
    cutoffs = [policies.BOOK_CUTOFF_MINUTES.at(now=now, scope=code) for code in codes.values()]
    as_of, found, opened = now, {}, {}
    with connection.cursor() as cursor:
        cursor.execute(
            FIRST_ROOM, [list(codes), cutoffs, channel, people, people, channel, channel]
        )
        for office_id, until, at, *room in cursor:
            if until is not None:
                opened[office_id] = until
            if room[0] is not None:
                found[office_id] = FirstRoom(*room)
            as_of = at
    return FirstRooms(as_of, found, opened)
