"""The figures of accounts, set by PolicyValue rows."""

from paspor.kernel.policy import Figure

MAX_APPLICANTS = Figure(
    "max_applicants",
    default=5,
    unit="orang",
    help="Jumlah pemohon yang dapat disimpan satu akun.",
    low=1,
    high=20,
    source="APAPO dan M-Paspor: pemegang akun dan 4 orang",
    national_only=True,
)
ADULT_AGE = Figure(
    "adult_age",
    default=17,
    unit="tahun",
    help="Di bawah usia ini orang tua atau wali menyatakan persetujuan.",
    low=12,
    high=21,
)
MESSAGE_DAYS = Figure(
    "message_days",
    default=180,
    unit="hari",
    help="Lama alamat dan judul pesan disimpan; statusnya tetap.",
    low=1,
    high=3650,
    national_only=True,
)
REMOVED_APPLICANT_DAYS = Figure(
    "removed_applicant_days",
    default=90,
    unit="hari",
    help="Lama data pemohon yang sudah dihapus dari daftar masih terbaca.",
    low=0,
    high=3650,
    national_only=True,
)
COUNTER_APPLICANT_DAYS = Figure(
    "counter_applicant_days",
    default=90,
    unit="hari",
    help="Lama data pemohon yang didaftarkan di loket masih terbaca.",
    low=1,
    high=3650,
    national_only=True,
)
UNVERIFIED_ACCOUNT_DAYS = Figure(
    "unverified_account_days",
    default=7,
    unit="hari",
    help="Lama akun tanpa e-mail terverifikasi disimpan sebelum dihapus.",
    low=1,
    high=365,
    national_only=True,
)
DEVICE_DAYS = Figure(
    "device_days",
    default=180,
    unit="hari",
    help="Lama alamat internet dan perangkat yang pernah masuk disimpan.",
    low=1,
    high=3650,
    national_only=True,
)
