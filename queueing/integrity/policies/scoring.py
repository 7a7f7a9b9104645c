"""The figures of scores and clusters. They guard against offices too: national only.

MEASURES is the table of signals (docs/integrity.md shows it); each threshold and each
weight in it is a figure of its own, so that SISTIK can change it without a release.
"""

from dataclasses import dataclass
from datetime import datetime

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure
from queueing.integrity.rules.accounts import Measure
from queueing.integrity.rules.clusters import Heat


def _figure(key: str, default: int, unit: str, help: str, high: int, low: int = 1) -> Figure:
    return Figure(
        key, default=default, unit=unit, help=help, low=low, high=high, national_only=True
    )


SCORE_DAYS = _figure(
    "score_days", 90, N_("hari"), N_("Tanda dihitung dari sekian hari terakhir."), 180
)
SCORE_HIGH = _figure(
    "score_high", 40, N_("poin"), N_("Mulai skor ini satu akun tampil sendiri dalam daftar."), 100
)
SCORE_SHOWS = _figure(
    "score_shows",
    15,
    N_("poin"),
    N_("Mulai berapa poin dari perbuatannya sendiri sebuah akun dapat digabungkan ke gugus."),
    100,
)
FIRST_SECONDS = _figure(
    "score_first_seconds",
    1,
    N_("detik"),
    N_("Pemesanan dalam sekian detik setelah kuota dibuka dihitung sebagai detik pertama."),
    60,
)
SPEED_MILLISECONDS = _figure(
    "score_speed_milliseconds",
    1000,
    N_("milidetik"),
    N_("Lebih cepat dari ini tidak dilakukan tangan manusia."),
    10_000,
)
BURST_MINUTES = _figure(
    "score_burst_minutes", 10, N_("menit"), N_("Rentang waktu pendaftaran beruntun."), 120
)
BURST_DOMAIN_MOST = _figure(
    "score_burst_domain_most",
    1000,
    N_("akun"),
    N_("Domain e-mail dengan akun lebih banyak dari ini adalah penyedia umum, bukan tanda."),
    1_000_000,
)
CLUSTER_HOT_PERCENT = _figure(
    "cluster_hot_percent",
    50,
    "%",
    N_("Perangkat, alamat, atau lainnya baru menggabungkan akun bila sebanyak ini bermasalah."),
    100,
)
CLUSTER_ADDRESS_MOST = _figure(
    "cluster_address_most",
    50,
    N_("akun"),
    N_("Alamat internet dengan akun lebih banyak dari ini dipakai bersama umum dan diabaikan."),
    10_000,
    low=2,
)
CLUSTER_BRIDGE_LEAST = _figure(
    "cluster_bridge_least",
    5,
    N_("akun"),
    N_("Dua kelompok sebesar ini tidak digabungkan bila hanya satu akun yang menghubungkannya."),
    1000,
    low=2,
)
CLUSTER_UNRELATED_MOST = _figure(
    "cluster_unrelated_most",
    10,
    N_("kelompok"),
    N_("Alamat atau pendaftaran beruntun yang menyentuh lebih banyak kelompok milik umum."),
    1000,
    low=2,
)
CLUSTER_DOUBLING = _figure(
    "cluster_doubling",
    10,
    N_("poin"),
    N_("Tambahan skor gugus setiap kali jumlah akunnya menjadi dua kali lipat."),
    100,
)
KEEP_CLUSTERS_DAYS = _figure(
    "keep_clusters_days",
    365,
    N_("hari"),
    N_("Lama gugus yang tidak lagi ditemukan disimpan bila tidak ada perkaranya."),
    3650,
)


@dataclass(frozen=True)
class Row:
    """A line of the table: defaults, and what is counted (for whoever sets the figure)."""

    code: str
    least: int
    weight: int
    times: int
    counts: str
    is_shared: bool = False

    @property
    def figures(self) -> tuple[Figure, Figure]:
        return FIGURES_OF[self.code]


MEASURES = (
    Row("volume", 8, 25, 4, N_("Orang berbeda yang dipesankan satu akun.")),
    Row("churn", 4, 20, 3, N_("Kunjungan yang dipesan lalu dibatalkan.")),
    Row("let_go", 6, 15, 4, N_("Kunjungan yang ditahan lalu dilepas tanpa dipesan.")),
    Row("series_own", 3, 40, 1, N_("NIK berurutan di satu akun.")),
    Row("series", 5, 20, 2, N_("NIK berurutan yang tersebar di beberapa akun.")),
    Row("names", 3, 10, 2, N_("Orang berbeda dengan nama dan tanggal lahir yang sama.")),
    Row("first_second", 1, 10, 2, N_("Pemesanan pada detik pertama pembukaan kuota.")),
    Row("speed", 1, 15, 3, N_("Kunjungan yang dipesan lebih cepat daripada tangan manusia.")),
    Row("not_found", 1, 20, 5, N_("Orang yang NIK-nya tidak ditemukan Dukcapil.")),
    Row("disputes", 1, 50, 2, N_("NIK yang terbukti milik orang lain.")),
    Row("no_shows", 2, 10, 3, N_("Kunjungan yang tidak dihadiri.")),
    Row("disposable", 1, 15, 1, N_("Alamat e-mail sekali pakai.")),
    Row("lookalike", 3, 10, 3, N_("Akun yang alamatnya bermuara di satu kotak surat.")),
    Row("device", 4, 10, 3, N_("Akun yang memakai satu perangkat."), is_shared=True),
    Row("address", 10, 5, 2, N_("Akun yang memakai satu alamat internet."), is_shared=True),
    Row("phone", 3, 15, 2, N_("Akun yang memakai satu nomor telepon."), is_shared=True),
    Row("burst", 5, 10, 3, N_("Akun yang didaftarkan beruntun."), is_shared=True),
    Row("region", 20, 5, 1, N_("Akun yang dalam satu jam mendaftarkan orang sewilayah."), True),
)
FIGURES_OF = {
    row.code: (
        _figure(f"signal_{row.code}_least", row.least, N_("jumlah"), row.counts, 100_000),
        _figure(f"signal_{row.code}_weight", row.weight, N_("poin"), row.counts, 100, low=0),
    )
    for row in MEASURES
}


def measures(now: datetime) -> tuple[Measure, ...]:
    """The table as it stands at this moment."""
    return tuple(
        Measure(row.code, *(one.at(now=now) for one in row.figures), row.times, row.is_shared)
        for row in MEASURES
    )


def heat(now: datetime) -> Heat:
    return Heat(
        percent=CLUSTER_HOT_PERCENT.at(now=now),
        address_most=CLUSTER_ADDRESS_MOST.at(now=now),
        bridge_least=CLUSTER_BRIDGE_LEAST.at(now=now),
        unrelated_most=CLUSTER_UNRELATED_MOST.at(now=now),
    )
