"""Waiting in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paspor.kernel import formatting

ZONES = (("WIB", "Asia/Jakarta"), ("WITA", "Asia/Makassar"), ("WIT", "Asia/Jayapura"))
# Beyond these nobody is helped by an exact figure.
EXACT_MINUTES = 20
STEP_MINUTES = 5
LONGEST_IN_MINUTES = 90


def about(seconds: int) -> str:
    """How long it takes: rather too long than too short."""
    if seconds < 60:
        return _("kurang dari satu menit")
    minutes = -(-seconds // 60)
    if minutes > EXACT_MINUTES:
        minutes = -(-minutes // STEP_MINUTES) * STEP_MINUTES
    if minutes <= LONGEST_IN_MINUTES:
        return ngettext("sekitar %(n)s menit", "sekitar %(n)s menit", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    return ngettext("sekitar %(n)s jam", "sekitar %(n)s jam", hours) % {"n": hours}


def opening(second: int) -> str:
    """Jumat, 27 November 2026, pukul 14.00 WIB, 15.00 WITA, 16.00 WIT."""
    at = datetime.fromtimestamp(second, UTC)
    clocks = [f"{formatting.clock(at.astimezone(ZoneInfo(zone)))} {name}" for name, zone in ZONES]
    day = formatting.day(at.astimezone(ZoneInfo(ZONES[0][1])))
    return _("%(day)s, pukul %(clocks)s") % {"day": day, "clocks": ", ".join(clocks)}
