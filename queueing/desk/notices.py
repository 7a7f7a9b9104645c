"""The mail that brings an office its day list: sealed, so any mailbox may hold it."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import Letter, page
from accounts.services import messages
from accounts.services.messages import Attachment
from offices.models import OfficerPost
from offices.rules import Role
from queueing.booking import words
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
    for officer in _officers(made, now=now):
        _send(made, officer.email, officer, officer.language, now=now)


def _officers(made: DayList, *, now: datetime) -> QuerySet[User]:
    own = Q(office=made.office, role__in=RECIPIENTS)
    above = Q(office=made.office.parent_id, role=Role.HEAD)
    live = Q(ends_at=None) | Q(ends_at__gt=now)
    posts = OfficerPost.objects.filter(own | above, live, starts_at__lte=now)
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("pk")


def _send(made: DayList, to: str, user: User | None, language: str, *, now: datetime) -> None:
    with translation.override(language):
        letter = Letter(
            subject=_("Daftar hari %(day)s, %(office)s")
            % {"day": words.day(made.day), "office": made.office.name},
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
