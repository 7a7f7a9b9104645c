"""What others tell, after a server had taken it, of a message of ours.

Reports come late, twice and out of order. What happened last stands, whichever came first.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from accounts.models import Message, Suppression
from accounts.services import suppressions

State = Message.State
WAITING = [State.QUEUED, State.SENDING]
TAKEN = [State.ACCEPTED, State.DELIVERED]


class Heard(StrEnum):
    """What a report was worth."""

    CHANGED = "changed"
    NOTHING_NEW = "nothing new"
    # It overtook the result of our own sending, which must be written first.
    TOO_EARLY = "too early"


@dataclass(frozen=True)
class DeliveryReport:
    """``at`` is when it happened; ``suppresses`` why nothing more is to be sent there."""

    state: State
    reason: str
    at: datetime
    suppresses: Suppression.Why | None = None


@transaction.atomic
def write(*, message: Message, told: DeliveryReport, now: datetime) -> Heard:
    """May be done again. Locks the message, then the address's suppression."""
    row = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    # A message without address is forgotten: nothing is written about it any more.
    if not row.to:
        return Heard.NOTHING_NEW
    if row.state in WAITING:
        return Heard.TOO_EARLY
    at = min(told.at, now)
    if not _is_news(row, at):
        return Heard.NOTHING_NEW
    row.state = told.state
    row.reason = "" if told.state == State.DELIVERED else told.reason[:300]
    row.reported_at = at
    row.changed_at = now
    row.save(update_fields=["state", "reason", "reported_at", "changed_at"])
    if told.suppresses:
        suppressions.suppress(address=row.to, why=told.suppresses, said=told.reason, at=at, now=now)
    return Heard.CHANGED


def _is_news(row: Message, at: datetime) -> bool:
    """What our own sending ended stays ended; of reports, the one that happened last counts."""
    if row.reported_at is None:
        return row.state in TAKEN
    return at > row.reported_at
