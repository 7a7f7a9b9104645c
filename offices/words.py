"""What acts are called on screen, and how moments are told."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from offices import known_holidays, reasons
from offices.rules import Act, DayPlan, WhyClosed
from paspor.kernel import formatting
from paspor.kernel.policy import FIGURES

ACTS = {
    Act.CHECK_IN: _("menerima kedatangan"),
    Act.SERVE: _("melayani"),
    Act.TURN_AWAY: _("menolak di loket"),
    Act.NO_SHOW: _("mencatat tidak hadir"),
    Act.UNDO: _("mengurungkan catatan"),
    Act.CORRECT: _("mengoreksi keperluan"),
    Act.WALK_IN: _("melayani tanpa janji"),
    Act.BOOK_FOR: _("memesankan untuk orang lain"),
    Act.CANCEL_FOR: _("membatalkan untuk orang lain"),
    Act.PRIORITY_UNPROVEN: _("prioritas tanpa bukti"),
    Act.VERIFY_ACCOUNT: _("memverifikasi akun"),
    Act.SEE_IDENTITY: _("memeriksa KTP"),
    Act.HOURS: _("mengubah jam layanan"),
    Act.STATIONS: _("mengubah jumlah loket"),
    Act.SPECIAL_DAY: _("menetapkan hari khusus"),
    Act.HOLIDAY: _("menetapkan hari libur"),
    Act.SHARES: _("mengubah bagian jalur"),
    Act.OPEN_RELEASE: _("membuka kuota"),
    Act.CHANGE_CAPACITY: _("mengubah kuota"),
    Act.CLOSE_DAY: _("menutup hari"),
    Act.ANNOUNCE: _("mengumumkan kepada masyarakat"),
    Act.ORDER: _("menjalankan perintah nasional"),
    Act.SCREEN: _("mengatur layar ruang tunggu"),
    Act.PAIR_SCREEN: _("memasangkan layar ruang tunggu"),
    Act.INCIDENT: _("mengumumkan gangguan"),
    Act.REPORT: _("menangani laporan kendala"),
    Act.REFERRAL: _("menerbitkan kode rujukan"),
    Act.VOID: _("menggugurkan tempat"),
    Act.LIMIT: _("membatasi akun"),
    Act.SUSPEND: _("menangguhkan akun"),
    Act.LIFT: _("mencabut pembatasan akun"),
    Act.CASE: _("menangani perkara"),
    Act.APPEAL: _("menjawab keberatan"),
    Act.EVIDENCE: _("membuat berkas bukti"),
    Act.POLICY: _("menetapkan angka kebijakan"),
    Act.MAIL_DOMAIN: _("menilai domain e-mail"),
    Act.READ_NIK: _("membaca NIK"),
    Act.OFFICE_KEY: _("mengganti kunci kantor"),
    Act.RESET_SECOND: _("melepas langkah kedua petugas"),
    Act.GRANT_COUNTER: _("menugaskan petugas loket"),
    Act.GRANT_PLANNER: _("menugaskan perencana"),
    Act.GRANT_HEAD: _("menugaskan kepala kantor"),
    Act.GRANT_SISTIK: _("menugaskan SISTIK"),
}
# What the log holds beside the acts of the table.
EVENTS = {
    "verified_by_text": _("memverifikasi akun dengan kode ke nomor telepon"),
    "set_hours": _("mengubah jam layanan"),
    "end_hours": _("mengakhiri jam layanan"),
    "set_special_day": _("menetapkan hari khusus"),
    "lift_special_day": _("mencabut hari khusus"),
    "order.prepare": _("menyiapkan perintah nasional"),
    "order.start": _("menjalankan perintah nasional"),
    "order.office": _("menjalankan perintah nasional di satu kantor"),
    "order.retry": _("mengulang perintah nasional di satu kantor"),
    "order.stop": _("menghentikan perintah nasional"),
    "order.done": _("menyelesaikan perintah nasional"),
    "withdraw_day": _("menutup hari"),
    "reopen_day": _("membuka kembali hari"),
    "plan_release": _("membuka kuota"),
    "set_opening": _("menetapkan waktu buka satu hari"),
    "issue_referral": _("menerbitkan kode rujukan"),
    "nik.read": _("membaca NIK"),
    "withdraw_announcement": _("menarik pengumuman"),
    "person.seen": _("membuka data pemohon di loket"),
    "see_screenshot": _("melihat tangkapan layar laporan"),
    "sign_in.refused": _("gagal masuk"),
    "sign_in.new_device": _("masuk dengan perangkat baru"),
    "second_factor.refused": _("faktor kedua ditolak"),
    "second_factor.added": _("memasang faktor kedua"),
    "second_factor.removed": _("melepas faktor kedua"),
    "second_factor.reset": _("mengganti faktor kedua"),
    "ask_approval": _("meminta persetujuan"),
    "grant_approval": _("menyetujui permintaan"),
    "decline_approval": _("menolak permintaan"),
    "end_approval": _("mengakhiri permintaan persetujuan"),
    "export": _("mengekspor daftar"),
    "day_end.not_ended": _("mengakhiri kunjungan yang tertinggal"),
    "screen.made": _("membuka layar ruang tunggu"),
    "screen.paired": _("memasangkan layar ruang tunggu"),
    "screen.revoked": _("menutup layar ruang tunggu"),
    "day_list.made": _("membuat daftar hari"),
    "day_list.taken": _("mengambil catatan hari"),
    "day_list.conflict": _("catatan hari yang bertentangan"),
    "day_list.read": _("membuka daftar hari untuk dicetak"),
    "load_offices": _("memuat daftar kantor"),
    "propose_holidays": _("mengusulkan hari libur"),
    "data.export": _("mengunduh data sendiri"),
    "account.erased": _("menghapus akun"),
    "second_step.lost": _("meminta langkah kedua yang hilang dilepas"),
    "second_step.kept": _("menghentikan permintaan melepas langkah kedua"),
    "second_step.off": _("melepas langkah kedua yang hilang"),
    "cluster.read": _("melihat gugus akun"),
    "officer.look": _("melihat catatan tentang petugas"),
    "use_approval": _("memakai persetujuan"),
    "appoint": _("menugaskan petugas"),
    "end_post": _("mengakhiri penugasan"),
    "prepare_release": _("menyiapkan kuota"),
    "put_off_release": _("menunda pembukaan kuota"),
    "follow_calendar": _("menyesuaikan kuota dengan kalender"),
    "return_counter_seats": _("mengembalikan kursi loket ke daring"),
    "apply_calendar": _("menyesuaikan kuota dengan kalender"),
    "change_office": _("mengubah data kantor"),
    "add_holiday": _("menetapkan hari libur"),
    "confirm_holiday": _("mengukuhkan hari libur"),
    "decline_holiday": _("menolak usulan hari libur"),
    "open_incident": _("mengumumkan gangguan"),
    "update_incident": _("memperbarui kabar gangguan"),
    "close_incident": _("menyatakan gangguan pulih"),
    "file_report": _("mencatat laporan kendala"),
    "step_report": _("menangani laporan kendala"),
    "report_late": _("laporan kendala melewati batas waktu"),
    "policy.set": _("menetapkan angka kebijakan"),
    "decide_mail_domain": _("menilai domain e-mail"),
    "refresh_mail_domains": _("memperbarui daftar domain e-mail"),
    "password.changed": _("mengganti kata sandi"),
    "password.reset": _("menyetel ulang kata sandi"),
    "address.changed": _("mengganti alamat e-mail"),
    "applicant.added_at_counter": _("menambahkan pemohon di loket"),
    "keys.data_rotated": _("mengganti kunci data"),
    "keys.digest_filled": _("menghitung sidik NIK dengan kunci baru"),
    "keys.digest_finished": _("selesai mengganti kunci sidik NIK"),
    "case.open": _("membuka perkara"),
    "case.add_accounts": _("menambahkan akun pada perkara"),
    "case.assign": _("menetapkan penanggung jawab perkara"),
    "case.note": _("mencatat pada perkara"),
    "case.decide": _("memutuskan perkara"),
    "case.close": _("menutup perkara"),
    "case.prepare": _("menyiapkan tindakan perkara"),
    "case.withdraw": _("menarik tindakan perkara"),
    "case.lapse": _("mengakhiri tindakan perkara yang tidak dijalankan"),
    "case.start": _("menjalankan tindakan perkara"),
    "case.done": _("menyelesaikan tindakan perkara"),
    "appeal.file": _("mengajukan keberatan"),
    "appeal.uphold": _("mengabulkan keberatan"),
    "appeal.reject": _("menolak keberatan"),
    "evidence.made": _("menyelesaikan berkas bukti"),
}
# What the portal itself writes beside the reasons that officers choose from.
OF_PORTAL = {
    "score": _("Skor risiko melampaui batas"),
    "returned": _("Kembali setelah ditangguhkan"),
    "ran_out": _("Masa berlakunya habis"),
    "proven": _("Terbukti"),
    "unproven": _("Tidak terbukti"),
    "counter": _("Pekerjaan di loket"),
    "police": _("Diserahkan kepada polisi"),
    "moved": _("Dijadwalkan ulang"),
    "undone": _("Langkah diurungkan oleh petugas"),
    "corrected": _("Keperluan dikoreksi petugas"),
    "voided": _("Digugurkan"),
    "office_closed": _("Kantor tutup"),
    "incident": _("Layanan terganggu"),
    "appeal_upheld": _("Keberatan dikabulkan"),
    "identity_not_found": _("NIK tidak ditemukan"),
    "first_right": _("Didahulukan setelah kantor tutup"),
    "first_right_declined": _("Hak didahulukan dilepas oleh pemohon"),
    "first_right_over": _("Hak didahulukan berakhir: tidak diperlukan lagi"),
    "first_right_lapsed": _("Masa hak didahulukan berakhir"),
    "documents_missing": _("Dokumen tidak lengkap"),
    "identity_differs": _("Identitas tidak cocok dengan dokumen"),
    "not_the_person": _("Bukan orang yang terdaftar"),
    "wrong_kind": _("Jenis permohonan keliru"),
}
# What a line of the log tells of its act.
DETAILS = {
    "account": _("akun"),
    "accounts": _("akun"),
    "act": _("tindakan"),
    "added": _("ditambahkan"),
    "after": _("menjadi"),
    "amount": _("besarnya"),
    "appeal": _("keberatan"),
    "at": _("waktu"),
    "before": _("semula"),
    "by": _("dicari dengan"),
    "calls": _("panggilan"),
    "case": _("perkara"),
    "change": _("perubahan"),
    "channel": _("jalur"),
    "counter": _("loket"),
    "day": _("hari"),
    "day_list": _("daftar hari"),
    "days": _("hari"),
    "device": _("perangkat"),
    "ended": _("berakhir"),
    "ended_on": _("berakhir pada"),
    "fields": _("isian"),
    "first_day": _("hari pertama"),
    "from": _("dari janji"),
    "holiday": _("hari libur"),
    "hours": _("jam"),
    "kept": _("tetap"),
    "key": _("kunci"),
    "kind": _("jenis"),
    "last_day": _("hari terakhir"),
    "left": _("dibiarkan"),
    "list": _("daftar"),
    "minutes": _("menit per pemohon"),
    "niks": _("dengan NIK"),
    "number": _("nomor antrean"),
    "offices": _("kantor"),
    "part": _("bagian"),
    "people": _("orang"),
    "person": _("orang nomor"),
    "post": _("penugasan"),
    "proof": _("bukti dilihat"),
    "relocation": _("pindah tempat"),
    "removed": _("dihapus"),
    "restriction": _("pembatasan"),
    "role": _("peran"),
    "rows": _("baris"),
    "score": _("skor"),
    "seats": _("kursi"),
    "shares": _("bagian jalur"),
    "slot": _("jam nomor"),
    "source": _("sumber"),
    "special_day": _("hari khusus"),
    "state": _("status"),
    "stations": _("loket wawancara"),
    "subject": _("perihal"),
    "to": _("ke janji"),
    "told": _("disebut"),
    "verdict": _("putusan"),
    "visits": _("kunjungan"),
    "was_open": _("semula buka"),
    "weekday": _("hari"),
    "who": _("siapa"),
    "year": _("tahun"),
}
# One word for one code, whatever act it explains (reasons.REASONS).
REASONS = {
    "traffic": _("Terhambat di jalan"),
    "weather": _("Cuaca"),
    "queue_outside": _("Antrean di luar loket"),
    "office_delay": _("Layanan kantor terlambat"),
    "offline": _("Dicatat saat portal tidak dapat dibuka"),
    "walk_in": _("Datang langsung ke kantor"),
    "wrong_day": _("Datang pada hari lain dari janjinya"),
    "no_device": _("Tidak punya ponsel atau internet"),
    "app_trouble": _("Gangguan aplikasi atau e-mail"),
    "urgent": _("Keperluan mendesak"),
    "office_fault": _("Kesalahan atau gangguan di kantor"),
    "own_wish": _("Diminta pemohon sendiri"),
    "chosen_wrong": _("Keliru dipilih saat memesan"),
    "documents_say": _("Dokumen menunjukkan keperluan lain"),
    "moves_elsewhere": _("Pindah ke hari atau kantor lain"),
    "mail_lost": _("E-mail tidak pernah sampai"),
    "no_mailbox": _("Tidak punya e-mail sendiri"),
    "registry_away": _("Data kependudukan tidak dapat diperiksa"),
    "registry_wrong": _("Data kependudukan keliru, dokumen asli benar"),
    "nik_not_found": _("NIK tidak ditemukan, KTP asli ditunjukkan"),
    "nik_claimed": _("NIK dipakai orang lain, pemiliknya datang"),
    "nik_not_theirs": _("KTP bukan milik yang mengaku"),
    "staffing": _("Jumlah petugas berubah"),
    "equipment": _("Alat rusak atau bertambah"),
    "demand": _("Permintaan masyarakat"),
    "season": _("Musim ramai atau sepi"),
    "event": _("Layanan di luar jadwal biasa"),
    "instruction": _("Perintah tertulis dari atasan"),
    "correction": _("Memperbaiki kekeliruan"),
    "disaster": _("Bencana atau cuaca buruk"),
    "utilities": _("Listrik atau jaringan padam"),
    "system_fault": _("Gangguan sistem"),
    "security": _("Keamanan"),
    "joint_decree": _("Keputusan bersama menteri"),
    "regional": _("Hari libur daerah"),
    "placement_agency": _("Surat perusahaan penempatan"),
    "independent_worker": _("Pekerja migran perseorangan"),
    "re_entry": _("Kembali bekerja, dokumen baru"),
    "identity_false": _("Identitas tidak ada atau rekaan"),
    "identity_claimed": _("NIK diakui pemiliknya"),
    "hoarding": _("Penimbunan kuota"),
    "resale": _("Jual beli antrean"),
    "unfounded": _("Dugaan tidak terbukti"),
    "settled": _("Sudah diselesaikan dengan pemilik akun"),
    "pattern": _("Pola pemesanan mencurigakan"),
    "citizen_report": _("Laporan masyarakat"),
    "officer_report": _("Laporan petugas"),
    "police_request": _("Permintaan tertulis kepolisian"),
    "court_request": _("Permintaan kejaksaan atau pengadilan"),
    "other": _("Lainnya"),
}


def choices_of(act: Act) -> list[tuple[str, object]]:
    """The reasons of an act for a form, after a first line that says to choose."""
    return [("", _("Pilih alasan")), *((code, REASONS[code]) for code in reasons.REASONS[act])]


def reason(code: str) -> str:
    """In words; a code that no list knows is shown as it is."""
    return str(REASONS.get(code) or OF_PORTAL.get(code) or code)


def event(code: str) -> str:
    """An act of the log in words; a code that no list knows is shown as it is."""
    return str(EVENTS.get(code) or ACTS.get(code) or code)


def figure(key: str) -> str:
    """A figure of policy by its sentence; one that is no more by its key."""
    known = FIGURES.get(key)
    return gettext(known.help) if known else key


def details(told: Mapping[str, Any]) -> str:
    """What a line of the log tells beside its act: "nomor antrean: A006, loket: 2"."""
    return ", ".join(f"{_named(key)}: {_worded(value)}" for key, value in told.items()) or "–"


def _named(key: str) -> str:
    return str(DETAILS.get(key) or key.replace("_", " "))


def _worded(value: Any) -> str:
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_worded(each)}" for key, each in value.items()) or "–"
    if isinstance(value, list):
        return "; ".join(_worded(each) for each in value) or "–"
    text = str(value)
    return event(text) if text in EVENTS else text or "–"


def yes_or_no(value: bool | None) -> str:
    return "–" if value is None else gettext("ya") if value else gettext("tidak")


def in_language(text_id: str, text_en: str, language: str = "") -> str:
    """The one of two texts that is in this language, or in the reader's."""
    return text_en if (language or get_language()) == "en" else text_id


def moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """With its zone: by the clock of an office, else of the capital."""
    local = at.astimezone(zone or ZoneInfo(settings.TIME_ZONE))
    return formatting.timestamp(local)


def why_closed(plan: DayPlan) -> str:
    if plan.why is WhyClosed.HOLIDAY:
        return gettext("Hari libur: %(name)s") % {"name": holiday(plan.note, plan.day)}
    if plan.why is WhyClosed.CLOSURE:
        return gettext("Tutup: %(why)s") % {"why": plan.note}
    if plan.why is WhyClosed.NO_STATIONS:
        return gettext("Tidak ada loket yang melayani")
    return gettext("Tidak melayani")


def open_on_holiday(name: str) -> str:
    """Of a day that an office opens although it is a holiday."""
    return gettext("Hari libur: %(name)s, buka khusus") % {"name": name}


def holiday(own: str, day: date) -> str:
    """It is kept as the decree names it, and told in the reader's language."""
    return known_holidays.in_english(own, day) if get_language() == "en" else own
