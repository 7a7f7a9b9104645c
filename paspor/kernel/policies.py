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
