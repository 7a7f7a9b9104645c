"""A family in two neighbouring hours is two bookings that name each other. Reads."""

from queueing.booking.models import Booking
from queueing.booking.selectors import booking_by_id


def beside_of(booking: Booking) -> Booking | None:
    """The booking of the other hour that was made together with this one."""
    return None if booking.beside_id is None else booking_by_id(booking.beside_id)
