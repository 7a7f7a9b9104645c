"""What the counter calls its acts and reasons, in the words of its officers."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.rules import Identity, Road
from offices.rules import Act
from paspor.kernel import formatting
from queueing.booking import words as booking_words
from queueing.booking.models import Place
from queueing.desk.models import QueueNumber

ACTS = {
    Act.CHECK_IN: _("Terima"),
    Act.SERVE: _("Selesai dilayani"),
    Act.TURN_AWAY: _("Tidak dapat dilayani"),
    Act.NO_SHOW: _("Tidak hadir"),
    Act.UNDO: _("Urungkan langkah"),
}
DONE = {
    Act.CHECK_IN: _("%(who)s diterima."),
    Act.SERVE: _("%(who)s selesai dilayani."),
    Act.TURN_AWAY: _("%(who)s dicatat tidak dapat dilayani."),
    Act.NO_SHOW: _("%(who)s dicatat tidak hadir."),
    Act.UNDO: _("Langkah terakhir untuk %(who)s diurungkan."),
}
# What is done with a queue number at a counter.
CALL_ACTS = {
    "next": _("Panggil berikutnya"),
    "again": _("Panggil ulang"),
    "start": _("Sudah di loket"),
    "finish": _("Selesai dilayani"),
    "hold": _("Tunda"),
    "back": _("Kembalikan ke antrean"),
    "held": _("Panggil"),
    "chosen": _("Panggil ke loket saya"),
    "gone": _("Tidak menjawab"),
    "turn_away": _("Tidak dapat dilayani"),
    "undo": _("Urungkan"),
    "priority": _("Beri nomor prioritas"),
}
# Said afterwards, where the page does not show it at once.
CALLED = {
    "finish": _("%(number)s selesai dilayani."),
    "hold": _("%(number)s ditunda."),
    "back": _("%(number)s kembali ke antrean."),
    "gone": _("%(number)s tidak menjawab panggilan."),
    "turn_away": _("%(number)s dicatat tidak dapat dilayani."),
    "undo": _("Langkah terakhir untuk %(number)s diurungkan."),
    "priority": _("%(number)s menjadi %(now)s."),
}
# The same of some of its people.
CALLED_SOME = {
    "finish": DONE[Act.SERVE],
    "turn_away": DONE[Act.TURN_AWAY],
    "gone": _("%(who)s tidak ada di tempat. Terima lagi bila ia datang."),
}
PRIORITY_REASONS = {
    "elderly": _("Lansia"),
    "under_five": _("Membawa balita"),
    "disabled": _("Penyandang disabilitas"),
    "pregnant": _("Ibu hamil"),
}
CHOICE_REASONS = {
    "unwell": _("Sakit atau sangat lelah"),
    "needs_this_counter": _("Hanya loket ini yang sesuai (kursi roda, alat)"),
    "language": _("Bahasa petugas loket ini"),
    "returns": _("Kembali dengan dokumen yang diminta"),
    "other": _("Lainnya"),
}
NUMBER = _("Nomor antrean: %(number)s.")
TURN_AWAY_REASONS = booking_words.TURNED_AWAY_FOR
# What a message is about; what it says is its reader's alone.
MESSAGE_OF_VISIT = _("janji temu")
MESSAGE_TO_VERIFY = _("verifikasi alamat e-mail")
# Of the other two the mailbox was never proved.
VERIFIED_BY = {
    Road.MAIL: _("E-mail terverifikasi"),
    Road.COUNTER: _("Terverifikasi di loket"),
    Road.TEXT: _("Terverifikasi lewat nomor telepon"),
}
MESSAGE_TO_PHONE = _("kode ke nomor telepon")
MESSAGE_ELSE = _("pemberitahuan akun")
# What a NIK's soft findings ask the officer to look at.
WARNINGS = {
    "nik_birth_date_differs": _("Tanggal lahir berbeda dengan NIK: periksa KTP."),
    "nik_sex_differs": _("Jenis kelamin berbeda dengan NIK: periksa KTP."),
    "nik_province_unknown": _("Kode wilayah NIK tidak dikenal: periksa KTP."),
    "kk_date_odd": _("Tanggal pada nomor KK tidak lazim: periksa kartu keluarga."),
}
# What the registry's word on somebody asks the officer to do.
IDENTITY = {
    Identity.DIFFERS: _("Berbeda dengan data Dukcapil: %(fields)s. Cocokkan dengan KTP asli."),
    Identity.NOT_FOUND: _(
        "NIK tidak ditemukan di data Dukcapil. Periksa KTP asli, lalu catat bahwa KTP dilihat."
    ),
}
# Why a mark of a record was not brought about, by the code of the refusal.
CONFLICTS = {
    "already_booked": _("Orang ini sudah memiliki janji temu lain."),
    "too_many_places": _("Akunnya sudah penuh dengan janji temu lain."),
    "too_early_to_check_in": _("Menurut catatan ia diterima sebelum waktunya."),
    "not_today": _("Jam pada catatan ini di luar hari layanan."),
    "at_other_counter": _("Nomornya sedang di loket lain, yang mencatat sendiri hasilnya."),
    "recorded_moment_wrong": _("Jam pada catatan ini tidak mungkin: jam laptop keliru."),
    "booking_unknown": _("Tidak ada janji temu seperti ini di kantor ini pada hari itu."),
    "not_allowed": _("Saat itu Anda belum bertugas di kantor ini."),
    "post_ended": _("Saat itu Anda tidak bertugas lagi di kantor ini."),
}


def of_number(queued: QueueNumber, states: Collection[str]) -> str:
    """What became of a number; ``states`` are those of its people.

    Whom nobody could serve were dealt with, and did not get what they came for.
    """
    away = sum(state == Place.State.TURNED_AWAY for state in states)
    if queued.state != QueueNumber.State.DONE or not away:
        return str(queued.get_state_display())
    if away == len(states):
        return str(Place.State.TURNED_AWAY.label)
    text = ngettext(
        "selesai, %(n)s orang tidak dapat dilayani",
        "selesai, %(n)s orang tidak dapat dilayani",
        away,
    )
    return text % {"n": away}


def conflict(why: str) -> str:
    return str(CONFLICTS.get(why) or _("Portal mencatat hal lain, yang tidak ditimpa."))


def record_of(day: date) -> str:
    return gettext("Catatan luring %(day)s") % {"day": formatting.day(day)}
