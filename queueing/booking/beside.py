"""A family in two hours is two bookings that name each other, also once one is moved. Reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import words
from queueing.booking.facts import VisitFacts
from queueing.booking.models import Place
from queueing.booking.reads import BookingRead
from queueing.booking.selectors import booking_by_id, visit_facts


@dataclass(frozen=True)
class OtherHourWords:
    """The other hour in words, for pages and letters alike; ``when`` has the day and the office
    where they differ.
    """

    title: str
    text: str
    when: str


def beside_of(booking: BookingRead) -> BookingRead | None:
    """The booking of the other hour that was made together with this one, or, where nobody
    is left in it, the one that its people have moved to.
    """
    seen, beside_id = {booking.booking.pk}, booking.booking.beside_id
    other = None if beside_id is None else booking_by_id(beside_id)
    while other is not None and (after := _after(other)) is not None and after not in seen:
        seen.add(after)
        other = booking_by_id(after)
    return other


def _after(booking: BookingRead) -> int | None:
    if any(place.state in Place.LIVE for place in booking.places):
        return None
    return next((place.moved_to.booking_id for place in booking.places if place.moved_to), None)


def other_hour_words(other: VisitFacts, this: VisitFacts) -> OtherHourWords:
    """``other`` while somebody comes to it, to whoever reads of ``this``."""
    when, title = words.hours_of(other), _("Keluarga Anda datang pada dua jam")
    is_elsewhere = other.office.name != this.office.name
    if is_elsewhere or other.day != this.day:
        title = _("Sebagian keluarga Anda datang pada waktu lain")
        when = f"{formatting.day(other.day)}, {when}"
    if is_elsewhere:
        when = f"{when}, {other.office.name}"
    text = _("%(names)s datang %(hours)s, dengan tiketnya sendiri: kode %(code)s.") % {
        "names": ", ".join(person.name for person in other.coming),
        "hours": when,
        "code": grouped(other.code),
    }
    return OtherHourWords(title, text, when)


def fate(other: BookingRead, this: BookingRead) -> str:
    """What becomes of the family's other hour, to whoever reads that ``this`` was closed or
    given instead; empty where nobody comes to it or waits for one.

    An hour that was closed in the same act is told as such until its people have another one:
    each hour is settled, and written of, on its own.
    """
    places = other.places
    live = [place for place in places if place.state in Place.LIVE]
    waiting = [place for place in places if place.first_right_until is not None]
    said = words.visit(other.code, other.slot) | {"names": _names(live or waiting)}
    if not live:
        text = _(
            "Bagian keluarga Anda yang lain, %(names)s (kode %(code)s), belum mendapat jam "
            "pengganti dan didahulukan pada pembukaan kuota berikutnya."
        )
        return text % said if waiting else ""
    if other.slot.closed_at is not None and any(p.state != Place.State.CHECKED_IN for p in live):
        text = _(
            "Jam bagian keluarga Anda yang lain, %(names)s (kode %(code)s), juga ditutup; "
            "tentang mereka kami menulis tersendiri."
        )
        return text % said
    if all(place.state == Place.State.HELD for place in live):
        text = _("Tempat untuk %(names)s, %(day)s pukul %(hours)s (kode %(code)s), masih ditahan.")
        return text % said
    now = other_hour_words(visit_facts(other), visit_facts(this))
    return f"{now.title}. {now.text}"


def _names(places: Sequence[Place]) -> str:
    return ", ".join(place.applicant.name for place in places)
