"""The words of the mails that accounts writes. One purpose each, code or news first."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.devices import device_name
from paspor.kernel import formatting
from paspor.kernel.masking import mask_phone


@dataclass(frozen=True)
class Letter:
    """What templates/email/letter.txt and .html lay out. ``code`` and ``lead`` come first."""

    subject: str
    lead: str
    code: str = ""
    paragraphs: tuple[str, ...] = ()
    link: str = ""
    link_label: str = ""
    # Below everything, small: how not to get such letters.
    foot_link: str = ""
    foot_label: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=())
    # After the paragraphs: each with its heading, which may be empty.
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Attachment(NamedTuple):
    """A file beside the message, in the order of EmailMessage.attach."""

    name: str
    content: bytes
    mime: str


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(letter: Letter, *, language: str) -> Rendered:
    """The letter in both forms; it was written in ``language`` already."""
    with translation.override(language):
        context = {"letter": letter, "site_url": settings.SITE_URL, "language": language}
        return Rendered(
            subject=letter.subject,
            text=render_to_string("email/letter.txt", context).strip() + "\n",
            html=render_to_string("email/letter.html", context),
        )


def page(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _ignore() -> str:
    return _("Jika bukan Anda yang meminta, abaikan pesan ini. Tidak ada yang berubah.")


def _lifetime(seconds: int) -> str:
    return _("Kode berlaku %(minutes)s menit sejak diminta dan hanya sekali pakai.") % {
        "minutes": seconds // 60
    }


def _never_share() -> str:
    return _("Petugas tidak pernah menanyakan kode ini. Jangan berikan kepada siapa pun.")


def _with_code(context: dict[str, Any], seconds: int, *, subject: str, lead: str) -> Letter:
    """A code to be typed where ``lead`` says, good for so many seconds."""
    return Letter(
        subject=subject,
        code=context["code"],
        lead=lead,
        paragraphs=(_lifetime(seconds), _never_share(), _ignore()),
    )


def verify_address(context: dict[str, Any]) -> Letter:
    return _with_code(
        context,
        settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        subject=_("Kode untuk memastikan alamat e-mail Anda"),
        lead=_("Ketik kode ini di halaman Paspor yang memintanya."),
    )


def check_address(context: dict[str, Any]) -> Letter:
    """For an account whose address refused a letter before."""
    return _with_code(
        context,
        settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        subject=_("Kode untuk memastikan alamat e-mail Anda"),
        lead=_("Ketik kode ini di halaman alamat e-mail di akun Paspor Anda."),
    )


def login_code(context: dict[str, Any]) -> Letter:
    return _with_code(
        context,
        settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
        subject=_("Kode masuk ke Paspor"),
        lead=_("Ketik kode ini di halaman masuk Paspor."),
    )


def password_reset_code(context: dict[str, Any]) -> Letter:
    return _with_code(
        context,
        settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT,
        subject=_("Kode untuk mengganti kata sandi"),
        lead=_("Ketik kode ini di halaman ganti kata sandi Paspor."),
    )


@dataclass(frozen=True, repr=False)
class Words:
    """A text to a phone, and what lists call it."""

    subject: str
    text: str


def text_with_code(code: str, minutes: int, *, language: str) -> Words:
    """Of at most 160 plain letters, which are one text to pay for."""
    with translation.override(language):
        said = _(
            "Kode Paspor Anda %(code)s, berlaku %(minutes)s menit. Jangan berikan kepada siapa "
            "pun. Petugas tidak pernah menanyakannya."
        )
        return Words(_("Kode ke nomor telepon"), said % {"code": code, "minutes": minutes})


def verified_by_text(context: dict[str, Any]) -> Letter:
    return Letter(
        subject=_("Akun Anda diverifikasi lewat nomor telepon"),
        lead=_("Akun Paspor dengan alamat ini diverifikasi dengan kode ke nomor %(phone)s.")
        % {"phone": mask_phone(context["phone"])},
        facts=((_("Waktu"), _moment(context["at"])),),
        paragraphs=(
            _("Masuklah dengan kata sandi yang Anda tulis ketika mendaftar."),
            _(
                "Jika bukan Anda, ganti kata sandinya dengan kode ke alamat ini: akunnya "
                "menjadi milik Anda. Laporkan pula di halaman laporan kendala."
            ),
        ),
        link=page("account_reset_password"),
        link_label=_("Ganti kata sandi"),
    )


def account_already_exists(context: dict[str, Any]) -> Letter:
    return Letter(
        subject=_("Alamat e-mail ini sudah memiliki akun"),
        lead=_(
            "Seseorang mencoba membuat akun Paspor dengan alamat ini, tetapi akunnya sudah ada."
        ),
        paragraphs=(
            _(
                "Jika itu Anda, masuklah dengan akun yang ada. "
                "Lupa kata sandi? Anda dapat menggantinya."
            ),
            _ignore(),
        ),
        link=page("account_login"),
        link_label=_("Masuk ke Paspor"),
    )


def unknown_account(context: dict[str, Any]) -> Letter:
    return Letter(
        subject=_("Belum ada akun dengan alamat ini"),
        lead=_("Seseorang mencoba masuk ke Paspor dengan alamat ini, tetapi belum ada akunnya."),
        paragraphs=(
            _("Jika itu Anda, periksa alamat yang Anda pakai, atau buat akun baru."),
            _ignore(),
        ),
        link=page("account_signup"),
        link_label=_("Buat akun"),
    )


ADDRESS_CHANGED = "email_changed"


def account_erased(context: dict[str, Any]) -> Letter:
    """The last one: nobody can undo it, so it says what is left to do."""
    lead = _("Akun Paspor dengan alamat ini dihapus %(when)s.")
    if context["is_former"]:
        lead = _("Akun Paspor yang sebelumnya memakai alamat ini dihapus %(when)s.")
    return Letter(
        subject=_("Akun Paspor Anda sudah dihapus"),
        lead=lead % {"when": formatting.moment(timezone.localtime(context["at"]))},
        paragraphs=(
            _(
                "Nama, NIK, nomor telepon, dan alamat e-mail dihapus. Ini tidak dapat "
                "dibatalkan, juga tidak oleh petugas."
            ),
            _(
                "Bukan Anda yang menghapusnya? Seseorang masuk ke akun itu. Akunnya tidak dapat "
                "dikembalikan. Ganti kata sandi e-mail Anda, buat akun baru dengan kata sandi "
                "yang belum pernah dipakai, lalu laporkan kejadiannya di %(report)s."
            )
            % {"report": page("offices:report")},
            _("Ini surat terakhir: alamat ini kami hapus begitu suratnya terkirim."),
        ),
        link=page("account_signup"),
        link_label=_("Buat akun baru"),
    )


NEWS: dict[str, Callable[[dict[str, Any]], str]] = {
    "password_changed": lambda _c: _("Kata sandi akun Anda diganti."),
    "password_reset": lambda _c: _("Kata sandi akun Anda diganti."),
    "password_set": lambda _c: _("Akun Anda kini memiliki kata sandi."),
    ADDRESS_CHANGED: lambda c: (
        _("Alamat e-mail akun Anda diganti menjadi %(to)s.") % {"to": c["to_email"]}
    ),
    "email_confirm": lambda _c: _("Alamat e-mail akun Anda sudah dipastikan."),
    "email_deleted": lambda _c: _("Sebuah alamat e-mail dihapus dari akun Anda."),
    "totp_activated": lambda _c: _("Aplikasi autentikator dipasang pada akun Anda."),
    "totp_deactivated": lambda _c: _("Aplikasi autentikator dilepas dari akun Anda."),
    "recovery_codes_generated": lambda _c: _("Kode cadangan baru dibuat untuk akun Anda."),
    "webauthn_added": lambda _c: _("Sebuah kunci keamanan ditambahkan ke akun Anda."),
    "webauthn_removed": lambda _c: _("Sebuah kunci keamanan dihapus dari akun Anda."),
}


def news(kind: str, context: dict[str, Any]) -> Letter:
    """Something about the account's safety changed, and from where."""
    letter = Letter(
        subject=_("Perubahan pada akun Paspor Anda"),
        lead=NEWS[kind](context),
        facts=(
            (_("Waktu"), _moment(context["timestamp"])),
            (_("Alamat internet"), context["ip"]),
            (_("Peramban"), device_name(context["user_agent"])),
        ),
        paragraphs=(
            _(
                "Jika bukan Anda yang melakukannya, segera ganti kata sandi, "
                "lalu keluarkan perangkat yang tidak Anda kenal."
            ),
        ),
        link=page("account_reset_password"),
        link_label=_("Ganti kata sandi"),
        foot_link=page("usersessions_list"),
        foot_label=_("Perangkat yang masuk ke akun Anda"),
    )
    return _to_take_back(letter, context) if kind == ADDRESS_CHANGED else letter


def _moment(at: datetime) -> str:
    return formatting.timestamp_with_weekday(timezone.localtime(at))


def _to_take_back(letter: Letter, context: dict[str, Any]) -> Letter:
    """Whoever reads the former address has no other way in: a new password is asked for at the
    new one.
    """
    return replace(
        letter,
        paragraphs=(
            _("Jika Anda yang menggantinya, tidak ada yang perlu dilakukan."),
            _(
                "Jika bukan Anda, ambil kembali akun Anda dengan tautan di bawah ini, paling "
                "lambat %(until)s. Alamat ini berlaku lagi, semua perangkat dikeluarkan, dan "
                "Anda memasang kata sandi baru."
            )
            % {"until": _moment(context["until"])},
        ),
        link=page("accounts:address-back", context["token"]),
        link_label=_("Ambil kembali akun"),
        foot_link="",
        foot_label="",
    )


def address_taken_back(context: dict[str, Any]) -> Letter:
    """To the address that holds again, and to the one that did meanwhile."""
    facts = ((_("Waktu"), _moment(context["at"])),)
    if context["is_former"]:
        return Letter(
            subject=_("Akun Paspor Anda kembali ke alamat ini"),
            lead=_("Akun Paspor Anda memakai alamat e-mail ini lagi. Pasang kata sandi baru."),
            facts=facts,
            paragraphs=(
                _("Semua perangkat sudah dikeluarkan, dan kata sandi yang lama tidak berlaku."),
                _(
                    "Sesudah masuk, periksa janji temu dan daftar pemohon Anda. Ada yang bukan "
                    "dari Anda? Batalkan, dan laporkan kendala."
                ),
            ),
            link=page("account_reset_password"),
            link_label=_("Pasang kata sandi baru"),
        )
    return Letter(
        subject=_("Alamat ini tidak lagi dipakai akun Paspor"),
        lead=_("Akun Paspor yang memakai alamat ini dikembalikan ke alamat e-mail sebelumnya."),
        facts=facts,
        paragraphs=(
            _(
                "Yang memintanya membaca surat yang kami kirim ke alamat sebelumnya. Jika akun "
                "itu milik Anda dan bukan Anda yang memintanya, laporkan kendala."
            ),
        ),
        link=page("offices:report"),
        link_label=_("Laporkan kendala"),
    )


LETTERS: dict[str, Callable[[dict[str, Any]], Letter]] = {
    "address_check": check_address,
    "email_confirmation": verify_address,
    "email_confirmation_signup": verify_address,
    "login_code": login_code,
    "password_reset_code": password_reset_code,
    "account_already_exists": account_already_exists,
    "address_taken_back": address_taken_back,
    "unknown_account": unknown_account,
    "verified_by_text": verified_by_text,
    "account_erased": account_erased,
}


def letter_of(kind: str, context: dict[str, Any], *, language: str) -> Letter:
    """The letter of this kind, as allauth or we call it, in the reader's language."""
    with translation.override(language):
        if kind in NEWS:
            return news(kind, context)
        return LETTERS[kind](context)
