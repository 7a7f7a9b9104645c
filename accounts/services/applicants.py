"""The people of an account. Name, NIK, birth date and sex stand once they were booked."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts import policies, ports, rules, selectors
from accounts.errors import (
    ApplicantBooked,
    ApplicantClaimed,
    ApplicantExists,
    ApplicantHasVisits,
    ApplicantInClaim,
    ApplicantLocked,
    HolderExists,
    ReasonNeeded,
    TooManyApplicants,
)
from accounts.models import Applicant, ListChange, Person, User
from accounts.ports import Lock
from accounts.services import identity, people
from paspor.kernel import audit, notes
from paspor.kernel.database import violated
from paspor.kernel.errors import Conflict, Invalid, NotFound
from paspor.kernel.models import NATIONAL

EASTERNMOST = ZoneInfo("Asia/Jayapura")  # WIT, where each day begins
CAPITAL = ZoneInfo("Asia/Jakarta")  # WIB, told where no office is
LIST_LIMITS = (
    (ListChange.What.ADDED, policies.APPLICANTS_ADDED),
    (ListChange.What.REMOVED, policies.APPLICANTS_REMOVED),
)
IDENTITY = ("name", "nik", "birth_date", "sex")
CHANGEABLE = frozenset({*IDENTITY, "kk", "is_holder", "guardian_declared"})


@dataclass
class _Identity:
    """What a person says of themselves, tidied, before it is checked."""

    name: str
    nik: str
    birth_date: dt.date
    sex: str
    kk: str = ""

    def __post_init__(self) -> None:
        self.name = rules.tidy_name(self.name)
        self.nik = rules.tidy_number(self.nik)
        self.kk = rules.tidy_number(self.kk)

    def check(self, today: dt.date) -> None:
        """Raise what is wrong: the one error, or Invalid with every field at fault."""
        checks: list[Callable[[], None]] = [
            lambda: rules.check_name(self.name),
            lambda: rules.check_nik(self.nik),
            lambda: rules.check_birth_date(self.birth_date, today=today),
            lambda: rules.check_sex(self.sex),
        ]
        if self.kk:
            checks.append(lambda: rules.check_kk(self.kk))
        found = [refusal for refusal in map(_refusal_of, checks) if refusal]
        if len(found) == 1:
            raise found[0]
        if found:
            raise Invalid(
                fields={name: texts for one in found for name, texts in one.fields.items()}
            )

    def write_to(self, applicant: Applicant) -> None:
        applicant.name = self.name
        applicant.birth_date = self.birth_date
        applicant.sex = self.sex
        people.seal_nik(applicant, self.nik)
        people.seal_kk(applicant, self.kk)
        applicant.warnings = people.findings(self.nik, applicant, self.kk)


def _refusal_of(check: Callable[[], None]) -> Invalid | None:
    try:
        check()
    except Invalid as refusal:
        return refusal
    return None


def _today(now: datetime) -> dt.date:
    """The latest date of the country, which is that of its east.

    An account does not tell where its owner is. A child born this morning in Jayapura is
    born in the future by Jakarta's date until two at night; by the east's date nobody is
    refused on their own day, and in the west a birthday counts two hours early.
    """
    return now.astimezone(EASTERNMOST).date()


def _check_guardian(birth_date: dt.date, *, declared: bool, today: dt.date, now: datetime) -> None:
    adult_age = policies.ADULT_AGE.at(now=now)
    rules.check_guardian(birth_date, declared=declared, today=today, adult_age=adult_age)


def _lock_account(account: User) -> None:
    """Counting is only true while nobody else adds: FOR NO KEY UPDATE of the account, and of
    those of the same mailbox, by id.
    """
    mailbox = selectors.same_mailbox(account).order_by("pk")
    list(mailbox.select_for_update(no_key=True, of=("self",)))


def _count_addition(account: User, *, now: datetime) -> None:
    """Somebody new on the list, or another NIK in a row of it. Raises ListLimitReached.

    The account is locked.
    """
    days = policies.LIST_DAYS.at(now=now)
    for what, figure in LIST_LIMITS:
        most = figure.at(now=now)
        moments = selectors.list_changes(account, what, most=most)
        told = now.astimezone(CAPITAL)
        rules.check_list_limit(figure.key, moments, most=most, days=days, now=told)
    ListChange.objects.create(account=account, what=ListChange.What.ADDED, at=now)


def _check_no_double(account: User, person: Person) -> None:
    if Applicant.objects.filter(account=account, person=person, removed_at=None).exists():
        raise ApplicantExists(fields={"nik": [ApplicantExists.message]})


def _check_no_other_holder(account: User, *, but: int | None = None) -> None:
    holders = Applicant.objects.filter(account=account, is_holder=True, removed_at=None)
    if holders.exclude(pk=but).exists():
        raise HolderExists(fields={"is_holder": [HolderExists.message]})


@transaction.atomic
def add_applicant(  # noqa: PLR0913  # what a person is known by
    *,
    account: User,
    name: str,
    nik: str,
    birth_date: dt.date,
    sex: str,
    now: datetime,
    kk: str = "",
    is_holder: bool = False,
    guardian_declared: bool = False,
) -> Applicant:
    """Add someone to the account's list. Locks the account's row.

    Raises the Invalid errors of rules, TooManyApplicants, ApplicantExists, HolderExists,
    ListLimitReached.
    """
    identity = _Identity(name, nik, birth_date, sex, kk)
    today = _today(now)
    identity.check(today)
    _check_guardian(birth_date, declared=guardian_declared, today=today, now=now)
    _lock_account(account)
    limit = policies.MAX_APPLICANTS.at(now=now)
    if selectors.applicants_of(account).count() >= limit:
        raise TooManyApplicants(limit=limit)
    person = people.find_or_make_person(identity.nik)
    _check_no_double(account, person)
    if is_holder:
        _check_no_other_holder(account)
    _count_addition(account, now=now)
    applicant = Applicant(
        account=account,
        person=person,
        is_holder=is_holder,
        guardian_declared_at=now if guardian_declared else None,
    )
    identity.write_to(applicant)
    applicant.save(force_insert=True)
    return applicant


@transaction.atomic
def add_counter_applicant(  # noqa: PLR0913  # what a person is known by
    *,
    name: str,
    nik: str,
    birth_date: dt.date,
    sex: str,
    officer: User,
    today: dt.date,
    now: datetime,
    kk: str = "",
    guardian_declared: bool = False,
    stream: str = NATIONAL,
) -> Applicant:
    """Someone booked at a counter, without an account.

    ``today`` is the date there, ``stream`` the office's code. Raises the Invalid errors of
    rules; a child needs the word of a guardian here too.
    """
    identity = _Identity(name, nik, birth_date, sex, kk)
    identity.check(today)
    _check_guardian(birth_date, declared=guardian_declared, today=today, now=now)
    applicant = Applicant(
        person=people.find_or_make_person(identity.nik),
        guardian_declared_at=now if guardian_declared else None,
    )
    identity.write_to(applicant)
    applicant.save(force_insert=True)
    audit.record(
        selectors.ADDED_AT_COUNTER,
        actor_id=officer.pk,
        subject=selectors.subject_of(applicant),
        stream=stream,
    )
    return applicant


def _lock_applicant(applicant: Applicant) -> Applicant:
    """Claims lock the same row, so a booking and an edit never pass each other."""
    locked = Applicant.objects.select_for_update(no_key=True).filter(
        pk=applicant.pk, removed_at=None
    )
    row = locked.first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def change_applicant(*, applicant: Applicant, now: datetime, **changes: object) -> Applicant:
    """Change any of CHANGEABLE. Locks the account's row, then the applicant's.

    A new name, NIK, birth date or sex is refused while a place is live or owed
    (ApplicantLocked), and for good where one ever was (ApplicantHasVisits): a person who
    was written wrongly is removed and added anew, so that the past shows who it was.
    Another NIK is somebody added (ListLimitReached).
    """
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"An applicant has no {', '.join(sorted(unknown))}.")
    if applicant.account is not None:
        _lock_account(applicant.account)
    row = _lock_applicant(applicant)
    before = _Identity(row.name, people.open_nik(row), row.birth_date, row.sex, people.open_kk(row))
    after = _Identity(
        **{
            field: changes.get(field, getattr(before, field))
            for field in before.__dataclass_fields__
        }
    )
    after.check(_today(now))
    differs = any(getattr(before, field) != getattr(after, field) for field in IDENTITY)
    refusal = why_locked(row) if differs else None
    if refusal is not None:
        raise refusal
    if row.account is not None and after.nik != before.nik:
        _count_addition(row.account, now=now)
    _change_standing(row, changes, after.birth_date, now)
    return _save_change(row, before, after)


# What an edit, and what a removal is refused with, by what counts on the person.
LOCKED = {Lock.VISIT: ApplicantLocked, Lock.CLAIM: ApplicantClaimed}
KEPT = {Lock.VISIT: ApplicantBooked, Lock.CLAIM: ApplicantInClaim}


def why_locked(applicant: Applicant) -> type[Conflict] | None:
    """What an edit of IDENTITY is refused with; sure only while the row is locked."""
    lock = ports.lock_on(applicant)
    if lock is not None:
        return LOCKED[lock]
    return ApplicantHasVisits if ports.is_history(applicant) else None


def _change_standing(
    row: Applicant, changes: dict[str, object], birth_date: dt.date, now: datetime
) -> None:
    declared = bool(changes.get("guardian_declared", row.guardian_declared_at is not None))
    _check_guardian(birth_date, declared=declared, today=_today(now), now=now)
    if not declared:
        row.guardian_declared_at = None
    elif row.guardian_declared_at is None:
        row.guardian_declared_at = now
    row.is_holder = bool(changes.get("is_holder", row.is_holder))
    if row.is_holder and row.account is not None:
        _check_no_other_holder(row.account, but=row.pk)


def _save_change(row: Applicant, before: _Identity, after: _Identity) -> Applicant:
    if after.nik != before.nik:
        row.person = people.find_or_make_person(after.nik)
        if row.account is not None:
            _check_no_double(row.account, row.person)
    after.write_to(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as refusal:
        # A place points to (applicant, person): the database's own word.
        if violated(refusal, "place_person_is_applicants"):
            raise ApplicantHasVisits from refusal
        raise
    return row


@transaction.atomic
def remove_applicant(*, applicant: Applicant, now: datetime) -> None:
    """Take someone off the list. Locks the applicant's row; raises ApplicantBooked.

    Never refused for its number: it counts against adding.
    """
    row = _lock_applicant(applicant)
    lock = ports.lock_on(row)
    if lock is not None:
        raise KEPT[lock]
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    if row.account is not None:
        ListChange.objects.create(account=row.account, what=ListChange.What.REMOVED, at=now)


@transaction.atomic
def read_nik(
    *,
    applicant: Applicant,
    reader: User,
    reason: str,
    now: datetime,
    stream: str = NATIONAL,
    case: str = "",
) -> str:
    """The NIK in clear, and the log's entry of who read it and why, in one transaction.

    ``reason`` is in the reader's own words, which its owner reads; not of a reading for the
    evidence of a ``case``. ``stream`` is the code of the reader's office.
    """
    if not reason.strip():
        raise ReasonNeeded(fields={"reason": [ReasonNeeded.message]})
    if applicant.nik_sealed is None:
        raise NotFound
    audit.record(
        "nik.read",
        actor_id=reader.pk,
        subject=selectors.subject_of(applicant),
        stream=stream,
        note=reason,
        detail={"case": case} if case else {},
    )
    return people.open_nik(applicant)


def hold_applicants_of(account: User) -> dict[int, Applicant]:
    """Lock the account's list by id; its people by person. The account's row is locked."""
    rows = selectors.applicants_of(account).order_by("pk").select_for_update(no_key=True)
    return {row.person_id: row for row in rows}


def give_to_account(
    *, account: User, applicant: Applicant, known: Applicant | None, now: datetime
) -> Applicant:
    """Let someone booked at a counter belong to an account; as whom it knows them now.

    Where the account knows the person already (``known``, locked), that row stays the one
    in use, and the counter's joins as a removed one: what is held of it is still exported,
    shown with its readings, and erased with the account. MAX_APPLICANTS is not asked:
    these people have their place already. Owns no transaction; the caller holds the rows.
    """
    applicant.account = account
    if known is not None:
        applicant.removed_at = now
    applicant.save(update_fields=["account", "removed_at"])
    return known or applicant


def erase_applicant(*, applicant: Applicant, now: datetime) -> None:
    """Lose what can be read, also what officers noted of it. Own no transaction.

    The row and the person's digest stay.
    """
    notes.forget_about([selectors.subject_of(applicant)])
    identity.forget_checks_of(applicant=applicant)
    applicant.name = ""
    applicant.birth_date = None
    applicant.sex = ""
    applicant.nik_sealed = None
    applicant.nik_key = ""
    applicant.nik_last4 = ""
    applicant.nik_region = ""
    applicant.nik_stem = ""
    people.seal_kk(applicant, "")
    applicant.warnings = []
    applicant.removed_at = applicant.removed_at or now
    applicant.erased_at = now
    applicant.save()
