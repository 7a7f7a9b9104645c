"""Taking people from one visit into another, in one transaction (docs/locking.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, places, referrals
from queueing.quota.models import Slot

DEFER = "SET CONSTRAINTS place_one_live_per_person, place_one_live_per_seat DEFERRED"
CHECK = "SET CONSTRAINTS place_one_live_per_person, place_one_live_per_seat IMMEDIATE"


@dataclass(frozen=True)
class Move:
    """Where to, on which terms, and what becomes of the places that are left behind."""

    slot: Slot
    channel: str
    moves_used: int
    no_fault: bool
    left_as: Place.State
    reason: str
    return_minutes: int
    # The words of the event of the new places.
    arrival: str


def move(booking: Booking, going: Sequence[Place], to: Move, *, actor: Actor) -> Booking:
    """End the old places and book the new ones, or change nothing: SlotFull, Busy.

    The caller holds the booking. The old seats are locked before any new one is waited
    for: a closing of both days locks seats in order of id and would deadlock otherwise.
    Uniqueness is looked at when both sides are written, so that nobody is ever left
    with nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(DEFER)
    places.lock_seats(going)
    seats = places.claim_seats(to.slot.pk, to.channel, len(going), ahead=False)
    new = _follow(booking, to)
    arrived = Place.objects.bulk_create(
        _place(new, old, seat_id) for old, seat_id in zip(going, seats, strict=True)
    )
    for old, place in zip(going, arrived, strict=True):
        old.moved_to = place
    Place.objects.bulk_update(going, ["moved_to"])
    places.end(going, to.left_as, reason=to.reason)
    places.free_seats(going, minutes=to.return_minutes)
    with connection.cursor() as cursor:
        cursor.execute(CHECK)
    referrals.carry(old=booking, new=new)
    places.after_ending(booking)
    events.record(
        booking,
        to.left_as,
        actor=actor,
        places=going,
        why=events.Why(to.reason),
        detail={"to": new.pk},
    )
    events.record(
        new,
        Place.State.BOOKED,
        actor=actor,
        places=arrived,
        why=events.Why(to.arrival),
        detail={"from": booking.pk, "slot": to.slot.pk, "channel": to.channel},
    )
    return new


def _follow(booking: Booking, to: Move) -> Booking:
    return Booking.objects.create(
        account_id=booking.account_id,
        slot=to.slot,
        channel=to.channel,
        moves_used=to.moves_used,
        no_fault=to.no_fault,
        made_by_id=booking.made_by_id,
        reason=to.arrival,
    )


def _place(booking: Booking, old: Place, seat_id: int) -> Place:
    return Place(
        booking=booking,
        applicant=old.applicant,
        seat_id=seat_id,
        live_person_id=old.applicant.person_id,
        live_seat_id=seat_id,
        state=Place.State.BOOKED,
        kind=old.kind,
        passport_type=old.passport_type,
        entitlement=old.entitlement,
    )
