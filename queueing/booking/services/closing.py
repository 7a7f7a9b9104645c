"""What becomes of booked people when their office closes a day.

Quota withdraws the day's seats in one transaction; then each booking follows in a
transaction of its own. Who is still to follow is read from the places themselves, so
that a closing that was interrupted is simply gone on with, by the sweep or by anyone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction

from accounts.models import User
from offices.models import Office
from offices.reasons import Why
from paspor.kernel.errors import Busy
from queueing.booking import alternatives, errors, notices, policies, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, moving, places
from queueing.quota.services import closing as quota_closing

# An officer waits for these; the sweep takes what is left within a minute.
AT_ONCE = 50
REASON = "office_closed"


@dataclass(frozen=True)
class Closing:
    """How many bookings a closing touched, and how many of them are settled already.

    ``untold`` have no account: their people cannot be written to.
    """

    affected: int
    settled: int
    untold: int = 0


def close_day(*, office: Office, day: date, why: Why, officer: User, now: datetime) -> Closing:
    """Close the day, then give its people an alternative that is booked, or first right."""
    affected = quota_closing.withdraw_day(office=office, day=day, why=why, officer=officer, now=now)
    settled = 0
    for booking_id in affected[:AT_ONCE]:
        settled += _settle_or_leave(booking_id, actor=Actor.officer(officer), now=now)
    untold = Booking.objects.filter(pk__in=affected, account=None).count()
    return Closing(affected=len(affected), settled=settled, untold=untold)


def follow_closures(now: datetime) -> int:
    """Settle every booking that a closing has left behind; how many."""
    waiting = alternatives.bookings_in_closed_slots()
    return sum(_settle_or_leave(pk, actor=Actor.system(), now=now) for pk in waiting)


def _settle_or_leave(booking_id: int, *, actor: Actor, now: datetime) -> bool:
    """Where seats are busy at this moment the next sweep tries again."""
    try:
        settle(booking_id, actor=actor, now=now)
    except Busy:
        return False
    return True


@transaction.atomic
def settle(booking_id: int, *, actor: Actor, now: datetime) -> None:
    """One booking of a closed slot: its holds end, its booked people go elsewhere together.

    Locks the booking, then its seats, then the new ones. Who was still choosing is told
    that the hold has ended. Does nothing where the slot
    serves again or nobody is left. People who have checked in are with the desk.
    """
    booking = places.lock_booking_by_id(booking_id)
    if booking.slot.closed_at is None:
        return
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
    if booked and not _move_on(booking, booked, actor=actor, now=now):
        _give_first_right(booking, booked, actor=actor, now=now)


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
    was_busy = False
    for choice in alternatives.nearest(booking, len(booked), now=now):
        target = moving.Target(
            slot=choice.slot,
            channel=choice.channel,
            moves_used=booking.moves_used,
            no_fault=True,
            arrival=REASON,
        )
        leaving = moving.Leaving(Place.State.CLOSED_BY_OFFICE, return_minutes=1, reason=REASON)
        try:
            with transaction.atomic():
                new = moving.move(booking, booked, target, leaving, actor=actor)
        except errors.SlotFull:
            continue
        except Busy:
            was_busy = True
            continue
        notices.closed_with_alternative(
            selectors.booking_by_id(new.pk), old=booking, why=booking.slot.closed_why, now=now
        )
        return True
    if was_busy:
        raise Busy
    return False


def _give_first_right(
    booking: Booking, booked: list[Place], *, actor: Actor, now: datetime
) -> None:
    """No hour is free: the next opening serves these people before it opens."""
    days = policies.FIRST_RIGHT_DAYS.at(now=now, scope=booking.slot.office.code)
    until = now + timedelta(days=days)
    _end(booking, booked, actor=actor)
    Place.objects.filter(pk__in=[place.pk for place in booked]).update(first_right_until=until)
    notices.closed_with_first_right(
        selectors.booking_by_id(booking.pk), why=booking.slot.closed_why, until=until, now=now
    )
