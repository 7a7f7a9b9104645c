""" "This NIK is mine": opening a claim, hearing the registry on it, showing the KTP.

Lock order (docs/locking.md): the claimant's account, applicant, person, the claim, then the
booking of the person's live place and its seat. Nothing of that booking is ever told to the
claimant before the place is theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import transaction

from accounts import selectors as people
from accounts.models import Applicant, IdentityCheck, Person, User
from accounts.rules import Identity
from accounts.services import identity as checks
from offices import reasons
from offices.models import Office, PassportType
from offices.reasons import Why
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit, broker, cipher
from paspor.kernel.codes import normalized
from queueing.booking import errors as booking_errors
from queueing.booking.actors import Actor
from queueing.booking.models import Place
from queueing.booking.services import places
from queueing.integrity import errors, notices
from queueing.integrity.models.claims import IdentityClaim, new_claim_code
from queueing.integrity.policies import claims as policies
from queueing.integrity.rules import claims as rules
from queueing.integrity.rules.claims import Verdict
from queueing.integrity.selectors import claims as selectors
from queueing.integrity.services import identity, takeover

State = IdentityClaim.State


# Without repr: further fields are never to be read in a traceback.
@dataclass(frozen=True, repr=False)
class ClaimWish:
    """Whose NIK it is and what they want; ``further`` as rules.tidy_further takes it."""

    applicant_code: str
    kind: str
    passport_type: str
    further: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def open_claim(*, account: User, wish: ClaimWish, now: datetime) -> IdentityClaim:
    """Claim the NIK of one of the account's people. Locks the account's row.

    With further fields the registry is asked, without them the KTP is shown at a counter;
    a claim that the registry does not settle ends at a counter too. Raises FurtherInvalid,
    NothingToClaim, ClaimOpen, TooManyClaims.
    """
    further = _further(wish)
    locked = places.lock_mailbox(account)
    if locked.suspended_at is not None:
        raise booking_errors.AccountSuspended
    applicant = people.applicant_of(account, wish.applicant_code)
    if applicant is None:
        raise booking_errors.ApplicantUnknown
    if wish.kind not in Place.Kind.values or wish.passport_type not in PassportType.values:
        raise booking_errors.KindUnknown
    _check_may_claim(locked, applicant, now=now)
    code = new_claim_code()
    question = None
    if further:
        question = checks.ask_further(applicant=applicant, code=code, further=further, now=now)
        transaction.on_commit(partial(broker.tell, identity.CARRY, [question.pk]), robust=True)
    made = IdentityClaim.objects.create(
        code=code,
        account=account,
        applicant=applicant,
        person_id=applicant.person_id,
        kind=wish.kind,
        passport_type=wish.passport_type,
        question=question,
        # Prefixed as accounts.services.people does.
        kk_digest=cipher.person_digest(f"kk:{further['kk']}") if further else applicant.kk_digest,
        state=State.ASKED if question else State.COUNTER,
        created_at=now,
    )
    until = rules.open_until(now, days=policies.CLAIM_OPEN_DAYS.at(now=now))
    notices.claim_opened(made, until=until, now=now)
    return made


def _further(wish: ClaimWish) -> dict[str, str]:
    said = {"kk": "", "mother_name": "", "birth_place": ""} | dict(wish.further)
    return rules.tidy_further(**said)


def _check_may_claim(account: User, applicant: Applicant, *, now: datetime) -> None:
    if selectors.open_claim_on(account, applicant.person_id) is not None:
        raise errors.ClaimOpen
    if not selectors.claimable(account, [applicant]):
        raise errors.NothingToClaim
    of_account, of_person = selectors.counts(account, applicant.person_id, now=now)
    rules.check_count(
        of_account=of_account,
        of_person=of_person,
        account_most=policies.CLAIMS_PER_ACCOUNT.at(now=now),
        person_most=policies.CLAIMS_PER_PERSON.at(now=now),
    )


def follow_answer(*, check: IdentityCheck, answer: checks.Answer, now: datetime) -> None:
    """Write an answer of the registry with what follows, for a booking or for a claim."""
    claim = IdentityClaim.objects.filter(question=check.pk).first()
    if claim is None:
        identity.follow(check=check, answer=answer, now=now)
    else:
        _hear(claim.pk, check, answer, now=now)


@transaction.atomic
def _hear(claim_id: int, check: IdentityCheck, answer: checks.Answer, *, now: datetime) -> None:
    """All of it must match. What did not is not told, so nobody can guess field by field."""
    claim = _lock(claim_id)
    settled = checks.settle(check=check, answer=answer, now=now)
    if settled is None or claim.state != State.ASKED:
        return
    if settled.outcome == IdentityCheck.Outcome.MATCH:
        _conclude(claim, actor=Actor.system(), at_counter=False, now=now)
    else:
        _send_to_counter(claim, now=now)


def _lock(claim_id: int) -> IdentityClaim:
    known = IdentityClaim.objects.get(pk=claim_id)
    places.lock_mailbox(known.account)
    Applicant.objects.select_for_update(no_key=True).get(pk=known.applicant_id)
    Person.objects.select_for_update(no_key=True).get(pk=known.person_id)
    rows = IdentityClaim.objects.select_related("account", "applicant")
    return rows.select_for_update(no_key=True, of=("self",)).get(pk=claim_id)


def _conclude(claim: IdentityClaim, *, actor: Actor, at_counter: bool, now: datetime) -> None:
    """Give the claimant what is theirs; raises PersonPresent at a counter only."""
    place = identity.lock_live_place(claim.person_id)
    found = rules.verdict(
        is_live=place is not None,
        is_own=place is not None and place.booking.account_id == claim.account_id,
        has_arrived=place is not None and place.state == Place.State.CHECKED_IN,
        is_proven=place is not None and _is_proven(place),
        at_counter=at_counter,
    )
    if place is None or found is Verdict.OVER:
        _settle(claim, State.OVER, now=now)
        notices.claim_over(claim, now=now)
    elif found is Verdict.TAKE:
        _take(claim, place, actor=actor, now=now)
    elif at_counter:
        raise errors.PersonPresent
    else:
        _send_to_counter(claim, now=now)


def _is_proven(place: Place) -> bool:
    standing = people.standing_of(place.applicant)
    return standing.identity is Identity.SEEN or selectors.is_proven(place.booking, place.person_id)


def _take(claim: IdentityClaim, place: Place, *, actor: Actor, now: datetime) -> None:
    claim.booking = takeover.take(claim, place, actor=actor, now=now)
    claim.lost_place = place
    claim.loser = place.booking.account
    claim.is_same_family = (
        bool(claim.kk_digest)
        and Applicant.objects.filter(account=claim.loser, kk_digest=claim.kk_digest)
        .exclude(account=None)
        .exists()
    )
    _settle(claim, State.ACCEPTED, now=now)
    # What the registry matched was the claim; the person's own standing is asked as ever.
    asked = checks.ask_for(applicants=[claim.applicant], now=now)
    transaction.on_commit(partial(broker.tell, identity.CARRY, asked), robust=True)
    notices.claim_accepted(claim, now=now)
    notices.place_claimed(place, now=now)


def _send_to_counter(claim: IdentityClaim, *, now: datetime) -> None:
    claim.state = State.COUNTER
    claim.save(update_fields=["state"])
    notices.claim_needs_counter(claim, now=now)


def _settle(claim: IdentityClaim, state: State, *, now: datetime) -> None:
    """What was sealed for the registry goes, if it was not asked yet."""
    question = claim.question
    claim.state, claim.settled_at = state, now
    if question is not None and question.outcome == IdentityCheck.Outcome.PENDING:
        claim.question = None
    claim.save()
    if claim.question is None and question is not None:
        question.delete()


@transaction.atomic
def accept_at_counter(
    *, officer: User, office: Office, code: str, why: Why, now: datetime
) -> IdentityClaim:
    """The officer has seen the KTP, and it is the claimant's. Any office may do it.

    The issue gives this void to one officer alone; it is logged with a reason, and counts
    among the signals. Raises ClaimUnknown, ClaimOver, PersonPresent, ReasonNeeded.
    """
    claim = _take_up(officer, office, code, why, now=now)
    applicant = claim.applicant
    checks.record_seen(
        person=claim.person,
        name=applicant.name,
        birth_date=applicant.birth_date,
        sex=applicant.sex,
        now=now,
    )
    _conclude(claim, actor=Actor.officer(officer), at_counter=True, now=now)
    _log(claim, officer, office, why)
    return claim


@transaction.atomic
def decline_at_counter(
    *, officer: User, office: Office, code: str, why: Why, now: datetime
) -> IdentityClaim:
    """The KTP is not the claimant's, or none was shown. Raises as accept_at_counter does."""
    claim = _take_up(officer, office, code, why, now=now)
    _settle(claim, State.DECLINED, now=now)
    _log(claim, officer, office, why)
    return claim


def _take_up(officer: User, office: Office, code: str, why: Why, *, now: datetime) -> IdentityClaim:
    authority.require(officer=officer, act=Act.SEE_IDENTITY, office=office, now=now)
    reasons.check(Act.SEE_IDENTITY, why)
    found = IdentityClaim.objects.filter(code=normalized(code)).first()
    if found is None:
        raise errors.ClaimUnknown
    claim = _lock(found.pk)
    if claim.state not in IdentityClaim.OPEN:
        raise errors.ClaimOver
    return claim


def _log(claim: IdentityClaim, officer: User, office: Office, why: Why) -> None:
    audit.record(
        Act.SEE_IDENTITY,
        actor_id=officer.pk,
        subject=f"claim:{claim.code}",
        stream=office.code,
        reason=why.reason,
        note=why.note,
        detail={"state": claim.state, "person": claim.person_id},
    )


def close_claims_of(*, account: User, now: datetime) -> None:
    """The account is erased: nothing of its stays open. The caller holds the account's row."""
    for claim in IdentityClaim.objects.filter(account=account, state__in=IdentityClaim.OPEN):
        _settle(claim, State.OVER, now=now)


def close_old(*, created_before: datetime, now: datetime) -> int:
    """Claims that nobody showed a KTP for; each in a transaction of its own. How many."""
    old = IdentityClaim.objects.filter(state__in=IdentityClaim.OPEN, created_at__lt=created_before)
    return sum(_close(claim_id, now=now) for claim_id in old.values_list("pk", flat=True))


@transaction.atomic
def _close(claim_id: int, *, now: datetime) -> bool:
    claim = _lock(claim_id)
    if claim.state not in IdentityClaim.OPEN:
        return False
    _settle(claim, State.OVER, now=now)
    notices.claim_ran_out(claim, now=now)
    return True
