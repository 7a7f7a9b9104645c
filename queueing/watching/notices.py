"""The one letter of a watch: there is room, and nobody holds it for the reader."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.notices import Letter, page
from accounts.services import messages
from offices.models import Office
from paspor.kernel import formatting
from queueing.quota.nearest import FirstRoom
from queueing.watching import links
from queueing.watching.models import Watch

KIND = "seats_came"
# A letter that a mail server has kept longer than this tells of what is long gone.
OF_USE = timedelta(hours=6)


def seats_came(
    watch: Watch,
    office: Office,
    room: FirstRoom,
    *,
    goes_at: datetime,
    closes_at: datetime,
    now: datetime,
) -> None:
    """``office`` is the one that has room, to be booked until ``closes_at``. Wants the
    account and the watch's office loaded."""
    account = watch.account
    with translation.override(account.language):
        letter = _letter(watch, office, room, now)
    messages.enqueue_letter(
        letter,
        user=account,
        to=account.email,
        kind=KIND,
        about=f"watch:{watch.code}",
        language=account.language,
        dedup_key=f"watch:{watch.code}",
        not_before=goes_at,
        not_after=min(closes_at, goes_at + OF_USE),
        now=now,
    )


def _letter(watch: Watch, office: Office, room: FirstRoom, now: datetime) -> Letter:
    local = now.astimezone(office.zone)
    said = {
        "n": watch.people,
        "day": formatting.day(room.day),
        "office": office.name,
        "clock": f"{formatting.clock(local)} {office.zone_name}",
    }
    lead = ngettext(
        "Ada tempat untuk %(n)s orang pada %(day)s di %(office)s, dilihat pukul %(clock)s.",
        "Ada tempat untuk %(n)s orang bersama pada %(day)s di %(office)s, dilihat pukul %(clock)s.",
        watch.people,
    )
    return Letter(
        subject=_("Ada tempat pada %(day)s di %(office)s") % said,
        lead=lead % said,
        paragraphs=(
            *_of_pair(room),
            _(
                "Pesan ini tidak menahan tempat. Semua orang melihat tempat yang sama, dan siapa "
                "pun dapat memesannya lebih dahulu. Peminat dikabari dalam urutan undian."
            ),
            _(
                "Permintaan Anda selesai dengan pesan ini. Bila tempatnya sudah habis, halaman "
                "itu mengatakannya, dan di sana Anda dapat minta lagi dengan sekali tekan."
            ),
        ),
        facts=((_("Jenis paspor"), watch.get_passport_type_display()),),
        link=f"{settings.SITE_URL}{links.hours(watch, office, room.day)}",
        link_label=_("Lihat jamnya"),
        foot_link=page("watching:stop-all", links.token_of(watch.account_id)),
        foot_label=_("Hentikan semua permintaan kabar saya"),
    )


def _of_pair(room: FirstRoom) -> tuple[str, ...]:
    if room.beside is None:
        return ()
    told = _(
        "Tempat itu ada dalam dua jam berurutan: sebagian dari Anda datang pada jam pertama, "
        "yang lain pada jam sesudahnya. Keduanya dipesan sekaligus."
    )
    return (told,)
