"""What planning refuses.

NotFound            OrderUnknown
Invalid (422)       OrderEmpty, NoSaturday
Conflict (409)      OrderBegun, OrderNotRunning, NothingFailed, OrderNotOver, BeingUndone,
                    NothingToUndo
"""

from paspor.kernel.errors import N_, Conflict, Invalid, NotFound


class OrderUnknown(NotFound):
    code = "order_unknown"
    message = N_("Perintah itu tidak ada.")


class OrderEmpty(Invalid):
    code = "order_empty"
    message = N_("Tidak ada hari yang berubah. Periksa kantor dan tanggalnya.")


class NoSaturday(Invalid):
    code = "no_saturday"
    message = N_("Tidak ada hari Sabtu yang dapat dibuka. %(why)s")


class OrderBegun(Conflict):
    code = "order_begun"
    message = N_("Perintah ini sudah dijalankan atau ditarik.")


class OrderNotRunning(Conflict):
    code = "order_not_running"
    message = N_("Perintah ini tidak sedang berjalan.")


class NothingFailed(Conflict):
    code = "nothing_failed"
    message = N_("Kantor itu tidak gagal, atau perintahnya sudah dihentikan.")


class OrderNotOver(Conflict):
    code = "order_not_over"
    message = N_("Perintah ini belum selesai. Hentikan dahulu, lalu cabut.")


class BeingUndone(Conflict):
    code = "being_undone"
    message = N_("Pencabutan perintah ini sudah disiapkan.")


class NothingToUndo(Conflict):
    code = "nothing_to_undo"
    message = N_(
        "Tidak ada yang dapat dikembalikan: hari-harinya sudah lewat, sudah diubah kantor, atau "
        "jam tambahannya sudah dipesan."
    )
