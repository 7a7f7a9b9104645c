"""The list of one day at the counter, and finding somebody in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from offices import selectors as offices
from offices.models import Office
from offices.officer_pages import office_choice, say_refusal
from offices.rules import Act
from paspor.kernel import formatting, headers
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from paspor.kernel.query_values import iso_date, unused_day
from queueing.booking import words as booking_words
from queueing.booking.errors import BookingUnknown
from queueing.booking.models import Booking
from queueing.booking.presentation import components
from queueing.booking.tickets import Ticket
from queueing.desk import closure_selectors, queue_selectors, selectors
from queueing.desk.models import QueueNumber
from queueing.desk.pages import closed_shown, day_shown, doors

start = office_choice(Act.CHECK_IN, "desk:today", gettext_lazy("Loket"))


@dataclass(frozen=True)
class DayRequest:
    """The day, the words and the filter that an address asks for."""

    office: Office
    day: date
    is_today: bool
    text: str
    only: str

    @classmethod
    def of(cls, request: HttpRequest, office: Office, now: datetime) -> "DayRequest":
        today = office.today(now)
        day = iso_date(request.GET.get("hari", "")) or today
        only = request.GET.get("tampil", "")
        return cls(
            office=office,
            day=day,
            is_today=day == today,
            text=request.GET.get("q", "")[:100],
            only=only if only in day_shown.SHOWN else "",
        )

    @property
    def address(self) -> dict[str, str]:
        return {"hari": "" if self.is_today else self.day.isoformat(), "q": self.text}


@never_cache
@require_safe
@doors.counter
def today(request: HttpRequest, office: Office) -> HttpResponse:
    now = timezone.now()
    asked = DayRequest.of(request, office, now)
    shown = {
        "office": office,
        "day": asked.day,
        "day_words": formatting.day(asked.day),
        "unused": unused_day(request.GET, asked.day),
        "is_today": asked.is_today,
        "text": asked.text,
        "is_part": "HX-Request" in request.headers,
        "query": request.GET.urlencode(),
        "only": asked.only,
        "fresh": components.fresh(now, office, now),
        **_list_shown(asked, now),
        **_closed_shown(request.user, asked, now),
    }
    response = render(request, "queueing_desk/today.html", shown)
    response["Permissions-Policy"] = headers.allowing("camera")
    return response


def _list_shown(asked: DayRequest, now: datetime) -> dict[str, Any]:
    """The people of the day, hour by hour, and those of other days whom the words match."""
    office, day, text, only = asked.office, asked.day, asked.text, asked.only
    guests = closure_selectors.staying(selectors.day_of(office, day, now=now, text=text))
    numbers = queue_selectors.numbers_of(office, day)
    is_short = asked.is_today and not text
    narrowed = day_shown.Narrowed(only, asked.address, is_short=is_short)
    others = selectors.on_other_days(office, day, now=now, text=text)
    return {
        "hours": day_shown.hours(guests, numbers, narrowed, now=now),
        "elsewhere": [_elsewhere(found, office) for found in others],
        "counts": day_shown.counts(guests, only, asked.address),
        "rest": {} if guests.hours or text or only else _rest(office, day),
        "stuck": _stuck(office, numbers.values(), now) if asked.is_today else [],
    }


def _closed_shown(officer: User, asked: DayRequest, now: datetime) -> dict[str, Any]:
    """The closed hours of the day, and the people who had a visit in them."""
    office, day = asked.office, asked.day
    closed = closure_selectors.closed_hours(office, day)
    away = closure_selectors.away(office, day, asked.text) if closed else []
    return {
        "closed": closed_shown.banners(closed, away, office, day),
        "closing_page": closed and closed_shown.closing_page(officer, office, day, now),
        "away": closed_shown.rows(away, office),
        "away_people": closed_shown.people(away),
    }


def _stuck(office: Office, numbers: Iterable[QueueNumber], now: datetime) -> list[dict[str, str]]:
    """Numbers at a counter whose officer works here no more: somebody has to take it over."""
    text = _("%(number)s masih di loket %(counter)s, yang petugasnya tidak lagi bertugas di sini")
    there = reverse("desk:calling", args=[office.code])
    return [
        {
            "title": text % {"number": queued.label, "counter": queued.counter},
            "href": f"{there}?loket={queued.counter}",
        }
        for queued in queue_selectors.stuck(office, numbers, now=now)
    ]


def _rest(office: Office, day: date) -> dict[str, str]:
    """Of a day on which the office does not serve: why, and which is the next that it does."""
    title, coming = day_shown.rest(office, day)
    if not title or coming is None:
        return {"title": title} if title else {}
    href = reverse("desk:today", args=[office.code])
    href += day_shown.address({"hari": coming.isoformat()})
    text = _("Hari layanan berikutnya: %(day)s.") % {"day": formatting.day(coming)}
    return {"title": title, "text": text, "href": href, "label": formatting.day(coming)}


@never_cache
@require_safe
@doors.counter
def find(request: HttpRequest, office: Office) -> HttpResponse:
    """What was scanned or typed: a ticket, a booking code, else part of a name.

    A whole ticket, code or queue number opens its visit as a scan, however it came here:
    then one key receives it.
    """
    # The key that leads here is typed again by whoever is here already; no name begins with it.
    text = request.GET.get("q", "").strip().removeprefix("/").strip()
    if not text:
        return redirect("desk:today", office.code)
    try:
        booking = _visit_of(office, text)
    except DomainError as refusal:
        if "." not in text:
            return _search(office, text[:100])
        if isinstance(refusal, BookingUnknown):
            messages.warning(request, _not_here(selectors.ticket_scanned(text), timezone.now()))
        else:
            say_refusal(request, refusal)
        return redirect("desk:today", office.code)
    found = redirect("desk:booking", office.code, booking.code)
    found["Location"] += "?pindai=1"
    return found


def _search(office: Office, text: str) -> HttpResponse:
    """The list narrowed; the visit itself where today has just one such."""
    now = timezone.now()
    today = office.today(now)
    guests = selectors.day_of(office, today, now=now, text=text)
    codes = {guest.booking_code for hour in guests.hours for guest in hour.guests}
    if len(codes) == 1 and not selectors.on_other_days(office, today, now=now, text=text):
        return redirect("desk:booking", office.code, *codes)
    response = redirect("desk:today", office.code)
    response["Location"] += day_shown.address({"q": text})
    return response


def _visit_of(office: Office, text: str) -> Booking:
    if queue_selectors.is_label(text):
        return queue_selectors.number_of(office, text, now=timezone.now()).booking
    return selectors.booking_at(office, selectors.code_scanned(text))


def _not_here(ticket: Ticket, now: datetime) -> str:
    """What a genuine ticket of another office says, and what its holder can do.

    Nothing but what stands on the ticket: whether it still holds is that office's to know.
    """
    office = offices.office_by_code(ticket.office_code)
    text = _("Tiket ini asli, tetapi untuk %(office)s, %(day)s pukul %(clock)s.") % {
        "office": office.name,
        "day": formatting.day(ticket.day),
        "clock": booking_words.clock(ticket.starts_at, office),
    }
    if ticket.day < office.today(now):
        then = _(
            "Hari itu sudah lewat. Di sini pemohon dapat dilayani sebagai yang datang langsung."
        )
    else:
        then = _(
            "Pemohon datang ke sana pada waktunya, atau memindahkan jadwalnya sendiri di Janji "
            "saya."
        )
    return f"{text} {then}"


def _elsewhere(found: Booking, office: Office) -> dict[str, str]:
    """For components/row.html."""
    names = ", ".join(
        place.applicant.name
        for place in found.places.all()
        if place.state in ("BOOKED", "CHECKED_IN")
    )
    return {
        "title": names,
        "text": f"{formatting.day(found.slot.day)}, {booking_words.hours_of(found.slot)}",
        "note": grouped(found.code),
        "href": reverse("desk:booking", args=[office.code, found.code]),
    }
