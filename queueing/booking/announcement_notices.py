"""The mail that tells an office's announcement to somebody who is booked there then."""

from datetime import datetime, time, timedelta

from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Message, User
from accounts.notices import Letter, page
from accounts.services import messages
from offices.models import Announcement
from offices.words import in_language
from paspor.kernel import formatting

KIND = "announcement"


def announced(row: Announcement, account: User, *, now: datetime) -> None:
    with translation.override(account.language):
        letter = _letter(row, account.language)
    over = datetime.combine(row.last_day + timedelta(days=1), time.min, row.office.zone)
    messages.enqueue_letter(
        letter,
        user=account,
        to=account.email,
        kind=KIND,
        language=account.language,
        about=f"announcement:{row.code}",
        dedup_key=f"{_before(row)}{account.code}",
        not_after=over,
        now=now,
    )


def mail_about(row: Announcement) -> QuerySet[Message]:
    """The mail of it to the account of a query."""
    return Message.objects.filter(dedup_key=Concat(Value(_before(row)), OuterRef("code")))


def _before(row: Announcement) -> str:
    return f"announcement:{row.code}:"


def _letter(row: Announcement, language: str) -> Letter:
    days = {"first": formatting.day(row.first_day), "last": formatting.day(row.last_day)}
    one_day = row.first_day == row.last_day
    return Letter(
        subject=_("Pengumuman %(office)s") % {"office": row.office.name},
        lead=in_language(row.text_id, row.text_en, language),
        paragraphs=(
            _("Anda menerima ini karena terjadwal di sana pada hari itu."),
            _("Bila janji Anda berubah karenanya, Anda mendapat pesan tersendiri."),
        ),
        facts=(
            (_("Kantor"), row.office.name),
            (_("Hari"), days["first"] if one_day else _("%(first)s sampai %(last)s") % days),
        ),
        link=page("queueing:booking-list"),
        link_label=_("Lihat janji saya"),
    )
