"""What the state of a message means to the person who waits for it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import HELD_BACK, Message

State = Message.State


@dataclass(frozen=True)
class MailState:
    """``tone`` and ``icon`` as in docs/look.md; ``advice`` is the next step."""

    label: str | Promise
    tone: str
    icon: str
    advice: str | Promise


STATES = {
    State.QUEUED: MailState(
        _("menunggu dikirim"), "info", "hourglass", _("Biasanya terkirim dalam satu menit.")
    ),
    State.SENDING: MailState(
        _("sedang dikirim"), "info", "mail", _("Biasanya terkirim dalam satu menit.")
    ),
    State.ACCEPTED: MailState(
        _("diterima server penerima"),
        "success",
        "circle-check",
        _("Periksa kotak masuk, lalu folder Spam atau Promosi."),
    ),
    State.DELIVERED: MailState(
        _("sampai"),
        "success",
        "circle-check",
        _("Periksa kotak masuk, lalu folder Spam atau Promosi."),
    ),
    State.REFUSED: MailState(
        _("ditolak server penerima"),
        "error",
        "circle-x",
        _("Alamatnya mungkin salah tulis atau kotak suratnya penuh. Periksa alamatnya."),
    ),
    State.FAILED: MailState(
        _("gagal dikirim"), "error", "alert-triangle", _("Minta kirim ulang beberapa saat lagi.")
    ),
}


HELD = MailState(
    _("tidak dikirim"),
    "error",
    "circle-x",
    _("Surat ke alamat ini ditolak sebelumnya. Pastikan alamatnya, atau ganti."),
)


# Of a text to a phone, where other words are needed than of a letter.
TEXT_STATES = STATES | {
    State.ACCEPTED: MailState(
        _("diterima operator"), "success", "circle-check", _("Biasanya sampai dalam satu menit.")
    ),
    State.DELIVERED: MailState(
        _("sampai"), "success", "circle-check", _("Periksa pesan di telepon Anda.")
    ),
    State.REFUSED: MailState(
        _("ditolak operator"), "error", "circle-x", _("Periksa nomornya, atau pakai jalan lain.")
    ),
}


def state_of(message: Message) -> MailState:
    if message.channel == Message.Channel.TEXT:
        return TEXT_STATES[State(message.state)]
    if message.state == State.REFUSED and message.reason.startswith(HELD_BACK):
        return HELD
    return STATES[State(message.state)]


def state_as_asked(message: Message, *, asked_at: datetime, now: datetime) -> MailState:
    """The state to show of a letter that was asked for at ``asked_at``.

    Where an address has an account, what is asked for again is not always sent again. The
    course of the message before is told anew then, or the page would tell who has one.
    """
    is_older = message.created_at < asked_at
    if is_older and now - asked_at < message.changed_at - message.created_at:
        return STATES[State.QUEUED]
    return state_of(message)
