"""Mails about bookings, written into the outbox in the transaction that causes them.

One purpose each; the first line holds the code or the date. A booking without an account
was made at a counter: its people have a paper ticket, and nobody is written to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Message, User
from accounts.notices import Attachment, Letter
from accounts.services import messages
from offices.models import Office
from paspor.kernel.codes import grouped
from paspor.kernel.prepared import Addition
from queueing.booking import (
    documents,
    frozen,
    policies,
    reminder_links,
    rules,
    tickets,
    where,
    words,
)
from queueing.booking.errands import Errand
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


def booking_letters(booking: Booking, *, now: datetime) -> list[Addition]:
    """What people are waiting for is written down as facts, and laid out by whoever sends or
    shows it: while it is written others wait for their seats.
    """
    return _as_facts(booking, _booked, {}, now=now)


def moved(booking: Booking, *, old: Booking, now: datetime) -> None:
    """``booking`` is the new one; ``old`` knows who is left in it."""
    _withdraw_reminder(old, now=now)
    left = {"old": frozen.facts(old)}
    for letter in _as_facts(booking, lambda new: _moved(new, old), left, now=now):
        letter.write()


def cancelled(booking: Booking, places: Sequence[Place], *, now: datetime) -> None:
    """``booking`` is as it is without these places of it."""
    _withdraw_reminder(booking, now=now)
    who = [place.applicant.name for place in places]
    once = f"cancelled:{min(place.pk for place in places)}"
    gone = {"gone": who}
    for letter in _as_facts(booking, lambda it: _cancelled(it, who), gone, once=once, now=now):
        letter.write()


def _as_facts(
    booking: Booking,
    compose: Callable[[Booking], Draft],
    more: dict[str, Any],
    *,
    once: str = "",
    now: datetime,
) -> list[Addition]:
    """``more`` is what the letter says beside the booking. In its owner's language."""
    account = booking.account
    if account is None:
        return []
    with translation.override(account.language):
        draft = compose(booking)
    message = messages.composed(
        user=account,
        to=account.email,
        kind=draft.kind,
        about=f"booking:{booking.code}",
        language=account.language,
        subject=draft.subject,
        facts=frozen.facts(booking) | more,
        dedup_key=_key(booking.code, once or draft.once),
        not_after=draft.not_after,
        now=now,
    )
    return [messages.posting(message, now=now)]


def booked_letter(facts: dict[str, Any]) -> tuple[Letter, list[Attachment]]:
    """What ``booking_letters`` wrote down, as the two below of theirs (settings.LETTER_WRITERS)."""
    booking = frozen.thawed(facts)
    return _laid_out(booking, _booked(booking))


def moved_letter(facts: dict[str, Any]) -> tuple[Letter, list[Attachment]]:
    booking = frozen.thawed(facts)
    return _laid_out(booking, _moved(booking, frozen.thawed(facts["old"])))


def cancelled_letter(facts: dict[str, Any]) -> tuple[Letter, list[Attachment]]:
    booking = frozen.thawed(facts)
    return _laid_out(booking, _cancelled(booking, facts["gone"]))


def closed_with_alternative(booking: Booking, *, old: Booking, why: str, now: datetime) -> None:
    """``booking`` is the alternative, already booked."""
    _withdraw_reminder(old, now=now)
    _write(booking, lambda new: _alternative(new, old, why), now=now)


def closed_while_held(booking: Booking, *, why: str, now: datetime) -> None:
    """To who was still looking a held visit over."""
    _write(booking, lambda visit: _held_closed(visit, why), now=now)


def closed_with_first_right(booking: Booking, *, why: str, until: datetime, now: datetime) -> None:
    _withdraw_reminder(booking, now=now)
    _write(booking, lambda visit: _first_right(visit, why, until), now=now)


def relocated(booking: Booking, *, relocation: int, old_place: str, now: datetime) -> None:
    """Its day is held elsewhere than its people were told; ``old_place`` "" is the office."""
    _write(booking, lambda visit: _relocated(visit, relocation, old_place), now=now)


def first_right_served(booking: Booking, *, now: datetime) -> None:
    _write(booking, _served_first, now=now)


def hold_code(account: User, code: str, *, once: str, until: datetime, now: datetime) -> None:
    """``once`` tells this code from another without saying it."""
    with translation.override(account.language):
        letter = Letter(
            subject=_("Kode untuk menahan tempat"),
            code=grouped(code),
            lead=_("Ketik kode ini di halaman pemesanan Paspor yang masih terbuka."),
            paragraphs=(
                _("Petugas tidak pernah menanyakan kode ini. Jangan berikan kepada siapa pun."),
                _("Jika bukan Anda yang meminta, abaikan pesan ini. Tidak ada yang berubah."),
            ),
        )
    messages.enqueue_letter(
        letter,
        user=account,
        to=account.email,
        kind="hold_code",
        language=account.language,
        dedup_key=f"hold_code:{once}",
        not_after=until,
        urgent=True,
        now=now,
    )


def reminder(booking: Booking, *, now: datetime) -> None:
    _write(booking, _reminder, now=now)


def _withdraw_reminder(booking: Booking, *, now: datetime) -> None:
    """One that still waits for a mail server must not call anybody to a visit that is off."""
    if not _comes_anybody(booking):
        messages.withdraw(dedup_key=_key(booking.code, REMINDER), now=now)


def _comes_anybody(booking: Booking) -> bool:
    return any(place.is_live for place in booking.places.all())


def reminded() -> Exists:
    """Whether the booking of a query has had its reminder written."""
    before, after = _key("|", REMINDER).split("|")
    return Exists(
        Message.objects.filter(dedup_key=Concat(Value(before), OuterRef("code"), Value(after)))
    )


def _key(code: str, once: str) -> str:
    return f"booking:{code}:{once}"


# --- The words -------------------------------------------------------------------------


def _when(booking: Booking) -> dict[str, str]:
    return {
        "code": grouped(booking.code),
        "day": words.day(booking.slot.day),
        "hours": words.hours_of(booking.slot),
        "office": booking.slot.office.name,
    }


def _booked(booking: Booking) -> Draft:
    when = _when(booking)
    return Draft(
        kind=BOOKED,
        once=BOOKED,
        subject=_("Janji temu paspor %(code)s: %(day)s, %(hours)s") % when,
        opening=_("Kode janji temu Anda %(code)s, untuk %(day)s pukul %(hours)s.") % when,
        has_papers=True,
        has_calendar=True,
        not_after=booking.slot.starts_at,
    )


def _moved(booking: Booking, old: Booking) -> Draft:
    when = _when(booking)
    return Draft(
        kind="moved",
        once="moved",
        subject=_("Jadwal baru %(code)s: %(day)s, %(hours)s") % when,
        opening=_("Kode janji temu Anda yang baru %(code)s, untuk %(day)s pukul %(hours)s.") % when,
        paragraphs=(
            _("Kode lama %(code)s untuk %(day)s tidak berlaku lagi bagi pemohon ini.") % _when(old),
        ),
        has_papers=True,
        has_calendar=True,
        replaces=old,
        not_after=booking.slot.starts_at,
    )


def _cancelled(booking: Booking, names: Sequence[str]) -> Draft:
    still = _comes_anybody(booking)
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
        subject=subject % _when(booking),
        opening=opening % _when(booking),
        paragraphs=(
            _("Yang dibatalkan: %s.") % ", ".join(names),
            _("Pemohon lainnya tetap terjadwal seperti di bawah ini.")
            if still
            else _("Anda dapat memesan kembali kapan saja."),
        ),
        has_visit=still,
        has_calendar=True,
    )


def _alternative(booking: Booking, old: Booking, why: str) -> Draft:
    when = _when(booking)
    return Draft(
        kind="closed_with_alternative",
        once="closed",
        subject=_("Kantor tutup: jadwal Anda menjadi %(day)s, %(hours)s") % when,
        opening=_("Kode baru Anda %(code)s, untuk %(day)s pukul %(hours)s.") % when,
        paragraphs=(
            _("%(office)s menutup layanan pada %(day)s.") % _when(old) + _sentence(why),
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


def _first_right(booking: Booking, why: str, until: datetime) -> Draft:
    when = _when(booking)
    last = words.day(until.astimezone(booking.slot.office.zone).date())
    return Draft(
        kind="closed_with_first_right",
        once="closed",
        subject=_("Kantor tutup pada %(day)s: janji temu %(code)s") % when,
        opening=_("%(office)s menutup layanan pada %(day)s.") % when + _sentence(why),
        paragraphs=(
            _("Janji temu Anda %(code)s tidak dapat dilayani pada hari itu.") % when,
            _(
                "Saat ini tidak ada jam pengganti yang kosong. Anda didahulukan: begitu kuota "
                "berikutnya disiapkan, kami memesankan tempat lebih dahulu untuk Anda, sebelum "
                "dibuka untuk umum. Hak ini berlaku sampai %s."
            )
            % last,
            _("Kami mohon maaf atas perubahan ini."),
        ),
        has_visit=False,
        has_calendar=True,
        news_of=booking.slot.day,
    )


def _held_closed(booking: Booking, why: str) -> Draft:
    when = _when(booking)
    return Draft(
        kind="closed_while_held",
        once="closed",
        subject=_("Kantor tutup pada %(day)s: pesanan %(code)s berakhir") % when,
        opening=_("%(office)s menutup layanan pada %(day)s.") % when + _sentence(why),
        paragraphs=(
            _("Pesanan %(code)s yang belum Anda selesaikan tidak dapat dilanjutkan.") % when,
            _("Silakan pilih hari atau kantor lain. Kami mohon maaf atas perubahan ini."),
        ),
        has_visit=False,
    )


def _served_first(booking: Booking) -> Draft:
    when = _when(booking)
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
            _("Bila tidak cocok, Anda bebas memindahkan atau membatalkannya."),
        ),
        has_papers=True,
        has_calendar=True,
        news_of=booking.slot.day,
        not_after=booking.slot.starts_at,
    )


def _relocated(booking: Booking, relocation: int, old_place: str) -> Draft:
    there = where.of(booking)
    said = _when(booking) | {
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


def _reminder(booking: Booking) -> Draft:
    when = _when(booking)
    return Draft(
        kind="reminder",
        once=REMINDER,
        subject=_("Besok %(hours)s: janji temu paspor %(code)s") % when,
        opening=_("Besok, %(day)s pukul %(hours)s, kode %(code)s.") % when,
        paragraphs=(
            _("Bila tidak jadi datang, lepas kursi Anda supaya dapat dipakai orang lain."),
        ),
        has_papers=True,
        link=(
            reverse("queueing:answer", args=[reminder_links.token_of(booking.pk)]),
            _("Saya akan datang / lepas kursi saya"),
        ),
        not_after=booking.slot.starts_at,
    )


def _come_with() -> str:
    return f"{words.arrive_early()} {_('Yang perlu dibawa:')}"


def _sentence(why: str) -> str:
    """An officer's reason, as one more sentence."""
    return f" {_('Alasannya: %s') % why.strip().rstrip('.')}." if why.strip() else ""


# --- Rendering -------------------------------------------------------------------------


def _write(booking: Booking, compose: Callable[[Booking], Draft], *, now: datetime) -> None:
    """``booking`` comes from a selector, with its places. In its owner's language."""
    account = booking.account
    if account is None:
        return
    with translation.override(account.language):
        draft = compose(booking)
        letter, calendar = _laid_out(booking, draft)
    messages.enqueue_letter(
        letter,
        user=account,
        to=account.email,
        kind=draft.kind,
        about=f"booking:{booking.code}",
        language=account.language,
        attachments=calendar,
        dedup_key=_key(booking.code, draft.once),
        not_before=_goes_at(draft, booking.slot.office, now),
        not_after=draft.not_after,
        now=now,
    )


def _laid_out(booking: Booking, draft: Draft) -> tuple[Letter, list[Attachment]]:
    path, label = draft.link or _usual_link(booking, draft)
    letter = Letter(
        subject=draft.subject,
        lead=draft.opening,
        paragraphs=draft.paragraphs + (_come_with(),) * draft.has_papers,
        facts=tuple(_facts(booking)) if draft.has_visit else (),
        lists=tuple(_papers(booking)) if draft.has_papers else (),
        link=settings.SITE_URL + path,
        link_label=label,
    )
    return letter, _calendar(booking, draft.replaces) if draft.has_calendar else []


def _usual_link(booking: Booking, draft: Draft) -> tuple[str, str]:
    label = _("Lihat keterangan janji temu ini")
    if draft.has_visit:
        label = _("Lihat, pindahkan, atau batalkan janji temu")
    return reverse("queueing:booking", args=[booking.code]), label


def _goes_at(draft: Draft, office: Office, now: datetime) -> datetime:
    if draft.news_of is None or rules.is_pressing(day=draft.news_of, today=office.today(now)):
        return now
    return rules.awake(
        now,
        office.zone,
        quiet_from=policies.QUIET_FROM_HOUR.at(now=now),
        quiet_to=policies.QUIET_TO_HOUR.at(now=now),
    )


def _calendar(booking: Booking, replaced: Booking | None) -> list[Attachment]:
    """The entry of this visit, and the one that takes a replaced visit's away."""
    files = {"janji-temu.ics": booking}
    if replaced is not None and not _comes_anybody(replaced):
        files["janji-lama.ics"] = replaced
    return [
        Attachment(name, tickets.ics(visit).encode(), "text/calendar")
        for name, visit in files.items()
    ]


def _papers(booking: Booking) -> list[tuple[str, tuple[str, ...]]]:
    """What to bring: one list, or several with the names of those whom each is for."""
    lists = documents.lists(
        (
            (place.applicant.name, Errand.of(place), place.applicant.birth_date)
            for place in booking.places.all()
            if place.state in Place.LIVE
        ),
        day=booking.slot.day,
    )
    return [
        (", ".join(names) if len(lists) > 1 else "", tuple(_(item) for item in items))
        for names, items in lists
    ]


def _facts(booking: Booking) -> list[tuple[str, str]]:
    office = booking.slot.office
    names = [place.applicant.name for place in booking.places.all() if place.state in Place.LIVE]
    there = where.of(booking)
    facts = [
        (_("Kode"), grouped(booking.code)),
        (_("Hari"), words.day(booking.slot.day)),
        (_("Jam"), words.hours_of(booking.slot)),
        (_("Kantor"), office.name),
        (_("Tempat") if there.place else _("Alamat"), there.address),
        (_("Peta"), there.map_url),
        (_("Keterangan"), there.note),
        (_("Pemohon"), ", ".join(names)),
    ]
    return [(label, value) for label, value in facts if value]
