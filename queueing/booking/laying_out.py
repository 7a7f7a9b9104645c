"""Mails about bookings, laid out: text and calendar files, at once or from facts."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import Attachment, Letter
from offices.models import PassportType
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import documents, drafts, errand_words, tickets, where, words
from queueing.booking.errands import Errand
from queueing.booking.facts import PersonFacts, VisitFacts


def booked_letter(facts: dict[str, Any]) -> tuple[Letter, list[Attachment]]:
    """Of what ``notices.booking_letters`` stored (accounts.ports.letter_writers)."""
    visit = VisitFacts.from_json(facts)
    return laid_out(visit, drafts.booked(visit, _other(facts)))


def moved_letter(facts: dict[str, Any]) -> tuple[Letter, list[Attachment]]:
    """Of what ``notices.moved`` stored."""
    visit, old = VisitFacts.from_json(facts), VisitFacts.from_json(facts["old"])
    return laid_out(visit, drafts.moved(visit, old, _other(facts)))


def cancelled_letter(facts: dict[str, Any]) -> tuple[Letter, list[Attachment]]:
    """Of what ``notices.cancelled`` stored."""
    visit = VisitFacts.from_json(facts)
    return laid_out(visit, drafts.cancelled(visit, facts["gone"]))


def _other(facts: dict[str, Any]) -> VisitFacts | None:
    """The family's other hour, where the letter names it."""
    return VisitFacts.from_json(facts["other"]) if "other" in facts else None


def laid_out(visit: VisitFacts, draft: drafts.Draft) -> tuple[Letter, list[Attachment]]:
    path, label = draft.link or _usual_link(visit, draft)
    letter = Letter(
        subject=draft.subject,
        lead=draft.opening,
        paragraphs=draft.paragraphs + (_coming(visit) if draft.has_papers else ()),
        facts=tuple(_facts(visit)) if draft.has_visit else (),
        lists=tuple(_papers(visit)) if draft.has_papers else (),
        link=settings.SITE_URL + path,
        link_label=label,
    )
    return letter, _calendar(visit, draft.replaces) if draft.has_calendar else []


def _usual_link(visit: VisitFacts, draft: drafts.Draft) -> tuple[str, str]:
    label = _("Lihat keterangan janji temu ini")
    if draft.has_visit:
        label = _("Lihat, pindahkan, atau batalkan janji temu")
    return reverse("queueing:booking", args=[visit.code]), label


def _calendar(visit: VisitFacts, replaced: VisitFacts | None) -> list[Attachment]:
    """The entry of this visit, and the one that takes a replaced visit's away."""
    files = {"janji-temu.ics": visit}
    if replaced is not None and not replaced.coming:
        files["janji-lama.ics"] = replaced
    return [
        Attachment(name, tickets.ics(each).encode(), "text/calendar")
        for name, each in files.items()
    ]


def _coming(visit: VisitFacts) -> tuple[str, ...]:
    """What stands above the list of papers."""
    examined = documents.examined(person.kind for person in visit.coming)
    return (*((_(examined),) if examined else ()), drafts.come_with())


def _papers(visit: VisitFacts) -> list[tuple[str, tuple[str, ...]]]:
    """What to bring: one list, or several with the names of those whom each is for."""
    lists = documents.lists(
        (person.name, Errand.of(person), person.is_child) for person in visit.coming
    )
    return [
        (", ".join(names) if len(lists) > 1 else "", tuple(_(item) for item in items))
        for names, items in lists
    ]


def _errand(person: PersonFacts) -> str:
    """Sukarti · Paspor hilang · Paspor biasa."""
    errand = errand_words.whole(person, is_under_age=person.is_child)
    kind = PassportType(person.passport_type).label if person.passport_type else ""
    return " · ".join(filter(None, (person.name, errand, str(kind))))


def _facts(visit: VisitFacts) -> list[tuple[str, str]]:
    there = where.of_visit(visit)
    facts = [
        (_("Kode"), grouped(visit.code)),
        (_("Hari"), formatting.day(visit.day)),
        (_("Jam"), words.hours_of(visit)),
        (_("Kantor"), visit.office.name),
        (_("Tempat") if there.place else _("Alamat"), there.address),
        (_("Peta"), there.map_url),
        (_("Keterangan"), there.note),
        *((_("Pemohon"), _errand(person)) for person in visit.coming),
    ]
    return [(label, value) for label, value in facts if value]
