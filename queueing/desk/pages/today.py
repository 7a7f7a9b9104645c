"""Today's list, one booking at the counter, and the acts on its people."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices import selectors as offices
from offices.models import Office
from offices.rules import Act
from paspor.kernel import headers, once_door
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from queueing.booking import replacements
from queueing.booking import selectors as bookings
from queueing.booking import words as said
from queueing.booking.models import Booking
from queueing.booking.pages import show, unused
from queueing.booking.pages.choice import as_date
from queueing.booking.services.events import Why
from queueing.booking.timeline import timeline
from queueing.desk import queue_selectors, selectors, words
from queueing.desk.forms import LATE, ActOnGuests
from queueing.desk.models import QueueNumber
from queueing.desk.pages import doors, guests_shown
from queueing.desk.selectors import Guest
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit

SERVICES: dict[Act, Callable[..., Booking]] = {
    Act.CHECK_IN: attendance.check_in,
    Act.SERVE: attendance.serve,
    Act.TURN_AWAY: attendance.turn_away,
    Act.NO_SHOW: attendance.mark_no_show,
    Act.UNDO: attendance.undo,
}
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
    """What was scanned or typed: a ticket, a booking code, else part of a name."""
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
    if "pindai" in request.GET:
        found["Location"] += "?pindai=1"
    return found


@never_cache
@require_safe
@doors.counter
def booking(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    now = timezone.now()
    found = bookings.booking_by_id(selectors.booking_at(office, code).pk)
    view = bookings.view(found, now=now)
    guests = selectors.guests_of(found, now=now)
    queued = queue_selectors.open_number_of(found)
    return render(
        request,
        "queueing_desk/booking.html",
        {
            "office": office,
            "booking": view,
            "when": said.day(view.day),
            "hours": show.hours(view.starts_at, view.ends_at, office),
            "is_scanned": "pindai" in request.GET,
            "guests": [guests_shown.shown(guest) for guest in guests],
            "early": _early(guests, office),
            "together": _together(guests),
            "is_today": view.day == office.today(now),
            "may_read_nik": offices.may(request.user, Act.READ_NIK, office, now),
            "may_cancel": selectors.may_cancel_for(request.user, found, office, now),
            "late_reasons": LATE,
            "turn_away_reasons": words.TURN_AWAY_REASONS.items(),
            "events": show.events(timeline(found), office),
            "instead": _instead(found, office),
            "number": _number(queued),
            "may_prioritise": queued is not None and queue_selectors.may_be_let_forward(queued),
            "priority_reasons": words.PRIORITY_REASONS.items(),
            "token": once_door.new_token(),
        },
    )


@never_cache
@require_POST
@doors.counter
def act(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """One act on the chosen people of one booking; refusals come back as a message."""
    form = ActOnGuests(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("desk:booking", office.code, code)
    chosen = Act(form.cleaned_data["act"])
    visit = Visit(
        office=office,
        booking_code=code,
        applicant_codes=request.POST.getlist("who") or None,
        why=Why(form.cleaned_data["reason"], form.cleaned_data["note"]),
    )
    try:
        SERVICES[chosen](officer=request.user, visit=visit, now=timezone.now())
    except DomainError as refusal:
        doors.tell(request, refusal, office)
    else:
        messages.success(request, _done(chosen, office, visit))
    if form.cleaned_data["back"] == "today":
        return redirect("desk:today", office.code)
    return redirect("desk:booking", office.code, code)


def _done(act: Act, office: Office, visit: Visit) -> str:
    """What was done and for whom; a check-in also tells the queue number."""
    text = words.DONE[act] % {"who": _names(office, visit)}
    queued = None
    if act is Act.CHECK_IN:
        booking = selectors.booking_at(office, visit.booking_code)
        queued = queue_selectors.open_number_of(booking)
    return f"{text} {words.NUMBER % {'number': queued.label}}" if queued else text


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


def _instead(found: Booking, office: Office) -> dict[str, str] | None:
    """Where the people of this booking go now; another office's visits are not shown here."""
    moved = next((place.moved_to for place in found.places.all() if place.moved_to), None)
    if moved is None:
        return None
    after = replacements.standing_instead_of(found) or moved.booking
    if after.slot.office_id != office.pk:
        return {"text": _("Dipindahkan pemohonnya ke kantor lain.")}
    return {
        "text": f"{said.day(after.slot.day)}, {said.hours_of(after.slot)}",
        "link": _("Buka %(code)s") % {"code": grouped(after.code)},
        "href": reverse("desk:booking", args=[office.code, after.code]),
    }


def _query(**values: str) -> str:
    query = QueryDict(mutable=True)
    query.update(values)
    return query.urlencode()


def _names(office: Office, visit: Visit) -> str:
    found = selectors.booking_at(office, visit.booking_code)
    people = found.places.select_related("applicant").order_by("applicant__name")
    if visit.applicant_codes:
        people = people.filter(applicant__code__in=visit.applicant_codes)
    return ", ".join(place.applicant.name for place in people) or _("Rombongan")


def _together(guests: Iterable[Guest]) -> list[dict[str, Any]]:
    """Acts that more than one person of the booking is ready for."""
    ready = {act: [g for g in guests if act in g.acts] for act in (Act.CHECK_IN, Act.SERVE)}
    return [
        {
            "act": act,
            "label": _("%(act)s: %(n)s orang") % {"act": words.ACTS[act], "n": len(people)},
            "codes": [guest.applicant_code for guest in people],
            "needs_reason": act == Act.CHECK_IN and any(guest.is_late for guest in people),
        }
        for act, people in ready.items()
        if len(people) > 1
    ]


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
            "number": _number(numbers.get(code)),
            "channel_label": people[0].channel,
            "people": [guests_shown.shown(guest) for guest in people],
            "next": _next_act(people),
            "is_open": any(guest.state in OPEN and guest.acts for guest in people),
            "early": _early(people, office),
        }
        for code, people in found.items()
    ]


def _number(queued: QueueNumber | None) -> dict[str, str] | None:
    """The queue number with what is of it: in the queue, at which counter, or done."""
    if queued is None:
        return None
    at_counter = _("%(state)s, loket %(counter)s") % {
        "state": queued.get_state_display(),
        "counter": queued.counter,
    }
    is_there = queued.state in QueueNumber.AT_COUNTER
    return {
        "label": queued.label,
        "state": at_counter if is_there else str(queued.get_state_display()),
    }


def _early(people: Iterable[Guest], office: Office) -> str:
    """From when they may be received, where that is still to come: 09.30 WIB."""
    waiting = [guest.comes_from for guest in people if guest.comes_from]
    return show.clock(min(waiting), office) if waiting else ""


def _next_act(people: list[Guest]) -> dict[str, Any] | None:
    """The one act that everybody of the booking is ready for, without a reason to give."""
    for act in (Act.SERVE, Act.CHECK_IN):
        if all(act in guest.acts and not guest.is_late for guest in people):
            return {"act": act, "label": words.ACTS[act], "is_second": act == Act.SERVE}
    return None
