"""Finding the person who stands at the counter, whatever they have in their hand."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts import rules as people_rules
from accounts import selectors as accounts
from accounts.models import Applicant, Person, User
from offices.models import Office, Report
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit
from paspor.kernel.codes import normalized
from queueing.booking.models import Booking
from queueing.desk.errors import SearchNeedsReason


@dataclass(frozen=True, repr=False)
class Sought:
    """A booking's code or a report's number; else the NIK and birth date of a KTP."""

    number: str = ""
    nik: str = ""
    birth_date: date | None = None


@dataclass(frozen=True)
class Found:
    """Whom it led to. ``person`` of a KTP; ``report`` where its number was typed."""

    by: str
    accounts: tuple[User, ...] = ()
    person: Person | None = None
    booking: Booking | None = None
    report: Report | None = None


@transaction.atomic
def find(
    *, officer: User, office: Office, sought: Sought, reason: str, now: datetime
) -> Found | None:
    """Each search is in the log with its reason, also one that led to nobody (None).

    A booking and a report are found at their own office only; a NIK only together with its
    birth date, which stand on the card in the officer's hand. Raises NotAllowed,
    SearchNeedsReason.
    """
    authority.require(officer=officer, act=Act.CHECK_IN, office=office, now=now)
    if not reason.strip():
        raise SearchNeedsReason(fields={"reason": [SearchNeedsReason.message]})
    found = _by_number(office, sought.number) if sought.number else _by_card(sought)
    for subject in _subjects(found):
        audit.record(
            accounts.PERSON_SEEN,
            actor_id=officer.pk,
            subject=subject,
            stream=office.code,
            note=reason,
            detail={"by": found.by} if found else {},
        )
    return found


def _by_number(office: Office, number: str) -> Found | None:
    code = normalized(number)
    booking = Booking.objects.filter(code=code, slot__office=office).first()
    if booking is not None:
        return Found("booking", _accounts(booking.account), booking=booking)
    mine = Report.objects.filter(office=office).exclude(kind=Report.Kind.CONDUCT)
    report = mine.filter(code=code).first()
    return None if report is None else Found("report", _accounts(report.account), report=report)


def _by_card(sought: Sought) -> Found | None:
    """A wrong birth date and an unknown NIK are told alike."""
    person = accounts.person_with_nik(people_rules.tidy_number(sought.nik))
    born = Applicant.objects.filter(
        person=person, person__isnull=False, birth_date=sought.birth_date, erased_at=None
    )
    if sought.birth_date is None or not born.exists():
        return None
    own = born.filter(is_holder=True, removed_at=None, account__erased_at=None)
    holders = User.objects.filter(pk__in=own.values("account")).order_by("joined_at")
    return Found("nik", tuple(holders), person=person)


def _accounts(account: User | None) -> tuple[User, ...]:
    return () if account is None else (account,)


def _subjects(found: Found | None) -> list[str]:
    """Whose data was seen, as the log names them: their owners read it there."""
    if found is None:
        return [""]
    if found.accounts:
        return [f"account:{account.code}" for account in found.accounts]
    if found.booking is not None:
        return [f"booking:{found.booking.code}"]
    if found.report is not None:
        return [f"report:{found.report.code}"]
    first = Applicant.objects.filter(person=found.person).order_by("pk").first()
    return [accounts.subject_of(first)]
