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
from paspor.kernel.codes import grouped
from queueing.booking import (
    documents,
    errand_words,
    replacements,
    selectors,
    tickets,
    where,
    words,
)
from queueing.booking.errands import Errand
from queueing.booking.errors import BookingUnknown
from queueing.booking.models import Place
from queueing.booking.pages import at_counter, costs, doors, free_moves, identity, other_hour, show
from queueing.booking.reads import BookingRead
from queueing.booking.selectors import BookingView
from queueing.booking.timeline import timeline
from queueing.booking.where import Where
from queueing.quota.models import Channel

A_PAGE = 20
# Until when a browser may keep a ticket (seconds since 1970); without it, not at all.
KEEP_UNTIL = "Paspor-Keep-Until"


@never_cache
@require_safe
@doors.signed_in
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
        until = show.until(view.held_until, view.office, now)
        note += " · " + _("pesan sebelum %(until)s") % {"until": until}
    hours = show.unbroken(show.hours(view.starts_at, view.ends_at, view.office))
    return {
        "title": f"{formatting.day(view.day)}, {hours}",
        "text": view.office.name,
        "note": note,
        "href": reverse("queueing:booking", args=[view.code]),
        "keep": reverse("queueing:full-ticket", args=[view.code]) if view.has_ticket else "",
        "status": show.status(view.state, view.state_label),
    }


@never_cache
@require_safe
@doors.signed_in
def booking(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    found = selectors.booking_of(request.user, code)
    view = selectors.view(found, now=now)
    if view.state == Place.State.HELD:
        return redirect("queueing:review", view.code)
    happened = timeline(found)
    shown = ticket_of(found, view) | {
        "events": show.events(happened, view.office),
        "queue": at_counter.queue(view, happened),
        "turned_away": at_counter.turned_away(view),
        "absent": at_counter.absent(view, view.office.today(now)),
        "is_own": True,
        "stands_for": stands_for(found),
        "given": _given(found, view),
        "prices": costs.of([found], view.day),
        "is_free_now": free_moves.is_free_now(view, now),
        "differing": [
            {"name": place.applicant.name, "warnings": said}
            for place in found.places
            if place.is_live and (said := people_words.warnings(place.applicant.warnings))
        ],
        "identity": identity.notes(view),
        "beside": other_hour.of(found, now),
    }
    return render(request, "queueing/booking.html", shown)


@never_cache
@require_safe
@doors.signed_in
def full_ticket(request: HttpRequest, code: str) -> HttpResponse:
    """The ticket alone, as large as the screen; what the service worker keeps of a visit."""
    now = timezone.now()
    found = selectors.booking_of(request.user, code)
    view = selectors.view(found, now=now)
    if not view.has_ticket:
        return redirect("queueing:booking", view.code)
    shown = ticket_of(found, view) | {
        "kept": show.moment(now, view.office),
        "beside": other_hour.of(found, now),
    }
    response = render(request, "queueing/full_ticket.html", shown)
    # Whoever still waits after their hour shows it too.
    until = datetime.combine(view.day + timedelta(days=1), time(), tzinfo=view.office.zone)
    if now < until:
        response.headers[KEEP_UNTIL] = str(int(until.timestamp()))
    return response


def ticket_of(found: BookingRead, view: BookingView) -> dict[str, Any]:
    """What a ticket shows, to its account and to whoever looked it up."""
    office, there = view.office, where.of(found)
    return {
        "booking": view,
        "office": office,
        "when": formatting.day(view.day),
        "hours": show.hours(view.starts_at, view.ends_at, office),
        "status": show.status(view.state, view.state_label),
        "qr": tickets.qr_svg(found) if view.has_ticket else "",
        "people": [_person(place) for place in view.places if place.is_live or not view.has_ticket],
        # Some have come and some have not: then each name says which.
        "is_apart": len({place.state for place in view.live_places}) > 1,
        "left": [_person(place) for place in view.places if not place.is_live and view.has_ticket],
        "bring": _bring(view),
        "examined": _examined(view),
        "arrive": "" if view.state == Place.State.CHECKED_IN else words.arrive_early(),
        "facts": _facts(view, there),
        "there": there,
        "move_last": show.moment(view.move_last, office),
        "moved_to": grouped(view.moved_to_code),
        "closed": _closed(found, view),
        "ends": " ".join(_end(place) for place in view.places) if view.ended_apart else "",
        "moved_from": grouped(view.moved_from_code),
        "first_right": _first_right(view),
        # The address that is shared says nothing; the code goes along as text, by choice.
        "share_text": _("Janji temu paspor %(code)s: %(day)s, %(hours)s di %(office)s")
        % {
            "code": view.code_grouped,
            "day": formatting.day(view.day),
            "hours": show.hours(view.starts_at, view.ends_at, office),
            "office": office.name,
        },
    }


def _closed(found: BookingRead, view: BookingView) -> str:
    """Why the office closed this visit's hour, as a sentence; empty of one that it did not."""
    if not any(place.state == Place.State.CLOSED_BY_OFFICE for place in view.places):
        return ""
    return words.because(found.slot.closed_why)


def _given(found: BookingRead, view: BookingView) -> dict[str, str] | None:
    """The visit that the office gave instead of this one, while somebody comes to it."""
    if view.state != Place.State.CLOSED_BY_OFFICE or not view.moved_to_code:
        return None
    given = selectors.booking_by_code(view.moved_to_code)
    is_coming = any(place.is_live for place in given.places)
    return words.visit(given.code, given.slot) if is_coming else None


def stands_for(found: BookingRead) -> dict[str, str] | None:
    """The visit that the office closed and gave this one for: code, day, hours, and why."""
    closed = replacements.closed_before(found)
    if closed is None:
        return None
    return words.visit(closed.code, closed.slot) | {"why": words.because(closed.slot.closed_why)}


def _end(place: selectors.PlaceView) -> str:
    """What became of one person, as a sentence."""
    if place.moved_to_code:
        text = _("%(name)s: %(state)s, kode %(code)s.")
    else:
        text = _("%(name)s: %(state)s.")
    return text % {
        "name": place.name,
        "state": place.state_label,
        "code": grouped(place.moved_to_code),
    }


def _person(place: selectors.PlaceView) -> dict[str, Any]:
    return {
        "name": place.name,
        "what": f"{_errand(place)}\u00a0· {place.passport_type_label}",
        "entitlement": place.entitlement_label,
        "nik": place.nik,
        "status": show.status(place.state, place.state_label),
    }


def _errand(place: selectors.PlaceView) -> str:
    return errand_words.whole(place, is_under_age=place.is_under_age)


def _facts(view: BookingView, there: Where) -> list[dict[str, str]]:
    office = view.office
    facts = [{"term": _("Kantor"), "text": office.name, "note": office.regency}]
    if there.address:
        term = _("Tempat") if there.place else _("Alamat")
        facts.append({"term": term, "text": there.address})
    if there.note:
        facts.append({"term": _("Keterangan"), "text": there.note})
    if there.coordinates:
        facts.append(
            {
                "term": _("Letak"),
                "links": show.map_links(office),
                "note": there.coordinates,
            }
        )
    if office.phone:
        facts.append({"term": _("Telepon"), "text": office.phone})
    if view.channel_label != Channel.ONLINE.label:
        facts.append({"term": _("Jalur"), "text": show.capitalised(view.channel_label)})
    return facts


def _bring(view: BookingView) -> list[dict[str, Any]]:
    """The originals for each kind of person in this visit, by the names that may be shown."""
    lists = documents.lists(
        (place.name, Errand.of(place), place.is_under_age) for place in view.places if place.is_live
    )
    return [
        {
            "who": ", ".join(names),
            "is_shared": len(names) > 1,
            "items": documents.with_sources(items),
        }
        for names, items in lists
    ]


def _examined(view: BookingView) -> str:
    """That somebody's old passport is looked into first, as a sentence; else nothing."""
    said = documents.examined(place.kind for place in view.places if place.is_live)
    return _(said) if said else ""


def _first_right(view: BookingView) -> str:
    until = [place.first_right_until for place in view.places if place.first_right_until]
    return show.moment(max(until), view.office) if until else ""


@never_cache
@require_safe
@doors.signed_in
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.booking_of(request.user, code)
    if not selectors.view(found, now=timezone.now()).has_calendar:
        raise BookingUnknown
    return HttpResponse(
        tickets.ics(selectors.visit_facts(found)),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="paspor-{found.code}.ics"'},
    )
