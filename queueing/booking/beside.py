"""A family in two hours is two bookings that name each other, also once one is moved. Reads."""

from queueing.booking.models import Booking
from queueing.booking.selectors import booking_by_id


def beside_of(booking: Booking) -> Booking | None:
    """The booking of the other hour that was made together with this one, or, where nobody
    is left in it, the one that its people have moved to.
    """
    seen = {booking.pk}
    other = None if booking.beside_id is None else booking_by_id(booking.beside_id)
    while other is not None and (after := _after(other)) is not None and after not in seen:
        seen.add(after)
        other = booking_by_id(after)
    return other


def _after(booking: Booking) -> int | None:
    places = list(booking.places.all())
    if any(place.is_live for place in places):
        return None
    return next((place.moved_to.booking_id for place in places if place.moved_to), None)
