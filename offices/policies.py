"""Figures of who needs whom, set by rows for the nation or for one office."""

from datetime import datetime

from offices.rules import Thresholds
from paspor.kernel.models import NATIONAL
from paspor.kernel.policy import Figure

APPROVAL_HOURS = Figure(
    "approval_hours",
    default=24,
    unit="jam",
    help="Berapa lama permintaan persetujuan kedua berlaku.",
    low=1,
    high=168,
    national_only=True,
)
SECOND_FROM_PLACES = Figure(
    "second_from_places",
    default=5,
    unit="orang",
    help="Mulai berapa orang sekaligus tindakan di loket memerlukan petugas kedua.",
    low=1,
    high=20,
    national_only=True,
)
SECOND_FROM_QUOTA_PERCENT = Figure(
    "second_from_quota_percent",
    default=25,
    unit="%",
    help="Mulai kenaikan kuota berapa persen diperlukan petugas kedua.",
    low=1,
    high=100,
    national_only=True,
)
SECOND_ABOVE_ACCOUNTS = Figure(
    "second_above_accounts",
    default=5,
    unit="akun",
    help="Di atas berapa akun sekaligus penangguhan memerlukan petugas kedua.",
    low=0,
    high=100,
    national_only=True,
)
SECOND_FOR_VERIFYING = Figure(
    "second_for_verifying",
    default=False,
    unit="ya/tidak",
    help="Apakah verifikasi akun di loket memerlukan petugas kedua.",
    national_only=True,
)

SECOND_FACTOR_HOURS = Figure(
    "second_factor_hours",
    default=12,
    unit="jam",
    help="Berapa lama langkah kedua berlaku bagi petugas.",
    low=1,
    high=24,
    national_only=True,
)
SECOND_FACTOR_FRESH_MINUTES = Figure(
    "second_factor_fresh_minutes",
    default=15,
    unit="menit",
    help="Langkah kedua harus sebaru ini untuk menyetujui tindakan petugas lain.",
    low=1,
    high=120,
    national_only=True,
)

EXCUSED_DAYS = Figure(
    "excused_days",
    default=3,
    unit="hari",
    help="Berapa hari sesudah gangguan pulih janji yang terkena masih bebas diubah.",
    low=1,
    high=14,
    national_only=True,
)

MAIL_LATE_MINUTES = Figure(
    "mail_late_minutes",
    default=10,
    unit="menit",
    help="Mulai berapa menit menunggu sebuah pesan berarti pengiriman e-mail terganggu.",
    low=1,
    high=240,
    national_only=True,
)
MAIL_USUAL_PERCENT = Figure(
    "mail_usual_percent",
    default=70,
    unit="persen",
    help="Bagian kode verifikasi yang biasanya kembali dalam 10 menit, selama belum terukur.",
    low=30,
    high=98,
    national_only=True,
)
REPORT_RECEIVED_HOURS = Figure(
    "report_received_hours",
    default=24,
    unit="jam",
    help="Berapa lama laporan boleh menunggu sampai seseorang menanganinya.",
    low=1,
    high=720,
    national_only=True,
)
REPORT_OFFICE_HOURS = Figure(
    "report_office_hours",
    default=72,
    unit="jam",
    help="Berapa lama kantor boleh menangani sebuah laporan.",
    low=1,
    high=720,
    national_only=True,
)
REPORT_SISTIK_HOURS = Figure(
    "report_sistik_hours",
    default=72,
    unit="jam",
    help="Berapa lama SISTIK boleh menangani sebuah laporan.",
    low=1,
    high=720,
    national_only=True,
)
REPORT_KEPT_DAYS = Figure(
    "report_kept_days",
    default=365,
    unit="hari",
    help="Berapa lama kata-kata dan nama dalam laporan yang selesai disimpan.",
    low=30,
    high=1825,
    national_only=True,
)


def thresholds(*, now: datetime, scope: str = NATIONAL) -> Thresholds:
    """What an act's extent is held against, as policy stands for the office."""
    return Thresholds(
        places=SECOND_FROM_PLACES.at(now=now, scope=scope),
        quota_percent=SECOND_FROM_QUOTA_PERCENT.at(now=now, scope=scope),
        accounts=SECOND_ABOVE_ACCOUNTS.at(now=now, scope=scope),
        verifying=SECOND_FOR_VERIFYING.at(now=now, scope=scope),
    )
