"""What happened to a booking, in words for its owner."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from paspor.kernel.masking import mask_name
from queueing.booking import errand_words, words
from queueing.booking.models import ActorKind
from queueing.booking.reads import AnyRead, HistoryEvent

# By what happened and the reason code; the empty reason is the usual case.
WORDS: dict[tuple[str, str], Promise] = {
    ("HELD", ""): _("Tempat ditahan"),
    ("BOOKED", ""): _("Janji temu dipesan"),
    ("BOOKED", "moved"): _("Dijadwalkan ulang dari janji temu sebelumnya"),
    ("BOOKED", "office_closed"): _("Jadwal pengganti karena jam semula ditutup kantor"),
    ("BOOKED", "first_right"): _("Dipesankan lebih dahulu setelah kantor tutup"),
    ("BOOKED", "appeal_upheld"): _("Dipulihkan setelah keberatan dikabulkan"),
    ("BOOKED", "coming"): _("Menyatakan akan datang"),
    ("BOOKED", "errand"): _("Keperluan diubah"),
    ("BOOKED", "corrected"): _("Keperluan dikoreksi petugas"),
    ("BOOKED", "undone"): _("Catatan kehadiran diurungkan oleh petugas"),
    ("CHECKED_IN", ""): _("Hadir di kantor"),
    ("CHECKED_IN", "corrected"): _("Keperluan dikoreksi petugas"),
    ("CHECKED_IN", "undone"): _("Layanan dibuka kembali oleh petugas"),
    ("SERVED", ""): _("Selesai dilayani"),
    ("SERVED", "not_ended"): _("Harinya berakhir, dan kantor tidak mencatat hasilnya"),
    ("EXPIRED", ""): _("Waktu menahan tempat habis"),
    ("CANCELLED", ""): _("Dibatalkan"),
    ("CANCELLED", "reminder"): _("Kursi dilepas dari surat pengingat"),
    ("MOVED", ""): _("Dipindahkan ke jadwal lain"),
    ("NO_SHOW", ""): _("Tidak hadir"),
    ("TURNED_AWAY", ""): _("Tidak dapat dilayani"),
    ("VOIDED", ""): _("Digugurkan"),
    ("VOIDED", "identity_not_found"): _("Digugurkan: NIK tidak ditemukan"),
    ("VOIDED", "nik_claimed"): _("Digugurkan: NIK diakui pemiliknya"),
    ("HELD", "nik_claimed"): _("Ditahan untuk pemilik NIK setelah klaimnya diterima"),
    ("CLOSED_BY_OFFICE", "nik_claimed"): _("Didahulukan: jam semula tidak dapat dipakai lagi"),
    ("VOIDED", "appeal_upheld"): _("Keberatan dikabulkan"),
    ("VOIDED", "first_right"): _("Jadwal pengganti sudah dipesankan"),
    ("VOIDED", "first_right_declined"): _("Hak didahulukan dilepas oleh pemohon"),
    ("VOIDED", "first_right_over"): _("Hak didahulukan berakhir: tidak diperlukan lagi"),
    ("VOIDED", "first_right_lapsed"): _("Masa hak didahulukan berakhir"),
    ("CLOSED_BY_OFFICE", ""): _("Kantor menutup layanan pada jam itu"),
    ("CLOSED_BY_OFFICE", "incident"): _("Layanan terganggu pada jam itu: tanpa sanksi"),
    ("CLOSED_BY_OFFICE", "first_right"): _("Jadwal pengganti sudah dipesankan"),
    ("CLOSED_BY_OFFICE", "first_right_declined"): _("Hak didahulukan dilepas oleh pemohon"),
    ("CLOSED_BY_OFFICE", "first_right_over"): _("Hak didahulukan berakhir: tidak diperlukan lagi"),
    ("CLOSED_BY_OFFICE", "first_right_lapsed"): _("Masa hak didahulukan berakhir"),
    ("CLOSED_BY_OFFICE", "voided"): _("Hak didahulukan digugurkan"),
    # The queue of the day: what became of a number, with the booking as a whole.
    ("CALLED", ""): _("Dipanggil ke loket"),
    ("AT_COUNTER", ""): _("Sampai di loket"),
    ("PUT_ASIDE", ""): _("Nomor antrean ditunda"),
    ("PUT_BACK", ""): _("Dikembalikan ke antrean"),
    ("PRIORITISED", ""): _("Diberi nomor prioritas"),
    ("LEFT_QUEUE", ""): _("Tidak menjawab panggilan"),
    ("RELOCATED", ""): _("Tempat kunjungan berubah"),
    ("CLAIMED", ""): _("Tiket kertas dikaitkan dengan akun"),
}
# An hour that its office closed; the others end what came of that.
BY_CLOSING = {"", "office_closed"}
# What was taken back, where that is not an arrival.
UNDONE: dict[str, Promise] = {
    "NO_SHOW": _("Catatan tidak hadir diurungkan oleh petugas"),
    "TURNED_AWAY": _("Catatan tidak dapat dilayani diurungkan oleh petugas"),
}
BY = {
    ActorKind.CITIZEN: _("oleh pemohon"),
    ActorKind.OFFICER: _("oleh petugas"),
    ActorKind.SYSTEM: _("oleh sistem"),
}


@dataclass(frozen=True)
class Entry:
    """One thing that happened to one or more people at one moment (aware, office's zone)."""

    at: datetime
    what: str
    text: str
    by: str
    names: tuple[str, ...]
    # Of what concerns the queue of the day: "A012", and the counter it was called to.
    number: str = ""
    counter: int | None = None


def timeline(booking: AnyRead, *, masked: bool = False) -> list[Entry]:
    """The history of a booking that was read alone, oldest first."""
    if booking.history is None:
        raise ValueError("A booking of a list is read without its history.")
    names = {place.applicant.pk: place.applicant.name for place in booking.places}
    zone = booking.slot.office.zone
    entries: list[Entry] = []
    before: dict[int | None, str] = {}
    for group in _together(booking.history):
        first = group[0]
        last_what = before.get(first.applicant_id, "")
        there = [names[event.applicant_id] for event in group if event.applicant_id in names]
        entries.append(
            Entry(
                at=first.at.astimezone(zone),
                what=first.what,
                text=str(_words(first, booking.slot.closed_why, last_what)),
                by=str(BY[ActorKind(first.actor_kind)]),
                names=tuple(mask_name(name) if masked else name for name in there),
                number=first.detail.get("number", ""),
                counter=first.detail.get("counter"),
            )
        )
        before |= {event.applicant_id: event.what for event in group}
    return entries


def happened(what: str) -> Promise | str:
    """An event in words, its reason aside."""
    return WORDS.get((what, "")) or what


def _words(event: HistoryEvent, closed_why: str, before: str) -> Promise | str:
    """``closed_why`` is what the public is told of the hour, where it is closed; ``before``
    what last happened to whom this is about, which may be what is undone.
    """
    text = WORDS.get((event.what, event.reason)) or happened(event.what)
    if event.reason == "undone":
        text = UNDONE.get(before, text)
    why = words.turned_away(event.reason) if event.what == "TURNED_AWAY" else ""
    if event.what == "CLOSED_BY_OFFICE" and event.reason in BY_CLOSING and closed_why:
        why = gettext(closed_why).rstrip(".")
    added = (why, errand_words.changed(event.detail), *_queued(event.detail))
    told = ", ".join(filter(None, added))
    return f"{text}: {told}" if told else text


def _queued(detail: Mapping[str, Any]) -> Iterator[str]:
    if detail.get("number"):
        yield gettext("nomor %(number)s") % {"number": detail["number"]}
    if detail.get("counter"):
        yield gettext("loket %(counter)s") % {"counter": detail["counter"]}


def in_queue(entries: Sequence[Entry]) -> Entry | None:
    """The last that happened to the queue number of who has come; None without a number."""
    return next((entry for entry in reversed(entries) if entry.number), None)


def _together(events: Iterable[HistoryEvent]) -> list[list[HistoryEvent]]:
    """Neighbouring events of one act, which differ only in whose place it was."""
    groups: list[list[HistoryEvent]] = []
    for event in events:
        if groups and _act(groups[-1][0]) == _act(event):
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def _act(event: HistoryEvent) -> tuple[object, ...]:
    return (event.at, event.what, event.reason, event.actor_kind)
