"""The figures of booking (domain: what a ministry may change without a release)."""

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure
from queueing.quota.policies import BOOK_CUTOFF_MINUTES as BOOK_CUTOFF_MINUTES

# Availability shows no hour that would be refused, so the figure lives below.

HOLD_MINUTES = Figure(
    "hold_minutes",
    default=10,
    unit=N_("menit"),
    help=N_("Berapa lama tempat ditahan sebelum dipesan (1 sampai 120 menit)."),
    low=1,
    high=120,
)
HOLD_RETURN_MINUTES = Figure(
    "hold_return_minutes",
    default=10,
    unit=N_("menit"),
    help=N_("Tempat dari tahanan yang habis kembali pada saat acak dalam waktu ini."),
    low=1,
    high=1440,
)
CANCEL_RETURN_MINUTES = Figure(
    "cancel_return_minutes",
    default=1440,
    unit=N_("menit"),
    help=N_("Tempat yang dibatalkan kembali pada saat acak dalam waktu ini."),
    low=1,
    high=10080,
)
MAX_LIVE_PLACES = Figure(
    "max_live_places",
    default=5,
    unit=N_("tempat"),
    help=N_("Tempat yang masih berlaku paling banyak untuk satu akun."),
    low=1,
    high=20,
    national_only=True,
)
SELF_MOVES = Figure(
    "self_moves",
    default=1,
    unit=N_("kali"),
    help=N_("Berapa kali pemohon boleh mengubah jadwalnya sendiri."),
    low=0,
    high=10,
)
ELDERLY_FROM_YEARS = Figure(
    "elderly_from_years",
    default=60,
    unit=N_("tahun"),
    help=N_("Usia mulai berhak atas jalur prioritas sebagai lansia."),
    low=55,
    high=75,
)
FIRST_RIGHT_DAYS = Figure(
    "first_right_days",
    default=60,
    unit=N_("hari"),
    help=N_("Berapa lama hak didahulukan berlaku setelah kantor menutup hari layanan."),
    low=1,
    high=365,
)
ALTERNATIVE_DAYS = Figure(
    "alternative_days",
    default=30,
    unit=N_("hari"),
    help=N_("Sejauh mana jadwal pengganti dicari setelah kantor menutup hari layanan."),
    low=1,
    high=90,
)
REFERRAL_DAYS = Figure(
    "referral_days",
    default=30,
    unit=N_("hari"),
    help=N_("Masa berlaku kode rujukan LTSP."),
    low=1,
    high=180,
)
REMIND_FROM_HOUR = Figure(
    "remind_from_hour",
    default=8,
    unit=N_("jam"),
    help=N_("Pengingat dikirim mulai jam ini menurut waktu kantor."),
    low=0,
    high=23,
)
REMIND_TO_HOUR = Figure(
    "remind_to_hour",
    default=20,
    unit=N_("jam"),
    help=N_("Pengingat tidak dikirim lagi mulai jam ini menurut waktu kantor."),
    low=1,
    high=24,
)
