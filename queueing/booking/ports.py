"""What stands guard over bookings from above: integrity, which booking may not import.

Each implementation is listed in settings.BOOKING_GUARDS.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Applicant, User
from queueing.booking.models import Booking
from queueing.quota.models import Slot


@dataclass(frozen=True)
class Attempt:
    """A visit that a citizen wants; ``proved`` says that a proof of work came along."""

    account: User
    slot: Slot
    channel: str
    applicants: Sequence[Applicant]
    proved: bool = False


class BookingGuard(Protocol):
    def check(self, attempt: Attempt, *, now: datetime) -> None:
        """Refuse before anything is claimed, by raising a DomainError. Locks nothing."""

    def held(self, booking: Booking, *, now: datetime) -> None:
        """Refuse, or write what follows, once the places stand; in the booking's transaction.

        Its people are locked. Also called for what an officer books at a counter.
        """

    def is_limited(self, account: User, *, now: datetime) -> bool:
        """Whether the account has to prove work and goes slower."""


@cache
def _guards() -> tuple[BookingGuard, ...]:
    return tuple(import_string(path)() for path in settings.BOOKING_GUARDS)


def check(attempt: Attempt, *, now: datetime) -> None:
    for guard in _guards():
        guard.check(attempt, now=now)


def is_limited(account: User, *, now: datetime) -> bool:
    return any(guard.is_limited(account, now=now) for guard in _guards())


def held(booking: Booking, *, now: datetime) -> None:
    """``booking`` comes from a selector, with its places and their people."""
    for guard in _guards():
        guard.held(booking, now=now)
