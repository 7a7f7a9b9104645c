"""What acts are called on screen."""

from django.utils.translation import gettext_lazy as _

from offices.rules import Act

ACTS = {
    Act.CHECK_IN: _("menerima kedatangan"),
    Act.SERVE: _("melayani"),
    Act.TURN_AWAY: _("menolak di loket"),
    Act.NO_SHOW: _("mencatat tidak hadir"),
    Act.UNDO: _("membatalkan catatan"),
    Act.WALK_IN: _("melayani tanpa janji"),
    Act.BOOK_FOR: _("memesankan untuk orang lain"),
    Act.PRIORITY_UNPROVEN: _("prioritas tanpa bukti"),
    Act.VERIFY_ACCOUNT: _("memverifikasi akun"),
    Act.HOURS: _("mengubah jam layanan"),
    Act.STATIONS: _("mengubah jumlah loket"),
    Act.SPECIAL_DAY: _("menetapkan hari khusus"),
    Act.HOLIDAY: _("menetapkan hari libur"),
    Act.SHARES: _("mengubah bagian jalur"),
    Act.OPEN_RELEASE: _("membuka kuota"),
    Act.CHANGE_CAPACITY: _("mengubah kuota"),
    Act.CLOSE_DAY: _("menutup hari"),
    Act.REFERRAL: _("menerbitkan kode rujukan"),
    Act.VOID: _("membatalkan karena penyalahgunaan"),
    Act.LIMIT: _("membatasi akun"),
    Act.SUSPEND: _("menangguhkan akun"),
    Act.POLICY: _("menetapkan angka kebijakan"),
    Act.READ_NIK: _("membaca NIK"),
    Act.GRANT_COUNTER: _("menugaskan petugas loket"),
    Act.GRANT_PLANNER: _("menugaskan perencana"),
    Act.GRANT_HEAD: _("menugaskan kepala kantor"),
    Act.GRANT_SISTIK: _("menugaskan SISTIK"),
}
