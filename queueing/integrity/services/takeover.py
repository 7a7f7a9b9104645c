"""Giving a person's place to the account that proved the NIK to be theirs."""

from datetime import datetime, timedelta

from queueing.booking import policies as booking_policies
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, first_rights, places
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.policies import claims as policies
from queueing.quota.models import Channel, Slot

NIK_CLAIMED = "nik_claimed"


def take(claim: IdentityClaim, place: Place, *, actor: Actor, now: datetime) -> Booking:
    """Void the place and hold its very seat for the claimant; their new visit.

    The caller holds the claimant's rows and the place's booking. The old place ends before
    the new one begins, so neither person nor seat is ever counted twice. Where the hour
    can no longer be booked the claimant comes first at the office's next opening. How many
    places the account has is not asked: this one is the claimant's own.
    """
    places.lock_seats([place])
    until = _held_until(place.booking, now=now)
    if until is None:
        return _first_right(claim, place, actor=actor, now=now)
    _end(place, actor=actor)
    booking = _booking(claim, place, held_until=until)
    held = _place(claim, place, booking, state=Place.State.HELD)
    held.save(force_insert=True)
    events.record(
        booking,
        Place.State.HELD,
        actor=actor,
        places=[held],
        why=events.Why(NIK_CLAIMED),
        detail={"slot": booking.slot_id, "channel": booking.channel},
    )
    return booking


def _held_until(booking: Booking, *, now: datetime) -> datetime | None:
    """Hours to think it over, never past the moment from which the hour is too late to book.

    None where that has passed or the office has closed. Read after the locks: a closing
    may have been what they waited for.
    """
    slot = Slot.objects.select_related("office").get(pk=booking.slot_id)
    cutoff = timedelta(
        minutes=booking_policies.BOOK_CUTOFF_MINUTES.at(now=now, scope=slot.office.code)
    )
    hours = timedelta(hours=policies.CLAIM_HOLD_HOURS.at(now=now))
    until = min(now + hours, slot.starts_at - cutoff)
    return until if slot.closed_at is None and until > now else None


def _first_right(claim: IdentityClaim, place: Place, *, actor: Actor, now: datetime) -> Booking:
    scope = place.booking.slot.office.code
    places.free_seats(
        [place], minutes=booking_policies.CANCEL_RETURN_MINUTES.at(now=now, scope=scope)
    )
    _end(place, actor=actor)
    booking = _booking(claim, place, held_until=None)
    owed = _place(claim, place, booking, state=Place.State.CLOSED_BY_OFFICE)
    owed.ended_at = now
    owed.reason = NIK_CLAIMED
    owed.save(force_insert=True)
    first_rights.give([owed], office=place.booking.slot.office, now=now)
    events.record(
        booking,
        Place.State.CLOSED_BY_OFFICE,
        actor=actor,
        places=[owed],
        why=events.Why(NIK_CLAIMED),
    )
    return booking


def _end(place: Place, *, actor: Actor) -> None:
    places.end([place], Place.State.VOIDED, reason=NIK_CLAIMED)
    events.record(
        place.booking,
        Place.State.VOIDED,
        actor=actor,
        places=[place],
        why=events.Why(NIK_CLAIMED),
    )
    places.after_ending(place.booking)


def _booking(claim: IdentityClaim, place: Place, *, held_until: datetime | None) -> Booking:
    return Booking.objects.create(
        account_id=claim.account_id,
        slot=place.booking.slot,
        channel=Channel.ONLINE,
        held_until=held_until,
        no_fault=True,
        reason=NIK_CLAIMED,
    )


def _place(claim: IdentityClaim, place: Place, booking: Booking, *, state: Place.State) -> Place:
    offered = booking.slot.office.passport_types
    wanted = claim.passport_type if claim.passport_type in offered else offered[0]
    return places.draft(
        booking,
        claim.applicant,
        place.seat_id,
        state,
        kind=claim.kind,
        passport_type=wanted,
    )
