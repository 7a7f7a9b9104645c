"""Mailing an office's announcement to those who are booked there on its days, once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, QuerySet

from accounts.models import User
from offices import selectors as offices
from offices.models import Announcement
from queueing.booking import announcement_notices, policies, rules
from queueing.booking.models import Place

# Accounts a transaction.
BATCH = 100
# What concerns today or tomorrow is told at night too.
SOON = timedelta(days=1)


def tell(now: datetime) -> int:
    """Write the mails that are missing, in short transactions; how many."""
    waiting = offices.announcements_to_mail(now=now)
    return sum(_tell_one(row.pk, now) for row in waiting if not _waits(row, now))


def _waits(row: Announcement, now: datetime) -> bool:
    if row.first_day <= row.office.today(now) + SOON:
        return False
    from_hour = policies.REMIND_FROM_HOUR.at(now=now)
    to_hour = policies.REMIND_TO_HOUR.at(now=now)
    return rules.is_quiet(now, row.office.zone, from_hour=from_hour, to_hour=to_hour)


def _tell_one(pk: int, now: datetime) -> int:
    """By the account's id, so that it comes to an end whatever becomes of a mail."""
    written = last = 0
    while some := _tell_some(pk, last, now):
        written += len(some)
        last = some[-1].pk
    return written


@transaction.atomic
def _tell_some(pk: int, last: int, now: datetime) -> list[User]:
    """One batch; empty when nobody is left, or it was withdrawn meanwhile."""
    rows = Announcement.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("office").get(pk=pk)
    if row.withdrawn_at is not None or row.mailed_at is not None:
        return []
    some = list(_untold(row).filter(pk__gt=last)[:BATCH])
    for account in some:
        announcement_notices.announced(row, account, now=now)
    if not some:
        row.mailed_at = now
        row.save(update_fields=["mailed_at"])
    return some


def _untold(row: Announcement) -> QuerySet[User]:
    there = Place.objects.filter(
        booking__slot__office=row.office_id,
        booking__slot__day__range=(row.first_day, row.last_day),
        state=Place.State.BOOKED,
    ).values("booking__account")
    accounts = User.objects.filter(pk__in=there, is_active=True, erased_at=None)
    return accounts.exclude(Exists(announcement_notices.mail_about(row))).order_by("pk")
