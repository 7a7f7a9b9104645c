"""Writing the history of bookings. Call inside the change's own transaction.

``what`` is the state that the places are in from now on (HELD, BOOKED, CHECKED_IN, …), so
a place's last event always names its state; undoing writes the state returned to, with
the reason "undone". CLAIMED is the one event of a booking as a whole.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from offices.reasons import NO_REASON as NO_REASON
from offices.reasons import Why as Why
from paspor.kernel import audit
from paspor.kernel.prepared import writing
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.reads import HistoryEvent


def record(
    booking: Booking,
    what: str,
    *,
    actor: Actor,
    places: Sequence[Place] = (),
    why: Why = NO_REASON,
    detail: dict[str, Any] | None = None,
) -> None:
    """One event for each place, or one for the booking where no place is named.

    ``booking.slot.office`` should be loaded. ``detail`` holds ids and codes only.
    """
    note = audit.write_note(why.note)
    rows = [
        BookingEvent(
            stream=booking.slot.office.code,
            booking_id=booking.pk,
            place_id=place_id,
            what=what,
            actor_kind=actor.kind,
            actor_id=actor.user_id,
            reason=why.reason,
            detail=detail or {},
            note_id=note.pk if note else None,
            note_digest=audit.note_digest(note.salt, note.text) if note else "",
        )
        for place_id in ([place.pk for place in places] or [None])
    ]
    if len(rows) == 1:
        writing.insert(rows[0])
    else:
        BookingEvent.objects.bulk_create(rows)


def foretold(
    applicant_ids: Iterable[int], what: str, *, actor: Actor, at: datetime, reason: str = ""
) -> list[HistoryEvent]:
    """What the database's functions write when the places of these people get a state."""
    return [
        HistoryEvent(
            at=at, what=what, actor_kind=actor.kind, applicant_id=applicant_id, reason=reason
        )
        for applicant_id in applicant_ids
    ]
