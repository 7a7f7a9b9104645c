"""The mails of the desk: a day list, sealed, and to a head what was left open on a day."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.notices import Letter, page
from accounts.services import messages
from accounts.services.messages import Attachment
from offices.models import Office, OfficerPost
from offices.rules import Role
from paspor.kernel import formatting
from queueing.desk import day_list_file
from queueing.desk.models import DayList

# Whose work the list is.
RECIPIENTS = (Role.COUNTER, Role.HEAD)
LANGUAGE = "id"


def day_list(made: DayList, *, now: datetime) -> None:
    """To the office's own mailbox; where it has none, to those who work at its counter."""
    office = made.office
    if office.email:
        _send(made, office.email, None, LANGUAGE, now=now)
        return
    for officer in officers_of(office, RECIPIENTS, now=now):
        _send(made, officer.email, officer, officer.language, now=now)


def not_ended(office: Office, day: date, people: int, *, now: datetime) -> None:
    """To the heads: who came and of whom nobody wrote what became."""
    for head in officers_of(office, [Role.HEAD], now=now):
        with translation.override(head.language):
            letter = Letter(
                subject=_("Hasil tidak dicatat: %(day)s, %(office)s")
                % {"day": formatting.day(day), "office": office.name},
                lead=ngettext(
                    "%(n)s orang diterima, tetapi hasilnya tidak dicatat sampai hari berakhir.",
                    "%(n)s orang diterima, tetapi hasilnya tidak dicatat sampai hari berakhir.",
                    people,
                )
                % {"n": people},
                paragraphs=(
                    _(
                        "Portal mengakhirinya tanpa hasil, supaya mereka dapat memesan lagi: "
                        "tidak ada sanksi. Ingatkan loket agar menekan “Selesai dilayani” atau "
                        "“Tidak dapat dilayani”. Catatan luring hari itu, bila ada, masih "
                        "dapat diserahkan dan membetulkannya."
                    ),
                ),
                link=f"{page('desk:today', office.code)}?hari={day.isoformat()}",
                link_label=_("Buka hari itu"),
            )
        messages.enqueue_letter(
            letter,
            user=head,
            to=head.email,
            kind="not_ended",
            language=head.language,
            about=f"day:{office.code}:{day.isoformat()}",
            dedup_key=f"not_ended:{office.code}:{day.isoformat()}:{head.pk}:{now.timestamp():.0f}",
            now=now,
        )


def officers_of(office: Office, roles: Collection[Role], *, now: datetime) -> QuerySet[User]:
    own = Q(office=office, role__in=roles)
    above = Q(office=office.parent_id, role=Role.HEAD)
    live = Q(ends_at=None) | Q(ends_at__gt=now)
    posts = OfficerPost.objects.filter(own | above, live, starts_at__lte=now)
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("pk")


def _send(made: DayList, to: str, user: User | None, language: str, *, now: datetime) -> None:
    with translation.override(language):
        letter = Letter(
            subject=_("Daftar hari %(day)s, %(office)s")
            % {"day": formatting.day(made.day), "office": made.office.name},
            lead=_(
                "Simpan berkas terlampir di laptop loket. Bila portal tidak dapat dibuka, "
                "berkas ini dibuka dengan halaman loket luring dan kunci kantor."
            ),
            link=page("desk:day-list-start"),
            link_label=_("Buka daftar hari"),
        )
    messages.enqueue_letter(
        letter,
        user=user,
        to=to,
        kind="day_list",
        language=language,
        about=f"day_list:{made.code}",
        dedup_key=f"day_list:{made.code}:{to}",
        attachments=[
            Attachment(
                day_list_file.name(made.office.code, made.day),
                made.content.encode(),
                "application/octet-stream",
            )
        ],
        now=now,
    )
