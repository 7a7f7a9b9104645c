"""What was noticed about an officer, as a person's own data."""

from datetime import datetime
from typing import Any

from accounts.models import Applicant, User
from accounts.ports import Lock, Obstacle
from queueing.integrity.services import officers


class OfficerSignals:
    """Goes with the account. It is not handed out: nobody reads a row about themselves, and
    UU 27/2022 article 15 leaves oversight out of that right. The acts behind it are no secret.
    """

    def export(self, user: User) -> dict[str, Any]:
        return {}

    def erase(self, user: User, now: datetime) -> None:
        officers.forget(officer=user)

    def blocks_edit(self, applicant: Applicant) -> Lock | None:
        return None

    def is_history(self, applicant: Applicant) -> bool:
        return False

    def blocks_erasure(self, user: User) -> Obstacle | None:
        return None
