"""The figures of accounts, set by PolicyValue rows."""

from paspor.kernel.errors import N_
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
# Why by so much: docs/limits.md.
LIST_DAYS = Figure(
    "list_days",
    default=7,
    unit=N_("hari"),
    help=N_("Jangka waktu batas mengubah daftar pemohon."),
    low=1,
    high=90,
    national_only=True,
)
APPLICANTS_ADDED = Figure(
    "applicants_added",
    default=15,
    unit=N_("orang"),
    help=N_("Pemohon yang dapat ditambahkan, atau diganti NIK-nya, dalam jangka itu."),
    low=5,
    high=1000,
    national_only=True,
)
APPLICANTS_REMOVED = Figure(
    "applicants_removed",
    default=15,
    unit=N_("orang"),
    help=N_("Pemohon yang dihapus dari daftar dalam jangka itu sebelum akun menunggu."),
    low=5,
    high=1000,
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
ADDRESS_BACK_DAYS = Figure(
    "address_back_days",
    default=14,
    unit=N_("hari"),
    help=N_("Lama akun dapat diambil kembali lewat surat ke alamat e-mail sebelumnya."),
    low=1,
    high=60,
    national_only=True,
)
LOST_STEP_DAYS = Figure(
    "lost_step_days",
    default=7,
    unit=N_("hari"),
    help=N_("Lama menunggu sebelum langkah kedua yang hilang dilepas, diberitahukan lewat surat."),
    low=3,
    high=30,
    national_only=True,
)
LOST_STEP_ASKS = Figure(
    "lost_step_asks",
    default=3,
    unit=N_("kali"),
    help=N_("Permintaan melepas langkah kedua yang hilang untuk satu akun dalam 30 hari."),
    low=1,
    high=10,
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
IDENTITY_DAYS = Figure(
    "identity_days",
    default=180,
    unit=N_("hari"),
    help=N_("Lama hasil pemeriksaan identitas berlaku sebelum ditanyakan lagi."),
    low=1,
    high=1825,
    national_only=True,
)
IDENTITY_NOT_FOUND_DAYS = Figure(
    "identity_not_found_days",
    default=7,
    unit=N_("hari"),
    help=N_("Lama NIK yang tidak ditemukan belum dapat memesan lagi, kecuali KTP-nya dilihat."),
    low=1,
    high=90,
    national_only=True,
)
IDENTITY_SECOND_LOOK_MINUTES = Figure(
    "identity_second_look_minutes",
    default=15,
    unit=N_("menit"),
    help=N_("NIK yang tidak ditemukan ditanyakan sekali lagi sesudah ini (0: langsung dipercaya)."),
    low=0,
    high=1440,
    national_only=True,
)
IDENTITY_FIRST_RETRY_SECONDS = Figure(
    "identity_first_retry_seconds",
    default=60,
    unit=N_("detik"),
    help=N_("Jeda sebelum Dukcapil ditanya lagi; setiap kali gagal menjadi dua kali lipat."),
    low=5,
    high=3600,
    national_only=True,
)
IDENTITY_LONGEST_RETRY_MINUTES = Figure(
    "identity_longest_retry_minutes",
    default=30,
    unit=N_("menit"),
    help=N_("Jeda paling lama sebelum Dukcapil ditanya lagi."),
    low=1,
    high=1440,
    national_only=True,
)
IDENTITY_CHECKS_PER_MINUTE = Figure(
    "identity_checks_per_minute",
    default=600,
    unit=N_("pertanyaan"),
    help=N_("Pertanyaan ke Dukcapil paling banyak dalam satu menit, sesuai perjanjian."),
    low=1,
    high=100_000,
    national_only=True,
)
IDENTITY_KEEP_DAYS = Figure(
    "identity_keep_days",
    default=365,
    unit=N_("hari"),
    help=N_("Lama hasil pemeriksaan identitas disimpan."),
    low=1,
    high=3650,
    national_only=True,
)
SIGN_UPS_PER_DEVICE = Figure(
    "sign_ups_per_device",
    default=3,
    unit=N_("akun"),
    help=N_(
        "Akun baru dari satu perangkat dalam satu jam, "
        "mulai dari itu pendaftaran minta pemeriksaan."
    ),
    low=1,
    high=100,
    national_only=True,
)
SIGN_UPS_PER_ADDRESS = Figure(
    "sign_ups_per_address",
    default=100,
    unit=N_("akun"),
    help=N_(
        "Akun baru dari satu alamat internet dalam satu jam, mulai dari itu pendaftaran minta "
        "pemeriksaan. Satu alamat dapat dipakai sekota di belakang operator seluler."
    ),
    low=5,
    high=10_000,
    national_only=True,
)
SIGN_UPS_PER_NEW_DOMAIN = Figure(
    "sign_ups_per_new_domain",
    default=5,
    unit=N_("akun"),
    help=N_(
        "Akun dalam tujuh hari pada domain e-mail yang belum pernah dipakai sebelumnya, "
        "mulai dari itu pendaftaran minta pemeriksaan."
    ),
    low=1,
    high=1000,
    national_only=True,
)
SIGN_UPS_PER_MINUTE = Figure(
    "sign_ups_per_minute",
    default=300,
    unit=N_("pendaftaran"),
    help=N_("Pendaftaran semenit di seluruh portal, mulai dari itu setiap pendaftar diperiksa."),
    low=10,
    high=1_000_000,
    national_only=True,
)
OTHER_WAYS_MINUTES = Figure(
    "other_ways_minutes",
    default=5,
    unit=N_("menit"),
    help=N_("Sesudah berapa menit menunggu kode, halaman pendaftaran menunjukkan jalan lain."),
    low=0,
    high=60,
    national_only=True,
)
COUNTER_CODE_DAYS = Figure(
    "counter_code_days",
    default=3,
    unit=N_("hari"),
    help=N_("Lama kode loket dari halaman pendaftaran berlaku."),
    low=1,
    high=7,
    national_only=True,
)
VERIFIED_PER_CARD = Figure(
    "verified_per_card",
    default=3,
    unit=N_("akun"),
    help=N_("Akun yang dapat diverifikasi di loket dengan satu KTP dalam 30 hari."),
    low=1,
    high=20,
    national_only=True,
)
# Each text costs money, and strangers earn by having us send them: docs/limits.md.
TEXTS_PER_PHONE = Figure(
    "texts_per_phone",
    default=3,
    unit=N_("pesan"),
    help=N_("Kode yang dikirim ke satu nomor telepon dalam 24 jam."),
    low=1,
    high=20,
    national_only=True,
)
TEXTS_PER_SIGN_UP = Figure(
    "texts_per_sign_up",
    default=3,
    unit=N_("pesan"),
    help=N_("Kode ke nomor telepon untuk pendaftaran satu alamat e-mail dalam 24 jam."),
    low=1,
    high=20,
    national_only=True,
)
TEXTS_PER_DEVICE = Figure(
    "texts_per_device",
    default=5,
    unit=N_("pesan"),
    help=N_("Kode ke nomor telepon yang diminta dari satu perangkat dalam 24 jam."),
    low=1,
    high=100,
    national_only=True,
)
TEXTS_PER_DAY = Figure(
    "texts_per_day",
    default=5000,
    unit=N_("pesan"),
    help=N_("Kode ke nomor telepon di seluruh portal dalam 24 jam: batas biayanya."),
    low=0,
    high=1_000_000,
    national_only=True,
)
TEXTS_ABROAD = Figure(
    "texts_abroad",
    default=0,
    unit=N_("1 = ya"),
    help=N_("Apakah kode juga dikirim ke nomor telepon luar negeri, bukan hanya +62."),
    low=0,
    high=1,
    national_only=True,
)
VERIFIED_PER_PHONE = Figure(
    "verified_per_phone",
    default=2,
    unit=N_("akun"),
    help=N_("Akun yang dapat diverifikasi dengan kode ke satu nomor telepon dalam 30 hari."),
    low=1,
    high=20,
    national_only=True,
)
