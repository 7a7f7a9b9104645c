"""What a counter sees of the person who was found, within the scope of its office.

Visits and reports of this office are shown; of those elsewhere only that there are some.
What somebody said about the conduct of officers is neither shown nor counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts import selectors as accounts
from accounts.models import Applicant, Message, User
from accounts.rules import Road
from offices.models import Office, Report
from paspor.kernel.masking import mask_email, mask_name
from queueing.booking import ports
from queueing.booking.models import Booking, Place
from queueing.desk.services.finding import Found

MOST = 10


@dataclass(frozen=True)
class AccountSeen:
    """``messages``: the newest, without what they say; of reports elsewhere none."""

    code: str
    email: str
    joined_at: datetime
    verified_by: Road | None
    is_active: bool
    is_limited: bool
    is_suspended: bool
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class PersonSeen:
    """``name`` is masked where the person has no visit at this office."""

    name: str
    nik: str
    accounts: tuple[AccountSeen, ...]
    others: int
    bookings: tuple[Booking, ...]
    elsewhere: int
    reports: tuple[Report, ...]
    reports_elsewhere: int


def view(found: Found, office: Office, *, now: datetime) -> PersonSeen:
    bookings = _bookings(found)
    here = bookings.filter(slot__office=office)
    live = bookings.exclude(slot__office=office).filter(places__state__in=Place.LIVE)
    reports = _reports(found)
    name, nik = _name(found, is_known=here.exists())
    return PersonSeen(
        name=name,
        nik=nik,
        accounts=tuple(_account(account, now) for account in found.accounts),
        others=_other_accounts(found),
        bookings=tuple(here.order_by("-slot__starts_at", "-pk")[:MOST]),
        elsewhere=live.filter(slot__ends_at__gt=now).count(),
        reports=tuple(reports.filter(office=office).order_by("opened_at")[:MOST]),
        reports_elsewhere=reports.exclude(office=office).count(),
    )


def _bookings(found: Found) -> QuerySet[Booking]:
    theirs = Q(account__in=found.accounts)
    if found.person is not None:
        theirs |= Q(places__applicant__person=found.person)
    if found.booking is not None:
        theirs |= Q(pk=found.booking.pk)
    rows = Booking.objects.filter(theirs).distinct()
    return rows.select_related("slot__office").prefetch_related("places__applicant")


def _reports(found: Found) -> QuerySet[Report]:
    """Open ones, and the one whose number was typed."""
    theirs = Q(account__in=found.accounts) & ~Q(state=Report.State.SOLVED)
    if found.report is not None:
        theirs |= Q(pk=found.report.pk)
    return Report.objects.filter(theirs).exclude(kind=Report.Kind.CONDUCT)


def _name(found: Found, *, is_known: bool) -> tuple[str, str]:
    rows = Applicant.objects.filter(erased_at=None).order_by("-is_holder", "pk")
    if found.person is not None:
        row = rows.filter(person=found.person).first()
    elif found.accounts:
        row = rows.filter(account__in=found.accounts, removed_at=None).first()
    elif found.booking is not None:
        row = rows.filter(places__booking=found.booking).first()
    else:
        row = None
    if row is None:
        return "", ""
    return row.name if is_known else mask_name(row.name), row.masked_nik


def _other_accounts(found: Found) -> int:
    """On how many other accounts the person stands as one of the family."""
    if found.person is None:
        return 0
    listed = Applicant.objects.filter(person=found.person, removed_at=None, account__isnull=False)
    return listed.exclude(account__in=found.accounts).values("account").distinct().count()


def _account(account: User, now: datetime) -> AccountSeen:
    told = accounts.messages_of(account).exclude(kind="report")
    return AccountSeen(
        code=account.code,
        email=mask_email(account.email),
        joined_at=account.joined_at,
        verified_by=accounts.verified_by(account),
        is_active=account.is_active,
        is_limited=ports.is_limited(account, now=now),
        is_suspended=account.suspended_at is not None,
        messages=tuple(told[:MOST]),
    )


def names_of(places: Iterable[Place]) -> str:
    return ", ".join(sorted(place.applicant.name for place in places))
