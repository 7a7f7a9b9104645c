"""What integrity says to a booking before it is made and when it stands (booking.ports)."""

from datetime import datetime

from accounts.models import User
from queueing.booking.models import Booking
from queueing.booking.ports import Attempt
from queueing.integrity.selectors import restrictions
from queueing.integrity.services import identity, proofs


class Guard:
    def check(self, attempt: Attempt, *, now: datetime) -> None:
        """Whether a NIK is unknown is not asked here: sure only while its person is locked."""
        proofs.ask(attempt, now=now)

    def held(self, booking: Booking, *, now: datetime) -> None:
        identity.ask_about(booking=booking, now=now)

    def is_limited(self, account: User, *, now: datetime) -> bool:
        return restrictions.is_limited(account.pk, now=now)
