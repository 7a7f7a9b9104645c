"""What each mail about a booking says, in its reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from paspor.kernel import formatting
from queueing.booking import beside, errand_words, where, words
from queueing.booking.facts import VisitFacts
from queueing.booking.models import Place

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
    replaces: VisitFacts | None = None
    not_after: datetime | None = None
    # The day that it is news of, where nobody is waiting for the letter: at night it is
    # held till the morning, unless that day is near.
    news_of: date | None = None
    # Where the letter leads and what the link is called, if not to the visit.
    link: tuple[str, str] | None = None


def booked(visit: VisitFacts, other: VisitFacts | None = None) -> Draft:
    """``other``: the family's other hour, while somebody comes to it; so in the next ones."""
    when = words.visit(visit.code, visit)
    return Draft(
        kind=BOOKED,
        once=BOOKED,
        subject=_("Janji temu paspor %(code)s: %(day)s, %(hours)s") % when,
        opening=_("Kode janji temu Anda %(code)s, untuk %(day)s pukul %(hours)s.") % when,
        paragraphs=_of_other(other, visit),
        has_papers=True,
        has_calendar=True,
        not_after=visit.starts_at,
    )


def moved(visit: VisitFacts, old: VisitFacts, other: VisitFacts | None = None) -> Draft:
    when = words.visit(visit.code, visit)
    return Draft(
        kind="moved",
        once="moved",
        subject=_("Jadwal baru %(code)s: %(day)s, %(hours)s") % when,
        opening=_("Kode janji temu Anda yang baru %(code)s, untuk %(day)s pukul %(hours)s.") % when,
        paragraphs=(
            _("Kode lama %(code)s untuk %(day)s tidak berlaku lagi bagi pemohon ini.")
            % words.visit(old.code, old),
            *_of_other(other, visit),
        ),
        has_papers=True,
        has_calendar=True,
        replaces=old,
        not_after=visit.starts_at,
    )


def cancelled(visit: VisitFacts, names: Sequence[str]) -> Draft:
    still = bool(visit.coming)
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
        subject=subject % words.visit(visit.code, visit),
        opening=opening % words.visit(visit.code, visit),
        paragraphs=(
            _("Yang dibatalkan: %s.") % ", ".join(names),
            _("Pemohon lainnya tetap terjadwal seperti di bawah ini.")
            if still
            else _("Anda dapat memesan kembali kapan saja."),
        ),
        has_visit=still,
        has_calendar=True,
    )


def alternative(visit: VisitFacts, old: VisitFacts, why: str, fate: str, *, is_part: bool) -> Draft:
    """Here and below ``is_part``: other hours of the day that was closed serve; ``fate``: what
    became of the family's other hour (beside.fate), "" where there is none.
    """
    when = words.visit(visit.code, visit)
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
            *((fate,) if fate else ()),
            _(
                "Jadwal pengganti ini sudah dipesan; Anda tidak perlu melakukan apa pun. Bila "
                "tidak cocok, Anda bebas memindahkan atau membatalkannya sampai jam itu dimulai."
            ),
            _("Kami mohon maaf atas perubahan ini."),
        ),
        has_papers=True,
        has_calendar=True,
        replaces=old,
        news_of=old.day,
        not_after=visit.starts_at,
    )


def _closed(visit: VisitFacts, *, is_part: bool) -> str:
    text = _("%(office)s menutup layanan pada %(day)s.")
    if is_part:
        text = _("%(office)s menutup layanan pada %(day)s, %(hours)s.")
    return text % words.visit(visit.code, visit)


def first_right(visit: VisitFacts, why: str, until: datetime, fate: str, *, is_part: bool) -> Draft:
    when = words.visit(visit.code, visit)
    subject = _("Kantor tutup pada %(day)s: janji temu %(code)s")
    lost = _("Janji temu Anda %(code)s tidak dapat dilayani pada hari itu.")
    if is_part:
        subject = _("Jam Anda ditutup pada %(day)s: janji temu %(code)s")
        lost = _("Janji temu Anda %(code)s tidak dapat dilayani pada jam itu.")
    last = formatting.day(until.astimezone(visit.office.zone).date())
    return Draft(
        kind="closed_with_first_right",
        once="closed",
        subject=subject % when,
        opening=_closed(visit, is_part=is_part) + _sentence(why),
        paragraphs=(
            lost % when,
            _(
                "Saat ini tidak ada jam pengganti yang kosong. Anda didahulukan: begitu kuota "
                "berikutnya disiapkan, kami memesankan tempat lebih dahulu untuk Anda, sebelum "
                "dibuka untuk umum. Hak ini berlaku sampai %s."
            )
            % last,
            *((fate,) if fate else ()),
            _("Kami mohon maaf atas perubahan ini."),
        ),
        has_visit=False,
        has_calendar=True,
        news_of=visit.day,
    )


def held_closed(visit: VisitFacts, why: str, fate: str, *, is_part: bool) -> Draft:
    when = words.visit(visit.code, visit)
    subject = _("Kantor tutup pada %(day)s: pesanan %(code)s berakhir")
    if is_part:
        subject = _("Jam itu ditutup pada %(day)s: pesanan %(code)s berakhir")
    return Draft(
        kind="closed_while_held",
        once="closed",
        subject=subject % when,
        opening=_closed(visit, is_part=is_part) + _sentence(why),
        paragraphs=(
            _("Pesanan %(code)s yang belum Anda selesaikan tidak dapat dilanjutkan.") % when,
            *((fate,) if fate else ()),
            _("Silakan pilih jam, hari, atau kantor lain. Kami mohon maaf atas perubahan ini."),
        ),
        has_visit=False,
    )


def served_first(visit: VisitFacts, fate: str) -> Draft:
    when = words.visit(visit.code, visit)
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
            *((fate,) if fate else ()),
            _("Bila tidak cocok, Anda bebas memindahkan atau membatalkannya."),
        ),
        has_papers=True,
        has_calendar=True,
        news_of=visit.day,
        not_after=visit.starts_at,
    )


def relocated(visit: VisitFacts, relocation: int, old_place: str) -> Draft:
    there = where.of_visit(visit)
    said = words.visit(visit.code, visit) | {
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
        news_of=visit.day,
        not_after=visit.starts_at,
    )


def corrected(visit: VisitFacts, place: Place, detail: Mapping[str, Any], at: datetime) -> Draft:
    """``detail`` as the log has it. Who stands at the counter need not be told to come early."""
    said = words.visit(visit.code, visit) | {"name": place.applicant.name}
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


def absent(visit: VisitFacts, places: Sequence[Place], at: datetime) -> Draft:
    """``places`` are recorded as a no-show, whether by an officer or by the end of the day."""
    said = words.visit(visit.code, visit) | {"names": _names(places)}
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


def absence_undone(visit: VisitFacts, places: Sequence[Place], at: datetime) -> Draft:
    said = words.visit(visit.code, visit) | {"names": _names(places)}
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


def reminder(visit: VisitFacts, answer_path: str, other: VisitFacts | None = None) -> Draft:
    """``answer_path`` leads to where one answers it without signing in."""
    when = words.visit(visit.code, visit)
    return Draft(
        kind="reminder",
        once=REMINDER,
        subject=_("Besok %(hours)s: janji temu paspor %(code)s") % when,
        opening=_("Besok, %(day)s pukul %(hours)s, kode %(code)s.") % when,
        paragraphs=(
            *_of_other(other, visit),
            _("Bila tidak jadi datang, lepas kursi Anda supaya dapat dipakai orang lain."),
        ),
        has_papers=True,
        link=(answer_path, _("Saya akan datang / lepas kursi saya")),
        not_after=visit.starts_at,
    )


def come_with() -> str:
    return f"{words.arrive_early()} {_('Yang perlu dibawa:')}"


def _of_other(other: VisitFacts | None, visit: VisitFacts) -> tuple[str, ...]:
    if other is None:
        return ()
    told = beside.other_hour_words(other, visit)
    return (f"{told.title}. {told.text}",)


def _sentence(why: str) -> str:
    """An officer's reason, or the calendar's, as one more sentence."""
    said = words.because(why)
    return f" {said}" if said else ""
