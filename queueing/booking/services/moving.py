"""Taking people from one visit into another, in one transaction (docs/locking.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.functions import TransactionNow
from django.db import connection

from paspor.kernel import prepared
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, places, referrals
from queueing.quota.models import Slot

DEFER = "SET CONSTRAINTS place_one_live_per_person, place_one_live_per_seat DEFERRED"
LEAD = """
UPDATE queueing_place SET moved_to_id = pair.new
FROM unnest(%s::bigint[], %s::bigint[]) AS pair (old, new) WHERE queueing_place.id = pair.old
"""
# Whoever changes the other hour at this moment is not waited for: two families of bookings that
# move at once would wait for each other. Then its page finds the way (queueing.booking.beside).
NAME = """
UPDATE queueing_booking SET beside_id = %(new)s
WHERE id IN (
    SELECT id FROM queueing_booking WHERE id = %(other)s AND beside_id = %(old)s
    FOR NO KEY UPDATE SKIP LOCKED
) AND NOT EXISTS (
    SELECT FROM queueing_place
    WHERE booking_id = %(old)s AND live_person_id IS NOT NULL AND NOT id = ANY (%(going)s)
)
"""
CHECK = "SET CONSTRAINTS place_one_live_per_person, place_one_live_per_seat IMMEDIATE"


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
        cursor.execute(DEFER)
    places.lock_seats(going)
    new = arrive(booking, going, to, actor=actor)
    places.end(going, leaving.state, reason=leaving.reason)
    places.free_seats(going, minutes=leaving.return_minutes)
    with connection.cursor() as cursor:
        cursor.execute(CHECK)
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
    prepared.insert(new)
    arrived = Place.objects.bulk_create(
        _place(new, old, seat_id) for old, seat_id in zip(going, seats, strict=True)
    )
    for old, place in zip(going, arrived, strict=True):
        old.moved_to = place
    with connection.cursor() as cursor:
        cursor.execute(LEAD, [[old.pk for old in going], [place.pk for place in arrived]])
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


def _name_to_other(booking: Booking, going: Sequence[Place], new: Booking) -> None:
    values = {"old": booking.pk, "new": new.pk, "other": booking.beside_id}
    with connection.cursor() as cursor:
        cursor.execute(NAME, values | {"going": [place.pk for place in going]})


def _place(booking: Booking, old: Place, seat_id: int) -> Place:
    return Place(
        booking=booking,
        applicant=old.applicant,
        person_id=old.person_id,
        seat_id=seat_id,
        live_person_id=old.person_id,
        live_seat_id=seat_id,
        state=Place.State.BOOKED,
        booked_at=TransactionNow(),
        kind=old.kind,
        passport_type=old.passport_type,
        entitlement=old.entitlement,
        old_passport=old.old_passport,
        parents=old.parents,
    )
