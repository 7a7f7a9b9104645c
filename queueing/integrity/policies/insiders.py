"""The figures of what is noticed about officers. They guard against offices: national only."""

from datetime import datetime

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure
from queueing.integrity.rules.officers import Limit
from queueing.integrity.rules.pairs import PairLimits


def _figure(key: str, default: int, unit: str, help: str, high: int) -> Figure:
    return Figure(key, default=default, unit=unit, help=help, low=1, high=high, national_only=True)


PAIR_REQUESTS = _figure(
    "insider_pair_requests",
    10,
    N_("permintaan"),
    N_("Mulai berapa keputusan dalam 90 hari dua petugas yang selalu sepakat disebut."),
    1000,
)
PAIR_GRANTED = _figure(
    "insider_pair_granted",
    95,
    "%",
    N_("Mulai berapa persen disetujui dua petugas disebut selalu sepakat."),
    100,
)
PAIR_SECONDS = _figure(
    "insider_pair_seconds",
    60,
    N_("detik"),
    N_("Persetujuan yang lebih cepat dari ini dianggap tidak dibaca."),
    3600,
)
PAIR_SHARE = _figure(
    "insider_pair_share",
    80,
    "%",
    N_("Bagian permintaan seorang petugas yang diputuskan oleh satu orang yang sama."),
    100,
)
PAIR_WEIGHT = _figure(
    "insider_pair_weight", 30, N_("poin"), N_("Bobot tanda dua petugas selalu sepakat."), 100
)


def pair_limits(now: datetime) -> PairLimits:
    return PairLimits(
        requests=PAIR_REQUESTS.at(now=now),
        granted_percent=PAIR_GRANTED.at(now=now),
        seconds=PAIR_SECONDS.at(now=now),
        share_percent=PAIR_SHARE.at(now=now),
    )


WINDOW_DAYS = _figure(
    "insider_window_days",
    30,
    N_("hari"),
    N_("Berapa hari ke belakang tindakan petugas diperhatikan."),
    365,
)
SIGN_IN_DAYS = _figure(
    "insider_sign_in_days",
    7,
    N_("hari"),
    N_("Berapa hari ke belakang cara masuk petugas diperhatikan."),
    90,
)
QUICK_SECONDS = _figure(
    "insider_quick_seconds",
    10,
    N_("detik"),
    N_("Kursi yang dipakai petugas secepat ini setelah terlihat dianggap sudah ditunggu."),
    600,
)
MARGIN_HOURS = _figure(
    "insider_margin_hours",
    2,
    N_("jam"),
    N_("Berapa jam sebelum buka dan sesudah tutup masih termasuk jam kantor."),
    12,
)
IN_A_ROW_SECONDS = _figure(
    "insider_in_a_row_seconds",
    20,
    N_("detik"),
    N_("Pemesanan petugas secepat ini setelah yang sebelumnya tidak diketik dari KTP."),
    600,
)
ABSENT_PERCENT = _figure(
    "insider_absent_percent",
    40,
    "%",
    N_("Bagian orang yang dipesankan petugas dan tidak datang mulai dari mana diperhatikan."),
    100,
)
NOT_OF_AGE_PERCENT = _figure(
    "insider_not_of_age_percent",
    60,
    "%",
    N_("Bagian pemesanan prioritas tanpa lansia atau balita mulai dari mana diperhatikan."),
    100,
)
TIMES_USUAL = _figure(
    "insider_times_usual",
    3,
    N_("kali"),
    N_("Mulai berapa kali lipat rekan sekantornya tindakan seorang petugas diperhatikan."),
    100,
)
OTHER_PERCENT = _figure(
    "insider_other_percent",
    50,
    "%",
    N_("Bagian pemesanan dengan alasan lain mulai dari mana diperhatikan."),
    100,
)
# Code, from how many on, weight, and what is counted.
WATCHED = (
    ("one_account", 10, 45, N_("Orang pada tiket seorang petugas yang diambil satu akun.")),
    ("one_hand", 10, 45, N_("Orang pada tiket petugas yang diambil akun-akun satu tangan.")),
    ("few_accounts", 10, 45, N_("Orang pada tiket petugas yang diambil akun-akun langganan.")),
    ("same_person", 4, 30, N_("Berapa kali seorang petugas memesankan orang yang sama.")),
    ("quick_seats", 5, 30, N_("Kursi yang dipakai petugas segera setelah terlihat.")),
    ("in_a_row", 10, 25, N_("Pemesanan petugas yang terlalu cepat satu sesudah yang lain.")),
    ("paper_ahead", 15, 25, N_("Orang dengan tiket kertas untuk hari lain tanpa akun.")),
    ("absent", 8, 20, N_("Orang yang dipesankan petugas dan tidak datang.")),
    ("verified", 15, 20, N_("Akun yang diverifikasi seorang petugas di loket.")),
    ("ktp_seen", 15, 20, N_("KTP yang dicatat sudah dilihat dan klaim NIK yang diputuskan.")),
    ("unproven", 5, 20, N_("Pemesanan prioritas tanpa bukti.")),
    ("not_of_age", 15, 15, N_("Pemesanan prioritas tanpa lansia atau balita.")),
    ("nik_unseen", 10, 20, N_("Pembacaan NIK orang yang tidak datang hari itu.")),
    ("sign_ins", 10, 15, N_("Masuk yang gagal, perangkat baru, dan faktor kedua yang diganti.")),
    ("grants", 10, 15, N_("Penugasan yang diberikan atau diakhiri di satu kantor.")),
    ("off_hours", 10, 15, N_("Tindakan di luar jam kantor.")),
    ("no_show_undone", 5, 15, N_("Catatan tidak hadir yang diurungkan.")),
    ("late_arrivals", 40, 10, N_("Kedatangan terlambat yang diterima.")),
    ("other_reason", 15, 10, N_("Pemesanan dengan alasan lain.")),
)
FROM = {
    code: _figure(f"insider_{code}_from", count, N_("kali"), help, 10000)
    for code, count, weight, help in WATCHED
}
WEIGHTS = {
    code: _figure(f"insider_{code}_weight", weight, N_("poin"), help, 100)
    for code, count, weight, help in WATCHED
}


# What a busy office does much of: only beside colleagues does a number say something.
COMPARED = frozenset({"paper_ahead", "verified", "ktp_seen"})


def limits(now: datetime) -> dict[str, Limit]:
    """From where on each signal about an officer speaks, as policy stands."""
    share = {
        "other_reason": OTHER_PERCENT.at(now=now),
        "absent": ABSENT_PERCENT.at(now=now),
        "not_of_age": NOT_OF_AGE_PERCENT.at(now=now),
    }
    times = dict.fromkeys(COMPARED, TIMES_USUAL.at(now=now))
    return {
        code: Limit(
            FROM[code].at(now=now),
            WEIGHTS[code].at(now=now),
            share.get(code, 0),
            times.get(code, 0),
        )
        for code in FROM
    }
