"""Mails about bookings, laid out: text and calendar files, at once or from facts."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import Attachment, Letter
from offices.models import PassportType
from paspor.kernel.codes import grouped
from queueing.booking import documents, drafts, errand_words, frozen, tickets, where, words
from queueing.booking.errands import Errand
from queueing.booking.models import Booking, Place


def booked_letter(facts: dict[str, Any]) -> tuple[Letter, list[Attachment]]:
    """What ``booking_letters`` wrote down, as the two below of theirs (settings.LETTER_WRITERS)."""
    booking = frozen.thawed(facts)
    return laid_out(booking, drafts.booked(booking, frozen.other(facts)))


def moved_letter(facts: dict[str, Any]) -> tuple[Letter, list[Attachment]]:
    booking = frozen.thawed(facts)
    old = frozen.thawed(facts["old"])
    return laid_out(booking, drafts.moved(booking, old, frozen.other(facts)))


def cancelled_letter(facts: dict[str, Any]) -> tuple[Letter, list[Attachment]]:
    booking = frozen.thawed(facts)
    return laid_out(booking, drafts.cancelled(booking, facts["gone"]))


def laid_out(booking: Booking, draft: drafts.Draft) -> tuple[Letter, list[Attachment]]:
    path, label = draft.link or _usual_link(booking, draft)
    letter = Letter(
        subject=draft.subject,
        lead=draft.opening,
        paragraphs=draft.paragraphs + (_coming(booking) if draft.has_papers else ()),
        facts=tuple(_facts(booking)) if draft.has_visit else (),
        lists=tuple(_papers(booking)) if draft.has_papers else (),
        link=settings.SITE_URL + path,
        link_label=label,
    )
    return letter, _calendar(booking, draft.replaces) if draft.has_calendar else []


def _usual_link(booking: Booking, draft: drafts.Draft) -> tuple[str, str]:
    label = _("Lihat keterangan janji temu ini")
    if draft.has_visit:
        label = _("Lihat, pindahkan, atau batalkan janji temu")
    return reverse("queueing:booking", args=[booking.code]), label


def _calendar(booking: Booking, replaced: Booking | None) -> list[Attachment]:
    """The entry of this visit, and the one that takes a replaced visit's away."""
    files = {"janji-temu.ics": booking}
    if replaced is not None and not drafts.comes_anybody(replaced):
        files["janji-lama.ics"] = replaced
    return [
        Attachment(name, tickets.ics(visit).encode(), "text/calendar")
        for name, visit in files.items()
    ]


def _coming(booking: Booking) -> tuple[str, ...]:
    """What stands above the list of papers."""
    examined = documents.examined(place.kind for place in _live(booking))
    return (*((_(examined),) if examined else ()), drafts.come_with())


def _live(booking: Booking) -> list[Place]:
    return [place for place in booking.places.all() if place.state in Place.LIVE]


def _papers(booking: Booking) -> list[tuple[str, tuple[str, ...]]]:
    """What to bring: one list, or several with the names of those whom each is for."""
    lists = documents.lists(
        (
            (place.applicant.name, Errand.of(place), place.applicant.birth_date)
            for place in _live(booking)
        ),
        day=booking.slot.day,
    )
    return [
        (", ".join(names) if len(lists) > 1 else "", tuple(_(item) for item in items))
        for names, items in lists
    ]


def _errand(place: Place, day: date) -> str:
    """Sukarti · Paspor hilang · Paspor biasa."""
    is_under_age = documents.is_child(place.applicant.birth_date, day)
    errand = errand_words.whole(place, is_under_age=is_under_age)
    kind = PassportType(place.passport_type).label if place.passport_type else ""
    return " · ".join(filter(None, (place.applicant.name, errand, str(kind))))


def _facts(booking: Booking) -> list[tuple[str, str]]:
    office = booking.slot.office
    there = where.of(booking)
    facts = [
        (_("Kode"), grouped(booking.code)),
        (_("Hari"), words.day(booking.slot.day)),
        (_("Jam"), words.hours_of(booking.slot)),
        (_("Kantor"), office.name),
        (_("Tempat") if there.place else _("Alamat"), there.address),
        (_("Peta"), there.map_url),
        (_("Keterangan"), there.note),
        *((_("Pemohon"), _errand(place, booking.slot.day)) for place in _live(booking)),
    ]
    return [(label, value) for label, value in facts if value]
