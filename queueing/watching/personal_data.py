"""The part of watches in export and erasure (accounts.ports)."""

from datetime import datetime
from typing import Any

from accounts.models import Applicant, User
from accounts.ports import Lock, Obstacle
from queueing.watching import selectors
from queueing.watching.models import Watch


class WatchData:
    def export(self, user: User) -> dict[str, Any]:
        return {"watches": [_watch(row) for row in selectors.watches_of(user)]}

    def erase(self, user: User, now: datetime) -> None:
        Watch.objects.filter(account=user).delete()

    def blocks_edit(self, applicant: Applicant) -> Lock | None:
        return None

    def is_history(self, applicant: Applicant) -> bool:
        return False

    def blocks_erasure(self, user: User) -> Obstacle | None:
        return None


def _watch(row: Watch) -> dict[str, Any]:
    return {
        "code": row.code,
        "office": row.office.code,
        "radius_km": row.radius_km,
        "people": row.people,
        "passport_type": row.passport_type,
        "until": row.until.isoformat(),
        "created_at": row.created_at.isoformat(),
        "told_at": row.told_at.isoformat() if row.told_at else None,
        "told_office": row.told_office.code if row.told_office else None,
        "told_day": row.told_day.isoformat() if row.told_day else None,
    }
