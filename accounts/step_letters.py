"""The letters about a second step that is said to be lost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import LostStep
from accounts.notices import Letter, page
from paspor.kernel import formatting

CODE = "lost_step_code"
ASKED = "lost_step_asked"
SOON = "lost_step_soon"
KEPT = "lost_step_kept"
OFF = "lost_step_off"


@dataclass(frozen=True, repr=False)
class Said:
    """What these letters tell. ``token`` is of the link that stops it."""

    at: datetime
    due_at: datetime | None = None
    token: str = ""
    code: str = ""
    code_minutes: int = 0
    end: str = ""


def _code(said: Said) -> Letter:
    return Letter(
        subject=_("Kode untuk melepas langkah kedua"),
        code=said.code,
        lead=_("Ketik kode ini di halaman Paspor yang memintanya."),
        paragraphs=(
            _("Kode berlaku %(minutes)s menit sejak diminta dan hanya sekali pakai.")
            % {"minutes": said.code_minutes},
            _("Petugas tidak pernah menanyakan kode ini. Jangan berikan kepada siapa pun."),
            _(
                "Yang memintanya mengetik kata sandi akun Anda. Jika bukan Anda, jangan pakai kode "
                "ini, dan segera ganti kata sandi Anda."
            ),
        ),
        foot_link=page("account_reset_password"),
        foot_label=_("Ganti kata sandi"),
    )


def _with_stop(said: Said, *, subject: str, lead: str, then: str) -> Letter:
    """News of a removal that is still to come, and the link that stops it."""
    return Letter(
        subject=subject,
        lead=lead,
        facts=((_("Dilepas mulai"), _moment(said.due_at or said.at)),),
        paragraphs=(
            _(
                "Bukan Anda yang meminta? Hentikan dengan tautan di bawah ini, lalu ganti kata "
                "sandi akun dan kata sandi e-mail Anda: yang memintanya mengetahui keduanya."
            ),
            _(
                "Menemukan kembali ponsel, kunci, atau kode cadangan? Masuklah dengan itu: "
                "permintaan ini berhenti dengan sendirinya."
            ),
            then,
        ),
        link=page("accounts:step-keep-link", said.token),
        link_label=_("Hentikan, langkah kedua tetap"),
    )


def _request_letter(said: Said) -> Letter:
    return _with_stop(
        said,
        subject=_("Langkah kedua akun Paspor Anda diminta untuk dilepas"),
        lead=_(
            "Seseorang dengan kata sandi Anda dan kode ke alamat ini menyatakan ponsel, kunci, dan "
            "kode cadangan akun Anda hilang."
        ),
        then=_(
            "Jika itu Anda, tunggulah. Kami menyurati lagi sehari sebelumnya. Membuat kata sandi "
            "baru atau mengganti alamat e-mail menghentikan permintaan ini."
        ),
    )


def _soon(said: Said) -> Letter:
    return _with_stop(
        said,
        subject=_("Besok langkah kedua akun Paspor Anda dilepas"),
        lead=_("Sesudah itu kata sandi saja cukup untuk masuk ke akun Anda."),
        then=_("Jika Anda yang meminta, tidak ada yang perlu dilakukan."),
    )


def _kept(said: Said) -> Letter:
    return Letter(
        subject=_("Langkah kedua akun Paspor Anda tetap terpasang"),
        lead=KEPT_WORDS[said.end](),
        facts=((_("Waktu"), _moment(said.at)),),
        paragraphs=(
            _(
                "Jika bukan Anda yang meminta langkah kedua dilepas, seseorang mengetahui kata "
                "sandi Anda dan membaca e-mail Anda. Ganti keduanya."
            ),
        ),
        link=page("account_reset_password"),
        link_label=_("Ganti kata sandi"),
    )


def _off(said: Said) -> Letter:
    return Letter(
        subject=_("Langkah kedua akun Paspor Anda dilepas"),
        lead=_("Langkah kedua yang hilang sudah dilepas, dan semua perangkat dikeluarkan."),
        facts=((_("Waktu"), _moment(said.at)),),
        paragraphs=(
            _("Masuklah dengan kata sandi, lalu pasang langkah kedua yang baru."),
            _(
                "Jika bukan Anda yang memintanya, segera ganti kata sandi akun dan kata sandi "
                "e-mail Anda, lalu laporkan kendala di %(report)s."
            )
            % {"report": page("offices:report")},
        ),
        link=page("account_login"),
        link_label=_("Masuk ke Paspor"),
    )


KEPT_WORDS: dict[str, Callable[[], str]] = {
    LostStep.End.LINK: lambda: _("Permintaan melepasnya dihentikan dengan tautan dari surat kami."),
    LostStep.End.SIGN_IN: lambda: _("Permintaan melepasnya berhenti: langkah kedua itu dipakai."),
    LostStep.End.DEVICE: lambda: _(
        "Permintaan melepasnya dihentikan di perangkat yang sudah masuk ke akun Anda."
    ),
    LostStep.End.CHANGED: lambda: _(
        "Permintaan melepasnya berhenti: sesudah diminta, kata sandi, alamat e-mail, atau langkah "
        "kedua akun Anda berubah."
    ),
}
LETTERS = {CODE: _code, ASKED: _request_letter, SOON: _soon, KEPT: _kept, OFF: _off}


def letter_of(kind: str, said: Said, *, language: str) -> Letter:
    """The letter of this kind in the reader's language."""
    with translation.override(language):
        return LETTERS[kind](said)


def _moment(at: datetime) -> str:
    return formatting.moment(timezone.localtime(at))
