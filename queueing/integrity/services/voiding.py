"""Ending places that are not honest, or not known to be. Their seats return like others'."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from queueing.booking import policies
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, places

VOIDABLE = (Place.State.HELD, Place.State.BOOKED)


def void(
    booking: Booking,
    going: Sequence[Place],
    *,
    why: events.Why,
    actor: Actor,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """End these places of a locked booking, all of them VOIDABLE; others stay as they are.

    Owns no transaction and tells nobody: what there is to say depends on the reason.
    """
    was_booked = any(place.state == Place.State.BOOKED for place in going)
    returns = policies.CANCEL_RETURN_MINUTES if was_booked else policies.HOLD_RETURN_MINUTES
    places.free_seats(going, minutes=returns.at(now=now, scope=booking.slot.office.code))
    places.end(going, Place.State.VOIDED, reason=why.reason)
    events.record(booking, Place.State.VOIDED, actor=actor, places=going, why=why, detail=detail)
    places.after_ending(booking)
