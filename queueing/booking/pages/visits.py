"""The account's visits: the list, and one of them with its ticket and its history."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import words as people_words
from paspor.kernel import formatting
from paspor.kernel.decorators import sign_in_required
from queueing.booking import (
    selectors,
    tickets,
    words,
)
from queueing.booking.errors import BookingUnknown
from queueing.booking.models import Place
from queueing.booking.pages import at_counter, costs, free_moves, identity
from queueing.booking.presentation import components, other_hour
from queueing.booking.presentation.ticket import stands_for, ticket_of
from queueing.booking.reads import BookingRead
from queueing.booking.selectors import BookingView
from queueing.booking.timeline import timeline

A_PAGE = 20
# Until when a browser may keep a ticket (seconds since 1970); without it, not at all.
KEEP_UNTIL = "Paspor-Keep-Until"


@never_cache
@require_safe
@sign_in_required
def booking_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    bookings = selectors.upcoming_first(selectors.bookings_of(request.user), now=now)
    page = Paginator(bookings, A_PAGE).get_page(request.GET.get("page"))
    views = [selectors.view(booking, now=now) for booking in selectors.reads(page)]
    coming = [view for view in views if view.live_places and view.ends_at > now]
    return render(
        request,
        "queueing/booking_list.html",
        {
            "page": page,
            "offices_concerned": {view.office.code for view in coming},
            "coming": [_row(view, now) for view in coming],
            "history": [_row(view, now) for view in views if view not in coming],
        },
    )


def _row(view: BookingView, now: datetime) -> dict[str, Any]:
    count = len(view.live_places or view.places)
    people = ngettext("%(n)s orang", "%(n)s orang", count) % {"n": count}
    note = f"{view.code_grouped} · {people}"
    if view.held_until:
        until = words.until(view.held_until, view.office, now)
        note += " · " + _("pesan sebelum %(until)s") % {"until": until}
    hours = formatting.unbroken(words.between(view.starts_at, view.ends_at, view.office))
    return {
        "title": f"{formatting.day(view.day)}, {hours}",
        "text": view.office.name,
        "note": note,
        "href": reverse("queueing:booking", args=[view.code]),
        "keep": reverse("queueing:full-ticket", args=[view.code]) if view.has_ticket else "",
        "status": components.status(view.state, view.state_label),
    }


@never_cache
@require_safe
@sign_in_required
def booking(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    found = selectors.booking_of(request.user, code)
    view = selectors.view(found, now=now)
    if view.state == Place.State.HELD:
        return redirect("queueing:review", view.code)
    happened = timeline(found)
    shown = ticket_of(found, view) | {
        "events": components.events(happened, view.office),
        "queue": at_counter.queue(view, happened),
        "turned_away": at_counter.turned_away(view),
        "absent": at_counter.absent(view, view.office.today(now)),
        "is_own": True,
        "stands_for": stands_for(found),
        "given": _given(found, view),
        "prices": costs.cost_rows([found], view.day),
        "is_free_now": free_moves.is_free_now(view, now),
        "differing": [
            {"name": place.applicant.name, "warnings": said}
            for place in found.places
            if place.is_live and (said := people_words.warnings(place.applicant.warnings))
        ],
        "identity": identity.notes(view),
        "beside": other_hour.find(found, now),
    }
    return render(request, "queueing/booking.html", shown)


@never_cache
@require_safe
@sign_in_required
def full_ticket(request: HttpRequest, code: str) -> HttpResponse:
    """The ticket alone, as large as the screen; what the service worker keeps of a visit."""
    now = timezone.now()
    found = selectors.booking_of(request.user, code)
    view = selectors.view(found, now=now)
    if not view.has_ticket:
        return redirect("queueing:booking", view.code)
    shown = ticket_of(found, view) | {
        "kept": words.moment(now, view.office),
        "beside": other_hour.find(found, now),
    }
    response = render(request, "queueing/full_ticket.html", shown)
    # Whoever still waits after their hour shows it too.
    until = datetime.combine(view.day + timedelta(days=1), time(), tzinfo=view.office.zone)
    if now < until:
        response.headers[KEEP_UNTIL] = str(int(until.timestamp()))
    return response


def _given(found: BookingRead, view: BookingView) -> dict[str, str] | None:
    """The visit that the office gave instead of this one, while somebody comes to it."""
    if view.state != Place.State.CLOSED_BY_OFFICE or not view.moved_to_code:
        return None
    given = selectors.booking_by_code(view.moved_to_code)
    is_coming = any(place.is_live for place in given.places)
    return words.visit(given.code, given.slot) if is_coming else None


@never_cache
@require_safe
@sign_in_required
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.booking_of(request.user, code)
    if not selectors.view(found, now=timezone.now()).has_calendar:
        raise BookingUnknown
    return HttpResponse(
        tickets.ics(selectors.visit_facts(found)),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="paspor-{found.code}.ics"'},
    )
