"""Giving people back what was wrongly voided: their seat, else the next one, else first right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from queueing.booking import alternatives, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import events, first_rights, moving, places
from queueing.quota.models import WITHDRAWN

UPHELD = events.Why("appeal_upheld")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Restored:
    """The visits that stand again or anew, and until when a first right waits, if any does."""

    visits: tuple[BookingRead, ...] = ()
    waits_until: datetime | None = None


def restore(booking_ids: Sequence[int], *, actor: Actor, now: datetime) -> Restored:
    """Make good the voided places of these bookings of one account, inside a transaction.

    Locks mailbox, applicants, persons, bookings by id, then seats, as every claim does. Who
    has found another place meanwhile keeps that. Raises Busy where seats are busy just now.
    """
    bookings = Booking.objects.filter(pk__in=booking_ids)
    account = places.lock_account_of(bookings)
    places.lock_people(bookings)
    locked = [places.lock_booking_by_id(pk) for pk in sorted(booking_ids)]
    visits: list[BookingRead] = []
    waits: list[datetime] = []
    for booking in locked:
        places.check_account(booking, account)
        going = _owed(booking)
        if not going:
            continue
        found = _same_seats(booking, going, actor=actor, now=now) or _elsewhere(
            booking, going, actor=actor, now=now
        )
        if found is None:
            waits.append(_first_right(booking, going, actor=actor, now=now))
        else:
            visits.append(selectors.booking_by_id(found.pk))
    return Restored(tuple(visits), min(waits, default=None))


def _owed(booking: Booking) -> list[Place]:
    """Whose voided place has not been made good, and who has none elsewhere."""
    voided = [
        place
        for place in places.places_of(booking)
        if place.state == Place.State.VOIDED
        and place.moved_to_id is None
        and place.first_right_until is None
        and place.applicant.removed_at is None
    ]
    held = selectors.people_with_a_place(place.person_id for place in voided)
    return [place for place in voided if place.person_id not in held]


# A seat that somebody is claiming at this moment is as good as gone.
TAKE_AGAIN = """
WITH free AS MATERIALIZED (
    SELECT id FROM queueing_seat
    WHERE id = ANY (%s) AND NOT taken AND visible_at < %s
    ORDER BY id
    FOR UPDATE SKIP LOCKED
)
UPDATE queueing_seat SET taken = true FROM free
WHERE queueing_seat.id = free.id AND (SELECT count(*) FROM free) = %s
"""


def _same_seats(
    booking: Booking, going: Sequence[Place], *, actor: Actor, now: datetime
) -> Booking | None:
    """All of the seats as they were, or none: a family is not torn apart."""
    if booking.slot.closed_at is not None or booking.slot.starts_at <= now:
        return None
    seats = [place.seat_id for place in going]
    with connection.cursor() as cursor:
        cursor.execute(TAKE_AGAIN, [seats, WITHDRAWN, len(seats)])
        if cursor.rowcount < len(seats):
            return None
    places.revive(going, Place.State.BOOKED)
    events.record(booking, Place.State.BOOKED, actor=actor, places=going, why=UPHELD)
    return booking


def _elsewhere(
    booking: Booking, going: Sequence[Place], *, actor: Actor, now: datetime
) -> Booking | None:
    """The nearest hour of the same office that takes all of them, from today on."""
    slot = booking.slot
    eve = max(slot.day, slot.office.today(now)) - ONE_DAY
    choices = alternatives.nearest(booking, len(going), now=now, after=eve)
    arrival = UPHELD.reason
    new = moving.arrive_at_nearest(booking, going, choices, arrival=arrival, actor=actor)
    if new is not None:
        _record(booking, going, actor=actor, to=new.pk)
    return new


def _first_right(
    booking: Booking, going: Sequence[Place], *, actor: Actor, now: datetime
) -> datetime:
    until = first_rights.give(going, office=booking.slot.office, now=now)
    _record(booking, going, actor=actor)
    return until


def _record(booking: Booking, going: Sequence[Place], *, actor: Actor, **detail: int) -> None:
    state = Place.State.VOIDED
    events.record(booking, state, actor=actor, places=going, why=UPHELD, detail=detail)
