"""How the counter's list tells of a day that is closed, and of those who were moved from it."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from offices import selectors as offices
from offices.models import Office
from offices.rules import Act
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import words as booking_words
from queueing.desk import closure_selectors
from queueing.desk.closure_selectors import Away, ClosedHours


def banners(
    closed: list[ClosedHours], away: list[Away], office: Office, day: date
) -> list[dict[str, str]]:
    """For components/alert.html; what became of the people stands under the last."""
    told = [{"title": _title(each, day), "text": _text(each, office)} for each in closed]
    if told and away:
        told[-1]["text"] += f"\n\n{_became(away)}"
    return told


def closing_page(officer: User, office: Office, day: date, now: datetime) -> str:
    """Where the day is opened again, for whoever may; nothing once its hours are over."""
    may = offices.may(officer, Act.CLOSE_DAY, office, now)
    if not may or not closure_selectors.has_hours_left(office, day, now=now):
        return ""
    return reverse("desk:close-day", args=[office.code, day])


def rows(away: list[Away], office: Office) -> list[dict[str, str]]:
    """For components/row.html: who, where they go now, and the visit that they had."""
    return [
        {
            "title": ", ".join(each.names),
            "text": _where(each, office),
            "note": f"{booking_words.hours_of(each.booking.slot)} · {grouped(each.booking.code)}",
            "href": reverse("desk:booking", args=[office.code, each.booking.code]),
        }
        for each in away
    ]


def people(away: list[Away]) -> int:
    return sum(len(each.names) for each in away)


def _title(closed: ClosedHours, day: date) -> str:
    if closed.is_whole:
        return _("%(day)s ditutup") % {"day": formatting.day(day)}
    hours = ", ".join(formatting.clock(hour) for hour in closed.hours)
    return _("Sebagian ditutup: %(hours)s") % {"hours": hours}


def _text(closed: ClosedHours, office: Office) -> str:
    text = _("Masyarakat membaca: “%(why)s”. Ditutup pada %(at)s.")
    return text % {"why": _(closed.why).rstrip("."), "at": booking_words.moment(closed.at, office)}


def _became(away: list[Away]) -> str:
    """How many were given what, and who could not be written to; parts of nobody left out."""
    moved = people([each for each in away if each.now])
    first = people([each for each in away if not each.now and each.first_right_until])
    left = people(away) - moved - first
    untold = people([each for each in away if each.booking.account_id is None])
    parts = [
        (moved, ngettext("%(n)s orang dipindahkan", "%(n)s orang dipindahkan", moved)),
        (first, ngettext("%(n)s orang didahulukan", "%(n)s orang didahulukan", first)),
        (left, ngettext("%(n)s orang menyusul", "%(n)s orang menyusul", left)),
        (
            untold,
            ngettext(
                "%(n)s orang tanpa akun, tidak diberi tahu lewat e-mail",
                "%(n)s orang tanpa akun, tidak diberi tahu lewat e-mail",
                untold,
            ),
        ),
    ]
    return "; ".join(text % {"n": number} for number, text in parts if number) + "."


def _where(each: Away, office: Office) -> str:
    if each.now is not None:
        slot = each.now.slot
        if slot.office_id != office.pk:
            return _("Dipindahkan pemohonnya ke kantor lain.")
        return _("Sekarang %(day)s, %(hours)s") % {
            "day": formatting.day(slot.day),
            "hours": booking_words.hours_of(slot),
        }
    if each.first_right_until is not None:
        until = booking_words.moment(each.first_right_until, office)
        return _("didahulukan pada pembukaan berikutnya, sampai %s") % until
    return _("menyusul dalam beberapa menit")
