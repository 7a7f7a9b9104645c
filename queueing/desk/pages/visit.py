"""One visit at the counter: what is shown of it, and the acts on its people."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from offices import selectors as offices
from offices.models import Office
from offices.officer_pages import say_refusal
from offices.rules import Act
from paspor.kernel import formatting, once_door
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from paspor.kernel.idempotency import KeyReused
from queueing.booking import replacements
from queueing.booking import selectors as bookings
from queueing.booking import words as booking_words
from queueing.booking.models import Booking, Place
from queueing.booking.presentation import components
from queueing.booking.reads import BookingRead
from queueing.booking.services.events import Why
from queueing.booking.timeline import timeline
from queueing.desk import errors, hours_selectors, queue_selectors, selectors, words
from queueing.desk.forms import LATE, ActOnGuests, MoveToTodayForm
from queueing.desk.models import QueueNumber
from queueing.desk.pages import day_shown, doors, guests_shown
from queueing.desk.selectors import Guest
from queueing.desk.services import attendance, walk_ins
from queueing.desk.services.attendance import Visit

SERVICES: dict[Act, Callable[..., Booking]] = {
    Act.CHECK_IN: attendance.check_in,
    Act.SERVE: attendance.serve,
    Act.TURN_AWAY: attendance.turn_away,
    Act.UNDO: attendance.undo,
}


@never_cache
@require_safe
@doors.counter
def booking(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    now = timezone.now()
    found = bookings.booking_by_id(selectors.booking_at(office, code).pk)
    view = bookings.view(found, now=now)
    guests = selectors.guests_of(found.booking, now=now)
    queued = queue_selectors.open_number_of(found.booking)
    elsewhere = queue_selectors.other_counter(queued, request.user, now=now)
    is_at_counter = _is_called(queued) and elsewhere is None
    return render(
        request,
        "queueing_desk/booking.html",
        {
            "office": office,
            "booking": view,
            "when": formatting.day(view.day),
            "hours": booking_words.between(view.starts_at, view.ends_at, office),
            "is_scanned": "pindai" in request.GET,
            "guests": [
                guests_shown.guest_row(guest, is_at_counter=is_at_counter) for guest in guests
            ],
            "early": guests_shown.early(guests, office),
            "together": _together(guests, is_at_counter=is_at_counter),
            "is_today": view.day == office.today(now),
            "is_over": view.day < office.today(now),
            "may_book": offices.may(request.user, Act.BOOK_FOR, office, now),
            "to_today": _to_today(request.user, found.booking, office, now),
            "may_read_nik": offices.may(request.user, Act.READ_NIK, office, now),
            "may_cancel": selectors.may_cancel_for(request.user, found.booking, office, now),
            "late_reasons": LATE,
            "turn_away_reasons": words.TURN_AWAY_REASONS.items(),
            "events": components.events(timeline(found), office),
            "instead": _instead(found, office),
            "number": guests_shown.number(queued),
            "ahead": queue_selectors.ahead_of(queued, now=now) if queued else None,
            "may_prioritise": queued is not None and queue_selectors.may_be_let_forward(queued),
            "counter": _counter_to_call(request.user, office, queued, now),
            "choice_reasons": words.CHOICE_REASONS.items(),
            "priority_reasons": words.PRIORITY_REASONS.items(),
            "token": once_door.new_token(),
        },
    )


@never_cache
@require_POST
@doors.counter
def act(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """One act on the chosen people of one booking; refusals come back as a message.

    Whoever waits, or is at another counter, is not ended by one press: that is asked first.
    Who did not come has a page for that.
    """
    form = ActOnGuests(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("desk:booking", office.code, code)
    chosen = Act(form.cleaned_data["act"])
    if chosen is Act.NO_SHOW:
        return _to_absent(request, office, code)
    visit = Visit(
        office=office,
        booking_code=code,
        applicant_codes=request.POST.getlist("who") or None,
        why=Why(form.cleaned_data["reason"], form.cleaned_data["note"]),
        at_counter=form.cleaned_data["at_counter"],
    )
    is_asked = chosen is Act.SERVE and "confirmed" not in request.POST
    if is_asked and not _is_called(_open_number(office, code)):
        return _ask_first(request, office, visit, form)
    try:
        SERVICES[chosen](officer=request.user, visit=visit, now=timezone.now())
    except errors.AtOtherCounter:
        return _ask_first(request, office, visit, form)
    except DomainError as refusal:
        say_refusal(request, refusal)
    else:
        messages.success(request, _done(chosen, office, visit))
    if form.cleaned_data["back"] == "today":
        there = redirect("desk:today", office.code)
        there["Location"] += f"{day_shown.narrowed_before(form.cleaned_data['query'])}#v-{code}"
        return there
    return redirect("desk:booking", office.code, code)


@never_cache
@require_POST
@doors.booking_for
def to_today(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """Take the people of another day's visit into today, and receive them; once a form."""
    form = MoveToTodayForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("desk:booking", office.code, code)
    why = Why(form.cleaned_data["reason"], form.cleaned_data["note"])
    whom = {"officer": request.user, "office": office, "code": code, "why": why}
    try:
        moved = once_door.once(
            request, lambda: walk_ins.receive_today(**whom, now=timezone.now()).code
        )
    except (DomainError, KeyReused) as refusal:
        say_refusal(request, refusal)
        return redirect("desk:booking", office.code, code)
    messages.success(request, _told_moved(office, moved))
    return redirect("desk:booking", office.code, moved)


def _told_moved(office: Office, code: str) -> str:
    queued = _open_number(office, code)
    text = _("Janji dipindahkan ke hari ini.")
    return f"{text} {words.NUMBER % {'number': queued.label}}" if queued else text


def _is_called(queued: QueueNumber | None) -> bool:
    return queued is not None and queued.state in QueueNumber.AT_COUNTER


def _to_absent(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    asked = urlencode({"who": request.POST.getlist("who")}, doseq=True)
    there = reverse("desk:absent", args=[office.code, code])
    return redirect(f"{there}?{asked}" if asked else there)


def _open_number(office: Office, code: str) -> QueueNumber | None:
    return queue_selectors.open_number_of(selectors.booking_at(office, code))


def _ask_first(
    request: HttpRequest, office: Office, visit: Visit, form: ActOnGuests
) -> HttpResponse:
    """Nobody has called them yet; or another counter has, and would lose them."""
    queued = _open_number(office, visit.booking_code)
    said = form.cleaned_data
    now = timezone.now()
    by = queue_selectors.sitting_now(office, now=now)
    left = queue_selectors.left_behind(office, now=now)
    counter = queued.counter if queued and _is_called(queued) else None
    shown = {
        "office": office,
        "code": visit.booking_code,
        "code_grouped": grouped(visit.booking_code),
        "names": _names(office, visit),
        "codes": visit.applicant_codes or [],
        "number": guests_shown.number(queued),
        "act": said["act"],
        "label": words.ACTS[Act(said["act"])],
        "why": visit.why,
        "counter": counter,
        "by": by.get(counter or 0, ""),
        "is_left": counter in left,
    }
    return render(request, "queueing_desk/end_visit.html", shown)


def _done(act: Act, office: Office, visit: Visit) -> str:
    """What was done and for whom; a check-in also tells the queue number, to be printed."""
    text = words.DONE[act] % {"who": _names(office, visit)}
    booking = selectors.booking_at(office, visit.booking_code)
    queued = queue_selectors.open_number_of(booking) if act is Act.CHECK_IN else None
    if queued is None:
        return text
    number = words.NUMBER % {"number": queued.label}
    href = f"{reverse('desk:ticket', args=[office.code, booking.code])}?nomor=1"
    return format_html('{} {} <a href="{}">{}</a>', text, number, href, _("Cetak nomor"))


def _instead(found: BookingRead, office: Office) -> dict[str, str] | None:
    """Where the people of this booking go now; another office's visits are not shown here."""
    moved = next((place.moved_to for place in found.places if place.moved_to), None)
    if moved is None:
        return None
    after = replacements.standing_instead_of(found) or moved.booking
    if after.slot.office_id != office.pk:
        return {"text": _("Dipindahkan pemohonnya ke kantor lain.")}
    return {
        "text": f"{formatting.day(after.slot.day)}, {booking_words.hours_of(after.slot)}",
        "link": _("Buka %(code)s") % {"code": grouped(after.code)},
        "href": reverse("desk:booking", args=[office.code, after.code]),
    }


def _names(office: Office, visit: Visit) -> str:
    found = selectors.booking_at(office, visit.booking_code)
    people = found.places.select_related("applicant").order_by("applicant__name")
    if visit.applicant_codes:
        people = people.filter(applicant__code__in=visit.applicant_codes)
    return ", ".join(place.applicant.name for place in people) or _("Rombongan")


def _counter_to_call(
    officer: User, office: Office, queued: QueueNumber | None, now: datetime
) -> int | None:
    """To which counter this officer may call the number out of turn."""
    if queued is None or not queue_selectors.may_be_called(queued):
        return None
    return queue_selectors.counter_at(office, officer, now=now)


def _to_today(
    officer: User, found: Booking, office: Office, now: datetime
) -> dict[str, Any] | None:
    """What it takes to serve a visit of another day now, where this officer may."""
    is_open = any(place.state == Place.State.BOOKED for place in found.places.all())
    today = office.today(now)
    if (
        found.slot.day == today
        or not is_open
        or not offices.may(officer, Act.BOOK_FOR, office, now)
    ):
        return None
    hours = hours_selectors.hours_at_counter(office, today, now=now)
    free = sum(hour.counter for hour in hours)
    return {"free": free, "form": MoveToTodayForm(), "is_open_today": bool(hours)}


def _together(guests: Iterable[Guest], *, is_at_counter: bool) -> list[dict[str, Any]]:
    """Acts that more than one person of the booking is ready for."""
    ready = {act: [g for g in guests if act in g.acts] for act in (Act.CHECK_IN, Act.SERVE)}
    return [
        {
            "act": act,
            "label": _("%(act)s: %(n)s orang") % {"act": words.ACTS[act], "n": len(people)},
            "codes": [guest.applicant_code for guest in people],
            "is_next": act == Act.CHECK_IN or is_at_counter,
            "needs_reason": act == Act.CHECK_IN and any(guest.is_late for guest in people),
        }
        for act, people in ready.items()
        if len(people) > 1
    ]
