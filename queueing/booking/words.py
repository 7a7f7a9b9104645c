"""Days and hours as people say them, always with the zone. In the active language."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Protocol
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.models import Office
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import documents, errand_words, rules
from queueing.booking.errands import Errand
from queueing.booking.facts import OfficeFacts
from queueing.booking.models import Booking, Place
from queueing.quota.models import Channel

# Why whoever came could not be served; the codes are queueing.desk.rules'.
TURNED_AWAY_FOR = {
    "documents_missing": gettext_lazy("Dokumen tidak lengkap"),
    "identity_differs": gettext_lazy("Identitas tidak cocok dengan dokumen"),
    "not_the_person": gettext_lazy("Bukan orang yang terdaftar"),
    "wrong_kind": gettext_lazy("Jenis permohonan keliru"),
    "system_fault": gettext_lazy("Gangguan sistem"),
    "other": gettext_lazy("Lainnya"),
}


def state(derived: str, of_places: Collection[str], labels: Collection[str]) -> str:
    """Of a whole booking: where its people ended apart, no one state tells of all."""
    if rules.ended_apart(of_places):
        return _("berakhir, tidak semua sama")
    return next(iter(labels)) if len(set(labels)) == 1 else str(Place.State(derived).label)


def of_place(state: str, reason: str) -> str:
    """The state of one person's place."""
    if state == Place.State.SERVED and reason == rules.NOT_ENDED:
        return _("hadir, hasil tidak dicatat")
    return str(Place.State(state).label)


def turned_away(reason: str) -> str:
    """Why, of whom could not be served: "dokumen tidak lengkap"; empty where no list says."""
    known = TURNED_AWAY_FOR.get(reason) if reason != "other" else None
    text = str(known or "")
    return text[:1].lower() + text[1:]


def lane(booking: Booking) -> str:
    """The channel as it is told: who stood at the counter and got a seat that was left over
    online came by the counter.
    """
    is_left_over = booking.channel == Channel.ONLINE and booking.is_walk_in
    return str((Channel.COUNTER if is_left_over else Channel(booking.channel)).label)


def absence_means() -> str:
    """What a no-show brings by the rules (docs/integrity.md), for whom it is told of."""
    return _(
        "Sekali tidak hadir tidak membatasi apa pun; yang berulang kali ikut dihitung ketika "
        "portal mencari akun yang menimbun tempat. Bila tidak jadi datang, lepas kursinya "
        "sebelum jamnya dimulai."
    )


def errand(place: Place) -> str:
    """Penggantian, sejak 2010 di Indonesia."""
    return errand_words.short(place, is_under_age=_is_under_age(place))


def papers(place: Place) -> tuple[str, ...]:
    """The originals that one person was asked to bring, marked for gettext."""
    return documents.for_errand(Errand.of(place), is_child=_is_under_age(place))


def is_examined(place: Place) -> bool:
    return place.kind in documents.EXAMINED_FIRST


def _is_under_age(place: Place) -> bool:
    return documents.is_child(place.applicant.birth_date, place.booking.slot.day)


def day_since(on: date, since: time | None) -> str:
    """Selasa, 24 November 2026, and from which hour on."""
    if since is None:
        return formatting.day(on)
    return _("%(day)s, mulai %(hour)s") % {
        "day": formatting.day(on),
        "hour": formatting.clock(since),
    }


def moment(at: datetime, office: Office | None) -> str:
    """Jumat, 27 November 2026, pukul 14.00 WITA; without an office by headquarters' clock."""
    return formatting.moment(at.astimezone(office.zone if office else ZoneInfo(settings.TIME_ZONE)))


def clock(at: datetime, office: Office) -> str:
    """14.00 WITA."""
    return f"{formatting.clock(at.astimezone(office.zone))} {office.zone_name}"


def until(at: datetime, office: Office, now: datetime) -> str:
    """Pukul 14.00 WITA; with its day unless that is today."""
    local = at.astimezone(office.zone)
    if local.date() == now.astimezone(office.zone).date():
        return _("pukul %(clock)s") % {"clock": clock(at, office)}
    return moment(local, office)


def arrive_early() -> str:
    return _("Datang %(n)s menit lebih awal dengan dokumen asli.") % {
        "n": documents.ARRIVE_EARLY_MINUTES
    }


def coordinates(office: Office | OfficeFacts) -> str:
    """Where an office lies, for a map that people open themselves: "-6.20000, 106.80000"."""
    return f"{float(office.latitude):.5f}, {float(office.longitude):.5f}"


def map_url(office: Office | OfficeFacts) -> str:
    """The same place on openstreetmap.org; only ever a link, nothing is fetched from there."""
    latitude, longitude = coordinates(office).split(", ")
    return (
        f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}"
        f"#map=17/{latitude}/{longitude}"
    )


def map_app(office: Office) -> str:
    """The same place for whatever map a phone has (RFC 5870); nobody is asked for it."""
    latitude, longitude = coordinates(office).split(", ")
    return f"geo:{latitude},{longitude}?q={latitude},{longitude}({quote(office.name)})"


class AnyOffice(Protocol):
    """An office, or what a letter says of one."""

    @property
    def name(self) -> str: ...
    @property
    def zone(self) -> ZoneInfo: ...
    @property
    def zone_name(self) -> str: ...


class Hour(Protocol):
    """A slot, or the visit of a letter (facts.VisitFacts)."""

    @property
    def day(self) -> date: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def office(self) -> AnyOffice: ...


def hours_of(hour: Hour) -> str:
    """08.00–09.00 WIB, by the office's own clock."""
    return between(hour.starts_at, hour.ends_at, hour.office)


def between(starts_at: datetime, ends_at: datetime, office: AnyOffice) -> str:
    """08.00–09.00 WIB, by the office's own clock."""
    starts, ends = (at.astimezone(office.zone) for at in (starts_at, ends_at))
    return f"{formatting.clock(starts)}–{formatting.clock(ends)} {office.zone_name}"


def visit(code: str, hour: Hour) -> dict[str, str]:
    """Code, day, hours and office, for sentences that tell of a visit."""
    return {
        "code": grouped(code),
        "day": formatting.day(hour.day),
        "hours": hours_of(hour),
        "office": hour.office.name,
    }


def because(why: str) -> str:
    """Why an office closed an hour: an officer's words for the public, or the calendar's."""
    return f"{_('Alasannya: %s') % _(why.strip()).rstrip('.')}." if why.strip() else ""
