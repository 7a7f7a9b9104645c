"""Mails about what integrity did, written in the transaction that does it."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import Letter, render
from accounts.services import messages
from paspor.kernel.codes import grouped
from queueing.booking import tickets, words
from queueing.booking.models import Booking, Place


def nik_not_found(booking: Booking, place: Place, *, now: datetime) -> None:
    """``booking`` comes from a selector. Where no account holds it, nobody is written to."""
    account = booking.account
    if account is None:
        return
    with translation.override(account.language):
        when = _when(booking)
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
        _write(
            account,
            letter,
            booking,
            kind="nik_not_found",
            once=f"nik_not_found:{place.pk}",
            now=now,
        )


def _how_to_object() -> str:
    return _(
        "Anda keberatan? Datanglah ke loket kantor imigrasi mana pun dengan KTP asli. Setelah "
        "petugas melihatnya, Anda dapat memesan kembali."
    )


def _when(booking: Booking) -> dict[str, str]:
    return {
        "code": grouped(booking.code),
        "day": words.day(booking.slot.day),
        "hours": words.hours_of(booking.slot),
        "office": booking.slot.office.name,
    }


def _page(booking: Booking) -> str:
    return settings.SITE_URL + reverse("queueing:booking", args=[booking.code])


def _write(
    account: User, letter: Letter, booking: Booking, *, kind: str, once: str, now: datetime
) -> None:
    """In the account's language, with the calendar entry as it is now."""
    rendered = render(letter, language=account.language)
    entry = messages.Attachment("janji-temu.ics", tickets.ics(booking).encode(), "text/calendar")
    messages.enqueue(
        user=account,
        to=account.email,
        kind=kind,
        about=f"booking:{booking.code}",
        language=account.language,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        attachments=[entry],
        dedup_key=f"booking:{booking.code}:{once}",
        now=now,
    )
