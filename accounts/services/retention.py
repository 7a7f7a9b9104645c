"""Forgetting what is no longer needed, in batches (UU 27/2022, articles 42 to 44)."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts import policies, ports
from accounts.models import Applicant, User
from accounts.services import applicants, messages, personal_data
from paspor.kernel.policy import Figure

BATCH = 500


def _before(figure: Figure, now: datetime) -> datetime:
    return now - timedelta(days=figure.at(now=now))


def forget_old_messages(*, now: datetime) -> int:
    return messages.forget_addresses(created_before=_before(policies.MESSAGE_DAYS, now), now=now)


@transaction.atomic
def forget_applicants(*, now: datetime) -> int:
    """Applicants long removed, or booked at a counter long ago, and not booked now.

    Locks a batch of them, skipping those in use; returns how many were forgotten.
    """
    over = Q(removed_at__lt=_before(policies.REMOVED_APPLICANT_DAYS, now)) | Q(
        account=None, created_at__lt=_before(policies.COUNTER_APPLICANT_DAYS, now)
    )
    rows = Applicant.objects.filter(over, erased_at=None).order_by("pk")
    forgotten = 0
    for row in rows.select_for_update(skip_locked=True, no_key=True)[:BATCH]:
        if not any(port.blocks_edit(row) for port in ports.all_ports()):
            applicants.erase_applicant(applicant=row, now=now)
            forgotten += 1
    return forgotten


def forget_unverified_accounts(*, now: datetime) -> int:
    """Sign-ups that never proved their address; it becomes free for its real owner."""
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    rows = User.objects.filter(
        ~Exists(verified),
        last_login=None,
        erased_at=None,
        joined_at__lt=_before(policies.UNVERIFIED_ACCOUNT_DAYS, now),
    )
    forgotten = 0
    for user in rows.order_by("pk")[:BATCH]:
        if personal_data.why_not_erasable(user) is None:
            personal_data.erase(user=user, now=now)
            forgotten += 1
    return forgotten


@transaction.atomic
def forget_sessions(*, now: datetime) -> None:
    """Ended sessions, and where from and by what device somebody signed in."""
    Session.objects.filter(expire_date__lt=now).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(
        ~Exists(alive) | Q(last_seen_at__lt=_before(policies.DEVICE_DAYS, now))
    ).delete()
