"""Days and hours as people say them, always with the zone. In the active language."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language

from queueing.quota.models import Slot


def day(on: date) -> str:
    """Selasa, 24 November 2026."""
    return date_format(on, "l, j F Y")


def clock(at: datetime) -> str:
    """08.00 in Indonesian, 08:00 in English; ``at`` is already in the zone to be told."""
    return at.strftime("%H:%M" if get_language() == "en" else "%H.%M")


def hours_of(slot: Slot) -> str:
    """08.00–09.00 WIB, by the office's own clock."""
    office = slot.office
    starts, ends = (at.astimezone(office.zone) for at in (slot.starts_at, slot.ends_at))
    return f"{clock(starts)}–{clock(ends)} {office.zone_name}"
