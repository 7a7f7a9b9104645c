"""When a hold asks for a proof of work, how slow a limited account is: promises, national only."""

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure

PROOF_FROM_RISK = Figure(
    "proof_from_risk",
    default=40,
    unit=N_("nilai"),
    help=N_("Nilai risiko akun (0 sampai 100), mulai dari itu pemesanan minta pemeriksaan."),
    low=1,
    high=100,
    national_only=True,
)
LIMITED_PAUSE_MINUTES = Figure(
    "limited_pause_minutes",
    default=30,
    unit=N_("menit"),
    help=N_("Jarak antara dua pemesanan dari akun yang dibatasi. 0: tanpa jarak."),
    low=0,
    high=1440,
    national_only=True,
)
PROOF_FROM_HOLDS = Figure(
    "proof_from_holds",
    default=3000,
    unit=N_("pemesanan"),
    help=N_("Pemesanan semenit di seluruh portal, mulai dari itu setiap pemesan diperiksa."),
    low=10,
    high=1_000_000,
    national_only=True,
)
