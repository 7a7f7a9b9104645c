"""The figures of booking (domain: what a ministry may change without a release)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from paspor.kernel.errors import N_
from paspor.kernel.models import NATIONAL
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
QUIET_FROM_HOUR = Figure(
    "quiet_from_hour",
    default=21,
    unit=N_("jam"),
    help=N_("Mulai jam ini menurut waktu kantor, pesan yang tidak mendesak menunggu pagi."),
    low=12,
    high=24,
)
QUIET_TO_HOUR = Figure(
    "quiet_to_hour",
    default=7,
    unit=N_("jam"),
    help=N_("Mulai jam ini menurut waktu kantor, pesan yang menunggu pagi dikirim."),
    low=0,
    high=11,
)

# --- Prices: as the law of today has them (fees.py), until a row sets another from its day on.


def _price(key: str, rupiah: int, help: str) -> Figure:
    return Figure(
        key,
        default=rupiah,
        unit=N_("rupiah"),
        help=help,
        low=0,
        high=100_000_000,
        national_only=True,
    )


FEE_OF = {
    ("REGULAR", 5): _price("fee_regular_5", 350_000, N_("Harga paspor biasa, 5 tahun.")),
    ("REGULAR", 10): _price("fee_regular_10", 650_000, N_("Harga paspor biasa, 10 tahun.")),
    ("ELECTRONIC", 5): _price("fee_electronic_5", 650_000, N_("Harga paspor elektronik, 5 tahun.")),
    ("ELECTRONIC", 10): _price(
        "fee_electronic_10", 950_000, N_("Harga paspor elektronik, 10 tahun.")
    ),
    ("POLYCARBONATE", 5): _price(
        "fee_polycarbonate_5", 650_000, N_("Harga paspor polikarbonat, 5 tahun.")
    ),
    ("POLYCARBONATE", 10): _price(
        "fee_polycarbonate_10", 950_000, N_("Harga paspor polikarbonat, 10 tahun.")
    ),
}
SAME_DAY_FEE = _price(
    "fee_same_day", 1_000_000, N_("Tambahan untuk percepatan: paspor selesai pada hari yang sama.")
)
SURCHARGE_OF = {
    "LOST": _price("surcharge_lost", 1_000_000, N_("Biaya beban paspor hilang.")),
    "DAMAGED": _price("surcharge_damaged", 500_000, N_("Biaya beban paspor rusak.")),
}

# What is bounded for everyone, and why by so much: docs/limits.md. Never below the five
# people of one visit, who are counted together. An office may let more come from one device,
# phone or family card; accounts and persons are bounded for the nation.

LIMIT_HOURS = Figure(
    "limit_hours",
    default=24,
    unit=N_("jam"),
    help=N_("Jangka waktu batas menahan tempat."),
    low=1,
    high=168,
    national_only=True,
)
LIMIT_DAYS = Figure(
    "limit_days",
    default=30,
    unit=N_("hari"),
    help=N_("Jangka waktu batas memesan dan membatalkan."),
    low=1,
    high=365,
    national_only=True,
)
ACCOUNT_HOLDS = Figure(
    "account_holds",
    default=40,
    unit=N_("tempat"),
    help=N_("Tempat yang dapat ditahan satu akun dalam jangka pendek."),
    low=5,
    high=10000,
    national_only=True,
)
ACCOUNT_LET_GO = Figure(
    "account_let_go",
    default=25,
    unit=N_("tempat"),
    help=N_("Tempat yang ditahan lalu dilepas satu akun dalam jangka pendek."),
    low=5,
    high=10000,
    national_only=True,
)
ACCOUNT_BOOKINGS = Figure(
    "account_bookings",
    default=30,
    unit=N_("tempat"),
    help=N_("Tempat yang dapat dipesan satu akun dalam jangka panjang."),
    low=5,
    high=10000,
    national_only=True,
)
ACCOUNT_CANCELLATIONS = Figure(
    "account_cancellations",
    default=25,
    unit=N_("tempat"),
    help=N_("Tempat yang dibatalkan satu akun dalam jangka panjang sebelum ia menunggu."),
    low=5,
    high=10000,
    national_only=True,
)
PERSON_HOLDS = Figure(
    "person_holds",
    default=8,
    unit=N_("kali"),
    help=N_("Berapa kali tempat ditahan bagi satu orang dalam jangka pendek."),
    low=1,
    high=1000,
    national_only=True,
)
PERSON_LET_GO = Figure(
    "person_let_go",
    default=5,
    unit=N_("kali"),
    help=N_("Berapa kali tempat bagi satu orang ditahan lalu dilepas dalam jangka pendek."),
    low=1,
    high=1000,
    national_only=True,
)
PERSON_BOOKINGS = Figure(
    "person_bookings",
    default=6,
    unit=N_("kali"),
    help=N_("Berapa kali tempat dipesan bagi satu orang dalam jangka panjang."),
    low=1,
    high=1000,
    national_only=True,
)
PERSON_CANCELLATIONS = Figure(
    "person_cancellations",
    default=5,
    unit=N_("kali"),
    help=N_("Berapa kali tempat satu orang dibatalkan dalam jangka panjang sebelum ia menunggu."),
    low=1,
    high=1000,
    national_only=True,
)
KK_BOOKINGS = Figure(
    "kk_bookings",
    default=60,
    unit=N_("tempat"),
    help=N_("Tempat yang dapat dipesan satu Kartu Keluarga dalam jangka panjang, dari semua akun."),
    low=5,
    high=10000,
)
DEVICE_BOOKINGS = Figure(
    "device_bookings",
    default=300,
    unit=N_("tempat"),
    help=N_("Tempat yang dapat dipesan dari satu perangkat dalam jangka panjang."),
    low=5,
    high=100000,
)
PHONE_BOOKINGS = Figure(
    "phone_bookings",
    default=100,
    unit=N_("tempat"),
    help=N_("Tempat yang dapat dipesan akun-akun dengan satu nomor telepon dalam jangka panjang."),
    low=5,
    high=100000,
)
KK_CANCELLATIONS = Figure(
    "kk_cancellations",
    default=50,
    unit=N_("tempat"),
    help=N_("Tempat satu Kartu Keluarga yang dibatalkan dalam jangka panjang, dari semua akun."),
    low=5,
    high=10000,
)
DEVICE_CANCELLATIONS = Figure(
    "device_cancellations",
    default=250,
    unit=N_("tempat"),
    help=N_("Tempat yang dipesan dari satu perangkat lalu dibatalkan dalam jangka panjang."),
    low=5,
    high=100000,
)
PHONE_CANCELLATIONS = Figure(
    "phone_cancellations",
    default=80,
    unit=N_("tempat"),
    help=N_("Tempat yang dibatalkan akun-akun dengan satu nomor telepon dalam jangka panjang."),
    low=5,
    high=100000,
)
IN_HOURS = (ACCOUNT_HOLDS, ACCOUNT_LET_GO, PERSON_HOLDS, PERSON_LET_GO)
IN_DAYS = (
    *(ACCOUNT_BOOKINGS, ACCOUNT_CANCELLATIONS, PERSON_BOOKINGS, PERSON_CANCELLATIONS),
    *(KK_BOOKINGS, DEVICE_BOOKINGS, PHONE_BOOKINGS),
    *(KK_CANCELLATIONS, DEVICE_CANCELLATIONS, PHONE_CANCELLATIONS),
)


@dataclass(frozen=True)
class Limit:
    """At most so many ``within`` that time; ``span`` is the same in hours or in days.

    The name says of whom and of what, as queueing_limits does.
    """

    name: str
    most: int
    span: int
    within: timedelta


def limits(*, now: datetime, scope: str = NATIONAL) -> list[Limit]:
    """What holds for everyone at this moment; for visits to an office where one is named."""
    hours, days = LIMIT_HOURS.at(now=now), LIMIT_DAYS.at(now=now)
    spans = [(figure, hours, timedelta(hours=hours)) for figure in IN_HOURS]
    spans += [(figure, days, timedelta(days=days)) for figure in IN_DAYS]
    return [
        Limit(figure.key, figure.at(now=now, scope=scope), span, within)
        for figure, span, within in spans
    ]
