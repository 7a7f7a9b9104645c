"""A visit as the components of templates/components take it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from offices.models import Office
from paspor.kernel import formatting
from queueing.booking import words
from queueing.booking.models import Place
from queueing.booking.timeline import Entry

TONES = {
    Place.State.HELD: ("info", "hourglass"),
    Place.State.BOOKED: ("success", "circle-check"),
    Place.State.CHECKED_IN: ("success", "users"),
    Place.State.SERVED: ("", "check"),
    Place.State.EXPIRED: ("", "clock"),
    Place.State.CANCELLED: ("error", "circle-x"),
    Place.State.MOVED: ("", "calendar"),
    Place.State.NO_SHOW: ("warning", "ban"),
    Place.State.TURNED_AWAY: ("warning", "alert-triangle"),
    Place.State.VOIDED: ("error", "ban"),
    Place.State.CLOSED_BY_OFFICE: ("warning", "alert-triangle"),
}
EVENT_ICONS = {
    "HELD": ("hourglass", ""),
    "BOOKED": ("circle-check", "success"),
    "CHECKED_IN": ("users", "success"),
    "SERVED": ("check", "success"),
    "EXPIRED": ("clock", "warning"),
    "CANCELLED": ("circle-x", "error"),
    "MOVED": ("calendar", "info"),
    "CLAIMED": ("ticket", "info"),
    "VOIDED": ("ban", "error"),
    "CLOSED_BY_OFFICE": ("alert-triangle", "warning"),
}


def status(state: str, label: object) -> dict[str, str]:
    tone, icon = TONES[Place.State(state)]
    return {"tone": tone, "icon": icon, "label": formatting.capitalised(label)}


def map_links(office: Office) -> list[dict[str, str]]:
    """Where it lies: in the map that a phone has, and on a page for who has none."""
    return [
        {"href": words.map_app(office), "link": _("Buka di aplikasi peta")},
        {"href": words.map_url(office), "link": _("Lihat di openstreetmap.org")},
    ]


def fresh(as_of: datetime, office: Office, now: datetime) -> dict[str, Any]:
    """For components/fresh.html: when the numbers of a page were counted, and how long ago."""
    return {
        "iso": as_of.isoformat(),
        "when": _("pukul %(clock)s") % {"clock": words.clock(as_of, office)},
        "age": max(0, round((now - as_of).total_seconds())),
    }


def events(entries: list[Entry], office: Office) -> list[dict[str, str]]:
    """For components/timeline.html, the latest first."""
    shown = []
    for entry in reversed(entries):
        icon, tone = EVENT_ICONS.get(entry.what, ("info-circle", ""))
        shown.append(
            {
                "title": entry.text,
                "iso": entry.at.isoformat(),
                "when": words.moment(entry.at, office),
                "who": entry.by,
                "text": ", ".join(entry.names),
                "icon": icon,
                "tone": tone,
            }
        )
    return shown
