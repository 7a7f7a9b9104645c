"""What accounts refuses.

NotFound 404
└── AddressLinkUnknown  StepLinkUnknown
Invalid 422
├── NikInvalid  KkInvalid  NameInvalid  BirthDateInvalid  SexInvalid  PhoneInvalid
├── GuardianNeeded
├── ReasonNeeded
├── MailDisposable  MailDomainInvalid  CounterCodeInvalid  TextCodeWrong
└── StepCodeWrong  StepPasswordNeeded  StepPasswordWrong
Conflict 409
├── TooManyApplicants  ApplicantExists  HolderExists
├── ApplicantLocked  ApplicantHasVisits  ApplicantBooked
├── NoticeOutdated
├── AddressLinkOver  FormerAddressTaken
├── AddressHasAccount  CardUsedOften  PhoneUsedOften  TextsOff
├── NoSecondStep  PasswordByMail  AddressJustChanged  StepMailLost  StepLossWaits  StepLinkOver
└── ErasureBlocked
LimitReached 429
└── ListLimitReached  StepLimitReached
429
└── TextTooSoon  TextsTooMany  StepCodeTooSoon
NotAllowed 403
└── RecentSignInNeeded  ConsentNeeded  OfficersStep
"""

from collections.abc import Mapping
from typing import ClassVar

from paspor.kernel.errors import (
    N_,
    Conflict,
    DomainError,
    Invalid,
    LimitReached,
    NotAllowed,
    NotFound,
)


class NikInvalid(Invalid):
    code = "nik_invalid"
    message = N_("NIK ini tidak dapat dipakai.")


class KkInvalid(Invalid):
    code = "kk_invalid"
    message = N_("Nomor KK ini tidak dapat dipakai.")


class NameInvalid(Invalid):
    code = "name_invalid"
    message = N_("Nama ini tidak dapat dipakai.")


class BirthDateInvalid(Invalid):
    code = "birth_date_invalid"
    message = N_("Tanggal lahir ini tidak dapat dipakai.")


class SexInvalid(Invalid):
    code = "sex_invalid"
    message = N_("Pilih jenis kelamin.")


class PhoneInvalid(Invalid):
    code = "phone_invalid"
    message = N_("Nomor telepon ini tidak dapat dipakai.")


class GuardianNeeded(Invalid):
    code = "guardian_needed"
    message = N_("Untuk anak, orang tua atau wali perlu menyatakan persetujuannya.")


class ReasonNeeded(Invalid):
    code = "reason_needed"
    message = N_("Tuliskan alasan membaca NIK ini.")
    of_verdict = N_("Tuliskan alasan putusan ini.")


class MailDisposable(Invalid):
    code = "mail_disposable"
    message = N_(
        "Alamat ini dari layanan e-mail sekali pakai, sehingga kabar tentang janji temu tidak akan "
        "sampai. Pakailah alamat yang tetap Anda baca."
    )


class MailDomainInvalid(Invalid):
    code = "mail_domain_invalid"
    message = N_("Ini bukan nama domain e-mail. Contoh: sekali-pakai.example.")


class ListLimitReached(LimitReached):
    """No cycling of names through one account (docs/limits.md)."""

    sentences: ClassVar[Mapping[str, str]] = {
        "applicants_added": N_(
            "Dalam %(span)s hari sudah %(most)s pemohon ditambahkan ke daftar ini. "
            "Anda dapat menambah lagi %(when)s."
        ),
        "applicants_removed": N_(
            "Dalam %(span)s hari sudah %(most)s pemohon dihapus dari daftar ini. "
            "Anda dapat menambah lagi %(when)s."
        ),
    }


class TooManyApplicants(Conflict):
    code = "too_many_applicants"
    message = N_("Satu akun dapat menyimpan paling banyak %(limit)s pemohon.")


class ApplicantExists(Conflict):
    code = "applicant_exists"
    message = N_("Orang dengan NIK ini sudah ada dalam daftar pemohon Anda.")


class HolderExists(Conflict):
    code = "holder_exists"
    message = N_("Daftar Anda sudah memuat pemegang akun.")


class ApplicantLocked(Conflict):
    code = "applicant_locked"
    message = N_(
        "Nama, NIK, tanggal lahir, dan jenis kelamin tidak dapat diubah "
        "selama orang ini memiliki janji temu."
    )


class ApplicantClaimed(ApplicantLocked):
    """Name and NIK are locked while somebody else claims the NIK."""

    message = N_(
        "Nama, NIK, tanggal lahir, dan jenis kelamin tidak dapat diubah selama klaim atas NIK "
        "orang ini belum diputuskan."
    )


class ApplicantHasVisits(Conflict):
    code = "applicant_has_visits"
    message = N_(
        "Orang ini pernah memiliki janji temu, dan riwayatnya tidak boleh berubah. Bila nama, "
        "NIK, tanggal lahir, atau jenis kelaminnya keliru, hapus orang ini dari daftar, "
        "lalu tambahkan lagi dengan data yang benar."
    )


class ApplicantBooked(Conflict):
    code = "applicant_booked"
    message = N_(
        "Orang ini masih memiliki janji temu atau menunggu tempat pengganti. Batalkan janji "
        "temunya atau lepaskan hak itu lebih dahulu, lalu hapus dari daftar."
    )


class ApplicantInClaim(ApplicantBooked):
    """Not to be removed while somebody else claims the NIK."""

    message = N_(
        "Klaim atas NIK orang ini belum diputuskan. Sesudah diputuskan atau berakhir, orang ini "
        "dapat dihapus dari daftar."
    )


class AddressWell(Conflict):
    code = "address_well"
    message = N_("Tidak ada yang perlu dipastikan: surat kami sampai ke alamat Anda.")


class AddressCodeTooSoon(DomainError):
    code = "address_code_too_soon"
    status = 429
    message = N_("Kode baru saja dikirim. Tunggu satu menit sebelum meminta lagi.")


class AddressCodeWrong(Invalid):
    code = "address_code_wrong"
    message = N_("Kode tidak cocok atau sudah habis masanya. Periksa, atau minta kode baru.")


class ErasureBlocked(Conflict):
    code = "erasure_blocked"
    message = N_("Akun belum dapat dihapus. %(why)s")


class NoticeOutdated(Conflict):
    code = "notice_outdated"
    message = N_("Pemberitahuan privasi sudah berganti. Yang berlaku sekarang versi %(version)s.")


class RecentSignInNeeded(NotAllowed):
    code = "recent_sign_in_needed"
    message = N_("Demi keamanan, masuk sekali lagi sebelum melakukan ini.")


class ConsentNeeded(NotAllowed):
    code = "consent_needed"
    message = N_("Baca dan setujui dahulu pemberitahuan privasi yang baru.")


class CounterCodeInvalid(Invalid):
    code = "counter_code_invalid"
    message = N_("Kode loket ini tidak dikenal atau sudah lewat waktunya.")


class AddressHasAccount(Conflict):
    code = "address_has_account"
    message = N_(
        "Alamat e-mail ini sudah memiliki akun yang terverifikasi. Pemiliknya masuk dengan "
        "kata sandi, atau menggantinya."
    )


class AddressLinkUnknown(NotFound):
    code = "address_link_unknown"
    message = N_("Tautan ini tidak dikenal. Salin seluruhnya dari suratnya.")


class AddressLinkOver(Conflict):
    """It was used, its days are over, or the account was erased."""

    code = "address_link_over"
    message = N_(
        "Tautan ini tidak berlaku lagi: sudah dipakai, sudah lewat waktunya, atau akunnya dihapus."
    )


class FormerAddressTaken(Conflict):
    code = "former_address_taken"
    message = N_(
        "Alamat sebelumnya kini dipakai akun lain, yang dipastikan dengan kode ke alamat itu. "
        "Masuklah ke akun itu, atau laporkan kendala."
    )


class CardUsedOften(Conflict):
    code = "card_used_often"
    message = N_(
        "Dengan KTP ini sudah %(most)s akun diverifikasi di loket dalam %(days)s hari terakhir."
    )


class TextsOff(Conflict):
    code = "texts_off"
    message = N_("Kode ke nomor telepon belum dapat diminta di sini sekarang.")


class TextTooSoon(DomainError):
    code = "text_too_soon"
    status = 429
    message = N_("Kode baru saja dikirim. Tunggu satu menit sebelum meminta lagi.")


class TextsTooMany(DomainError):
    """Which limit was met is nobody's to know who tries them out."""

    code = "texts_too_many"
    status = 429
    message = N_(
        "Hari ini tidak ada lagi kode yang dapat dikirim dari sini atau ke nomor ini. Coba lagi "
        "besok, atau pakai jalan lain: loket kantor imigrasi mana pun."
    )


class PhoneUsedOften(Conflict):
    code = "phone_used_often"
    message = N_(
        "Dengan nomor ini sudah %(most)s akun diverifikasi dalam %(days)s hari terakhir. Pakai "
        "nomor Anda sendiri, atau verifikasi di loket kantor imigrasi mana pun."
    )


class TextCodeWrong(Invalid):
    code = "text_code_wrong"
    message = N_("Kode tidak cocok atau sudah habis masanya. Periksa, atau minta kode baru.")


class OfficersStep(NotAllowed):
    code = "officers_step"
    message = N_(
        "Langkah kedua petugas tidak dapat dilepas di sini. Mintalah kepala kantor Anda atau "
        "SISTIK: dua petugas melepasnya dengan memeriksa siapa Anda."
    )


class NoSecondStep(Conflict):
    code = "no_second_step"
    message = N_("Akun ini tidak memiliki langkah kedua.")


class PasswordByMail(Conflict):
    """Also where there is no password at all."""

    code = "password_by_mail"
    message = N_(
        "E-mail saja tidak cukup untuk melepas langkah kedua: akun ini tidak memiliki kata sandi, "
        "atau kata sandinya dibuat dengan kode ke e-mail dan belum pernah dipakai bersama langkah "
        "kedua. Siapa pun yang membaca e-mail Anda dapat membuatnya."
    )


class AddressJustChanged(Conflict):
    code = "address_just_changed"
    message = N_(
        "Alamat e-mail akun ini baru diganti, dan pemilik alamat sebelumnya masih dapat mengambil "
        "akunnya kembali. Langkah kedua dapat diminta dilepas mulai %(when)s."
    )


class StepMailLost(Conflict):
    code = "step_mail_lost"
    message = N_(
        "Surat kami tidak sampai ke alamat e-mail akun ini, sehingga tidak ada yang dapat "
        "memperingatkan Anda. Langkah kedua tidak dapat dilepas."
    )


class StepLossWaits(Conflict):
    code = "step_loss_waits"
    message = N_("Langkah kedua sudah diminta untuk dilepas, dan dilepas mulai %(when)s.")


class StepLimitReached(LimitReached):
    sentences: ClassVar[Mapping[str, str]] = {
        "lost_step_asks": N_(
            "Dalam %(span)s hari sudah %(most)s kali diminta. Langkah kedua dapat diminta dilepas "
            "lagi %(when)s."
        ),
    }


class StepCodeTooSoon(DomainError):
    code = "step_code_too_soon"
    status = 429
    message = N_("Kode baru saja dikirim. Tunggu satu menit sebelum meminta lagi.")


class StepCodeWrong(Invalid):
    code = "step_code_wrong"
    message = N_("Kode tidak cocok atau sudah habis masanya. Periksa, atau minta kode baru.")


class StepLinkUnknown(NotFound):
    code = "step_link_unknown"
    message = N_("Tautan ini tidak dikenal. Salin seluruhnya dari suratnya.")


class StepLinkOver(Conflict):
    code = "step_link_over"
    message = N_(
        "Tautan ini tidak berlaku lagi: permintaannya sudah dihentikan, atau langkah keduanya "
        "sudah dilepas."
    )


class StepPasswordNeeded(Invalid):
    code = "step_password_needed"
    message = N_("Isi kata sandi.")


class StepPasswordWrong(Invalid):
    code = "step_password_wrong"
    message = N_("Kata sandi tidak cocok.")
