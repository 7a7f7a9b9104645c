"""What must never be found after a row: counted by SQL, whatever the answers were."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection

# Two live places on one seat, a live place on a seat that says it is free or is of another
# hour, more live places than an hour has seats.
OVERSOLD = """
SELECT
    (SELECT count(*) FROM (
        SELECT FROM queueing_place WHERE state IN ('HELD', 'BOOKED', 'CHECKED_IN')
        GROUP BY seat_id HAVING count(*) > 1) twice)
  + (SELECT count(*) FROM queueing_place place
        JOIN queueing_booking booking ON booking.id = place.booking_id
        JOIN queueing_seat seat ON seat.id = place.seat_id
        WHERE place.state IN ('HELD', 'BOOKED', 'CHECKED_IN')
          AND (NOT seat.taken OR seat.slot_id <> booking.slot_id))
  + (SELECT count(*) FROM (
        SELECT booking.slot_id, count(*) AS live FROM queueing_place place
        JOIN queueing_booking booking ON booking.id = place.booking_id
        WHERE place.state IN ('HELD', 'BOOKED', 'CHECKED_IN') GROUP BY booking.slot_id) used
        WHERE live > (SELECT count(*) FROM queueing_seat seat WHERE seat.slot_id = used.slot_id))
"""
# Who was told so, and has it not.
LOST = """
SELECT count(*) FROM unnest(%(codes)s::text[]) AS told (code)
WHERE NOT EXISTS (
    SELECT FROM queueing_booking booking WHERE booking.code = told.code
      AND EXISTS (SELECT FROM queueing_place place WHERE place.booking_id = booking.id)
      AND NOT EXISTS (SELECT FROM queueing_place place WHERE place.booking_id = booking.id
                      AND place.state <> %(state)s))
"""
# Who had a place when the row began and must still have one.
LEFT_WITH_NOTHING = """
SELECT count(DISTINCT place.person_id) FROM queueing_place place
WHERE place.booking_id <= %(mark)s
  AND (place.ended_at IS NULL OR place.ended_at > %(since)s OR place.state = 'MOVED')
  AND 1 <> (
    SELECT count(*) FROM queueing_place now_live
    WHERE now_live.person_id = place.person_id AND now_live.state = 'BOOKED')
"""
# Of what the row has written: a family in part, a place without its event, a visit without
# its mail, an act without its stored answer, a stored answer without its visit.
HALF_WRITTEN = """
SELECT
    (SELECT count(*) FROM queueing_booking booking WHERE booking.id > %(mark)s AND %(people)s <> (
        SELECT count(*) FROM queueing_place place WHERE place.booking_id = booking.id))
  + (SELECT count(*) FROM queueing_place place
        WHERE (place.booking_id > %(mark)s OR place.ended_at > %(since)s) AND NOT EXISTS (
            SELECT FROM queueing_bookingevent event
            WHERE event.booking_id = place.booking_id AND event.place_id = place.id
              AND event.what = place.state))
  + (SELECT count(*) FROM queueing_place place
        JOIN queueing_booking booking ON booking.id = place.booking_id
        WHERE %(mails)s AND (
            place.state = 'BOOKED' AND booking.id > %(mark)s
            OR place.state = 'CANCELLED' AND place.ended_at > %(since)s)
          AND NOT EXISTS (SELECT FROM accounts_message message
                          WHERE message.about = 'booking:' || booking.code))
  + (SELECT count(*) FROM queueing_booking booking
        WHERE %(keys)s AND booking.id > %(mark)s AND NOT EXISTS (
            SELECT FROM kernel_storedanswer answer
            WHERE answer.user_id = booking.account_id AND answer.body ->> 'code' = booking.code))
  + (SELECT count(*) FROM kernel_storedanswer answer WHERE NOT EXISTS (
        SELECT FROM queueing_booking booking
        WHERE booking.account_id = answer.user_id AND booking.code = answer.body ->> 'code'))
"""
LAST = "SELECT coalesce(max(id), 0), clock_timestamp() FROM queueing_booking"
BOOKED = """
SELECT count(*) FROM queueing_place WHERE booking_id > %s AND state = 'BOOKED'
"""


@dataclass(frozen=True)
class Faults:
    oversold: int = 0
    lost: int = 0
    half_written: int = 0

    def __add__(self, other: "Faults") -> "Faults":
        return Faults(
            self.oversold + other.oversold,
            self.lost + other.lost,
            self.half_written + other.half_written,
        )

    def as_json(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True)
class Expected:
    """What the answers of a row promise. ``mark`` is the last booking made before it."""

    mark: int
    state: str = "BOOKED"
    people: int = 1
    mails: bool = True
    keys: bool = True
    keeps_places: bool = False


def last_booking() -> tuple[int, datetime]:
    """The last one that there is, 0 before the first, and the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(LAST)
        return cursor.fetchone()


def look(expected: Expected, codes: Sequence[str], *, since: datetime | str) -> Faults:
    """``codes`` are of the bookings that somebody was told of."""
    asked = {
        "codes": list(codes),
        "state": expected.state,
        "mark": expected.mark,
        "people": expected.people,
        "mails": expected.mails,
        "keys": expected.keys,
        "since": since,
    }
    lost = _count(LOST, asked)
    if expected.keeps_places:
        lost += _count(LEFT_WITH_NOTHING, asked)
    return Faults(_count(OVERSOLD, asked), lost, _count(HALF_WRITTEN, asked))


def booked(mark: int) -> int:
    """Places that are BOOKED of bookings after ``mark``."""
    with connection.cursor() as cursor:
        cursor.execute(BOOKED, [mark])
        return int(cursor.fetchone()[0])


def _count(sql: str, asked: dict[str, object]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return int(cursor.fetchone()[0])
