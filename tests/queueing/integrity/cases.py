"""A case of some accounts, who handles it, and acts that a second officer has agreed to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act
from queueing.integrity.models.cases import BulkAct, Case
from queueing.integrity.services import acts
from queueing.integrity.services.acts import Wish
from tests.factories import (
    ApprovalFactory,
    CaseAccountFactory,
    CaseFactory,
    OfficerPostFactory,
    UserFactory,
)

HOARDING = Why("hoarding", "Dua puluh akun dari satu perangkat.")


def sistik() -> User:
    return OfficerPostFactory(role="SISTIK", office=None).user


def head_of(office: Office) -> User:
    return OfficerPostFactory(role="HEAD", office=office).user


def case_of(accounts: Iterable[User | None], office: Office | None = None) -> Case:
    case = CaseFactory(office=office)
    for account in accounts:
        CaseAccountFactory(case=case, account=account)
    return case


def prepared(
    case: Case, act: Act, officer: User, *, accounts: Sequence[User] | None = None, **more: Any
) -> BulkAct:
    codes = None if accounts is None else [account.code for account in accounts]
    wish = Wish(act, more.pop("why", HOARDING), codes, **more)
    return acts.prepare(officer=officer, code=case.code, wish=wish, now=timezone.now())


def agree(act: BulkAct) -> User:
    """A second officer has agreed to exactly this act; who."""
    second = UserFactory()
    ApprovalFactory(
        act=act.act,
        subject=acts.subject_of(act),
        office=act.case.office,
        asked_by=act.prepared_by,
        state="GRANTED",
        second=second,
        decided_at=timezone.now(),
    )
    return second


def begun(case: Case, act: Act, officer: User, **more: Any) -> BulkAct:
    """Prepared, agreed to, started; nothing is done yet."""
    made = prepared(case, act, officer, **more)
    agree(made)
    return acts.start(officer=officer, code=made.code, now=timezone.now())


def done(
    case: Case, act: Act, officer: User, *, now: datetime | None = None, **more: Any
) -> BulkAct:
    made = begun(case, act, officer, **more)
    acts.run(act_id=made.pk, now=now or timezone.now())
    made.refresh_from_db()
    return made
