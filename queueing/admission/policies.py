"""The figures of admission (docs/admission.md says how to choose them)."""

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure

PASSES = Figure(
    "admission_passes",
    default=1500,
    unit=N_("orang"),
    help=N_("Saat ramai, sekian orang memesan pada waktu yang sama; yang lain menunggu giliran."),
    low=1,
    high=200_000,
    source="bookings a second that the machine carries, times the seconds a person takes",
    national_only=True,
)
PASS_MINUTES = Figure(
    "admission_pass_minutes",
    default=2,
    unit=N_("menit"),
    help=N_("Sesudah dipanggil, giliran berlaku sekian menit sejak halaman terakhir dibuka."),
    low=1,
    high=15,
    national_only=True,
)
WORK_MINUTES = Figure(
    "admission_work_minutes",
    default=10,
    unit=N_("menit"),
    help=N_("Lamanya giliran bagi yang sedang mengisi data orang yang ikut datang."),
    low=2,
    high=30,
    national_only=True,
)
MOST_MINUTES = Figure(
    "admission_most_minutes",
    default=20,
    unit=N_("menit"),
    help=N_("Satu giliran paling lama sekian menit, walau halamannya terus dibuka."),
    low=5,
    high=120,
    national_only=True,
)
KEEP_MINUTES = Figure(
    "admission_keep_minutes",
    default=10,
    unit=N_("menit"),
    help=N_("Giliran tetap disimpan sekian menit sesudah halaman tunggunya ditutup."),
    low=2,
    high=60,
    national_only=True,
)
AHEAD_MINUTES = Figure(
    "admission_ahead_minutes",
    default=15,
    unit=N_("menit"),
    help=N_("Giliran dapat diambil sejak sekian menit sebelum kuota dibuka, lalu diundi."),
    low=1,
    high=60,
    national_only=True,
)
STAYS_MINUTES = Figure(
    "admission_stays_minutes",
    default=10,
    unit=N_("menit"),
    help=N_("Sesudah kuota dibuka, orang bergiliran sedikitnya selama sekian menit."),
    low=1,
    high=120,
    national_only=True,
)
PRESSURE = Figure(
    "admission_pressure",
    default=20,
    unit=N_("kali"),
    help=N_("Orang bergiliran bila pemesanan ditolak karena penuh sekian kali dalam 10 detik."),
    low=1,
    high=10_000,
    national_only=True,
)
