"""The figures of the desk."""

from paspor.kernel.errors import N_
from paspor.kernel.policy import Figure

CHECK_IN_EARLY_MINUTES = Figure(
    "check_in_early_minutes",
    default=30,
    unit=N_("menit"),
    help=N_("Berapa lama sebelum jamnya pemohon dapat diterima."),
    low=0,
    high=240,
)
