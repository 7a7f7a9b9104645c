"""The ends of a prepared act that nobody runs: somebody withdraws it, or its time is over.

What it was asked a second officer's yes for cannot be done any more, so the request ends too.
"""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from offices.rules import Act
from offices.services import approvals, authority
from queueing.integrity.models.cases import BulkAct
from queueing.integrity.policies import cases as policies
from queueing.integrity.rules import cases as rules
from queueing.integrity.services import acts

State = BulkAct.State


@transaction.atomic
def withdraw(*, officer: User, code: str, now: datetime) -> BulkAct:
    """Take back what is prepared and not begun; whoever handles the case may, not its maker alone.

    Locks the act, then its requests. Raises ActBegun, ActWithdrawn, ActLapsed, CaseUnknown,
    NotAllowed.
    """
    act = acts.lock_act(code)
    authority.require(officer=officer, act=Act.CASE, office=act.case.office, now=now)
    rules.check_act_waits(act.state)
    _end(act, State.WITHDRAWN, officer, now)
    acts.record("case.withdraw", act, officer)
    return act


def end_lapsed(now: datetime) -> int:
    """End every prepared act whose time is over; how many."""
    before = now - timedelta(hours=policies.ACT_PREPARED_HOURS.at(now=now))
    over = BulkAct.objects.filter(state=State.PREPARED, prepared_at__lte=before)
    return sum(_lapse(code, now) for code in list(over.values_list("code", flat=True)))


@transaction.atomic
def _lapse(code: str, now: datetime) -> bool:
    act = acts.lock_act(code)
    if act.state != State.PREPARED:
        return False
    _end(act, State.LAPSED, None, now)
    acts.record("case.lapse", act, None)
    return True


def _end(act: BulkAct, state: BulkAct.State, officer: User | None, now: datetime) -> None:
    act.state, act.finished_at = state, now
    act.save(update_fields=["state", "finished_at"])
    approvals.end(act=Act(act.act), subject=acts.subject_of(act), officer=officer, now=now)
