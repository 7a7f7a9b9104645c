"""Objecting to what integrity did, and answering: somebody else decides, within a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services import suspension
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit
from paspor.kernel.codes import normalized
from paspor.kernel.database import violated
from queueing.booking.actors import Actor
from queueing.integrity import case_errors as errors
from queueing.integrity import case_notices as notices
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import BulkItem, Case
from queueing.integrity.policies import cases as policies
from queueing.integrity.rules import cases as rules
from queueing.integrity.selectors import appeals as selectors
from queueing.integrity.services import making_good, restrictions
from queueing.integrity.services.making_good import Restored

State = Appeal.State
UPHELD = "appeal_upheld"
# The clock of the nation: an answer is due at the same moment everywhere.
JAKARTA = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class Objection:
    """Against what (selectors.appeals.Matter), and in whose words."""

    about: str
    code: str
    text: str


@transaction.atomic
def file(*, account: User, objection: Objection, now: datetime) -> Appeal:
    """Object to a restriction or to voided places. A suspended account may.

    Locks the account, so that of two at once one finds the other: AppealStands. Raises
    MatterUnknown, AppealsUsedUp.
    """
    text = objection.text.strip()
    rules.check_words(text, rules.MOST_TEXT, field="text")
    suspension.lock(account.pk)
    matter = selectors.matter_of(account, objection.about, objection.code, now=now)
    rules.check_may_appeal(
        stands=any(appeal.state == State.RECEIVED for appeal in matter.appeals),
        answered=len(matter.appeals),
        most=policies.APPEALS_PER_MATTER.at(now=now),
    )
    if not matter.may_appeal:
        raise errors.MatterUnknown
    appeal = _written(
        Appeal(
            account=account,
            restriction=matter.restriction,
            booking=matter.booking,
            text=text,
            filed_at=now,
            due_at=rules.due_at(
                now,
                zone=JAKARTA,
                working_days=policies.APPEAL_WORKING_DAYS.at(now=now),
                holidays=selectors.national_holidays(now.astimezone(JAKARTA).date()),
            ),
        )
    )
    _record("appeal.file", appeal, account)
    notices.appeal_received(appeal, now=now)
    return appeal


def _written(appeal: Appeal) -> Appeal:
    """The schema's word on one at a time, should the lock ever be gone."""
    try:
        with transaction.atomic():
            appeal.save(force_insert=True)
    except IntegrityError as problem:
        if not violated(problem, "appeal_one_per_restriction", "appeal_one_per_booking"):
            raise
        raise errors.AppealStands from problem
    return appeal


@transaction.atomic
def reject(*, officer: User, code: str, answer: str, now: datetime) -> Appeal:
    """What was done stands; the answer says why. Raises OwnDecision, AppealDecided."""
    appeal = _decide(officer, code, State.REJECTED, answer, now=now)
    _record("appeal.reject", appeal, officer)
    notices.appeal_rejected(appeal, now=now)
    return appeal


@transaction.atomic
def uphold(*, officer: User, code: str, answer: str, now: datetime) -> Appeal:
    """What was done was wrong: all that its case did to this account is taken back.

    Restrictions are lifted; voided places are made good (making_good). Locks the appeal,
    then the account, its people, its bookings and seats. Raises OwnDecision,
    AppealDecided, Busy.
    """
    appeal = _decide(officer, code, State.UPHELD, answer, now=now)
    case = selectors.case_of(appeal)
    if case is not None:
        restrictions.lift(
            account_id=appeal.account_id, case=case, reason=UPHELD, by=officer, now=now
        )
    restored = _make_good(appeal, case, officer, now=now)
    detail = {"visits": [visit.code for visit in restored.visits]}
    _record("appeal.uphold", appeal, officer, detail=detail)
    notices.appeal_upheld(appeal, visits=restored.visits, waits_until=restored.waits_until, now=now)
    return appeal


def _make_good(appeal: Appeal, case: Case | None, officer: User, *, now: datetime) -> Restored:
    bookings = {appeal.booking_id} if appeal.booking_id else set()
    if case is not None:
        done = BulkItem.objects.filter(
            bulk__case=case,
            account=appeal.account_id,
            booking__isnull=False,
            outcome=BulkItem.Outcome.DONE,
        )
        bookings |= set(done.values_list("booking_id", flat=True))
    if not bookings:
        return Restored()
    return making_good.restore(sorted(bookings), actor=Actor.officer(officer), now=now)


def _decide(officer: User, code: str, state: State, answer: str, *, now: datetime) -> Appeal:
    answer = answer.strip()
    rules.check_words(answer, rules.MOST_ANSWER, field="answer")
    appeal = (
        Appeal.objects.select_for_update(no_key=True, of=("self",))
        .select_related("account", "restriction__case__office", "booking__slot__office")
        .filter(code=normalized(code))
        .first()
    )
    if appeal is None:
        raise errors.AppealUnknown
    office = selectors.office_of(appeal)
    authority.require(officer=officer, act=Act.APPEAL, office=office, now=now)
    if appeal.state != State.RECEIVED:
        raise errors.AppealDecided
    case = selectors.case_of(appeal)
    if case is not None:
        rules.check_decider(officer.pk, selectors.actors_in(case, appeal.account))
    appeal.state, appeal.answer = state, answer
    appeal.decided_by, appeal.decided_at = officer, now
    appeal.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    return appeal


def forget_texts(now: datetime) -> int:
    """Wipe what was written to appeals answered APPEAL_TEXT_DAYS ago; how many."""
    before = now - timedelta(days=policies.APPEAL_TEXT_DAYS.at(now=now))
    old = Appeal.objects.filter(decided_at__lt=before).exclude(text="", answer="")
    return old.update(text="", answer="")


def _record(act: str, appeal: Appeal, actor: User, *, detail: dict[str, Any] | None = None) -> None:
    """Beside its case, so that the case tells all; else beside its booking."""
    case = selectors.case_of(appeal)
    subject = f"case:{case.code}" if case else f"booking:{appeal.booking.code}"
    audit.record(
        act,
        actor_id=actor.pk,
        subject=subject,
        stream=authority.stream_of(selectors.office_of(appeal)),
        detail={"appeal": appeal.code, "account": appeal.account.code} | (detail or {}),
    )
