"""What is said of a claim on a NIK, to its owner and at the counter."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import words
from queueing.booking.models import Place
from queueing.booking.selectors import BookingView
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.selectors import claims as selectors

State = IdentityClaim.State
TONES = {
    State.ASKED: ("info", "hourglass"),
    State.COUNTER: ("warning", "user"),
    State.ACCEPTED: ("success", "circle-check"),
    State.DECLINED: ("error", "circle-x"),
    State.OVER: ("", "check"),
}
NEXT = {
    State.ASKED: _(
        "Kami menanyakan isian Anda kepada Dukcapil. Kabarnya datang lewat e-mail. Tidak ingin "
        "menunggu? Tunjukkan KTP asli dan nomor klaim ini di loket kantor imigrasi mana pun."
    ),
    State.COUNTER: _(
        "Datanglah ke loket kantor imigrasi mana pun dengan KTP asli dan nomor klaim ini. Petugas "
        "memutuskannya saat itu juga."
    ),
    State.DECLINED: _(
        "Petugas tidak dapat memastikan bahwa NIK ini milik Anda. Bila Anda keberatan, datanglah "
        "ke kantor imigrasi dengan KTP asli dan mintalah kepala kantornya."
    ),
    State.OVER: _(
        "Klaim ini sudah selesai tanpa keputusan. Bila NIK-nya bebas, Anda dapat memesan seperti "
        "biasa."
    ),
}
BOOKED = (Place.State.BOOKED, Place.State.CHECKED_IN, Place.State.SERVED)


def next_step(claim: IdentityClaim, won: BookingView | None) -> str:
    """What its owner does now, or may look forward to."""
    return _of_won(won) if won else str(NEXT[State(claim.state)])


def _of_won(won: BookingView) -> str:
    proven = gettext("NIK ini terbukti milik Anda.")
    if won.held_until:
        return f"{proven} {held(won.held_until, won)}"
    if won.state in BOOKED:
        return gettext("NIK ini terbukti milik Anda, dan tempatnya sekarang atas nama Anda.")
    if won.state == Place.State.EXPIRED:
        lapsed = gettext(
            "Tempatnya tidak dipesan pada waktunya dan sudah dilepas. Anda dapat memesan seperti "
            "biasa."
        )
        return f"{proven} {lapsed}"
    if any(place.first_right_until for place in won.places):
        return f"{proven} {owed(won.office.name)}"
    return proven


def held(until: datetime, won: BookingView) -> str:
    """That the place is not booked yet, and until when it waits."""
    return gettext(
        "Tempat di %(office)s, %(day)s pukul %(hours)s, kami tahan untuk Anda: pesan sebelum "
        "%(until)s."
    ) % {
        "office": won.office.name,
        "day": formatting.day(won.day),
        "hours": words.between(won.starts_at, won.ends_at, won.office),
        "until": words.moment(until, won.office),
    }


def owed(office: str) -> str:
    return gettext(
        "Jam semula di %(office)s tidak dapat dipakai lagi, jadi Anda didahulukan: pembukaan "
        "kuota berikutnya di kantor itu memesankan tempat untuk Anda lebih dahulu."
    ) % {"office": office}


def open_until(until: datetime) -> str:
    """Until when a claim waits to be decided, by headquarters' clock: any counter may do it."""
    return gettext(
        "Klaim ini terbuka sampai %(until)s. Bila sampai saat itu belum diputuskan, klaim "
        "berakhir, dan Anda dapat mengajukannya lagi."
    ) % {"until": words.moment(until, None)}


def status(claim: IdentityClaim) -> dict[str, str]:
    tone, icon = TONES[State(claim.state)]
    label = str(claim.get_state_display())
    return {"tone": tone, "icon": icon, "label": label[:1].upper() + label[1:]}


def row(claim: IdentityClaim, now: datetime) -> dict[str, Any]:
    """An open claim in a list of its owner's."""
    until = selectors.open_until(claim, now=now)
    return {
        "code": claim.code,
        "title": gettext("Klaim NIK %(claim)s") % {"claim": grouped(claim.code)},
        "text": claim.applicant.name,
        "note": gettext("terbuka sampai %(until)s") % {"until": words.moment(until, None)}
        if until
        else "",
        "status": status(claim),
    }
