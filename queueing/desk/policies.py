"""The figures of the desk."""

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure

CHECK_IN_EARLY_MINUTES = Figure(
    "check_in_early_minutes",
    default=30,
    unit=N_("menit"),
    help=N_("Berapa lama sebelum jamnya pemohon dapat diterima."),
    low=0,
    high=240,
)
DAY_LIST_FROM_HOUR = Figure(
    "day_list_from_hour",
    default=17,
    unit=N_("jam"),
    help=N_("Mulai pukul berapa daftar hari untuk besok dibuat, menurut waktu kantor."),
    low=12,
    high=22,
)
DAY_LIST_DAYS_AHEAD = Figure(
    "day_list_days_ahead",
    default=7,
    unit=N_("hari"),
    help=N_("Sampai berapa hari ke depan petugas dapat membuat daftar hari."),
    low=0,
    high=30,
)
DAY_LIST_KEPT_DAYS = Figure(
    "day_list_kept_days",
    default=14,
    unit=N_("hari"),
    help=N_("Berapa lama berkas daftar hari yang sudah lewat disimpan."),
    low=1,
    high=90,
    national_only=True,
)
RECORD_TAKEN_DAYS = Figure(
    "record_taken_days",
    default=7,
    unit=N_("hari"),
    help=N_("Sampai berapa hari sesudahnya catatan kehadiran luring diterima."),
    low=0,
    high=7,
    national_only=True,
)
BOOKED_PER_PRIORITY = Figure(
    "booked_per_priority",
    default=1,
    unit=N_("nomor"),
    help=N_(
        "Selama pemohon berjanji temu menunggu: berapa dari mereka dipanggil di antara dua "
        "nomor prioritas."
    ),
    low=1,
    high=10,
)
BOOKED_PER_WALK_IN = Figure(
    "booked_per_walk_in",
    default=4,
    unit=N_("nomor"),
    help=N_(
        "Selama pemohon berjanji temu menunggu: sesudah berapa dari mereka satu nomor yang "
        "datang langsung dipanggil."
    ),
    low=1,
    high=30,
)
CALLS_BEFORE_GONE = Figure(
    "calls_before_gone",
    default=3,
    unit=N_("kali"),
    help=N_("Berapa kali nomor dipanggil sebelum dicatat meninggalkan antrean."),
    low=1,
    high=10,
)
GONE_AFTER_MINUTES = Figure(
    "gone_after_minutes",
    default=2,
    unit=N_("menit"),
    help=N_("Berapa lama sejak panggilan pertama nomor paling cepat dicatat meninggalkan antrean."),
    low=0,
    high=30,
)
