"""What the state of a message means to the person who waits for it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Message

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


def state_of(message: Message) -> MailState:
    return STATES[State(message.state)]
