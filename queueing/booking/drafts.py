"""What each mail about a booking says, in its reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from queueing.booking import beside, errand_words, reminder_links, where, words
from queueing.booking.models import Booking, Place

BOOKED = "booked"
REMINDER = "reminder"


@dataclass(frozen=True)
class Draft:
    """A mail in its reader's language, before it is rendered."""

    kind: str
    # Together with the booking's code: a second writing of the same is dropped.
    once: str
    subject: str
    opening: str
    paragraphs: tuple[str, ...] = ()
    # What the visit is: left out where there is none any more.
    has_visit: bool = True
    # The minutes before and the documents; only where people are to come.
    has_papers: bool = False
    has_calendar: bool = False
    # The visit whose calendar entry is to go, where nobody is left in it.
    replaces: Booking | None = None
    not_after: datetime | None = None
    # The day that it is news of, where nobody is waiting for the letter: at night it is
    # held till the morning, unless that day is near.
    news_of: date | None = None
    # Where the letter leads and what the link is called, if not to the visit.
    link: tuple[str, str] | None = None


def booked(booking: Booking, other: Booking | None = None) -> Draft:
    """``other``: the family's other hour, while somebody comes to it; so in the next ones."""
    when = words.visit(booking)
    return Draft(
        kind=BOOKED,
        once=BOOKED,
        subject=_("Janji temu paspor %(code)s: %(day)s, %(hours)s") % when,
        opening=_("Kode janji temu Anda %(code)s, untuk %(day)s pukul %(hours)s.") % when,
        paragraphs=_of_other(other, booking),
        has_papers=True,
        has_calendar=True,
        not_after=booking.slot.starts_at,
    )


def moved(booking: Booking, old: Booking, other: Booking | None = None) -> Draft:
    when = words.visit(booking)
    return Draft(
        kind="moved",
        once="moved",
        subject=_("Jadwal baru %(code)s: %(day)s, %(hours)s") % when,
        opening=_("Kode janji temu Anda yang baru %(code)s, untuk %(day)s pukul %(hours)s.") % when,
        paragraphs=(
            _("Kode lama %(code)s untuk %(day)s tidak berlaku lagi bagi pemohon ini.")
            % words.visit(old),
            *_of_other(other, booking),
        ),
        has_papers=True,
        has_calendar=True,
        replaces=old,
        not_after=booking.slot.starts_at,
    )


def cancelled(booking: Booking, names: Sequence[str]) -> Draft:
    still = comes_anybody(booking)
    subject = _("Janji temu %(code)s dibatalkan")
    opening = _("Kode %(code)s, %(day)s pukul %(hours)s: dibatalkan.")
    if still:
        subject = _("Janji temu %(code)s: sebagian pemohon dibatalkan")
        opening = _(
            "Kode %(code)s, %(day)s pukul %(hours)s, tetap berlaku; sebagian pemohon dibatalkan."
        )
    return Draft(
        kind="cancelled",
        once="cancelled",
        subject=subject % words.visit(booking),
        opening=opening % words.visit(booking),
        paragraphs=(
            _("Yang dibatalkan: %s.") % ", ".join(names),
            _("Pemohon lainnya tetap terjadwal seperti di bawah ini.")
            if still
            else _("Anda dapat memesan kembali kapan saja."),
        ),
        has_visit=still,
        has_calendar=True,
    )


def alternative(
    booking: Booking, old: Booking, why: str, other: Booking | None = None, *, is_part: bool
) -> Draft:
    """Here and below ``is_part``: other hours of the day that was closed serve; ``other``: the
    family's other hour, whatever became of it.
    """
    when = words.visit(booking)
    subject = _("Kantor tutup: jadwal Anda menjadi %(day)s, %(hours)s")
    if is_part:
        subject = _("Jam Anda ditutup: jadwal Anda menjadi %(day)s, %(hours)s")
    return Draft(
        kind="closed_with_alternative",
        once="closed",
        subject=subject % when,
        opening=_("Kode baru Anda %(code)s, untuk %(day)s pukul %(hours)s.") % when,
        paragraphs=(
            _closed(old, is_part=is_part) + _sentence(why),
            *_fate(other, booking),
            _(
                "Jadwal pengganti ini sudah dipesan; Anda tidak perlu melakukan apa pun. Bila "
                "tidak cocok, Anda bebas memindahkan atau membatalkannya sampai jam itu dimulai."
            ),
            _("Kami mohon maaf atas perubahan ini."),
        ),
        has_papers=True,
        has_calendar=True,
        replaces=old,
        news_of=old.slot.day,
        not_after=booking.slot.starts_at,
    )


def _closed(booking: Booking, *, is_part: bool) -> str:
    text = _("%(office)s menutup layanan pada %(day)s.")
    if is_part:
        text = _("%(office)s menutup layanan pada %(day)s, %(hours)s.")
    return text % words.visit(booking)


def first_right(
    booking: Booking, why: str, until: datetime, other: Booking | None = None, *, is_part: bool
) -> Draft:
    when = words.visit(booking)
    subject = _("Kantor tutup pada %(day)s: janji temu %(code)s")
    lost = _("Janji temu Anda %(code)s tidak dapat dilayani pada hari itu.")
    if is_part:
        subject = _("Jam Anda ditutup pada %(day)s: janji temu %(code)s")
        lost = _("Janji temu Anda %(code)s tidak dapat dilayani pada jam itu.")
    last = words.day(until.astimezone(booking.slot.office.zone).date())
    return Draft(
        kind="closed_with_first_right",
        once="closed",
        subject=subject % when,
        opening=_closed(booking, is_part=is_part) + _sentence(why),
        paragraphs=(
            lost % when,
            _(
                "Saat ini tidak ada jam pengganti yang kosong. Anda didahulukan: begitu kuota "
                "berikutnya disiapkan, kami memesankan tempat lebih dahulu untuk Anda, sebelum "
                "dibuka untuk umum. Hak ini berlaku sampai %s."
            )
            % last,
            *_fate(other, booking),
            _("Kami mohon maaf atas perubahan ini."),
        ),
        has_visit=False,
        has_calendar=True,
        news_of=booking.slot.day,
    )


def held_closed(
    booking: Booking, why: str, other: Booking | None = None, *, is_part: bool
) -> Draft:
    when = words.visit(booking)
    subject = _("Kantor tutup pada %(day)s: pesanan %(code)s berakhir")
    if is_part:
        subject = _("Jam itu ditutup pada %(day)s: pesanan %(code)s berakhir")
    return Draft(
        kind="closed_while_held",
        once="closed",
        subject=subject % when,
        opening=_closed(booking, is_part=is_part) + _sentence(why),
        paragraphs=(
            _("Pesanan %(code)s yang belum Anda selesaikan tidak dapat dilanjutkan.") % when,
            *_fate(other, booking),
            _("Silakan pilih jam, hari, atau kantor lain. Kami mohon maaf atas perubahan ini."),
        ),
        has_visit=False,
    )


def served_first(booking: Booking, other: Booking | None = None) -> Draft:
    when = words.visit(booking)
    return Draft(
        kind="first_right_served",
        once="first_right",
        subject=_("Jadwal pengganti %(code)s: %(day)s, %(hours)s") % when,
        opening=_("Kode baru Anda %(code)s, untuk %(day)s pukul %(hours)s.") % when,
        paragraphs=(
            _(
                "Kantor pernah menutup hari layanan Anda. Seperti dijanjikan, kami sudah "
                "memesankan tempat ini untuk Anda sebelum kuota dibuka untuk umum."
            ),
            *_fate(other, booking),
            _("Bila tidak cocok, Anda bebas memindahkan atau membatalkannya."),
        ),
        has_papers=True,
        has_calendar=True,
        news_of=booking.slot.day,
        not_after=booking.slot.starts_at,
    )


def relocated(booking: Booking, relocation: int, old_place: str) -> Draft:
    there = where.of(booking)
    said = words.visit(booking) | {
        "place": there.place or there.at_office,
        "old": old_place or there.at_office,
    }
    return Draft(
        kind="relocated",
        once=f"relocated:{relocation}",
        subject=_("Tempat berubah: %(day)s, %(hours)s") % said,
        opening=_("Janji temu %(code)s, %(day)s pukul %(hours)s, sekarang di %(place)s.") % said,
        paragraphs=(
            _("Sebelumnya di %(old)s. Hari, jam, kode, dan tiket Anda tetap.") % said,
            _(
                "Bila tidak dapat datang ke sana, Anda bebas memindahkan atau membatalkannya "
                "sampai jam itu dimulai; pemindahan itu tidak dihitung."
            ),
            _("Kami mohon maaf atas perubahan ini."),
        ),
        has_papers=True,
        has_calendar=True,
        news_of=booking.slot.day,
        not_after=booking.slot.starts_at,
    )


def corrected(booking: Booking, place: Place, detail: Mapping[str, Any], at: datetime) -> Draft:
    """``detail`` as the log has it. Who stands at the counter need not be told to come early."""
    said = words.visit(booking) | {"name": place.applicant.name}
    return Draft(
        kind="corrected",
        once=f"corrected:{place.pk}:{at.timestamp()}",
        subject=_("Keperluan dikoreksi petugas: janji temu %(code)s") % said,
        opening=_("Kode %(code)s: petugas %(office)s mengoreksi keperluan %(name)s.") % said,
        paragraphs=(
            _("Semula, dan kini: %s.") % errand_words.changed(detail),
            _(
                "Hari, jam, dan kode tetap. Dokumen yang diminta dan biayanya mengikuti keperluan "
                "yang kini tercatat."
            ),
            _(
                "Bila koreksi ini tidak benar, katakan kepada petugas loket atau sampaikan lewat "
                "Laporkan kendala; laporan tentang petugas tidak melewati kantornya."
            ),
        ),
        has_papers=place.state == Place.State.BOOKED,
    )


def absent(booking: Booking, places: Sequence[Place], at: datetime) -> Draft:
    """``places`` are recorded as a no-show, whether by an officer or by the end of the day."""
    said = words.visit(booking) | {"names": _names(places)}
    return Draft(
        kind="no_show",
        once=f"no_show:{_act(places, at)}",
        subject=_("Dicatat tidak hadir: janji temu %(code)s") % said,
        opening=_("Kode %(code)s, %(day)s pukul %(hours)s: %(names)s dicatat tidak hadir.") % said,
        paragraphs=(
            _(
                "%(office)s mencatatnya setelah jam itu lewat. Kursinya tidak dapat dipakai lagi; "
                "orang yang sama dapat dipesankan lagi sekarang juga."
            )
            % said,
            _(
                "Bila mereka datang juga pada hari itu, selama kantor melayani, tanyakan di loket: "
                "petugas dapat mengurungkan catatan ini dan menerima mereka."
            ),
            words.absence_means(),
            _("Bila catatan ini keliru, sampaikan lewat Laporkan kendala."),
        ),
        has_visit=False,
    )


def absence_undone(booking: Booking, places: Sequence[Place], at: datetime) -> Draft:
    said = words.visit(booking) | {"names": _names(places)}
    return Draft(
        kind="no_show_undone",
        once=f"no_show_undone:{_act(places, at)}",
        subject=_("Catatan tidak hadir diurungkan: janji temu %(code)s") % said,
        opening=_("Kode %(code)s: %(office)s mengurungkan catatan tidak hadir.") % said,
        paragraphs=(
            _(
                "Catatan itu tidak berlaku lagi untuk %(names)s, dan tidak dihitung; janji "
                "temunya berlaku seperti sebelumnya."
            )
            % said,
        ),
        has_visit=False,
    )


def _names(places: Sequence[Place]) -> str:
    return ", ".join(sorted(place.applicant.name for place in places))


def _act(places: Sequence[Place], at: datetime) -> str:
    """Tells an act on some people from another on the same, or on others, of their booking."""
    return f"{min(place.pk for place in places)}:{at.timestamp()}"


def reminder(booking: Booking, other: Booking | None = None) -> Draft:
    when = words.visit(booking)
    return Draft(
        kind="reminder",
        once=REMINDER,
        subject=_("Besok %(hours)s: janji temu paspor %(code)s") % when,
        opening=_("Besok, %(day)s pukul %(hours)s, kode %(code)s.") % when,
        paragraphs=(
            *_of_other(other, booking),
            _("Bila tidak jadi datang, lepas kursi Anda supaya dapat dipakai orang lain."),
        ),
        has_papers=True,
        link=(
            reverse("queueing:answer", args=[reminder_links.token_of(booking.pk)]),
            _("Saya akan datang / lepas kursi saya"),
        ),
        not_after=booking.slot.starts_at,
    )


def come_with() -> str:
    return f"{words.arrive_early()} {_('Yang perlu dibawa:')}"


def _of_other(other: Booking | None, booking: Booking) -> tuple[str, ...]:
    if other is None:
        return ()
    told = beside.told(other, booking)
    return (f"{told.title}. {told.text}",)


def _fate(other: Booking | None, booking: Booking) -> tuple[str, ...]:
    text = "" if other is None else beside.fate(other, booking)
    return (text,) if text else ()


def _sentence(why: str) -> str:
    """An officer's reason, or the calendar's, as one more sentence."""
    said = words.because(why)
    return f" {said}" if said else ""


def comes_anybody(booking: Booking) -> bool:
    return any(place.is_live for place in booking.places.all())
