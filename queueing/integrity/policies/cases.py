"""The figures of cases, restrictions and appeals. They bind every office: national only."""

from datetime import datetime

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure
from queueing.integrity.rules.cases import Thresholds


def _figure(key: str, default: int, unit: str, help: str, high: int) -> Figure:
    return Figure(key, default=default, unit=unit, help=help, low=1, high=high, national_only=True)


CASE_CLUSTER_SCORE = _figure(
    "case_cluster_score",
    70,
    N_("skor"),
    N_("Mulai skor ini gugus akun mendapat perkara secara otomatis."),
    100,
)
CASE_CLUSTER_SIZE = _figure(
    "case_cluster_size",
    5,
    N_("akun"),
    N_("Gugus akun yang lebih kecil dari ini dinilai seperti akun tunggal."),
    1000,
)
CASE_ACCOUNT_SCORE = _figure(
    "case_account_score",
    90,
    N_("skor"),
    N_("Mulai skor ini satu akun mendapat perkara secara otomatis."),
    100,
)
AUTO_LIMIT_SCORE = _figure(
    "auto_limit_score",
    80,
    N_("skor"),
    N_("Mulai skor ini akun dalam perkara otomatis dibatasi: pemeriksaan keamanan, lebih lambat."),
    100,
)
AUTO_LIMIT_DAYS = _figure(
    "auto_limit_days",
    14,
    N_("hari"),
    N_("Lama pembatasan otomatis bila tidak ada petugas yang memutuskan lain."),
    365,
)
RETURN_LIMIT_DAYS = _figure(
    "return_limit_days",
    90,
    N_("hari"),
    N_("Lama akun baru dibatasi bila kotak suratnya milik akun yang sedang ditangguhkan."),
    365,
)
CASE_REST_DAYS = _figure(
    "case_rest_days",
    30,
    N_("hari"),
    N_("Sesudah perkara ditutup, aturan tidak membukanya lagi selama sekian hari."),
    365,
)
ACT_PREPARED_HOURS = _figure(
    "act_prepared_hours",
    72,
    N_("jam"),
    N_("Berapa lama tindakan yang disiapkan masih dapat dijalankan."),
    720,
)
APPEAL_WORKING_DAYS = _figure(
    "appeal_working_days",
    5,
    N_("hari kerja"),
    N_("Dalam berapa hari kerja keberatan dijawab."),
    30,
)
APPEALS_PER_MATTER = _figure(
    "appeals_per_matter",
    2,
    N_("kali"),
    N_("Berapa kali keberatan atas satu tindakan dijawab."),
    10,
)
APPEAL_TEXT_DAYS = _figure(
    "appeal_text_days",
    365,
    N_("hari"),
    N_("Isi keberatan dan jawabannya disimpan sekian hari sejak dijawab."),
    3650,
)


def thresholds(now: datetime) -> Thresholds:
    return Thresholds(
        cluster_score=CASE_CLUSTER_SCORE.at(now=now),
        cluster_size=CASE_CLUSTER_SIZE.at(now=now),
        account_score=CASE_ACCOUNT_SCORE.at(now=now),
        limit_score=AUTO_LIMIT_SCORE.at(now=now),
    )
