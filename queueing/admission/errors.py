"""Why a booking is not taken on at this moment. Nothing was done; the turn is kept."""

from typing import Any

from paspor.kernel.errors import N_, DomainError


class NotYet(DomainError):
    """``turn`` is what the app is told of it; ``retry_after`` when to send the same again."""

    status = 503
    is_failure = False

    def __init__(self, *, turn: dict[str, Any], retry_after: int) -> None:
        super().__init__(retry_after=retry_after, extras={"turn": turn})


class InLine(NotYet):
    code = "in_line"
    message = N_(
        "Banyak orang memesan pada saat ini, jadi semua bergiliran. Giliran Anda sudah dicatat "
        "dan mencoba berulang kali tidak mempercepatnya."
    )


class AtCapacity(NotYet):
    code = "at_capacity"
    message = N_("Sistem sedang penuh sesaat. Belum ada yang dipesan; coba lagi sebentar lagi.")
