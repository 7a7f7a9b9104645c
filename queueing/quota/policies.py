"""The figures of quota (domain 1.3: when it opens changed seven times in eight years)."""

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure

HORIZON_DAYS = Figure(
    "horizon_days",
    default=30,
    unit=N_("hari"),
    help=N_("Sejauh mana kuota dibuka pada setiap pembukaan (1 sampai 90 hari)."),
    low=1,
    high=90,
)
OPENING_WEEKDAY = Figure(
    "opening_weekday",
    default=4,
    unit=N_("hari (0 Senin, 6 Minggu)"),
    help=N_("Hari pembukaan kuota setiap minggu: 0 untuk Senin sampai 6 untuk Minggu."),
    low=0,
    high=6,
    source="Friday, as from 2019 to 2021 and again in Kalimantan Barat in 2025",
)
OPENING_MINUTE = Figure(
    "opening_minute",
    default=14 * 60,
    unit=N_("menit sejak tengah malam"),
    help=N_("Saat pembukaan menurut jam kantor, dalam menit sejak pukul 00.00 (0 sampai 1439)."),
    low=0,
    high=1439,
    source="14.00, as from 2019 to 2021",
)
PREPARE_AHEAD_HOURS = Figure(
    "prepare_ahead_hours",
    default=24,
    unit=N_("jam"),
    help=N_("Berapa lama sebelum pembukaan kursi kuota disiapkan (1 sampai 168 jam)."),
    low=1,
    high=168,
)
LATE_OPENING_MINUTES = Figure(
    "late_opening_minutes",
    default=5,
    unit=N_("menit"),
    help=N_("Pembukaan yang terlambat disiapkan diundur sekian menit (1 sampai 120 menit)."),
    low=1,
    high=120,
)
# Booking refuses later than this, and availability shows no hour that would be refused.
BOOK_CUTOFF_MINUTES = Figure(
    "book_cutoff_minutes",
    default=60,
    unit=N_("menit"),
    help=N_("Pemesanan ditutup sekian menit sebelum jam layanan."),
    low=0,
    high=10080,
)
# Unused seats of the counter; 0, so that an office loses none unless it has decided to.
COUNTER_BACK_MINUTE = Figure(
    "counter_back_minute",
    default=0,
    unit=N_("menit sejak tengah malam"),
    help=N_(
        "Mulai menit ini setiap hari kursi loket yang tidak terpakai kembali ke daring "
        "(misalnya 600 untuk pukul 10.00; 0: tidak pernah)."
    ),
    low=0,
    high=1439,
)
