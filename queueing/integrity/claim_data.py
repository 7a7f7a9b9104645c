"""The part of claims in export, erasure and the lock on a claimed name (accounts.ports)."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Applicant, User
from accounts.ports import Lock, Obstacle
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.selectors import claims as selectors
from queueing.integrity.services import claims


class ClaimData:
    def export(self, user: User) -> dict[str, Any]:
        """Claims made; of a claim by somebody else only that a place was lost by it."""
        now = timezone.now()
        return {
            "identity_claims": [_claim(row, now) for row in selectors.claims_of(user)],
            "places_lost_to_claims": [
                row.settled_at.isoformat() for row in selectors.lost_disputes([user])
            ],
        }

    def erase(self, user: User, now: datetime) -> None:
        """Ids, states and dates stay; what was sealed for the registry goes."""
        claims.close_claims_of(account=user, now=now)

    def blocks_edit(self, applicant: Applicant) -> Lock | None:
        """The registry is asked with the data that the claim was made with."""
        claims_on = IdentityClaim.objects.filter(applicant=applicant)
        is_open = claims_on.filter(state__in=IdentityClaim.OPEN).exists()
        return Lock.CLAIM if is_open else None

    def is_history(self, applicant: Applicant) -> bool:
        return False

    def blocks_erasure(self, user: User) -> Obstacle | None:
        return None


def _claim(row: IdentityClaim, now: datetime) -> dict[str, Any]:
    until = selectors.open_until(row, now=now)
    return {
        "code": row.code,
        "applicant": row.applicant.code,
        "state": row.state,
        "booking": row.booking.code if row.booking else None,
        "created_at": row.created_at.isoformat(),
        "open_until": until.isoformat() if until else None,
        "settled_at": row.settled_at.isoformat() if row.settled_at else None,
    }
