"""Whether a page tells that a move made now does not count."""

from datetime import datetime

from offices import selectors as offices
from queueing.booking.selectors import BookingView


def is_free_now(view: BookingView, now: datetime) -> bool:
    """Something is broken where the visit is; asked only where moves are counted."""
    if not view.may_move or view.moves_left is None:
        return False
    return offices.excused_until(view.office, view.starts_at, view.ends_at, now=now) is not None
