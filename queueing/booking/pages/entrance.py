"""What somebody who signs in on the way to a booking has chosen already."""

from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse

from paspor.kernel import formatting
from queueing.booking import words
from queueing.booking.pages import steps
from queueing.booking.presentation.choice import Choice
from queueing.quota import selectors as quota
from queueing.quota.errors import SlotUnknown
from queueing.quota.models import Slot


def waiting_hour(target: str) -> dict[str, Any]:
    """For queueing/_entrance.html: empty unless ``target`` is the page of a bookable hour."""
    hour = _hour_at(target)
    if hour is None:
        return {}
    choice = Choice.of(QueryDict(urlsplit(target).query)).at(hour.office)
    day = reverse("queueing:day", args=[hour.office.code, hour.day.isoformat()])
    return {
        "when": formatting.day(hour.day),
        "hours": words.hours_of(hour),
        "office": hour.office.name,
        "steps": steps.steps(day_href=day + choice.query),
    }


def _hour_at(target: str) -> Slot | None:
    try:
        match = resolve(urlsplit(target).path)
        return (
            quota.slot_by_code(match.kwargs["slot"]) if match.view_name == "queueing:book" else None
        )
    except (Resolver404, SlotUnknown, ValueError):
        return None
