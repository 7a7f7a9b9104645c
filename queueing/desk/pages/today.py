"""The list of one day at the counter, and finding somebody in it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.models import Office
from offices.rules import Act
from paspor.kernel import headers
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from queueing.booking import words as said
from queueing.booking.models import Booking
from queueing.booking.pages import show, unused
from queueing.booking.pages.choice import as_date
from queueing.desk import queue_selectors, selectors, words
from queueing.desk.models import QueueNumber
from queueing.desk.pages import doors, guests_shown
from queueing.desk.selectors import Guest

# Somebody still has something to do with them today.
OPEN = {"BOOKED", "CHECKED_IN"}


start = doors.start(Act.CHECK_IN, "desk:today", gettext_lazy("Loket"))


@never_cache
@require_safe
@doors.counter
def today(request: HttpRequest, office: Office) -> HttpResponse:
    now = timezone.now()
    day = as_date(request.GET.get("hari", "")) or office.today(now)
    text = request.GET.get("q", "")[:100]
    guests = selectors.day_of(office, day, now=now, text=text)
    numbers = queue_selectors.numbers_of(office, day)
    shown = {
        "office": office,
        "day": day,
        "day_words": said.day(day),
        "unused": unused.of_day(request.GET, day),
        "is_today": day == office.today(now),
        "text": text,
        "hours": [
            {
                "label": show.hours(hour.starts_at, hour.ends_at, office),
                "bookings": _grouped(hour.guests, office, numbers),
            }
            for hour in guests.hours
        ],
        "elsewhere": [
            _elsewhere(found, office)
            for found in selectors.on_other_days(office, day, now=now, text=text)
        ],
        "waiting": guests.count("BOOKED"),
        "says_coming": guests.says_coming,
        "present": guests.count("CHECKED_IN"),
        "served": guests.count("SERVED") - guests.unended,
        "unended": guests.unended,
        "fresh": show.fresh(now, office, now),
    }
    response = render(request, "queueing_desk/today.html", shown)
    response["Permissions-Policy"] = headers.allowing("camera")
    return response


@never_cache
@require_safe
@doors.counter
def find(request: HttpRequest, office: Office) -> HttpResponse:
    """What was scanned or typed: a ticket, a booking code, else part of a name.

    A whole ticket or code opens its visit as a scan, however it came here: then one key
    receives it.
    """
    text = request.GET.get("q", "").strip()
    if not text:
        return redirect("desk:today", office.code)
    try:
        booking = selectors.booking_at(office, selectors.code_scanned(text))
    except DomainError as refusal:
        if "." in text:
            doors.tell(request, refusal, office)
            return redirect("desk:today", office.code)
        response = redirect("desk:today", office.code)
        response["Location"] += f"?{_query(q=text[:100])}"
        return response
    found = redirect("desk:booking", office.code, booking.code)
    found["Location"] += "?pindai=1"
    return found


# --- Showing ---------------------------------------------------------------------------


def _elsewhere(found: Booking, office: Office) -> dict[str, str]:
    """For components/row.html."""
    names = ", ".join(
        place.applicant.name
        for place in found.places.all()
        if place.state in ("BOOKED", "CHECKED_IN")
    )
    return {
        "title": names,
        "text": f"{said.day(found.slot.day)}, {said.hours_of(found.slot)}",
        "note": grouped(found.code),
        "href": reverse("desk:booking", args=[office.code, found.code]),
    }


def _query(**values: str) -> str:
    query = QueryDict(mutable=True)
    query.update(values)
    return query.urlencode()


def _grouped(
    guests: Iterable[Guest], office: Office, numbers: Mapping[str, QueueNumber]
) -> list[dict[str, Any]]:
    """The people of an hour, those of one booking together."""
    found: dict[str, list[Guest]] = {}
    for guest in guests:
        found.setdefault(guest.booking_code, []).append(guest)
    return [
        {
            "code": code,
            "code_grouped": people[0].code_grouped,
            "number": guests_shown.number(numbers.get(code)),
            "channel_label": people[0].channel,
            "people": [guests_shown.shown(guest) for guest in people],
            "next": _next_act(people),
            "is_open": any(guest.state in OPEN and guest.acts for guest in people),
            "early": guests_shown.early(people, office),
        }
        for code, people in found.items()
    ]


def _next_act(people: list[Guest]) -> dict[str, Any] | None:
    """Receiving, where everybody of the booking may be received without a reason to give.

    Nothing else: the list renews itself under the pointer, and no press there ends a visit.
    """
    if all(Act.CHECK_IN in guest.acts and not guest.is_late for guest in people):
        return {"act": Act.CHECK_IN, "label": words.ACTS[Act.CHECK_IN]}
    return None
