"""Opening a case, working on it, deciding it. Words go to the log's notes (docs/log.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from offices import reasons
from offices.models import Approval, Office
from offices.reasons import Why
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit
from paspor.kernel.database import violated
from paspor.kernel.errors import N_, Invalid
from queueing.integrity import case_errors as errors
from queueing.integrity.models.cases import Case, CaseAccount, Restriction
from queueing.integrity.models.scores import Cluster
from queueing.integrity.policies import cases as policies
from queueing.integrity.rules import cases as rules
from queueing.integrity.rules.cases import Thresholds
from queueing.integrity.selectors import cases as selectors
from queueing.integrity.selectors import found
from queueing.integrity.services import restrictions
from queueing.integrity.services.restrictions import Terms

BY_RULE = "score"
# What the score is mostly of, where it is told by a reason of its own.
BY_SIGNAL = {"disputes": "score_disputes"}


@dataclass(frozen=True)
class Suspect:
    """An account of a case as it stands now; reasons are codes and numbers."""

    account_id: int
    score: int = 0
    # Heaviest first, as scores keep them.
    reasons: Sequence[Mapping[str, Any]] = ()

    @property
    def why_limited(self) -> str:
        """A lost claim is no pattern of booking, and is not told as one."""
        heaviest = self.reasons[0]["code"] if self.reasons else ""
        return BY_SIGNAL.get(heaviest, BY_RULE)


@dataclass(frozen=True)
class Subject:
    """Whom a case is about: a cluster, some accounts, or an officer."""

    suspects: Sequence[Suspect] = ()
    cluster_code: str = ""
    officer: User | None = None
    score: int = field(default=0)

    @property
    def about(self) -> Case.About:
        if self.officer is not None:
            return Case.About.OFFICER
        return Case.About.CLUSTER if self.cluster_code else Case.About.ACCOUNTS


@transaction.atomic
def open_case(
    *, officer: User, office: Office | None, subject: Subject, why: Why, now: datetime
) -> Case:
    """Open a case by hand. Raises NotOwnEvidence, CaseAlreadyOpen, ReasonNeeded, NotAllowed."""
    authority.require(officer=officer, act=Act.CASE, office=office, now=now)
    reasons.check(Act.CASE, why)
    if not subject.suspects and subject.officer is None:
        raise errors.NothingToDo
    accounts = {suspect.account_id for suspect in subject.suspects}
    if not selectors.have_been_at(accounts, office):
        raise errors.NotOwnEvidence
    return _open(subject, office=office, why=why, officer=officer, now=now)


def open_by_rule(*, subject: Subject, now: datetime) -> Case | None:
    """Open the case that a rule calls for and limit its worst accounts; None where it calls
    for none, or has one already. Never voids, never suspends.

    Accounts that a cluster has won since join its open case. A case that officers have
    closed is left at rest for CASE_REST_DAYS. Each limit is a transaction of its own, so
    that a large cluster holds nothing up, and a run that was cut off is gone on with.
    """
    thresholds = policies.thresholds(now)
    if not rules.opens_case(
        score=subject.score, accounts=len(subject.suspects), thresholds=thresholds
    ):
        return None
    case, is_new = _case_by_rule(subject, now=now)
    if case.state != Case.State.CLOSED and case.office is None:
        _limit_worst(case, subject.suspects, thresholds, now=now)
    return case if is_new else None


@transaction.atomic
def _case_by_rule(subject: Subject, *, now: datetime) -> tuple[Case, bool]:
    """The case about these, and whether it was opened just now; newcomers join a nation's."""
    rest = now - timedelta(days=policies.CASE_REST_DAYS.at(now=now))
    accounts = [one.account_id for one in subject.suspects]
    standing = selectors.case_standing(subject.cluster_code, accounts, closed_since=rest)
    if standing is None:
        return _open(subject, office=None, why=Why(BY_RULE), officer=None, now=now), True
    case = lock_case(standing.code)
    if subject.cluster_code and case.state != Case.State.CLOSED and case.office is None:
        added = _add(case, subject.suspects, now=now)
        if added:
            _record("case.add_accounts", case, None, why=Why(BY_RULE), detail={"accounts": added})
    return case, False


def open_from_scores(now: datetime) -> int:
    """Ask the rule about every cluster that stands out; how many cases that opened."""
    thresholds = policies.thresholds(now)
    lowest = min(thresholds.cluster_score, thresholds.account_score)
    return sum(
        open_by_rule(subject=subject_of(cluster), now=now) is not None
        for cluster in found.clusters_from(lowest)
    )


def subject_of(cluster: Cluster, *, office: Office | None = None) -> Subject:
    """A cluster as a case takes it over; for an office, with the accounts that were there."""
    suspects = tuple(
        Suspect(row.account_id, row.score, row.reasons)
        for row in found.accounts_of(cluster, office=office)
    )
    return Subject(suspects, cluster_code=cluster.pk, score=cluster.score)


def _limit_worst(
    case: Case, suspects: Iterable[Suspect], thresholds: Thresholds, *, now: datetime
) -> None:
    """Whom this case has restricted once, and somebody has freed, is left free."""
    before = set(case.restrictions.values_list("account_id", flat=True))
    until = now + timedelta(days=policies.AUTO_LIMIT_DAYS.at(now=now))
    for suspect in sorted(suspects, key=lambda one: one.account_id):
        bad = rules.limits_alone(score=suspect.score, thresholds=thresholds)
        if bad and suspect.account_id not in before:
            terms = Terms(case, Restriction.Kind.LIMITED, suspect.why_limited, until=until)
            restrictions.impose(account_id=suspect.account_id, terms=terms, now=now)


@transaction.atomic
def add_accounts(
    *, officer: User, code: str, suspects: Sequence[Suspect], why: Why, now: datetime
) -> int:
    """More accounts for a case that is not closed; how many are new to it."""
    case = _lock(officer, code, now=now)
    reasons.check(Act.CASE, why)
    if not selectors.have_been_at({one.account_id for one in suspects}, case.office):
        raise errors.NotOwnEvidence
    added = _add(case, suspects, now=now)
    _record("case.add_accounts", case, officer, why=why, detail={"accounts": added})
    return added


@transaction.atomic
def assign(*, officer: User, code: str, to: User, now: datetime) -> Case:
    """Give the case to an officer who may handle it there. Raises NotAllowed."""
    case = _lock(officer, code, now=now)
    authority.require(officer=to, act=Act.CASE, office=case.office, now=now)
    case.assigned_to = to
    case.save(update_fields=["assigned_to"])
    _record("case.assign", case, officer, detail={"to": to.pk})
    return case


@transaction.atomic
def note(*, officer: User, code: str, text: str, now: datetime) -> None:
    """Write a note to the case: kept as long as notes are, and erasable."""
    case = _lock(officer, code, now=now)
    rules.check_words(text.strip(), rules.MOST_ANSWER, field="text")
    _record("case.note", case, officer, why=Why(note=text))


@transaction.atomic
def decide(*, officer: User, code: str, decision: str, words: str, now: datetime) -> Case:
    """Say what was found. A decided case may be decided anew until it is closed."""
    case = _lock(officer, code, now=now)
    if decision not in Case.Decision.values:
        raise Invalid(fields={"decision": [N_("Pilih putusannya.")]})
    rules.check_words(words.strip(), rules.MOST_ANSWER, field="words")
    case.state, case.decision = Case.State.DECIDED, decision
    case.decided_by, case.decided_at = officer, now
    case.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    _record("case.decide", case, officer, why=Why(decision.lower(), words))
    return case


@transaction.atomic
def close(*, officer: User, code: str, now: datetime) -> Case:
    """Nothing is left to do. Raises NotDecided."""
    case = _lock(officer, code, now=now)
    if case.state != Case.State.DECIDED:
        raise errors.NotDecided
    case.state, case.closed_at = Case.State.CLOSED, now
    case.save(update_fields=["state", "closed_at"])
    _record("case.close", case, officer)
    return case


def _open(
    subject: Subject, *, office: Office | None, why: Why, officer: User | None, now: datetime
) -> Case:
    try:
        with transaction.atomic():
            case = Case.objects.create(
                about=subject.about,
                cluster_code=subject.cluster_code,
                officer=subject.officer,
                office=office,
                reason=why.reason,
                opened_by=officer,
                opened_at=now,
            )
    except IntegrityError as problem:
        if not violated(problem, "case_one_open_per_cluster"):
            raise
        raise errors.CaseAlreadyOpen from problem
    added = _add(case, subject.suspects, now=now)
    detail = {"about": case.about, "cluster": case.cluster_code, "accounts": added}
    _record("case.open", case, officer, why=why, detail=detail)
    return case


def _add(case: Case, suspects: Iterable[Suspect], *, now: datetime) -> int:
    wanted = {suspect.account_id: suspect for suspect in suspects}
    known = set(case.members.filter(account__in=wanted).values_list("account_id", flat=True))
    live = selectors.live_places_by_account(wanted)
    rows = [
        CaseAccount(
            case=case,
            account_id=pk,
            score=suspect.score,
            reasons=list(suspect.reasons),
            live_places=live.get(pk, 0),
            added_at=now,
        )
        for pk, suspect in sorted(wanted.items())
        if pk not in known
    ]
    CaseAccount.objects.bulk_create(rows)
    return len(rows)


def _lock(officer: User, code: str, *, now: datetime) -> Case:
    """The case, locked, once the officer may handle it; raises CaseUnknown, CaseOver."""
    case = lock_case(code)
    authority.require(officer=officer, act=Act.CASE, office=case.office, now=now)
    rules.check_not_over(case.state)
    return case


def lock_case(code: str) -> Case:
    case = (
        Case.objects.select_for_update(no_key=True, of=("self",))
        .select_related("office")
        .filter(code=code)
        .first()
    )
    if case is None:
        raise errors.CaseUnknown
    return case


def agreed_by(approval: Approval | None) -> dict[str, str]:
    """For the log: the second officer whose yes was used, by code."""
    return {"agreed_by": approval.second.code} if approval and approval.second else {}


def _record(
    act: str,
    case: Case,
    officer: User | None,
    *,
    why: Why = reasons.NO_REASON,
    detail: dict[str, Any] | None = None,
) -> None:
    audit.record(
        act,
        actor_id=officer.pk if officer else None,
        subject=f"case:{case.code}",
        stream=authority.stream_of(case.office),
        reason=why.reason,
        note=why.note,
        detail=detail,
    )
