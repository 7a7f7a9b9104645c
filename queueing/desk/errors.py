"""What a counter may be refused for.

Invalid (422)   LateNeedsReason, TurnAwayNeedsReason, NotADayForList, SearchNeedsReason,
                RecordNotGenuine, RecordOfOtherOffice, RecordTooOld, ScreenCodeUnknown
Conflict (409)  TooEarlyToCheckIn, NotToday, CannotUndo, VisitExcused, NoOfficeKey,
                RecordedMomentWrong, NoCounter, CounterTaken, CounterBusy, NobodyWaits,
                NumberMoved, CallAgainFirst, AffectedChanged, AtOtherCounter,
                CameAgain, GoneTooSoon
Refused (403)   ScreenClosed
Unknown (404)   NumberUnknown
"""

from paspor.kernel.errors import N_, Conflict, Invalid, NotAllowed, NotFound


class LateNeedsReason(Invalid):
    code = "late_needs_reason"
    message = N_(
        "Jam janji temu ini sudah lewat. Pilih alasannya untuk tetap menerimanya; alasan lainnya "
        "ditulis pada keterangan."
    )


class TurnAwayNeedsReason(Invalid):
    code = "turn_away_needs_reason"
    message = N_(
        "Pilih alasan mengapa pemohon tidak dapat dilayani; alasan lainnya ditulis pada keterangan."
    )


class SearchNeedsReason(Invalid):
    code = "search_needs_reason"
    message = N_("Tuliskan untuk apa data orang ini dibuka.")


class TooEarlyToCheckIn(Conflict):
    code = "too_early_to_check_in"
    message = N_("Pemohon baru dapat diterima %(minutes)s menit sebelum jamnya.")


class AffectedChanged(Conflict):
    code = "affected_changed"
    message = N_(
        "Saat halaman ini dibuka %(shown)s orang terdampak, sekarang %(found)s. Belum ada yang "
        "disimpan; periksa sekali lagi."
    )


class NotToday(Conflict):
    code = "not_today"
    message = N_("Janji temu ini untuk hari lain.")


class CannotUndo(Conflict):
    code = "cannot_undo"
    message = N_("Langkah ini hanya dapat diurungkan pada hari yang sama.")


class CameAgain(Conflict):
    code = "came_again"
    message = N_("Pemohonnya sudah diterima lagi dengan nomor %(number)s.")


class VisitExcused(Conflict):
    code = "visit_excused"
    message = N_("Layanan terganggu pada jam ini: tidak seorang pun dicatat tidak hadir.")


class NotADayForList(Invalid):
    code = "not_a_day_for_list"
    message = N_("Daftar hari dibuat untuk hari ini sampai %(days)s hari ke depan.")


class NoOfficeKey(Conflict):
    code = "no_office_key"
    message = N_("Kantor ini belum memiliki kunci. Kepala kantor memasangnya dari berkas loket.")


class RecordNotGenuine(Invalid):
    code = "record_not_genuine"
    message = N_(
        "Berkas catatan ini tidak asli, atau ada bagian yang berubah. Simpan sekali lagi dari "
        "halaman loket luring."
    )


class RecordOfOtherOffice(Invalid):
    code = "record_of_other_office"
    message = N_("Berkas catatan ini milik kantor lain: %(office)s.")


class RecordTooOld(Invalid):
    code = "record_too_old"
    message = N_("Berkas catatan hanya diterima sampai %(days)s hari sesudah harinya.")


class RecordedMomentWrong(Conflict):
    code = "recorded_moment_wrong"
    message = N_("Jam pada catatan ini tidak mungkin: jam laptop keliru.")


class NoCounter(Conflict):
    code = "no_counter"
    message = N_("Pilih dahulu nomor loket tempat Anda bertugas hari ini.")


class CounterTaken(Conflict):
    code = "counter_taken"
    message = N_("Loket %(counter)s sedang dipakai %(officer)s.")


class CounterBusy(Conflict):
    code = "counter_busy"
    message = N_("Loket ini masih menangani satu nomor. Selesaikan, tunda, atau kembalikan dahulu.")


class NobodyWaits(Conflict):
    code = "nobody_waits"
    message = N_("Tidak ada yang menunggu.")


class NumberMoved(Conflict):
    code = "number_moved"
    message = N_("Nomor %(number)s sudah ditangani: lihat keadaannya sekarang.")


class AtOtherCounter(Conflict):
    code = "at_other_counter"
    message = N_("Nomor %(number)s sedang di loket %(counter)s: langkah ini mengakhirinya di sana.")


class CallAgainFirst(Conflict):
    code = "call_again_first"
    message = N_("Nomor ini baru dipanggil %(calls)s kali. Panggil sampai %(needed)s kali dahulu.")


class GoneTooSoon(Conflict):
    code = "gone_too_soon"
    message = N_(
        "Panggilan pertama belum %(minutes)s menit yang lalu. Beri mereka waktu berjalan ke "
        "loket: panggil lagi, atau tunggu sebentar."
    )


class ScreenClosed(NotAllowed):
    code = "screen_closed"
    message = N_("Layar ini tidak atau tidak lagi terpasang.")


class ScreenCodeUnknown(Invalid):
    code = "screen_code_unknown"
    message = N_("Kode itu tidak berlaku. Ketik kode yang sekarang tampil di layar.")


class NumberUnknown(NotFound):
    code = "number_unknown"
    message = N_("Nomor antrean ini tidak ada hari ini.")
