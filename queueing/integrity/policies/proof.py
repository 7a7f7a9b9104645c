"""When a hold asks for a proof of work. Promises to everyone: national only."""

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
PROOF_FROM_HOLDS = Figure(
    "proof_from_holds",
    default=3000,
    unit=N_("pemesanan"),
    help=N_("Pemesanan semenit di seluruh portal, mulai dari itu setiap pemesan diperiksa."),
    low=10,
    high=1_000_000,
    national_only=True,
)
