"""Whoever comes without an appointment for today: booked, or moved, and received in one act."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from offices.models import Office
from offices.reasons import Why
from paspor.kernel.errors import NeedsApproval
from queueing.booking.models import Booking
from queueing.booking.services.for_someone import CounterWish, book_for, move_to_today
from queueing.desk import errors
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit


@transaction.atomic
def receive(*, officer: User, office: Office, wish: CounterWish, now: datetime) -> Booking:
    """Book for people who stand at the counter. They are checked in, with a number, for the
    soonest hour of today and for a chosen one that serves now.

    Not yet where that hour receives nobody so early, or where a second officer agrees to
    so many at once: then they are received as anybody else. A later hour that was chosen
    is an appointment like others.
    """
    booking = book_for(officer=officer, office=office, wish=wish, now=now)
    if wish.slot_code and booking.slot.starts_at > now:
        return booking
    return _received(booking, officer, office, now)


@transaction.atomic
def receive_today(*, officer: User, office: Office, code: str, why: Why, now: datetime) -> Booking:
    """Move another day's visit to today and receive its people, like those who had none."""
    booking = move_to_today(officer=officer, office=office, code=code, why=why, now=now)
    return _received(booking, officer, office, now)


def _received(booking: Booking, officer: User, office: Office, now: datetime) -> Booking:
    try:
        with transaction.atomic():
            attendance.check_in(officer=officer, visit=Visit(office, booking.code), now=now)
    except (NeedsApproval, errors.TooEarlyToCheckIn):
        return booking
    return booking
