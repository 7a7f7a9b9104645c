"""The kernel's own figures."""

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure

KEEP_NOTES_DAYS = Figure(
    "keep_notes_days",
    default=90,
    unit=N_("hari"),
    help=N_("Keterangan bebas di samping riwayat dan catatan audit disimpan sekian hari."),
    low=1,
    high=3650,
    national_only=True,
)
PROOF_STEPS = Figure(
    "proof_steps",
    default=1500,
    unit=N_("langkah"),
    help=N_("Langkah hitungan satu pemeriksaan keamanan. 1500: 2 sampai 4 detik di ponsel murah."),
    low=100,
    high=20_000,
    national_only=True,
)
PROOF_MOST_TIMES = Figure(
    "proof_most_times",
    default=4,
    unit=N_("kali"),
    help=N_("Pemeriksaan keamanan paling berat sekian kali yang biasa, saat risiko tinggi."),
    low=1,
    high=10,
    national_only=True,
)
PROOF_MINUTES = Figure(
    "proof_minutes",
    default=10,
    unit=N_("menit"),
    help=N_("Berapa lama satu pemeriksaan keamanan dapat dipakai sejak diminta."),
    low=3,
    high=60,
    national_only=True,
)
PROOF_WAIT_SECONDS = Figure(
    "proof_wait_seconds",
    default=60,
    unit=N_("detik"),
    help=N_("Lama menunggu sebagai ganti pemeriksaan keamanan, di peramban tanpa JavaScript."),
    low=30,
    high=150,
    national_only=True,
)
