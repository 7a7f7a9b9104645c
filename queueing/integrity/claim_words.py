"""What is said of a claim on a NIK, to its owner and at the counter."""

from django.utils.translation import gettext_lazy as _

from queueing.integrity.models.claims import IdentityClaim

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
    State.ACCEPTED: _("NIK ini terbukti milik Anda, dan tempatnya sekarang atas nama Anda."),
    State.DECLINED: _(
        "Petugas tidak dapat memastikan bahwa NIK ini milik Anda. Bila Anda keberatan, datanglah "
        "ke kantor imigrasi dengan KTP asli dan mintalah kepala kantornya."
    ),
    State.OVER: _(
        "Klaim ini sudah selesai tanpa keputusan. Bila NIK-nya bebas, Anda dapat memesan seperti "
        "biasa."
    ),
}
