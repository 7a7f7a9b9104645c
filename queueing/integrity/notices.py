"""Mails about what integrity did, written in the transaction that does it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import Letter
from accounts.services import messages
from paspor.kernel.codes import grouped
from queueing.booking import selectors as bookings
from queueing.booking import tickets, words
from queueing.booking.models import Place
from queueing.booking.reads import BookingRead
from queueing.integrity import claim_words
from queueing.integrity.models.claims import IdentityClaim


def nik_not_found(booking: BookingRead, place: Place, *, now: datetime) -> None:
    """Where no account holds it, nobody is written to."""
    account = booking.booking.account
    if account is None:
        return
    with translation.override(account.language):
        when = words.visit(booking.code, booking.slot)
        letter = Letter(
            subject=_("NIK tidak ditemukan: satu tempat pada %(code)s digugurkan") % when,
            lead=_("Kode %(code)s, %(day)s pukul %(hours)s: tempat untuk %(name)s digugurkan.")
            % (when | {"name": place.applicant.name}),
            paragraphs=(
                _(
                    "Dukcapil tidak menemukan NIK yang berakhiran %(last4)s. Pemohon lain pada "
                    "janji temu yang sama tidak terpengaruh."
                )
                % {"last4": place.applicant.nik_last4},
                _(
                    "Periksa NIK itu di KTP atau kartu keluarga. Bila ada yang salah ketik, "
                    "perbaiki datanya, lalu pesan kembali."
                ),
                _("Bila NIK sudah benar, hubungi Disdukcapil di kabupaten atau kota Anda."),
                _how_to_object(),
            ),
            link=_page(booking),
            link_label=_("Lihat keterangan janji temu ini"),
        )
        _write_of(booking, letter, kind="nik_not_found", place=place, now=now)


def claim_opened(claim: IdentityClaim, *, until: datetime, now: datetime) -> None:
    """The number that the counter asks for, on paper too; ``until``: when it ends by itself."""
    with translation.override(claim.account.language):
        number = {"claim": grouped(claim.code)}
        letter = Letter(
            subject=_("Klaim NIK %(claim)s: simpan nomor ini") % number,
            lead=_("Nomor klaim Anda %(claim)s, atas NIK %(name)s yang berakhiran %(last4)s.")
            % (number | {"name": claim.applicant.name, "last4": claim.applicant.nik_last4}),
            paragraphs=(claim_words.next_step(claim, None), claim_words.open_until(until)),
            link=_claim_page(claim),
            link_label=_("Lihat klaim ini"),
        )
        about = f"claim:{claim.code}"
        _write(claim.account, letter, kind="claim_opened", about=about, once="", now=now)


def claim_accepted(claim: IdentityClaim, *, now: datetime) -> None:
    """The claimant's place: held for a day, or the first of the next opening."""
    booking = bookings.booking_by_id(claim.booking_id)
    won = bookings.view(booking, now=now)
    account = claim.account
    with translation.override(account.language):
        until = won.held_until
        letter = Letter(
            subject=_("Klaim NIK %(claim)s diterima") % {"claim": grouped(claim.code)},
            lead=claim_words.held(until, won) if until else claim_words.owed(won.office.name),
            paragraphs=(_("Tempat yang memakai NIK ini tanpa hak sudah digugurkan."),),
            link=_page(booking),
            link_label=_("Periksa dan pesan") if until else _("Buka tempat Anda"),
        )
        about = f"booking:{booking.code}"
        _write(account, letter, kind="claim_accepted", about=about, once=claim.code, now=now)


def claim_needs_counter(claim: IdentityClaim, *, now: datetime) -> None:
    """Which of the answers did not match is not told."""
    with translation.override(claim.account.language):
        letter = Letter(
            subject=_("Klaim NIK %(claim)s: tunjukkan KTP di loket")
            % {"claim": grouped(claim.code)},
            lead=_("Nomor klaim Anda %(claim)s.") % {"claim": grouped(claim.code)},
            paragraphs=(
                _("Klaim Anda belum dapat diputuskan dari data saja."),
                _(
                    "Datanglah ke loket kantor imigrasi mana pun dengan KTP asli dan nomor klaim "
                    "ini. Petugas memutuskannya saat itu juga."
                ),
            ),
            link=_claim_page(claim),
            link_label=_("Lihat klaim ini"),
        )
        about = f"claim:{claim.code}"
        _write(claim.account, letter, kind="claim_counter", about=about, once="", now=now)


def claim_over(claim: IdentityClaim, *, now: datetime) -> None:
    """The other place is gone already."""
    with translation.override(claim.account.language):
        letter = Letter(
            subject=_("NIK pada klaim %(claim)s sudah bebas") % {"claim": grouped(claim.code)},
            lead=_("NIK ini tidak lagi dipakai orang lain. Anda dapat memesan seperti biasa."),
            link=settings.SITE_URL + reverse("home"),
            link_label=_("Pesan janji temu"),
        )
        about = f"claim:{claim.code}"
        _write(claim.account, letter, kind="claim_over", about=about, once="over", now=now)


def claim_ran_out(claim: IdentityClaim, *, now: datetime) -> None:
    """Nobody decided it in time; whoever waits for it is not left waiting."""
    with translation.override(claim.account.language):
        letter = Letter(
            subject=_("Klaim NIK %(claim)s sudah berakhir") % {"claim": grouped(claim.code)},
            lead=_("Klaim Anda %(claim)s berakhir, karena belum diputuskan sampai waktunya habis.")
            % {"claim": grouped(claim.code)},
            paragraphs=(
                _(
                    "Bila NIK-nya masih dipakai orang lain, ajukan lagi, dan tunjukkan KTP asli "
                    "di loket kantor imigrasi mana pun. Bila sudah bebas, Anda dapat memesan "
                    "seperti biasa."
                ),
            ),
            link=settings.SITE_URL + reverse("integrity:claim-start", args=[claim.applicant.code]),
            link_label=_("Ajukan klaim"),
        )
        about = f"claim:{claim.code}"
        _write(claim.account, letter, kind="claim_ran_out", about=about, once="", now=now)


def place_claimed(place: Place, *, now: datetime) -> None:
    """To the other side, without a word of who claimed. Paper tickets have no mailbox."""
    booking = bookings.booking_by_id(place.booking_id)
    account = booking.booking.account
    if account is None:
        return
    with translation.override(account.language):
        when = words.visit(booking.code, booking.slot)
        letter = Letter(
            subject=_("Satu tempat pada %(code)s digugurkan: NIK diakui pemiliknya") % when,
            lead=_("Kode %(code)s, %(day)s pukul %(hours)s: tempat untuk %(name)s digugurkan.")
            % (when | {"name": place.applicant.name}),
            paragraphs=(
                _(
                    "Seseorang membuktikan bahwa NIK itu miliknya. Pemohon lain pada janji temu "
                    "yang sama tidak terpengaruh."
                ),
                _how_to_object(),
            ),
            link=_page(booking),
            link_label=_("Lihat keterangan janji temu ini"),
        )
        _write_of(booking, letter, kind="place_claimed", place=place, now=now)


def _how_to_object() -> str:
    return _(
        "Anda keberatan? Sampaikan di %(page)s, atau datanglah ke loket kantor imigrasi mana pun "
        "dengan KTP asli. Setelah petugas melihatnya, Anda dapat memesan kembali."
    ) % {"page": settings.SITE_URL + reverse("integrity:appeal")}


def _claim_page(claim: IdentityClaim) -> str:
    return settings.SITE_URL + reverse("integrity:claim", args=[claim.code])


def _page(booking: BookingRead) -> str:
    return settings.SITE_URL + reverse("queueing:booking", args=[booking.code])


def _write_of(
    booking: BookingRead, letter: Letter, *, kind: str, place: Place, now: datetime
) -> None:
    """To the owner of a place that is gone, with the calendar entry as it is now."""
    content = tickets.ics(bookings.visit_facts(booking)).encode()
    entry = messages.Attachment("janji-temu.ics", content, "text/calendar")
    _write(
        booking.booking.account,
        letter,
        kind=kind,
        about=f"booking:{booking.code}",
        once=str(place.pk),
        attachments=[entry],
        now=now,
    )


def _write(
    account: User, letter: Letter, *, kind: str, about: str, once: str, now: datetime, **more: Any
) -> None:
    """Call it in the account's language."""
    messages.enqueue_letter(
        letter,
        user=account,
        to=account.email,
        kind=kind,
        about=about,
        language=account.language,
        dedup_key=f"{about}:{kind}:{once}",
        now=now,
        **more,
    )
