"""The figures of watching."""

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure

WATCHES_PER_ACCOUNT = Figure(
    "watches_per_account",
    default=5,
    unit=N_("permintaan"),
    help=N_("Berapa kabar tentang tempat yang boleh ditunggu satu akun sekaligus."),
    low=1,
    high=20,
)
TOLD_PER_SEAT = Figure(
    "watches_told_per_seat",
    default=3,
    unit=N_("orang"),
    help=N_("Untuk setiap kursi yang kosong, sekian orang dikabari dalam satu putaran."),
    low=1,
    high=50,
)
