"""What citizens do with a visit of theirs: cancel it, or move it to another hour."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from offices import selectors as offices
from offices.reasons import NO_REASON, Why
from queueing.booking import errors, notices, policies, rules, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import events, moving, places
from queueing.booking.services.holding import check_entitlements, slot_to_book
from queueing.quota.models import Channel, Slot

CANCELLABLE = (Place.State.HELD, Place.State.BOOKED)


@transaction.atomic
def cancel(
    *,
    account: User,
    code: str,
    actor: Actor,
    now: datetime,
    applicant_codes: Collection[str] | None = None,
) -> BookingRead:
    """End the chosen places, or all that have not begun; the others stay as they are.

    Locks the booking, then the seats. A referral whose visit is given up may be used again.
    """
    booking = places.lock_booking(code, account=account)
    return give_up(booking, applicant_codes, actor=actor, now=now)


def give_up(
    booking: Booking,
    applicant_codes: Collection[str] | None,
    *,
    actor: Actor,
    now: datetime,
    why: Why = NO_REASON,
) -> BookingRead:
    """End the chosen places of a locked booking; its seats come back late, as any do."""
    office = booking.slot.office
    leaving = places.chosen(places.places_of(booking), applicant_codes, CANCELLABLE)
    rules.check_states({place.state for place in leaving}, CANCELLABLE)
    rules.check_cancel(starts_at=booking.slot.starts_at, now=now)
    was_booked = any(place.state == Place.State.BOOKED for place in leaving)
    returns = policies.CANCEL_RETURN_MINUTES if was_booked else policies.HOLD_RETURN_MINUTES
    places.free_seats(leaving, minutes=returns.at(now=now, scope=office.code))
    places.end(leaving, Place.State.CANCELLED)
    events.record(booking, Place.State.CANCELLED, actor=actor, places=leaving, why=why)
    places.after_ending(booking)
    left = selectors.booking_by_id(booking.pk)
    if was_booked:
        notices.cancelled(left, leaving, now=now)
    return left


@transaction.atomic
def reschedule(
    *,
    account: User,
    code: str,
    slot_code: str,
    actor: Actor,
    now: datetime,
    applicant_codes: Collection[str] | None = None,
) -> BookingRead:
    """Move the chosen places, or all that are booked, to another hour; the new booking.

    A suspended account keeps what it has and takes nothing new (AccountSuspended).

    Locks the booking, its seats, then the new seats. Where those are not to be had
    (SlotFull, Busy) the old visit stands untouched.
    """
    rules.check_not_suspended(account.suspended_at)
    booking = places.lock_booking(code, account=account)
    people = places.places_of(booking)
    going = places.chosen(people, applicant_codes, [Place.State.BOOKED])
    rules.check_states({place.state for place in going}, [Place.State.BOOKED])
    is_free = _check_may_move(booking, now=now)
    slot = slot_to_book(slot_code, now=now)
    channel = rules.channel_after_move(booking.channel)
    _check_target(booking, going, slot, channel, now=now)
    row = moving.move(
        booking,
        going,
        moving.Target(
            slot=slot,
            channel=channel,
            moves_used=booking.moves_used + (not is_free),
            no_fault=booking.no_fault,
            arrival="moved",
        ),
        moving.Leaving(
            Place.State.MOVED,
            return_minutes=policies.CANCEL_RETURN_MINUTES.at(
                now=now, scope=booking.slot.office.code
            ),
        ),
        actor=actor,
    )
    new = selectors.booking_by_id(row.pk)
    notices.moved(new, old=places.visit_facts(booking, people), now=now)
    return new


def _check_may_move(booking: Booking, *, now: datetime) -> bool:
    """Whether the move is free: the office gave this hour, or something is broken there."""
    slot = booking.slot
    excused = offices.excused_until(slot.office, slot.starts_at, slot.ends_at, now=now)
    is_free = booking.moves_freely or excused is not None
    until = rules.moves_until(
        day=slot.day, zone=slot.office.zone, starts_at=slot.starts_at, no_fault=is_free
    )
    rules.check_move(
        until=max(until, excused or until),
        moves_used=booking.moves_used,
        moves_allowed=policies.SELF_MOVES.at(now=now, scope=slot.office.code),
        no_fault=is_free,
        now=now,
    )
    return is_free


def _check_target(
    booking: Booking, going: Sequence[Place], slot: Slot, channel: str, *, now: datetime
) -> None:
    """The new hour must be one that these people could have booked in the first place."""
    if slot.pk == booking.slot_id:
        raise errors.SameSlot
    if slot.office.needs_referral and slot.office_id != booking.slot.office_id:
        raise errors.ReferralNeeded
    rules.check_channel_offered(slot.office.kind, channel)
    rules.check_priority(channel, (place.entitlement for place in going))
    if channel == Channel.PRIORITY:
        declared = [(place.entitlement, place.applicant) for place in going]
        check_entitlements(declared, slot=slot, now=now)
    rules.check_passport_types((place.passport_type for place in going), slot.office.passport_types)
    cutoff = policies.BOOK_CUTOFF_MINUTES.at(now=now, scope=slot.office.code)
    rules.check_time_to_book(starts_at=slot.starts_at, cutoff=timedelta(minutes=cutoff), now=now)
