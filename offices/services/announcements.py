"""An office tells its people something beforehand, and takes it back where it was wrong."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from offices.errors import AnnouncementInvalid, AnnouncementOver
from offices.models import Announcement, Office
from offices.rules import Act
from offices.services import authority
from offices.services.incidents import Texts
from paspor.kernel import audit
from paspor.kernel.errors import N_

MOST_DAYS = 31


@dataclass(frozen=True)
class AnnouncementWish:
    office: Office
    kind: str
    texts: Texts
    first_day: date
    last_day: date


@transaction.atomic
def announce(*, officer: User, wish: AnnouncementWish, now: datetime) -> Announcement:
    """Raises NotAllowed, AnnouncementInvalid. Booking mails those who are booked then."""
    authority.require(officer=officer, act=Act.ANNOUNCE, office=wish.office, now=now)
    _check(wish, wish.office.today(now))
    made = Announcement.objects.create(
        office=wish.office,
        kind=wish.kind,
        text_id=wish.texts.id.strip(),
        text_en=wish.texts.en.strip(),
        first_day=wish.first_day,
        last_day=wish.last_day,
        by=officer,
        told_at=now,
    )
    _record(Act.ANNOUNCE, made, officer)
    return made


@transaction.atomic
def withdraw(*, officer: User, announcement: Announcement, now: datetime) -> Announcement:
    """Shown and mailed no more. Raises NotAllowed, AnnouncementOver."""
    rows = Announcement.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("office").get(pk=announcement.pk)
    authority.require(officer=officer, act=Act.ANNOUNCE, office=row.office, now=now)
    if row.withdrawn_at is not None or row.last_day < row.office.today(now):
        raise AnnouncementOver
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    _record("withdraw_announcement", row, officer)
    return row


def _check(wish: AnnouncementWish, today: date) -> None:
    faults = wish.texts.faults(N_("Tuliskan apa yang diumumkan."))
    if wish.last_day < max(wish.first_day, today):
        faults["last_day"] = [N_("Hari terakhir sudah lewat atau mendahului hari pertama.")]
    elif (wish.last_day - wish.first_day).days >= MOST_DAYS:
        faults["last_day"] = [N_("Paling lama 31 hari.")]
    if faults:
        raise AnnouncementInvalid(fields=faults)


def _record(act: str, row: Announcement, officer: User) -> None:
    audit.record(
        act,
        actor_id=officer.pk,
        subject=f"announcement:{row.code}",
        stream=authority.stream_of(row.office),
        detail={"kind": row.kind},
    )
