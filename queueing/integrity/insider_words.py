"""How requests for a second officer's yes, and what is noticed about officers, are said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offices import words as said_of_offices
from offices.models import Approval
from offices.rules import DESK, Act
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import words as said
from queueing.booking.words import moment as moment
from queueing.integrity.models.cases import BulkAct
from queueing.integrity.rules.signal import Signal
from queueing.quota.models import Channel, Slot
from queueing.quota.services import closing

PARTS_OF_ACT = 4  # as services.acts.subject_of joins them
# A sentence for each signal; its numbers are put in.
SIGNALS = {
    "pair_agrees": gettext_lazy(
        "%(decided)s permintaan diputuskan petugas yang sama: %(granted)s %% disetujui, biasanya "
        "dalam %(seconds)s detik; %(share)s %% dari semua permintaannya diputuskan orang itu."
    ),
    "one_account": gettext_lazy(
        "%(n)s orang yang dipesankan petugas ini dalam %(days)s hari ada pada tiket yang diambil "
        "satu akun yang sama (diperhatikan mulai %(limit)s)."
    ),
    "one_hand": gettext_lazy(
        "%(n)s orang yang dipesankan petugas ini dalam %(days)s hari ada pada tiket akun-akun "
        "dengan nomor telepon yang sama atau dari satu gugus (diperhatikan mulai %(limit)s)."
    ),
    "few_accounts": gettext_lazy(
        "%(n)s orang yang dipesankan petugas ini dalam %(days)s hari ada pada tiket akun-akun yang "
        "masing-masing mengambil tiga tiket atau lebih dari lima orang (diperhatikan mulai "
        "%(limit)s)."
    ),
    "in_a_row": gettext_lazy(
        "%(n)s pemesanan dibuat hanya beberapa detik setelah pemesanan sebelumnya, dalam %(days)s "
        "hari (mulai %(limit)s)."
    ),
    "paper_ahead": gettext_lazy(
        "%(n)s orang diberi tiket kertas untuk hari lain yang tidak diambil akun mana pun, dalam "
        "%(days)s hari; rekannya biasanya %(usual)s (mulai %(limit)s)."
    ),
    "absent": gettext_lazy(
        "%(n)s dari %(of)s orang yang dipesankan petugas ini dalam %(days)s hari tidak datang "
        "(mulai %(limit)s)."
    ),
    "verified": gettext_lazy(
        "%(n)s akun diverifikasi di loket dalam %(days)s hari; rekannya biasanya %(usual)s "
        "(mulai %(limit)s)."
    ),
    "same_person": gettext_lazy(
        "Orang yang sama dipesankan %(n)s kali dalam %(days)s hari (mulai %(limit)s)."
    ),
    "quick_seats": gettext_lazy(
        "%(n)s kursi dipakai hanya beberapa detik setelah terlihat, dalam %(days)s hari "
        "(mulai %(limit)s)."
    ),
    "ktp_seen": gettext_lazy(
        "%(n)s kali mencatat KTP sudah dilihat atau memutuskan klaim NIK dalam %(days)s hari; "
        "rekannya biasanya %(usual)s (mulai %(limit)s)."
    ),
    "unproven": gettext_lazy(
        "%(n)s pemesanan prioritas tanpa bukti dalam %(days)s hari (mulai %(limit)s)."
    ),
    "not_of_age": gettext_lazy(
        "%(n)s dari %(of)s pemesanan prioritas dalam %(days)s hari tanpa lansia atau balita "
        "(mulai %(limit)s)."
    ),
    "nik_unseen": gettext_lazy(
        "%(n)s kali membaca NIK orang yang tidak terjadwal di kantor pada hari itu, dalam "
        "%(days)s hari (mulai %(limit)s)."
    ),
    "sign_ins": gettext_lazy(
        "%(n)s kali gagal masuk, memakai perangkat baru, atau mengganti faktor kedua "
        "(mulai %(limit)s)."
    ),
    "grants": gettext_lazy(
        "%(n)s penugasan diberikan atau diakhiri dalam %(days)s hari (mulai %(limit)s)."
    ),
    "off_hours": gettext_lazy(
        "%(n)s tindakan di luar jam kantor dalam %(days)s hari (mulai %(limit)s)."
    ),
    "no_show_undone": gettext_lazy(
        "%(n)s catatan tidak hadir diurungkan dalam %(days)s hari (mulai %(limit)s)."
    ),
    "late_arrivals": gettext_lazy(
        "%(n)s kedatangan terlambat diterima dalam %(days)s hari (mulai %(limit)s)."
    ),
    "other_reason": gettext_lazy(
        "%(n)s dari %(of)s pemesanan dengan alasan lain dalam %(days)s hari (mulai %(limit)s)."
    ),
}
# What the timeline of an officer calls what befell a visit.
EVENTS = {
    "CHECKED_IN": gettext_lazy("menerima yang terlambat"),
    "BOOKED": gettext_lazy("mengurungkan catatan"),
}


def event(code: str) -> str:
    """An audit event or a booking's, in words; a code that none knows is shown as it is."""
    return str(EVENTS.get(code) or said_of_offices.event(code))


def sentence(signal: Signal | Mapping[str, Any]) -> str:
    """A signal in words; also one that was kept as data."""
    kept = signal if isinstance(signal, Mapping) else {"code": signal.code, "params": signal.params}
    return str(SIGNALS[kept["code"]]) % kept["params"]


def act_of(approval: Approval) -> str:
    """ "menutup hari" with its first letter capital."""
    return capfirst(str(said_of_offices.ACTS[Act(approval.act)]))


def _figure_wished(subject: str) -> str:
    """Of "key=value@scope:digest"; where it would hold the request says itself."""
    key, _equals, rest = subject.rpartition(":")[0].partition("=")
    return f"{said_of_offices.figure(key)} → {rest.rpartition('@')[0]}"


def about(approval: Approval, slot: Slot | None, appointee: str = "") -> str:
    """What exactly is asked, beyond the act and the officer's own words; may be empty."""
    act = Act(approval.act)
    if appointee:
        return appointee
    if act is Act.POLICY:
        return _figure_wished(approval.subject)
    parts = approval.subject.split(":")
    if act is Act.CHANGE_CAPACITY and slot is not None:
        return _("%(day)s, %(hours)s: jalur %(channel)s menjadi %(seats)s kursi") % {
            "day": formatting.day(slot.day),
            "hours": said.hours_of(slot),
            "channel": Channel(parts[1]).label,
            "seats": parts[2],
        }
    if act is Act.HOLIDAY:
        return formatting.day(date.fromisoformat(parts[1]))
    if act is Act.CLOSE_DAY:
        return said.day_since(*closing.hours_of(approval.subject))
    if (code := booking_code(approval)) != "":
        return _("janji temu %(code)s") % {"code": grouped(code)}
    return about_case(matter_of(approval))


@dataclass(frozen=True)
class Matter:
    """The case that a request is about, and the act that was prepared in it; codes, or ""."""

    case: str = ""
    act: str = ""


def matter_of(approval: Approval) -> Matter:
    act, parts = Act(approval.act), approval.subject.split(":")
    if act is Act.EVIDENCE and len(parts) > 1:
        return Matter(case=parts[1])
    if approval.act in BulkAct.Kind.values and len(parts) == PARTS_OF_ACT:
        return Matter(case=parts[1], act=parts[2])
    return Matter()


def about_case(matter: Matter) -> str:
    if not matter.case:
        return ""
    named = _("perkara %s") % grouped(matter.case)
    return named if not matter.act else f"{named}, {_('tindakan %s') % grouped(matter.act)}"


def booking_code(approval: Approval) -> str:
    """Of the booking that an act at the counter is about, else ""."""
    is_at_counter = Act(approval.act) in DESK and approval.subject.startswith(f"{approval.act}:")
    return approval.subject.partition(":")[2] if is_at_counter else ""


def people(count: int) -> str:
    return ngettext("%(n)s orang", "%(n)s orang", count) % {"n": count} if count else ""


def length(seconds: float | None) -> str:
    return "–" if seconds is None else formatting.duration(seconds)
