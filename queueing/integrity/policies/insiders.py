"""The figures of what is noticed about officers. They guard against offices: national only."""

from datetime import datetime

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure
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
