"""Limiting, suspending, and taking it back: one account at a time, its row locked.

The system may only limit (rules.cases.ALONE); that is also the schema's word.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services import suspension
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit
from queueing.integrity import case_notices as notices
from queueing.integrity.models.cases import Case, Restriction
from queueing.integrity.selectors import restrictions as selectors

Kind = Restriction.Kind
ACTS = {Kind.LIMITED: Act.LIMIT, Kind.SUSPENDED: Act.SUSPEND}
OVER = "ran_out"


@dataclass(frozen=True)
class Terms:
    """Why an account is restricted and until when; ``by`` None is the system itself."""

    case: Case
    kind: Kind
    reason: str
    by: User | None = None
    until: datetime | None = None


@transaction.atomic
def impose(*, account_id: int, terms: Terms, now: datetime) -> Restriction | None:
    """Restrict an account and tell its owner; None where it is so already, or is erased.

    Locks the account as a booking does: a hold under way is there before, or refused after.
    """
    account = suspension.lock(account_id)
    if account.erased_at is not None or _standing(account, terms.kind):
        return None
    made = Restriction.objects.create(
        account=account,
        case=terms.case,
        kind=terms.kind,
        reason=terms.reason,
        since=now,
        until=terms.until,
        by=terms.by,
        mailbox=selectors.mailbox_digest(account),
    )
    if terms.kind == Kind.SUSPENDED:
        suspension.suspend(account=account, now=now)
    _record(ACTS[terms.kind], made, actor=terms.by, reason=terms.reason)
    notices.restricted(made, now=now)
    return made


@transaction.atomic
def lift(
    *, account_id: int, case: Case, reason: str, by: User | None, now: datetime
) -> list[Restriction]:
    """Take back what this case has put on the account; what it was, heaviest first."""
    account = suspension.lock(account_id)
    standing = account.restrictions.filter(case=case, lifted_at=None).select_related("case")
    return [_lift(row, account, reason, by, now) for row in standing.order_by("-kind")]


@transaction.atomic
def lift_one(*, restriction_id: int, reason: str, by: User | None, now: datetime) -> bool:
    """Take back one restriction; False where that has happened already."""
    account_id = Restriction.objects.values_list("account_id", flat=True).get(pk=restriction_id)
    account = suspension.lock(account_id)
    row = account.restrictions.filter(pk=restriction_id, lifted_at=None).first()
    if row is None:
        return False
    _lift(row, account, reason, by, now)
    return True


def end_lapsed(now: datetime) -> int:
    """End restrictions whose time is over; how many."""
    over = Restriction.objects.filter(lifted_at=None, until__lte=now).order_by("until")
    return sum(
        lift_one(restriction_id=pk, reason=OVER, by=None, now=now)
        for pk in list(over.values_list("pk", flat=True))
    )


def _standing(account: User, kind: Kind) -> bool:
    return account.restrictions.filter(kind=kind, lifted_at=None).exists()


def _lift(
    row: Restriction, account: User, reason: str, by: User | None, now: datetime
) -> Restriction:
    row.lifted_at, row.lifted_by, row.lift_reason = now, by, reason
    row.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    if row.kind == Kind.SUSPENDED:
        suspension.restore(account=account)
    _record(Act.LIFT, row, actor=by, reason=reason)
    notices.lifted(row, now=now)
    return row


def _record(act: Act, row: Restriction, *, actor: User | None, reason: str) -> None:
    audit.record(
        act,
        actor_id=actor.pk if actor else None,
        subject=f"case:{row.case.code}",
        stream=authority.stream_of(row.case.office),
        reason=reason,
        detail={"account": row.account.code, "restriction": row.code, "kind": row.kind},
    )
