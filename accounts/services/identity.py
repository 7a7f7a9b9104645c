"""Questions to the civil registry and what came of them (docs/identity.md).

A question is a row, written in the transaction that causes it. A worker claims it with a
lease, asks outside any transaction, and writes the answer only where its claim still
stands. So a person may be asked about twice (a worker dies before it can say what it
heard), and never not at all.
"""

import datetime as dt
import json
import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import policies, rules, selectors
from accounts.models import Applicant, IdentityCheck, Person
from accounts.registry.interface import Answer, Asked, RegistryAway, RegistryLimiting, verifier
from accounts.services import people
from paspor.kernel import cipher, policy
from paspor.kernel.prepared.arrays import array
from paspor.kernel.prepared.writing import DONE, Addition

logger = logging.getLogger(__name__)

Outcome = IdentityCheck.Outcome
# Longer than the registry's adapter may take, so a living worker never loses its claim.
LEASE = timedelta(seconds=120)
# After the registry failed once, nobody asks for so long: one probe a while is enough.
REST_SECONDS = 20
REST = "identity:rest"
CONTROL = "identity:control"
# So many are looked through for one whose name still stands as it was asked.
CONTROLS = 20
A_MINUTE = 60
BATCH = 1000

# Stands in the booking's own statement, where every round trip counts.
# Who has an answer that still holds, or waits for one, is not asked about again.
ASK = """
INSERT INTO accounts_identitycheck (
    person_id, applicant_id, asked, outcome, source, matches, attempts, not_before, claim,
    further_key, asked_at)
SELECT wanted.person, wanted.applicant, wanted.asked, 'PENDING', 'REGISTRY', '{}', 0, wanted.now,
       '', '', wanted.now
FROM (
    SELECT *, %s::timestamptz AS now FROM unnest(%s::bigint[], %s::bigint[], %s::text[])
        AS one (person, applicant, asked)
) wanted
WHERE NOT EXISTS (
    SELECT FROM accounts_identitycheck known
    WHERE known.person_id = wanted.person AND known.asked = wanted.asked
      AND (known.outcome = 'PENDING' OR known.valid_until > wanted.now)
) AND DONE
ORDER BY wanted.person
ON CONFLICT DO NOTHING
RETURNING id
""".replace("DONE", DONE)


def asking(
    *,
    applicants: Sequence[Applicant],
    now: datetime,
    then: Callable[[list[int]], None] | None = None,
) -> Addition:
    """The questions that these people still need, to be written with what causes them."""
    values = (
        now,
        array([applicant.person_id for applicant in applicants]),
        array([applicant.pk for applicant in applicants]),
        array([selectors.asked_of_applicant(applicant) for applicant in applicants]),
    )
    return Addition(ASK, values, then)


def ask_for(*, applicants: Sequence[Applicant], now: datetime) -> list[int]:
    """Write the questions that these people still need; their ids. Owns no transaction."""
    return asking(applicants=applicants, now=now).write()


def ask_further(
    *, applicant: Applicant, code: str, further: dict[str, str], now: datetime
) -> IdentityCheck:
    """A question with further fields (kk, mother_name, birth_place), sealed until answered.

    ``code`` is of the claim that asks: its question is never another's. Owns no transaction.
    """
    asked = cipher.person_digest(f"claim:{code}|{selectors.asked_of_applicant(applicant)}")
    check = IdentityCheck(
        person_id=applicant.person_id,
        applicant=applicant,
        asked=asked,
        not_before=now,
        asked_at=now,
    )
    _seal(check, json.dumps(further))
    check.save(force_insert=True)
    return check


def _seal(check: IdentityCheck, further: str) -> None:
    key, sealed = cipher.encrypt(further, bound_to=f"further:{check.asked}")
    check.further_key, check.further_sealed = key, sealed


def _further(check: IdentityCheck) -> str:
    return cipher.decrypt(
        check.further_key, check.further_sealed, bound_to=f"further:{check.asked}"
    )


def reseal(*, key: str) -> int:
    """Seal what waits under other data keys than ``key``, the current one; how many rows."""
    rows = IdentityCheck.objects.exclude(further_sealed=None).exclude(further_key=key)
    with transaction.atomic():
        waiting = list(rows.order_by("pk").select_for_update(no_key=True))
        for check in waiting:
            _seal(check, _further(check))
            check.save(update_fields=["further_key", "further_sealed"])
    return len(waiting)


def due(now: datetime) -> QuerySet[IdentityCheck]:
    """Waiting questions whose time has come, and those whose worker let the lease lapse."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return IdentityCheck.objects.filter(free, outcome=Outcome.PENDING, not_before__lte=now)


def may_ask(now: datetime) -> bool:
    """Whether another question may go out now; counts it. Without a cache nothing is limited."""
    if cache.get(REST):
        return False
    key = f"identity:asked:{int(now.timestamp()) // A_MINUTE}"
    cache.add(key, 0, timeout=2 * A_MINUTE)
    try:
        count = cache.incr(key)
    except ValueError:
        return True
    return count <= policies.IDENTITY_CHECKS_PER_MINUTE.at(now=now)


@transaction.atomic
def claim(*, now: datetime, check_id: int | None = None) -> IdentityCheck | None:
    """Take one due question for LEASE; None where there is none.

    Locks the row, skipping those that another worker is taking.
    """
    rows = due(now).select_for_update(skip_locked=True)
    if check_id is not None:
        rows = rows.filter(pk=check_id)
    check = rows.order_by("not_before", "pk").first()
    if check is None:
        return None
    check.claim = secrets.token_hex(16)
    check.claimed_until = now + LEASE
    check.attempts += 1
    check.save(update_fields=["claim", "claimed_until", "attempts"])
    return check


def hear(*, check: IdentityCheck, now: datetime) -> Answer | None:
    """Ask the registry about a claimed question; None where it stays to be asked.

    Outside any transaction: the registry may be slow. Puts the question off where the
    registry is away or not to be believed, and drops one whose person has gone or goes by
    another name now.
    """
    asked = _registry_question(check)
    if asked is None:
        _claimed(check).delete()
        return None
    try:
        answer = verifier().verify(asked)
        return answer if answer.is_found else _believed(check, answer, now=now)
    except RegistryLimiting as limit:
        _put_off(check, timedelta(seconds=limit.retry_after), now=now)
        cache.set(REST, True, timeout=limit.retry_after)
        logger.warning("registry is limiting", extra={"seconds": limit.retry_after})
    except RegistryAway as trouble:
        _put_off(check, _pause(check, now), now=now)
        cache.set(REST, True, timeout=REST_SECONDS)
        logger.warning("registry is away", extra={"cause": str(trouble)})
    return None


def _believed(check: IdentityCheck, unfound: Answer, *, now: datetime) -> Answer | None:
    """Not found costs a place, so it must be heard twice, of a registry in its right mind.

    Raises RegistryAway where it does not know somebody whom it knew before. A claim on a
    NIK loses nothing by it and is answered at once.
    """
    wait = policy.minutes(policies.IDENTITY_SECOND_LOOK_MINUTES, now=now)
    if not wait or check.further_sealed is not None:
        return unfound
    if check.unfound_at is None:
        _claimed(check).update(unfound_at=now)
        _put_off(check, wait, now=now)
        return None
    if not _knows_the_known(check):
        raise RegistryAway("does not know whom it knew")
    return unfound


def _knows_the_known(check: IdentityCheck) -> bool:
    """Asks about the one who matched last; believed for a minute. True where nobody has."""
    if cache.get(CONTROL):
        return True
    rows = IdentityCheck.objects.filter(outcome=Outcome.MATCH, source=IdentityCheck.Source.REGISTRY)
    rows = rows.exclude(person=check.person_id).select_related("applicant")
    for known in rows.order_by("-checked_at")[:CONTROLS]:
        asked = _registry_question(known)
        if asked is not None:
            if _outcome(verifier().verify(asked)) != Outcome.MATCH:
                return False
            cache.set(CONTROL, True, timeout=A_MINUTE)
            break
    return True


def _registry_question(check: IdentityCheck) -> Asked | None:
    applicant = check.applicant
    if applicant is None or applicant.nik_sealed is None or applicant.birth_date is None:
        return None
    further: dict[str, str] = {}
    if check.further_sealed is not None:
        further = json.loads(_further(check))
    elif check.asked != selectors.asked_of_applicant(applicant):
        return None
    return Asked(
        nik=people.open_nik(applicant),
        name=applicant.name,
        birth_date=applicant.birth_date,
        sex=applicant.sex,
        **further,
    )


def _pause(check: IdentityCheck, now: datetime) -> timedelta:
    return rules.next_pause(
        check.attempts,
        first=timedelta(seconds=policies.IDENTITY_FIRST_RETRY_SECONDS.at(now=now)),
        longest=timedelta(minutes=policies.IDENTITY_LONGEST_RETRY_MINUTES.at(now=now)),
    )


def _claimed(check: IdentityCheck) -> QuerySet[IdentityCheck]:
    return IdentityCheck.objects.filter(pk=check.pk, claim=check.claim, outcome=Outcome.PENDING)


def _put_off(check: IdentityCheck, pause: timedelta, *, now: datetime) -> None:
    _claimed(check).update(not_before=now + pause, claim="", claimed_until=None)


def settle(*, check: IdentityCheck, answer: Answer, now: datetime) -> IdentityCheck | None:
    """Write what the registry said; None where the claim no longer stands.

    What was sealed for the question is wiped with it. Owns no transaction: what follows
    from an answer is written along with it.
    """
    outcome = _outcome(answer)
    days = (
        policies.IDENTITY_NOT_FOUND_DAYS if outcome == Outcome.NOT_FOUND else policies.IDENTITY_DAYS
    )
    written = _claimed(check).update(
        outcome=outcome,
        matches=dict(answer.matches),
        claim="",
        claimed_until=None,
        further_sealed=None,
        further_key="",
        checked_at=now,
        valid_until=now + timedelta(days=days.at(now=now)),
    )
    return IdentityCheck.objects.get(pk=check.pk) if written else None


def _outcome(answer: Answer) -> Outcome:
    if not answer.is_found:
        return Outcome.NOT_FOUND
    return Outcome.MATCH if all(answer.matches.values()) else Outcome.MISMATCH


def record_seen(
    *, person: Person, name: str, birth_date: dt.date, sex: str, now: datetime
) -> IdentityCheck:
    """An officer has seen the KTP of this person, by this name. Owns no transaction.

    A question under way about the same is answered by it.
    """
    asked = selectors.asked_digest(person.pk, name=name, birth_date=birth_date, sex=sex)
    IdentityCheck.objects.filter(person=person, asked=asked, outcome=Outcome.PENDING).delete()
    return IdentityCheck.objects.create(
        person=person,
        asked=asked,
        outcome=Outcome.MATCH,
        source=IdentityCheck.Source.OFFICER,
        asked_at=now,
        checked_at=now,
        valid_until=now + timedelta(days=policies.IDENTITY_DAYS.at(now=now)),
    )


def forget_checks_of(*, applicant: Applicant) -> None:
    """Erasure of an applicant whose name still stands; owns no transaction."""
    asked = selectors.asked_of_applicant(applicant)
    IdentityCheck.objects.filter(
        Q(applicant=applicant) | Q(person=applicant.person_id, asked=asked)
    ).delete()


def forget_old(*, checked_before: datetime) -> int:
    """Forget results past their time, in batches; how many."""
    total = 0
    while True:
        old = IdentityCheck.objects.filter(checked_at__lt=checked_before)
        rows = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
        IdentityCheck.objects.filter(pk__in=rows).delete()
        total += len(rows)
        if len(rows) < BATCH:
            return total
