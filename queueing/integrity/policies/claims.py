"""The figures of claims on a NIK."""

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure

CLAIM_HOLD_HOURS = Figure(
    "claim_hold_hours",
    default=24,
    unit=N_("jam"),
    help=N_("Lama tempat ditahan untuk pemilik NIK setelah klaimnya diterima."),
    low=1,
    high=168,
    national_only=True,
)
CLAIM_WINDOW_DAYS = Figure(
    "claim_window_days",
    default=30,
    unit=N_("hari"),
    help=N_("Jangka waktu untuk menghitung klaim NIK."),
    low=1,
    high=365,
    national_only=True,
)
CLAIMS_PER_ACCOUNT = Figure(
    "claims_per_account",
    default=3,
    unit=N_("klaim"),
    help=N_("Klaim NIK paling banyak dari satu akun dalam jangka waktu itu."),
    low=1,
    high=50,
    national_only=True,
)
CLAIMS_PER_PERSON = Figure(
    "claims_per_person",
    default=5,
    unit=N_("klaim"),
    help=N_("Klaim paling banyak atas satu NIK dalam jangka waktu itu."),
    low=1,
    high=50,
    national_only=True,
)
CLAIM_OPEN_DAYS = Figure(
    "claim_open_days",
    default=14,
    unit=N_("hari"),
    help=N_("Lama klaim NIK yang belum diputuskan tetap terbuka."),
    low=1,
    high=90,
    national_only=True,
)
