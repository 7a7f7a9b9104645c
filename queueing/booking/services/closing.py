"""What becomes of booked people when their office closes a day.

Quota withdraws the day's seats in one transaction; then each booking follows in a
transaction of its own. Who is still to follow is read from the places themselves, so
that a closing that was interrupted is simply gone on with, by the sweep or by anyone.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction

from accounts.models import User
from offices.models import Office
from offices.reasons import Why
from paspor.kernel.errors import Busy
from queueing.booking import alternatives, notices, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, first_rights, moving, places
from queueing.quota.services import closing as quota_closing

# An officer waits for these; the sweep takes what is left within a minute.
AT_ONCE = 50
REASON = "office_closed"


class Outcome(StrEnum):
    """What a closing made of a booking; LEFT: the sweep is to settle it."""

    MOVED = "moved"
    FIRST_RIGHT = "first_right"
    ENDED = "ended"
    LEFT = "left"


@dataclass(frozen=True)
class Closing:
    """How many bookings a closing touched, by what became of them.

    ``ended`` were only being chosen. Of all of them ``untold`` have no account: their
    people cannot be written to. ``here`` counts people who have checked in, and stay.
    """

    moved: int = 0
    first_right: int = 0
    ended: int = 0
    left: int = 0
    untold: int = 0
    here: int = 0

    @property
    def affected(self) -> int:
        return self.moved + self.first_right + self.ended + self.left


def close_day(
    *,
    office: Office,
    day: date,
    why: Why,
    officer: User,
    now: datetime,
    since: time | None = None,
) -> Closing:
    """Close the day, then give its people an alternative that is booked, or first right.

    With ``since`` only the hours that begin then or later.
    """
    living = quota_closing.withdraw_day(
        office=office, day=day, why=why, officer=officer, now=now, since=since
    )
    here = Place.objects.filter(booking__in=living, state=Place.State.CHECKED_IN).count()
    affected = alternatives.unsettled(Booking.objects.filter(pk__in=living))
    untold = Booking.objects.filter(pk__in=affected, account=None).count()
    actor = Actor.officer(officer)
    became = Counter(_settle_or_leave(pk, actor=actor, now=now) for pk in affected[:AT_ONCE])
    became[Outcome.LEFT] += len(affected[AT_ONCE:])
    return Closing(**{one.value: became[one] for one in Outcome}, untold=untold, here=here)


def follow_closures(now: datetime) -> int:
    """Settle every booking that a closing has left behind; how many."""
    waiting = alternatives.unsettled(Booking.objects.filter(slot__closed_at__isnull=False))
    became = [_settle_or_leave(pk, actor=Actor.system(), now=now) for pk in waiting]
    return len(became) - became.count(Outcome.LEFT)


def _settle_or_leave(booking_id: int, *, actor: Actor, now: datetime) -> Outcome:
    """Where seats are busy at this moment the next sweep tries again."""
    try:
        return settle(booking_id, actor=actor, now=now)
    except Busy:
        return Outcome.LEFT


@transaction.atomic
def settle(booking_id: int, *, actor: Actor, now: datetime) -> Outcome:
    """One booking of a closed slot: its holds end, its booked people go elsewhere together.

    Locks the booking, then its seats, then the new ones. Who was still choosing is told
    that the hold has ended. Does nothing where the slot
    serves again or nobody is left. People who have checked in are with the desk.
    """
    booking = places.lock_booking_by_id(booking_id)
    if booking.slot.closed_at is None:
        return Outcome.ENDED
    people = places.places_of(booking)
    held = [place for place in people if place.state == Place.State.HELD]
    booked = [place for place in people if place.state == Place.State.BOOKED]
    if held:
        was_running = Booking.objects.filter(
            pk=booking.pk, held_until__gt=TransactionNow()
        ).exists()
        _end(booking, held, actor=actor)
        places.after_ending(booking)
        if was_running:
            ended = selectors.booking_by_id(booking.pk)
            notices.closed_while_held(ended, why=booking.slot.closed_why, now=now)
    if not booked:
        return Outcome.ENDED
    if _move_on(booking, booked, actor=actor, now=now):
        return Outcome.MOVED
    _give_first_right(booking, booked, actor=actor, now=now)
    return Outcome.FIRST_RIGHT


def _end(booking: Booking, ended: list[Place], *, actor: Actor) -> None:
    # The slot is closed: its seats stay withdrawn, however few minutes are asked for.
    places.free_seats(ended, minutes=1)
    places.end(ended, Place.State.CLOSED_BY_OFFICE, reason=REASON)
    events.record(
        booking,
        Place.State.CLOSED_BY_OFFICE,
        actor=actor,
        places=ended,
        why=events.Why(REASON),
    )


def _move_on(booking: Booking, booked: list[Place], *, actor: Actor, now: datetime) -> bool:
    """The nearest later hour of the same office that takes all of them; False if none does."""
    leaving = moving.Leaving(Place.State.CLOSED_BY_OFFICE, return_minutes=1, reason=REASON)
    choices = alternatives.nearest(booking, len(booked), now=now)
    new = moving.move_to_nearest(booking, booked, choices, leaving, arrival=REASON, actor=actor)
    if new is None:
        return False
    notices.closed_with_alternative(
        selectors.booking_by_id(new.pk),
        old=places.visit_facts(booking, booking.places.all()),
        closed=booking.slot,
        now=now,
    )
    return True


def _give_first_right(
    booking: Booking, booked: list[Place], *, actor: Actor, now: datetime
) -> None:
    """No hour is free: the next opening serves these people before it opens."""
    _end(booking, booked, actor=actor)
    until = first_rights.give(booked, office=booking.slot.office, now=now)
    notices.closed_with_first_right(
        selectors.booking_by_id(booking.pk), why=booking.slot.closed_why, until=until, now=now
    )
