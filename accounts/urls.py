"""Pages under /akun/. Stands before allauth's own, whose sign-up and code pages it replaces."""

from django.urls import path

from accounts.views import (
    address,
    applicants,
    codes,
    consent,
    entrance,
    lost_step,
    own_data,
    profile,
    text,
)

app_name = "accounts"
urlpatterns = [
    path("", profile.profile, name="profile"),
    path("login/", entrance.login, name="login"),
    path("login/code/", entrance.login_code, name="login-code"),
    path("signup/", entrance.signup, name="signup"),
    path("confirm-email/", codes.confirm_email, name="confirm-email"),
    path("password/reset/confirm/", codes.confirm_reset, name="confirm-reset"),
    path("kode/", entrance.waiting_mail, name="waiting-mail"),
    path("kode/alamat/", entrance.change_address, name="change-address"),
    path("kode/loket/", entrance.counter_code, name="counter-code"),
    path("kode/teks/", text.page, name="text-code"),
    path("kode/teks/kirim/", text.send, name="text-send"),
    path("kode/teks/keadaan/", text.where, name="text-state"),
    path("kode/domain/", entrance.mail_typo, name="mail-typo"),
    path("persetujuan/", consent.consent, name="consent"),
    path("alamat/", address.confirm, name="address"),
    path("alamat/kode/", address.send_code, name="address-code"),
    path("alamat/kembali/<path:token>/", address.take_back, name="address-back"),
    path("2fa/hilang/", lost_step.page, name="lost-step"),
    path("2fa/hilang/kode/", lost_step.send_code, name="lost-step-code"),
    path("2fa/tetap/", lost_step.keep, name="step-keep"),
    path("2fa/tetap/<path:token>/", lost_step.keep_by_link, name="step-keep-link"),
    path("pesan/", profile.message_list, name="messages"),
    path("pemohon/", applicants.applicant_list, name="applicants"),
    path("pemohon/tambah/", applicants.add_applicant, name="applicant-add"),
    path("pemohon/cek/", applicants.check_numbers, name="applicant-check"),
    path("pemohon/<slug:code>/", applicants.change_applicant, name="applicant-change"),
    path("pemohon/<slug:code>/hapus/", applicants.remove_applicant, name="applicant-remove"),
    path("data/", own_data.overview, name="own-data"),
    path("data/unduh/", own_data.download, name="own-data-download"),
    path("data/hapus/", own_data.erase, name="erase"),
]
