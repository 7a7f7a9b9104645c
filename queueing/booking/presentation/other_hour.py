"""The other of a family's two neighbouring hours, for the pages of the one."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from queueing.booking import beside, selectors
from queueing.booking.reads import BookingRead
from queueing.booking.selectors import BookingView


@dataclass(frozen=True)
class OtherHour:
    """For components/alert.html, and who comes."""

    view: BookingView
    told: beside.OtherHourWords

    @property
    def href(self) -> str:
        return reverse("queueing:booking", args=[self.view.code])


def find(found: BookingRead, now: datetime) -> OtherHour | None:
    """None where the family has one hour, or nobody comes to the other any more."""
    other = beside.beside_of(found)
    view = selectors.view(other, now=now) if other else None
    if other is None or view is None or not view.live_places:
        return None
    return OtherHour(
        view, beside.other_hour_words(selectors.visit_facts(other), selectors.visit_facts(found))
    )
