"""A booking with everything that views, letters and its history are made from.

A selector reads one (``BookingRead``). A visit that is about to be written is a read of a
``PlannedBooking``: the answer and the letter are put together of it before it has a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from accounts.models import Applicant, User
from offices.rules import DayPlace
from queueing.booking.models import Booking, Place
from queueing.quota.models import Slot


@dataclass(frozen=True)
class PlannedPlace:
    """One person's part of a visit that is not written yet."""

    applicant: Applicant
    state: Place.State
    kind: str
    passport_type: str
    entitlement: str
    old_passport: str
    parents: str

    reason: ClassVar[str] = ""
    moved_to: ClassVar[None] = None
    first_right_until: ClassVar[None] = None
    ended_at: ClassVar[None] = None


@dataclass(frozen=True)
class PlannedBooking:
    """A citizen's visit that is not written yet: it has a code and no row."""

    code: str
    account: User
    slot: Slot
    channel: str
    held_until: datetime | None
    created_at: datetime

    moves_used: ClassVar[int] = 0
    relocations: ClassVar[int] = 0
    no_fault: ClassVar[bool] = False
    moves_freely: ClassVar[bool] = False
    is_walk_in: ClassVar[bool] = False

    @property
    def account_id(self) -> int:
        return self.account.pk


@dataclass(frozen=True)
class HistoryEvent:
    """``applicant_id`` says whom it happened to; None where it is of the whole booking."""

    at: datetime
    what: str
    actor_kind: str
    applicant_id: int | None
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BookingRead[Row: (Booking, PlannedBooking) = Booking]:
    """``places`` carry their applicants, these their persons and what is known of their identity.

    ``history`` is oldest first; None in a list of bookings, which is read without it.
    """

    booking: Row
    places: Sequence[Place | PlannedPlace]
    there: DayPlace
    history: Sequence[HistoryEvent] | None = None
    # The codes of the booking that its people moved from, and of the family's other hour.
    moved_from: str = ""
    beside: str = ""

    @property
    def code(self) -> str:
        return self.booking.code

    @property
    def slot(self) -> Slot:
        return self.booking.slot


type AnyRead = BookingRead[Booking] | BookingRead[PlannedBooking]
