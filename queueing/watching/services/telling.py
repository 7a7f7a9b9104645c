"""Telling those who wait that there is room: of what everybody sees, some at a time.

A round looks at the same shared answer as the pages (quota.nearest), so nobody hears of a
seat before it can be seen. For each office with room it draws so many of those who wait
for it as its seats are worth (``watches_told_per_seat``); who is left waits for the next
round, if there is still room then. Letters leave at random moments of the next minutes.
"""

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from time import monotonic

from django.db import connection, transaction

from offices import selectors as offices
from offices.models import Office, PassportType
from queueing.booking import policies as booking
from queueing.booking.rules import is_quiet
from queueing.quota import nearest
from queueing.quota.nearest import FirstRoom, FirstRooms
from queueing.quota.rules import MAX_PEOPLE
from queueing.watching import notices, policies, rules
from queueing.watching.models import Watch
from queueing.watching.rules import Drawn

JITTER = timedelta(minutes=4)
CHANCE = secrets.SystemRandom()
# Letters a transaction.
BATCH = 50
# Shorter than the time limit of a task; whoever is left is told in the next round.
LONGEST_SECONDS = 60.0
# People who are told of one office in a round, however many seats it has.
MOST_A_ROUND = 200
# By the index of those who wait for the same, in the order of their lots; of all who would
# be told of one office, the first by lot.
WAITING = """
SELECT lot, id, number
FROM (
    SELECT watch.id, watch.lot, asked.number, asked.most,
           row_number() OVER (PARTITION BY asked.target_id ORDER BY watch.lot) AS place
    FROM unnest(%(offices)s::bigint[], %(radii_km)s::int[], %(passport_types)s::text[],
                %(days)s::date[], %(targets)s::bigint[], %(most)s::int[])
         WITH ORDINALITY
         AS asked (office_id, radius_km, passport_type, day, target_id, most, number)
    CROSS JOIN LATERAL (
        SELECT watch.id, watch.lot
        FROM queueing_watch watch
        JOIN accounts_user account ON account.id = watch.account_id
        WHERE watch.office_id = asked.office_id AND watch.radius_km = asked.radius_km
          AND watch.people = %(people)s AND watch.passport_type = asked.passport_type
          AND watch.told_at IS NULL AND watch.until >= asked.day
          AND account.is_active AND account.suspended_at IS NULL
        ORDER BY watch.lot
        LIMIT asked.most
    ) watch
) drawn
WHERE place <= most
"""


# By the id of each place that watches name: offices with room, and how far they are, in km.
type Around = dict[int, list[tuple[Office, float]]]


@dataclass(frozen=True)
class Target:
    """What those who wait for the same are told of."""

    asked_id: int
    radius_km: int
    passport_type: str
    office: Office
    room: FirstRoom


def tell(now: datetime) -> int:
    """One round; how many letters were written. Two at once write each letter once."""
    awake = [office for office in offices.listed() if not _sleeps(office, now)]
    per_seat = policies.TOLD_PER_SEAT.at(now=now)
    left: dict[int, int] = {}
    drawn: dict[Drawn, Target] = {}
    rooms_of = {
        people: nearest.first_rooms(people=people, now=now) for people in range(1, MAX_PEOPLE + 1)
    }
    around = _around(awake, {pk for rooms in rooms_of.values() for pk in rooms.by_office})
    for people, rooms in rooms_of.items():
        targets = list(_targets(around, rooms))
        for target in targets:
            left.setdefault(target.office.pk, min(target.room.seats * per_seat, MOST_A_ROUND))
        drawn |= _drawn(targets, people, left)
    chosen = rules.within_seats(drawn, left)
    stop_at = monotonic() + LONGEST_SECONDS
    return sum(
        _tell_some({watch.watch_id: drawn[watch] for watch in some}, now)
        for some in batched(chosen, BATCH, strict=False)
        if monotonic() < stop_at
    )


def _sleeps(office: Office, now: datetime) -> bool:
    """Whether a letter of this round could come at night. Seats that last are told at dawn."""
    from_hour = booking.QUIET_TO_HOUR.at(now=now)
    to_hour = booking.QUIET_FROM_HOUR.at(now=now)
    ends = (now, now + JITTER)
    return any(is_quiet(at, office.zone, from_hour=from_hour, to_hour=to_hour) for at in ends)


def _around(awake: Sequence[Office], with_room: Collection[int]) -> Around:
    """The distances are the same for families of all sizes."""
    free = [
        office
        for office in offices.listed()
        if office.pk in with_room and not office.needs_referral
    ]
    return {place.pk: [(office, _km(place, office)) for office in free] for place in awake}


def _km(place: Office, office: Office) -> float:
    """Nothing else is as near as the office itself, not even one at the same address."""
    if office.pk == place.pk:
        return 0
    km = offices.distance_km(office, float(place.latitude), float(place.longitude))
    return max(km, 0.001)


def _targets(around: Around, rooms: FirstRooms) -> Iterator[Target]:
    """For each place, radius and type the room that would be told of; none where there is none."""
    by_id = {office.pk: office for near in around.values() for office, _ in near}
    for place_id, offices_around in around.items():
        seen = [
            rules.Room(office.pk, rooms.by_office[office.pk].day, km)
            for office, km in offices_around
            if office.pk in rooms.by_office
        ]
        for passport_type in PassportType.values if seen else ():
            fitting = [
                room for room in seen if passport_type in by_id[room.office_id].passport_types
            ]
            for radius in rules.RADII:
                room = rules.best(fitting, radius)
                if room is not None:
                    office = by_id[room.office_id]
                    first = rooms.by_office[office.pk]
                    yield Target(place_id, radius, passport_type, office, first)


def _drawn(targets: Sequence[Target], people: int, left: dict[int, int]) -> dict[Drawn, Target]:
    """The first by lot for each office, no more than it may be told of to people like these."""
    if not targets:
        return {}
    most = [-(-left[target.office.pk] // people) for target in targets]
    with connection.cursor() as cursor:
        cursor.execute(
            WAITING,
            {
                "offices": [target.asked_id for target in targets],
                "radii_km": [target.radius_km for target in targets],
                "passport_types": [target.passport_type for target in targets],
                "days": [target.room.day for target in targets],
                "targets": [target.office.pk for target in targets],
                "most": most,
                "people": people,
            },
        )
        return {
            Drawn(lot, pk, people, targets[number - 1].office.pk): targets[number - 1]
            for lot, pk, number in cursor
        }


@transaction.atomic
def _tell_some(of: dict[int, Target], now: datetime) -> int:
    """Locks accounts and watches, skipping those in use: the next round comes to them."""
    rows = Watch.objects.select_for_update(skip_locked=True, no_key=True, of=("self", "account"))
    rows = rows.select_related("account", "office").filter(
        pk__in=of, told_at=None, account__is_active=True, account__suspended_at=None
    )
    told = 0
    for watch in rows.order_by("account_id", "pk"):
        target, goes_at = of[watch.pk], now + JITTER * CHANCE.random()
        closes_at = _closes_at(target, now)
        if goes_at >= closes_at:
            continue
        notices.seats_came(
            watch, target.office, target.room, goes_at=goes_at, closes_at=closes_at, now=now
        )
        watch.told_at, watch.told_office, watch.told_day = now, target.office, target.room.day
        watch.save(update_fields=["told_at", "told_office", "told_day"])
        told += 1
    return told


def _closes_at(target: Target, now: datetime) -> datetime:
    """Until when the hour may be booked: a letter that leaves later is of no use."""
    cutoff = booking.BOOK_CUTOFF_MINUTES.at(now=now, scope=target.office.code)
    return target.room.starts_at - timedelta(minutes=cutoff)
