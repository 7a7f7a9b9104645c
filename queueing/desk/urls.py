"""The counter's addresses. Those without an office lead to the officer's own, or ask which."""

from django.urls import path

from queueing.desk.pages import (
    calling,
    cancelling,
    closing,
    day_list,
    for_someone,
    nik,
    person,
    records,
    today,
    verifying,
)

app_name = "desk"
urlpatterns = [
    path("", today.start, name="start"),
    path("panggil/", calling.start, name="calling-start"),
    path("datang-langsung/", for_someone.start, name="walk-in-start"),
    path("tutup-hari/", closing.start, name="close-start"),
    path("daftar-hari/", day_list.start, name="day-list-start"),
    path("verifikasi/", verifying.start, name="verify-start"),
    path("<slug:office>/", today.today, name="today"),
    path("<slug:office>/pemohon/", person.person, name="person"),
    path("<slug:office>/panggil/", calling.page, name="calling"),
    path("<slug:office>/panggil/loket/", calling.sit, name="sit"),
    path("<slug:office>/panggil/tindakan/", calling.act, name="call"),
    path("<slug:office>/cari/", today.find, name="find"),
    path("<slug:office>/verifikasi/", verifying.verify, name="verify"),
    path("<slug:office>/datang-langsung/", for_someone.walk_in, name="walk-in"),
    path("<slug:office>/janji/<slug:code>/", today.booking, name="booking"),
    path("<slug:office>/janji/<slug:code>/tindakan/", today.act, name="act"),
    path("<slug:office>/janji/<slug:code>/batal/", cancelling.cancel, name="cancel-for"),
    path("<slug:office>/janji/<slug:code>/tiket/", for_someone.ticket, name="ticket"),
    path("<slug:office>/janji/<slug:code>/nik/<slug:applicant>/", nik.read, name="nik"),
    path("<slug:office>/tutup-hari/", closing.choose, name="close"),
    path("<slug:office>/tutup-hari/<slug:day>/", closing.day, name="close-day"),
    path("<slug:office>/tutup-hari/<slug:day>/tutup/", closing.close, name="close-do"),
    path("<slug:office>/tutup-hari/<slug:day>/buka/", closing.reopen, name="reopen-do"),
    path("<slug:office>/daftar-hari/", day_list.show, name="day-list"),
    path("<slug:office>/daftar-hari/buat/", day_list.make, name="day-list-make"),
    path("<slug:office>/daftar-hari/halaman/", day_list.offline, name="day-list-offline"),
    path("<slug:office>/daftar-hari/kunci/", day_list.key, name="day-list-key"),
    path("<slug:office>/daftar-hari/berkas/<slug:code>/", day_list.file, name="day-list-file"),
    path("<slug:office>/daftar-hari/cetak/<slug:day>/", day_list.print_out, name="day-list-print"),
    path("<slug:office>/daftar-hari/catatan/", records.take_in, name="day-record-take"),
    path("<slug:office>/daftar-hari/catatan/<slug:code>/", records.show, name="day-record"),
]
