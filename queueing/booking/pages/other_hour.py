"""The other of two neighbouring hours of one family, on the pages of the one."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from queueing.booking import selectors
from queueing.booking.beside import beside_of
from queueing.booking.models import Booking
from queueing.booking.pages import show
from queueing.booking.selectors import BookingView


def of(found: Booking, now: datetime) -> BookingView | None:
    """While somebody comes to it."""
    other = beside_of(found)
    view = selectors.view(other, now=now) if other else None
    return view if view and view.live_places else None


def told(view: BookingView | None) -> dict[str, str] | None:
    """Who comes when, for components/alert.html."""
    if view is None:
        return None
    hours = show.hours(view.starts_at, view.ends_at, view.office)
    text = _("%(names)s datang %(hours)s, dengan tiketnya sendiri: kode %(code)s.") % {
        "names": ", ".join(place.name for place in view.live_places),
        "hours": hours,
        "code": view.code_grouped,
    }
    return {
        "text": text,
        "hours": hours,
        "href": reverse("queueing:booking", args=[view.code]),
    }
