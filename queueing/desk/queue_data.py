"""This room's part in the export of what is held about an account (accounts.ports)."""

from datetime import datetime
from typing import Any

from accounts.models import Applicant, User
from accounts.ports import Lock, Obstacle
from queueing.desk.models import QueueNumber


class QueueData:
    """The queue numbers of an account's visits. They hold moments and counters, no names."""

    def export(self, user: User) -> dict[str, Any]:
        numbers = QueueNumber.objects.filter(booking__account=user).order_by("pk")
        rows = numbers.select_related("booking", "office")
        return {"queue_numbers": [_number(queued) for queued in rows]}

    def erase(self, user: User, now: datetime) -> None:
        """Nothing: how long somebody waited, without the account, is about nobody."""

    def blocks_edit(self, applicant: Applicant) -> Lock | None:
        return None

    def is_history(self, applicant: Applicant) -> bool:
        return False

    def blocks_erasure(self, user: User) -> Obstacle | None:
        return None


def _number(queued: QueueNumber) -> dict[str, Any]:
    return {
        "booking": queued.booking.code,
        "office": queued.office.code,
        "day": queued.day.isoformat(),
        "number": queued.label,
        "state": queued.state,
        "arrived_at": queued.arrived_at.isoformat(),
        "called_at": queued.called_at.isoformat() if queued.called_at else None,
        "calls": queued.calls,
        "counter": queued.counter,
        "ended_at": queued.ended_at.isoformat() if queued.ended_at else None,
    }
