"""The other of two neighbouring hours of one family, on the pages of the one."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from queueing.booking import selectors, words
from queueing.booking.beside import beside_of
from queueing.booking.models import Booking
from queueing.booking.pages import show
from queueing.booking.selectors import BookingView


def of(found: Booking, now: datetime) -> BookingView | None:
    """While somebody comes to it."""
    other = beside_of(found)
    view = selectors.view(other, now=now) if other else None
    return view if view and view.live_places else None


def told(view: BookingView | None, this: BookingView) -> dict[str, str] | None:
    """Who comes when, for components/alert.html; the day and the office where they differ."""
    if view is None:
        return None
    hours = show.hours(view.starts_at, view.ends_at, view.office)
    title = _("Keluarga Anda datang pada dua jam")
    if view.day != this.day or view.office != this.office:
        title = _("Sebagian keluarga Anda datang pada waktu lain")
        hours = f"{words.day(view.day)}, {hours}"
    if view.office != this.office:
        hours = f"{hours}, {view.office.name}"
    text = _("%(names)s datang %(hours)s, dengan tiketnya sendiri: kode %(code)s.") % {
        "names": ", ".join(place.name for place in view.live_places),
        "hours": hours,
        "code": view.code_grouped,
    }
    return {
        "title": title,
        "text": text,
        "hours": hours,
        "href": reverse("queueing:booking", args=[view.code]),
    }
