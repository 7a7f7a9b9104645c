"""Mails about cases: what happened, what is kept, and how to object. One purpose each."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import Letter, page
from accounts.services import messages
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import selectors as bookings
from queueing.booking import tickets
from queueing.booking import words as booking_words
from queueing.booking.models import Place
from queueing.booking.reads import BookingRead
from queueing.integrity import case_words
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import BulkAct, Restriction

JAKARTA = ZoneInfo("Asia/Jakarta")
ONE_DAY = timedelta(days=1)


def restricted(restriction: Restriction, *, now: datetime) -> None:
    account = restriction.account
    with translation.override(account.language):
        is_suspended = restriction.kind == Restriction.Kind.SUSPENDED
        letter = Letter(
            subject=_("Akun Anda ditangguhkan") if is_suspended else _("Akun Anda dibatasi"),
            lead=case_words.restriction(restriction.kind),
            paragraphs=tuple(
                filter(
                    None,
                    (
                        case_words.reason_words(restriction.reason),
                        _until(restriction.until),
                        _("Janji temu yang sudah ada tetap berlaku dan dapat Anda batalkan."),
                        _how_to_object(),
                    ),
                )
            ),
            link=page("integrity:appeal"),
            link_label=_("Lihat keterangan dan ajukan keberatan"),
        )
        _write(account, letter, "restricted", f"restriction:{restriction.code}", "set", now)


def lifted(restriction: Restriction, *, now: datetime) -> None:
    account = restriction.account
    with translation.override(account.language):
        is_suspended = restriction.kind == Restriction.Kind.SUSPENDED
        letter = Letter(
            subject=_("Penangguhan akun Anda dicabut")
            if is_suspended
            else _("Pembatasan akun Anda dicabut"),
            lead=_("Anda dapat memesan janji temu seperti biasa lagi."),
            link=page("queueing:office-list"),
            link_label=_("Pilih kantor"),
        )
        _write(account, letter, "lifted", f"restriction:{restriction.code}", "lifted", now)


def voided(
    booking: BookingRead, place_ids: Collection[int], *, act: BulkAct, now: datetime
) -> None:
    """A visit from a counter has nobody to write to."""
    account = booking.booking.account
    if account is None:
        return
    with translation.override(account.language):
        when = booking_words.visit(booking.code, booking.slot)
        places = booking.places
        names = ", ".join(place.applicant.name for place in places if place.pk in place_ids)
        still = [place for place in places if place.state in Place.LIVE]
        letter = Letter(
            subject=_("Janji temu %(code)s: tempat digugurkan") % when,
            lead=_("Kode %(code)s, %(day)s pukul %(hours)s di %(office)s: tempat digugurkan.")
            % when,
            paragraphs=(
                _("Yang digugurkan: %s.") % names,
                case_words.reason_words(act.reason),
                _("Pemohon lainnya pada kode ini tetap terjadwal.")
                if still
                else _("Tempat lain milik akun Anda tidak terpengaruh oleh pesan ini."),
                _how_to_object(),
            ),
            link=page("integrity:appeal"),
            link_label=_("Lihat keterangan dan ajukan keberatan"),
        )
        once = f"voided:{act.code}"
        _write(account, letter, "voided", f"booking:{booking.code}", once, now, visits=[booking])


def appeal_received(appeal: Appeal, *, now: datetime) -> None:
    account = appeal.account
    with translation.override(account.language):
        letter = Letter(
            subject=_("Keberatan %(code)s kami terima") % {"code": grouped(appeal.code)},
            lead=_("Keberatan %(code)s dijawab paling lambat %(day)s.")
            % {"code": grouped(appeal.code), "day": last_day(appeal)},
            paragraphs=(
                _("Petugas lain, bukan yang mengambil tindakan itu, akan membacanya."),
                _("Selama itu tindakan tersebut tetap berlaku."),
            ),
            link=page("integrity:appeal"),
            link_label=_("Lihat status keberatan"),
        )
        _write(account, letter, "appeal_received", f"appeal:{appeal.code}", "received", now)


def appeal_rejected(appeal: Appeal, *, now: datetime) -> None:
    account = appeal.account
    with translation.override(account.language):
        letter = Letter(
            subject=_("Keberatan %(code)s: jawaban") % {"code": grouped(appeal.code)},
            lead=_("Keberatan %(code)s tidak dikabulkan.") % {"code": grouped(appeal.code)},
            paragraphs=(
                appeal.answer,
                _("Bila ada keterangan baru, Anda dapat menyampaikannya lagi."),
            ),
            link=page("integrity:appeal"),
            link_label=_("Lihat keterangan"),
        )
        _write(account, letter, "appeal_rejected", f"appeal:{appeal.code}", "answer", now)


def appeal_upheld(
    appeal: Appeal, *, visits: Sequence[BookingRead], waits_until: datetime | None, now: datetime
) -> None:
    """``visits`` are those that stand again or anew; ``waits_until`` is of a first right."""
    account = appeal.account
    with translation.override(account.language):
        letter = Letter(
            subject=_("Keberatan %(code)s dikabulkan") % {"code": grouped(appeal.code)},
            lead=_("Keberatan %(code)s dikabulkan. Kami mohon maaf.")
            % {"code": grouped(appeal.code)},
            paragraphs=tuple(
                filter(None, (appeal.answer, *map(_restored, visits), _waits(waits_until)))
            ),
            link=page("queueing:booking-list"),
            link_label=_("Lihat janji temu saya"),
        )
        about = f"appeal:{appeal.code}"
        _write(account, letter, "appeal_upheld", about, "answer", now, visits=visits)


def last_day(appeal: Appeal) -> str:
    """The last working day on which an answer is in time."""
    return formatting.day(appeal.due_at.astimezone(JAKARTA).date() - ONE_DAY)


def _how_to_object() -> str:
    return _(
        "Anda keberatan? Sampaikan di halaman Keberatan dengan akun ini; petugas lain yang "
        "menjawabnya, dan bila Anda benar, tempat Anda dipulihkan atau diganti."
    )


def _until(until: datetime | None) -> str:
    if until is None:
        return ""
    return _("Berlaku sampai %s.") % formatting.day(until.astimezone(JAKARTA).date())


def _restored(booking: BookingRead) -> str:
    return _("Kode %(code)s berlaku: %(day)s pukul %(hours)s di %(office)s.") % booking_words.visit(
        booking.code, booking.slot
    )


def _waits(until: datetime | None) -> str:
    if until is None:
        return ""
    return _(
        "Saat ini tidak ada jam yang kosong. Anda didahulukan: begitu kuota berikutnya "
        "disiapkan, kami memesankan tempat untuk Anda. Hak ini berlaku sampai %s."
    ) % formatting.day(until.astimezone(JAKARTA).date())


def _write(  # noqa: PLR0913  # a message has that many parts
    account: User,
    letter: Letter,
    kind: str,
    about: str,
    once: str,
    now: datetime,
    *,
    visits: Sequence[BookingRead] = (),
) -> None:
    """Into the outbox, with the calendar entries of the visits as they are now."""
    if account.erased_at is not None:
        return
    messages.enqueue_letter(
        letter,
        user=account,
        to=account.email,
        kind=kind,
        about=about,
        language=account.language,
        attachments=[
            messages.Attachment(
                f"janji-temu-{visit.code}.ics", tickets.ics(visit).encode(), "text/calendar"
            )
            for visit in map(bookings.visit_facts, visits)
        ],
        dedup_key=f"{about}:{once}",
        now=now,
    )
