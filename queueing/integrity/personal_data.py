"""This room's part in export, erasure and the lock on a booked name (accounts.ports)."""

from datetime import datetime
from typing import Any

from accounts.models import Applicant, User
from accounts.ports import Lock, Obstacle
from queueing.integrity import score_words
from queueing.integrity.models.scores import AccountScore
from queueing.integrity.services import score_rows


class AssessmentData:
    """What machines think of an account: the law lets people know that, and why.

    Told are the reasons, not their numbers, the score or the cluster: those would tell
    whoever hoards how far to go, and who else was found.
    """

    def export(self, user: User) -> dict[str, Any]:
        row = AccountScore.objects.filter(pk=user.pk).first()
        if row is None:
            return {"automated_assessment": None}
        codes = [reason["code"] for reason in row.reasons]
        reasons = [{"code": code, "text": score_words.about(code)} for code in codes]
        return {"automated_assessment": {"at": row.computed_at.isoformat(), "reasons": reasons}}

    def erase(self, user: User, now: datetime) -> None:
        score_rows.forget(user)

    def blocks_edit(self, applicant: Applicant) -> Lock | None:
        return None

    def is_history(self, applicant: Applicant) -> bool:
        return False

    def blocks_erasure(self, user: User) -> Obstacle | None:
        return None
