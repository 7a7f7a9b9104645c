"""What integrity says to a booking before it is made and when it stands (booking.ports)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import Applicant, User
from paspor.kernel.prepared.writing import Addition
from queueing.booking.models import Booking
from queueing.booking.ports import Attempt
from queueing.integrity.selectors import restrictions, risk
from queueing.integrity.services import identity, proofs


class Guard:
    against = risk.AGAINST

    def check(self, attempt: Attempt, found: Sequence[Any], *, now: datetime) -> None:
        proofs.ask(attempt, risk.limited_and_score(found), now=now)

    def with_places(self, applicants: Sequence[Applicant], *, now: datetime) -> list[Addition]:
        return identity.with_places(applicants, now=now)

    def held(self, booking: Booking, *, now: datetime) -> None:
        identity.ask_about(booking=booking, now=now)

    def is_limited(self, account: User, *, now: datetime) -> bool:
        return restrictions.is_limited(account.pk, now=now)
