"""Taking people from one visit into another, in one transaction (docs/locking.md)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from paspor.kernel.errors import Busy
from paspor.kernel.prepared import writing
from queueing.booking import errors
from queueing.booking.actors import Actor
from queueing.booking.alternatives import Choice
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, places, referrals
from queueing.quota.models import Slot

DEFER_UNIQUENESS = "SET CONSTRAINTS place_one_live_per_person, place_one_live_per_seat DEFERRED"
# Whoever changes the other hour at this moment is not waited for: two families of bookings that
# move at once would wait for each other. Then its page finds the way (queueing.booking.beside).
NAME_TO_OTHER_HOUR = """
UPDATE queueing_booking SET beside_id = %(new)s
WHERE id IN (
    SELECT id FROM queueing_booking WHERE id = %(other)s AND beside_id = %(old)s
    FOR NO KEY UPDATE SKIP LOCKED
) AND NOT EXISTS (
    SELECT FROM queueing_place
    WHERE booking_id = %(old)s AND live_person_id IS NOT NULL AND NOT id = ANY (%(going)s)
)
"""
CHECK_UNIQUENESS = "SET CONSTRAINTS place_one_live_per_person, place_one_live_per_seat IMMEDIATE"


@dataclass(frozen=True)
class Target:
    """Where to and on which terms. ``arrival`` is the reason code of the new visit."""

    slot: Slot
    channel: str
    moves_used: int
    no_fault: bool
    arrival: str
    # Also seats that nobody sees yet: first rights are served before an opening.
    ahead: bool = False
    # The officer who moves them; else whoever made the visit that they leave.
    made_by_id: int | None = None


@dataclass(frozen=True)
class Leaving:
    """What becomes of the places left behind, and how late their seats return."""

    state: Place.State
    return_minutes: int
    reason: str = ""


def move(
    booking: Booking, going: Sequence[Place], to: Target, leaving: Leaving, *, actor: Actor
) -> Booking:
    """End the old places and book the new ones, or change nothing: SlotFull, Busy.

    The caller holds the booking. The old seats are locked before any new one is waited
    for: a closing of both days locks seats in order of id and would deadlock otherwise.
    Uniqueness is looked at when both sides are written, so that nobody is ever left
    with nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(DEFER_UNIQUENESS)
    places.lock_seats(going)
    new = arrive(booking, going, to, actor=actor)
    places.end(going, leaving.state, reason=leaving.reason)
    places.free_seats(going, minutes=leaving.return_minutes)
    with connection.cursor() as cursor:
        cursor.execute(CHECK_UNIQUENESS)
    referrals.carry(old=booking, new=new)
    places.after_ending(booking)
    events.record(
        booking,
        leaving.state,
        actor=actor,
        places=going,
        why=events.Why(leaving.reason),
        detail={"to": new.pk},
    )
    return new


def arrive(booking: Booking, going: Sequence[Place], to: Target, *, actor: Actor) -> Booking:
    """The new visit of these people, each old place pointing to its new one.

    Of a family in two hours it names the other one, which names it where nobody is left in
    the visit that they leave.
    """
    seats = places.claim_seats(to.slot.pk, to.channel, len(going), ahead=to.ahead)
    new = Booking(
        account_id=booking.account_id,
        slot=to.slot,
        channel=to.channel,
        beside_id=booking.beside_id,
        moves_used=to.moves_used,
        no_fault=to.no_fault,
        made_by_id=to.made_by_id or booking.made_by_id,
        reason=to.arrival,
    )
    writing.insert(new)
    arrived = Place.objects.bulk_create(
        places.copy_for(new, old, seat_id) for old, seat_id in zip(going, seats, strict=True)
    )
    for old, place in zip(going, arrived, strict=True):
        old.moved_to = place
    Place.objects.bulk_update(going, ["moved_to"])
    if booking.beside_id is not None:
        _name_to_other(booking, going, new)
    events.record(
        new,
        Place.State.BOOKED,
        actor=actor,
        places=arrived,
        why=events.Why(to.arrival),
        detail={"from": booking.pk, "slot": to.slot.pk, "channel": to.channel},
    )
    return new


def move_to_nearest(
    booking: Booking,
    going: Sequence[Place],
    choices: Iterable[Choice],
    leaving: Leaving,
    *,
    arrival: str,
    actor: Actor,
) -> Booking | None:
    """``move`` into the first of these hours that still takes all of them; None if none does.

    The fault is not theirs: they may move from there without limit. Raises Busy where no hour
    took them and another booking had locked the seats of one.
    """

    def take(choice: Choice) -> Booking:
        target = _free_of_charge(booking, choice, arrival)
        return move(booking, going, target, leaving, actor=actor)

    return _first_with_room(choices, take)


def arrive_at_nearest(
    booking: Booking,
    going: Sequence[Place],
    choices: Iterable[Choice],
    *,
    arrival: str,
    actor: Actor,
    ahead: bool = False,
) -> Booking | None:
    """``move_to_nearest`` of people whose old places have ended."""

    def take(choice: Choice) -> Booking:
        target = _free_of_charge(booking, choice, arrival, ahead=ahead)
        return arrive(booking, going, target, actor=actor)

    return _first_with_room(choices, take)


def _free_of_charge(
    booking: Booking, choice: Choice, arrival: str, *, ahead: bool = False
) -> Target:
    """A move that is none of the citizen's own, which are counted."""
    return Target(
        slot=choice.slot,
        channel=choice.channel,
        moves_used=booking.moves_used,
        no_fault=True,
        arrival=arrival,
        ahead=ahead,
    )


def _first_with_room(
    choices: Iterable[Choice], take: Callable[[Choice], Booking]
) -> Booking | None:
    was_busy = False
    for choice in choices:
        try:
            with transaction.atomic():
                return take(choice)
        except errors.SlotFull:
            continue
        except Busy:
            was_busy = True
    if was_busy:
        raise Busy
    return None


def _name_to_other(booking: Booking, going: Sequence[Place], new: Booking) -> None:
    values = {"old": booking.pk, "new": new.pk, "other": booking.beside_id}
    with connection.cursor() as cursor:
        cursor.execute(NAME_TO_OTHER_HOUR, values | {"going": [place.pk for place in going]})
