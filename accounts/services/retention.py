"""Forgetting what is no longer needed, in batches (UU 27/2022, articles 42 to 44)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts import policies, ports
from accounts.models import AddressChange, Applicant, ListChange, LostStep, Trace, User
from accounts.services import (
    applicants,
    counter_codes,
    identity,
    messages,
    personal_data,
    provider_reports,
    suppressions,
    text_codes,
)
from paspor.kernel import batches
from paspor.kernel.policy import Figure

BATCH = 500  # rows a transaction, to keep it short
LONGEST_SECONDS = 90  # two of these fit into the time limit of one task


def _before(figure: Figure, now: datetime) -> datetime:
    return now - timedelta(days=figure.at(now=now))


def forget_old_messages(*, now: datetime) -> int:
    before = _before(policies.MESSAGE_DAYS, now)
    suppressions.forget_old(before=before)
    provider_reports.forget(before=before)
    return messages.forget_addresses(created_before=before, now=now)


def forget_old_checks(*, now: datetime) -> int:
    return identity.forget_old(checked_before=_before(policies.IDENTITY_KEEP_DAYS, now))


def forget_applicants(*, now: datetime) -> int:
    """Applicants long removed, or booked at a counter long ago, and not booked now.

    A batch is a transaction, which skips those in use; returns how many were forgotten.
    """
    return _to_the_end(lambda after: _forget_some_applicants(after, now))


@transaction.atomic
def _forget_some_applicants(after: int, now: datetime) -> tuple[int, int | None]:
    over = Q(removed_at__lt=_before(policies.REMOVED_APPLICANT_DAYS, now)) | Q(
        account=None, created_at__lt=_before(policies.COUNTER_APPLICANT_DAYS, now)
    )
    found = Applicant.objects.filter(over, erased_at=None, pk__gt=after).order_by("pk")
    rows = list(found.select_for_update(skip_locked=True, no_key=True)[:BATCH])
    free = [row for row in rows if not any(port.blocks_edit(row) for port in ports.all_ports())]
    for row in free:
        applicants.erase_applicant(applicant=row, now=now)
    return len(free), rows[-1].pk if rows else None


def forget_unverified_accounts(*, now: datetime) -> int:
    """Sign-ups that never proved their address; it becomes free for its real owner.

    Each is a transaction of its own; returns how many were forgotten. Codes for the counter,
    or to a phone, that ran out go with them.
    """
    counter_codes.forget_old(now=now)
    text_codes.forget_old(now=now)
    return _to_the_end(lambda after: _forget_some_accounts(after, now))


def _forget_some_accounts(after: int, now: datetime) -> tuple[int, int | None]:
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    found = User.objects.filter(
        ~Exists(verified),
        last_login=None,
        erased_at=None,
        joined_at__lt=_before(policies.UNVERIFIED_ACCOUNT_DAYS, now),
        pk__gt=after,
    )
    rows = list(found.order_by("pk")[:BATCH])
    free = [user for user in rows if personal_data.why_not_erasable(user) is None]
    for user in free:
        personal_data.erase(user=user, now=now)
    return len(free), rows[-1].pk if rows else None


def _to_the_end(forget_some: Callable[[int], tuple[int, int | None]]) -> int:
    """Go through all rows in batches by key, past those that must stay; how many went.

    ``forget_some`` takes the last key seen, and gives how many it forgot and its own last
    key, or None at the end. What LONGEST_SECONDS do not suffice for waits for the next run.
    """
    stop_at = monotonic() + LONGEST_SECONDS
    total, after = 0, 0
    while monotonic() < stop_at:
        forgotten, last = forget_some(after)
        if last is None:
            break
        total, after = total + forgotten, last
    return total


def forget_sessions(*, now: datetime) -> None:
    """Ended sessions, where from and by what device somebody signed in, changes of lists and of
    addresses, second steps that were lost.
    """
    before = _before(policies.DEVICE_DAYS, now)
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    for rows in (
        Session.objects.filter(expire_date__lt=now),
        UserSession.objects.filter(~Exists(alive) | Q(last_seen_at__lt=before)),
        ListChange.objects.filter(at__lt=_before(policies.LIST_DAYS, now)),
        Trace.objects.filter(at__lt=before),
        AddressChange.objects.filter(at__lt=_before(policies.ADDRESS_BACK_DAYS, now)),
        LostStep.objects.filter(ended_at__lt=before),
        LostStep.objects.filter(begun_at=None, code_asked_at__lt=now - timedelta(days=1)),
    ):
        batches.delete(rows)
