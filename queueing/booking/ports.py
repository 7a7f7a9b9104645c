"""What stands guard over bookings from above: integrity, which booking may not import.

Each implementation is registered with ``guards`` (queueing.wiring).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from accounts.models import Applicant, User
from paspor.kernel.extensions import ExtensionPoint
from paspor.kernel.prepared.reading import Prepared
from paspor.kernel.prepared.writing import Addition
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
    # What ``check`` goes by, asked for an account and a moment along with what else is read.
    against: Prepared[Any]

    def check(self, attempt: Attempt, found: Sequence[Any], *, now: datetime) -> None:
        """Refuse before anything is claimed, by raising a DomainError. Locks nothing.

        ``found`` is what ``against`` gave.
        """

    def with_places(self, applicants: Sequence[Applicant], *, now: datetime) -> list[Addition]:
        """Refuse these people of a citizen, or what is to be written with their places.

        They carry what is known of their identity; the claim says CHANGED where that is not
        so any more, and they are judged anew.
        """

    def held(self, booking: Booking, *, now: datetime) -> None:
        """Write what follows what an officer books at a counter, in the booking's transaction."""

    def is_limited(self, account: User, *, now: datetime) -> bool:
        """Whether the account has to prove work and goes slower."""


guards = ExtensionPoint[BookingGuard]()


def _guards() -> tuple[BookingGuard, ...]:
    return guards.all()


def against() -> list[Prepared[Any]]:
    """The guards' questions; what they give goes to ``check`` in the same order."""
    return [guard.against for guard in _guards()]


def check(attempt: Attempt, found: Sequence[Sequence[Any]] | None = None, *, now: datetime) -> None:
    """Without ``found`` the guards' questions are asked here."""
    if found is None:
        found = [asked(attempt.account.pk, now) for asked in against()]
    for guard, its in zip(_guards(), found, strict=True):
        guard.check(attempt, its, now=now)


def with_places(applicants: Sequence[Applicant], *, now: datetime) -> list[Addition]:
    return [one for guard in _guards() for one in guard.with_places(applicants, now=now)]


def is_limited(account: User, *, now: datetime) -> bool:
    return any(guard.is_limited(account, now=now) for guard in _guards())


def held(booking: Booking, *, now: datetime) -> None:
    """``booking`` comes from a selector, with its places and their people."""
    for guard in _guards():
        guard.held(booking, now=now)
