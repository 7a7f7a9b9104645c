"""What offices refuses.

NotFound
├── OfficeUnknown          404
└── ReportUnknown          404
Invalid
├── OfficeFileInvalid      422
├── CalendarInvalid        422
├── PostInvalid            422
├── IncidentInvalid        422
├── ReportInvalid          422
├── AnnouncementInvalid    422
├── OfficeKeyInvalid       422
└── ReasonNeeded           422
Conflict
├── ApprovalOver           409
├── HolidayDecided         409
├── NothingChanged         409
├── HoursSetByHand         409
├── IncidentLive           409
├── IncidentOver           409
├── ReportStepWrong        409
├── AnnouncementOver       409
├── PostOver               409
└── NoSecondFactor         409
NotAllowed
├── PostEnded              403
└── SecondIsNotAnother     403, and SecondFactorMissing
"""

from paspor.kernel.errors import N_, Conflict, Invalid, NotAllowed, NotFound


class OfficeUnknown(NotFound):
    code = "office_unknown"
    message = N_("Kantor ini tidak ditemukan atau sedang tidak melayani.")


class OfficeFileInvalid(Invalid):
    code = "office_file_invalid"
    message = N_("Baris %(line)s, kolom %(column)s: %(reason)s.")


class OfficeKeyInvalid(Invalid):
    code = "office_key_invalid"
    message = N_("Ini bukan kunci kantor. Salin seluruh baris kunci publik dari berkas loket.")


class CalendarInvalid(Invalid):
    """Carries a message for each field at fault."""

    code = "calendar_invalid"


class PostInvalid(Invalid):
    code = "post_invalid"


class IncidentInvalid(Invalid):
    """Carries a message for each field at fault."""

    code = "incident_invalid"


class IncidentLive(Conflict):
    code = "incident_live"
    message = N_("Gangguan pada bagian ini sudah diumumkan. Tambahkan perkembangannya di sana.")


class IncidentOver(Conflict):
    code = "incident_over"
    message = N_("Gangguan ini sudah dinyatakan pulih.")


class ReportUnknown(NotFound):
    """A wrong number and a wrong secret are told alike."""

    code = "report_unknown"
    message = N_("Tidak ada laporan dengan nomor dan kode rahasia ini.")


class ReportInvalid(Invalid):
    """Carries a message for each field at fault."""

    code = "report_invalid"


class ReportStepWrong(Conflict):
    code = "report_step_wrong"
    message = N_("Langkah itu tidak mungkin dari status laporan sekarang.")


class AnnouncementInvalid(Invalid):
    """Carries a message for each field at fault."""

    code = "announcement_invalid"


class AnnouncementOver(Conflict):
    code = "announcement_over"
    message = N_("Pengumuman ini sudah berakhir atau sudah ditarik.")


class ReasonNeeded(Invalid):
    """An act outside the queue says why: ``fields`` names the code, the words, or both."""

    code = "reason_needed"
    message = N_("Pilih alasan tindakan ini dari daftar.")
    words_missing = N_("Tuliskan dengan kata-kata sendiri mengapa tindakan ini perlu.")


class PostOver(Conflict):
    code = "post_over"
    message = N_("Penugasan ini sudah berakhir.")


class PostEnded(NotAllowed):
    """A post that covered what was asked is over: whoever held it may still sit before a page."""

    code = "post_ended"
    message = N_("Penugasan Anda sebagai %(role)s (%(place)s) berakhir %(at)s.")
    page = "offices/post_ended.html"


class NoSecondFactor(Conflict):
    code = "no_second_factor"
    message = N_("Petugas ini belum memasang langkah kedua.")


class HolidayDecided(Conflict):
    code = "holiday_decided"
    message = N_("Hari libur ini sudah diputuskan.")


class ApprovalOver(Conflict):
    """Expired, decided or used already."""

    code = "approval_over"
    message = N_("Permintaan persetujuan ini sudah diputuskan, terpakai, atau kedaluwarsa.")


class SecondIsNotAnother(NotAllowed):
    code = "second_is_not_another"
    message = N_("Persetujuan kedua harus datang dari petugas lain.")


class SecondFactorMissing(NotAllowed):
    code = "second_factor_missing"
    message = N_("Masuklah dengan faktor kedua sebelum menyetujui.")


class NothingChanged(Conflict):
    code = "nothing_changed"
    message = N_("Tidak ada yang berubah, jadi tidak ada yang dilakukan.")


class HoursSetByHand(Conflict):
    code = "hours_set_by_hand"
    message = N_(
        "Kursi jam-jam ini pernah diatur petugas: %(hours)s. Pilih: kursinya tetap, atau ikut "
        "jadwal yang baru."
    )
