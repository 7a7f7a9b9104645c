"""How requests for a second officer's yes, and what is noticed about officers, are said."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offices import words as office_words
from offices.approval_rules import Matter
from offices.models import Approval
from offices.rules import Act
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import words as booking_words
from queueing.booking.words import moment as moment
from queueing.integrity.rules.signal import Signal
from queueing.quota.models import Channel, Slot

# Of other acts about a day the request's own words name it.
DAYS_ALONE = frozenset({Act.HOLIDAY, Act.CLOSE_DAY})
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
    return str(EVENTS.get(code) or office_words.event(code))


def sentence(signal: Signal | Mapping[str, Any]) -> str:
    """A signal in words; also one that was kept as data."""
    kept = signal if isinstance(signal, Mapping) else {"code": signal.code, "params": signal.params}
    return str(SIGNALS[kept["code"]]) % kept["params"]


def act_of(approval: Approval) -> str:
    """ "menutup hari" with its first letter capital."""
    return capfirst(str(office_words.ACTS[Act(approval.act)]))


def about(approval: Approval, slot: Slot | None, appointee: str = "") -> str:
    """What exactly is asked, beyond the act and the officer's own words; may be empty.

    ``slot`` and ``appointee`` are what the matter's codes of an hour and an officer stand for.
    """
    matter = approval.matter
    if appointee:
        return appointee
    if matter.figure:
        # Where it would hold the request says itself.
        return f"{office_words.figure(matter.figure)} → {matter.value}"
    if slot is not None and matter.seats is not None:
        return _("%(day)s, %(hours)s: jalur %(channel)s menjadi %(seats)s kursi") % {
            "day": formatting.day(slot.day),
            "hours": booking_words.hours_of(slot),
            "channel": Channel(matter.channel).label,
            "seats": matter.seats,
        }
    if matter.day is not None and approval.act in DAYS_ALONE:
        return booking_words.day_since(matter.day, matter.since)
    if matter.booking:
        return _("janji temu %(code)s") % {"code": grouped(matter.booking)}
    return about_case(matter)


def about_case(matter: Matter) -> str:
    """The case, and the act that was prepared in it; empty where it is about none."""
    if not matter.case:
        return ""
    parts = [_("perkara %s") % grouped(matter.case)]
    if matter.bulk_act:
        parts.append(_("tindakan %s") % grouped(matter.bulk_act))
    return ", ".join(parts)


def people(count: int) -> str:
    return ngettext("%(n)s orang", "%(n)s orang", count) % {"n": count} if count else ""


def length(seconds: float | None) -> str:
    return "–" if seconds is None else formatting.duration(seconds)
