"""Hands on the models of the rooms, for Django; import them from their rooms."""

from queueing.booking.models import Booking, BookingEvent, Place, Referral
from queueing.quota.models import Release, Seat, Slot

__all__ = ["Booking", "BookingEvent", "Place", "Referral", "Release", "Seat", "Slot"]
