"""Queue numbers: given with a check-in, ended with the visit. The caller holds the booking.

One number for each booking: a family that comes together is called together, and whoever
comes after joins it while it is open. Callers are the acts of attendance, in their own
transactions, so that a number never tells another story than the places.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from offices.models import Office
from queueing.booking.models import Booking, Place
from queueing.desk import rules
from queueing.desk.models import QueueNumber
from queueing.quota.models import Channel

State = QueueNumber.State

# The row is held until the commit: a number is never given twice, and none is lost.
NEXT_NUMBER = """
INSERT INTO queueing_numbercount (office_id, day, letter, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (office_id, day, letter) DO UPDATE SET last = queueing_numbercount.last + 1
RETURNING last
"""


def arrive(booking: Booking, people: Sequence[Place], *, now: datetime) -> QueueNumber:
    """The number of these people, who have just been checked in.

    The open one of their booking, or one that ended before it was called, else a new one.
    """
    latest = QueueNumber.objects.filter(booking=booking).order_by("-pk").first()
    if latest and latest.state in QueueNumber.OPEN:
        return latest
    if latest and latest.state == State.GONE and not latest.calls:
        latest.state, latest.ended_at = State.WAITING, None
        latest.arrived_at, latest.due_at = now, _due(booking, now)
        latest.save(update_fields=["state", "ended_at", "arrived_at", "due_at"])
        return latest
    office, day = booking.slot.office, booking.slot.day
    has_priority = booking.channel == Channel.PRIORITY or any(one.entitlement for one in people)
    letter = rules.letter(is_walk_in=booking.is_walk_in, has_priority=has_priority)
    return QueueNumber.objects.create(
        office=office,
        day=day,
        letter=letter,
        number=next_number(office, day, letter),
        booking=booking,
        arrived_at=now,
        due_at=_due(booking, now),
    )


def settle(booking: Booking, *, now: datetime) -> None:
    """Bring the open number in line with the places: nobody present any more ends it."""
    states = set(booking.places.values_list("state", flat=True))
    if Place.State.CHECKED_IN in states:
        return
    ended = {Place.State.SERVED, Place.State.TURNED_AWAY} & states
    state = State.DONE if ended else State.GONE
    open_ones = QueueNumber.objects.filter(booking=booking, state__in=QueueNumber.OPEN)
    open_ones.update(state=state, ended_at=now)


def reopen(booking: Booking) -> None:
    """Somebody's service was taken back: their number is put aside, to be called again."""
    latest = QueueNumber.objects.filter(booking=booking).order_by("-pk").first()
    if latest and latest.state not in QueueNumber.OPEN:
        latest.state, latest.counter, latest.ended_at = State.HELD, None, None
        latest.save(update_fields=["state", "counter", "ended_at"])


def next_number(office: Office, day: date, letter: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [office.pk, day, letter])
        (number,) = cursor.fetchone()
    return number


def _due(booking: Booking, now: datetime) -> datetime:
    return rules.due(
        is_walk_in=booking.is_walk_in,
        starts_at=booking.slot.starts_at,
        ends_at=booking.slot.ends_at,
        arrived_at=now,
    )
