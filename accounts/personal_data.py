"""What accounts itself holds about a person."""

from datetime import datetime
from typing import Any

from accounts.models import Applicant, User


class AccountData:
    def export(self, user: User) -> dict[str, Any]:
        return {}

    def erase(self, user: User, now: datetime) -> None:
        pass

    def blocks_edit(self, applicant: Applicant) -> bool:
        return applicant.erased_at is not None

    def blocks_erasure(self, user: User) -> str | None:
        return None
