"""The first day with room at every office at once, for lists; nothing here writes.

One query answers for the whole country, and is shared as the pictures of offices are
(paspor.kernel.sharing): two seconds old at most, asked by one process at a time. It is for all
public offices, whoever asks; who wants some picks them. A claim never looks here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from offices import selectors as offices
from paspor.kernel.sharing import shared
from queueing.quota.models import Channel
from queueing.quota.policies import BOOK_CUTOFF_MINUTES
from queueing.quota.selectors import Hour

# Counts up with each change of what an answer holds: old and new code share a cache.
LAYOUT = 3

# Two pieces of the statement below: seats of an hour that everybody sees, and an hour that
# stands and may be booked by now.
FREE = """seat.channel = %(channel)s AND NOT seat.taken AND seat.visible_at <= now()"""
STANDS = """slot.office_id = asked.office_id AND slot.closed_at IS NULL
          AND (SELECT opens_at FROM queueing_release WHERE id = slot.release_id) <= now()"""

# For each office its slots are walked in order of time until one has room for all, itself or
# with its neighbour; OFFSET 0 keeps the planner from looking into all of them first (0.9 s
# instead of 0.04 s for the country). An office that is full costs one look into the index of
# free seats for each slot; a neighbour is looked at where an hour has some seats, too few.
FIRST_ROOM = f"""
SELECT asked.office_id, opened.until, now(), room.code, room.day, room.starts_at, room.ends_at,
       in_hour.seats, left_on_day.seats, beside.code, beside.starts_at, beside.ends_at,
       in_beside.seats
FROM unnest(%(offices)s::bigint[], %(cutoffs)s::int[], %(pairs)s::bool[])
     AS asked (office_id, cutoff, pairs)
CROSS JOIN LATERAL (
    SELECT (
        SELECT slot.day FROM queueing_slot slot
        WHERE {STANDS} AND slot.starts_at > now() + make_interval(mins => asked.cutoff)
        ORDER BY slot.starts_at DESC
        LIMIT 1
    ) AS until
) opened
LEFT JOIN LATERAL (
    SELECT slot.id, slot.day, slot.starts_at, next.id AS next_id
    FROM (
        SELECT id, office_id, day, starts_at, ends_at, release_id, closed_at
        FROM queueing_slot
        WHERE office_id = asked.office_id AND closed_at IS NULL
          AND starts_at > now() + make_interval(mins => asked.cutoff)
        ORDER BY starts_at
        OFFSET 0
    ) slot
    CROSS JOIN LATERAL (
        SELECT count(*) AS seats FROM (
            SELECT FROM queueing_seat seat
            WHERE seat.slot_id = slot.id AND {FREE}
            LIMIT %(people)s
        ) few
    ) free
    LEFT JOIN LATERAL (
        SELECT next.id FROM queueing_slot next
        WHERE asked.pairs AND free.seats BETWEEN 1 AND %(people)s - 1
          AND next.office_id = asked.office_id AND next.starts_at = slot.ends_at
          AND next.day = slot.day AND next.closed_at IS NULL
          AND (SELECT opens_at FROM queueing_release WHERE id = next.release_id) <= now()
          AND (
            SELECT count(*) FROM (
                SELECT FROM queueing_seat seat
                WHERE seat.slot_id = next.id AND {FREE}
                LIMIT %(people)s
            ) few
          ) >= %(people)s - free.seats
        LIMIT 1
    ) next ON true
    WHERE {STANDS} AND (free.seats = %(people)s OR next.id IS NOT NULL)
    ORDER BY slot.starts_at
    LIMIT 1
) first ON true
-- An hour of that day that holds all is better than two.
LEFT JOIN LATERAL (
    SELECT slot.id FROM queueing_slot slot
    WHERE first.next_id IS NOT NULL AND {STANDS}
      AND slot.day = first.day AND slot.starts_at > first.starts_at
      AND (
        SELECT count(*) FROM (
            SELECT FROM queueing_seat seat
            WHERE seat.slot_id = slot.id AND {FREE}
            LIMIT %(people)s
        ) few
      ) = %(people)s
    ORDER BY slot.starts_at
    LIMIT 1
) whole ON true
LEFT JOIN queueing_slot room ON room.id = coalesce(whole.id, first.id)
LEFT JOIN queueing_slot beside ON beside.id = first.next_id AND whole.id IS NULL
CROSS JOIN LATERAL (
    SELECT count(*) AS seats FROM queueing_seat seat WHERE seat.slot_id = room.id AND {FREE}
) in_hour
CROSS JOIN LATERAL (
    SELECT count(*) AS seats FROM queueing_seat seat WHERE seat.slot_id = beside.id AND {FREE}
) in_beside
CROSS JOIN LATERAL (
    SELECT count(*) AS seats
    FROM queueing_slot slot
    JOIN queueing_seat seat ON seat.slot_id = slot.id
    WHERE slot.office_id = asked.office_id AND slot.day = room.day
      AND slot.starts_at >= room.starts_at AND slot.closed_at IS NULL AND {FREE}
) left_on_day
"""  # noqa: S608  # only names of ours


@dataclass(frozen=True)
class FirstRoom:
    """The first hour of an office with room for all, its free seats, and how many are left
    on that day from it on (``seats``).

    ``beside``: where no hour of that day holds all, the hour that follows, and both do.
    """

    slot_code: str
    day: date
    starts_at: datetime
    ends_at: datetime
    free: int
    seats: int
    beside: Hour | None = None


@dataclass(frozen=True)
class FirstRooms:
    """By the id of each office that has room; ``as_of`` is when it was counted.

    ``opened_until`` holds the last day that is open to booking, full or not, of each office
    that has one.
    """

    as_of: datetime
    by_office: dict[int, FirstRoom]
    opened_until: dict[int, date]


def first_rooms(
    *, people: int, now: datetime, channel: str = Channel.ONLINE, pairs: bool = True
) -> FirstRooms:
    """Where this many can come together first, at every public office: in one hour, or with
    ``pairs`` in two neighbouring ones of a day on which no hour holds them."""
    pairs = pairs and people > 1
    key = f"quota:first_rooms:{LAYOUT}:{channel}:{people}:{pairs:d}"
    return shared(key, lambda: _ask(people=people, channel=channel, pairs=pairs, now=now))


def _ask(*, people: int, channel: str, pairs: bool, now: datetime) -> FirstRooms:
    asked = offices.listed()
    said = {
        "people": people,
        "channel": channel,
        "offices": [office.pk for office in asked],
        "cutoffs": [BOOK_CUTOFF_MINUTES.at(now=now, scope=office.code) for office in asked],
        # A referral code is one person's: nobody comes there as a family.
        "pairs": [pairs and not office.needs_referral for office in asked],
    }
    as_of, found, opened = now, {}, {}
    with connection.cursor() as cursor:
        cursor.execute(FIRST_ROOM, said)
        for office_id, until, at, *room in cursor:
            if until is not None:
                opened[office_id] = until
            if room[0] is not None:
                found[office_id] = _room(*room)
            as_of = at
    return FirstRooms(as_of, found, opened)


def _room(*told: Any) -> FirstRoom:
    """A row of the statement: the hour, and at the end the one beside it, if any."""
    *hour, code, starts_at, ends_at, free = told
    return FirstRoom(*hour, Hour(code, starts_at, ends_at, free) if code else None)
