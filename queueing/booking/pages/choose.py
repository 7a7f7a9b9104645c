"""Choosing a day and an hour of an office. Public, and quick: everything is read from caches."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offices import selectors as offices
from offices.models import Announcement, Office, PassportType
from offices.words import in_language
from paspor.kernel import formatting
from paspor.kernel.decorators import cached_by_browser
from paspor.kernel.months import month_after, month_before
from paspor.kernel.query_values import iso_date
from queueing.admission.presentation import opening_soon
from queueing.booking import rules, words
from queueing.booking import selectors as booked
from queueing.booking.documents import (
    EXAMINED,
    EXAMINED_FIRST,
    for_errand,
    visit_minutes,
    with_sources,
)
from queueing.booking.errand_words import KINDS
from queueing.booking.errands import Errand
from queueing.booking.errors import BookingUnknown
from queueing.booking.pages import (
    office_rows,
    picker,
    steps,
    unused,
    watch_offer,
)
from queueing.booking.pages.week import week_in_words
from queueing.booking.presentation import components
from queueing.booking.presentation.choice import Choice
from queueing.quota import openings, selectors
from queueing.quota import rules as quota_rules
from queueing.quota.nearest import FirstRoom, FirstRooms
from queueing.quota.rules import DayState
from queueing.quota.selectors import Availability, Day, Question

USUAL_MINUTES = 15
A_WEEK = timedelta(days=7)
# A day like this is found at another office.
ELSEWHERE = frozenset({DayState.FULL, DayState.NOT_OFFERED})
WITH_ROOM = frozenset({DayState.OPEN, DayState.TWO_HOURS})


@dataclass(frozen=True)
class Visit:
    """What the pages of one office have in common."""

    office: Office
    choice: Choice
    now: datetime
    unused: list[str]

    @classmethod
    def of(cls, request: HttpRequest, code: str) -> "Visit":
        office = offices.listed_office(code)
        choice = Choice.of(request.GET).at(office)
        now = timezone.now()
        told = unused.of_choice(request.GET, choice, office.today(now))
        return cls(office, choice, now, told)

    @property
    def today(self) -> date:
        return self.office.today(self.now)

    @property
    def window(self) -> tuple[date, date]:
        return quota_rules.window(self.today)

    @property
    def is_offered(self) -> bool:
        """Whether the office gives the type of passport that is wanted."""
        return self.choice.asked_type(self.office) in self.office.passport_types

    def availability(self, first: date, last: date) -> Availability:
        question = Question(
            first_day=first,
            last_day=last,
            people=self.choice.people,
            channel=self.choice.channel,
            passport_type=self.choice.asked_type(self.office),
            pairs=not self.choice.moving,
        )
        return selectors.availability(self.office, question, self.now)

    def href(self, day: date | None = None) -> str:
        if day is None:
            return reverse("queueing:office", args=[self.office.code]) + self.choice.query
        return reverse("queueing:day", args=[self.office.code, day]) + self.choice.query

    def month(self, first: date, chosen: date | None = None) -> picker.Month:
        starts, ends = self.window
        last = month_after(first)
        known = self.availability(max(first, starts), min(last, ends))
        return picker.Month(
            first=first,
            availability=known,
            people=self.choice.people,
            today=self.today,
            hrefs={day.day: self.href(day.day) for day in known.days},
            chosen=chosen,
        )

    def shown(self) -> dict[str, Any]:
        """Facts of the office and of the case, as both pages tell them."""
        office, choice = self.office, self.choice
        week = offices.told_by(office, self.now).week
        minutes = next((row.hours.minutes for row in week), USUAL_MINUTES)
        return {
            "office": office,
            "coordinates": words.coordinates(office),
            "map_links": components.map_links(office),
            "choice": choice,
            "unused": self.unused,
            "week": week_in_words(week, self.today),
            "took": formatting.about(visit_minutes(choice.people, minutes)),
            "bring": with_sources(for_errand(Errand.of(choice), is_child=False)),
            "bring_child": with_sources(for_errand(Errand.of(choice), is_child=True)),
            "examined": _(EXAMINED) if choice.kind in EXAMINED_FIRST else "",
            "kind_label": _("Keperluan belum dipilih") if choice.kind_open else KINDS[choice.kind],
            "kinds": list(KINDS.items()),
            "passport_types": [
                (value, _type_label(value, office)) for value in PassportType.values
            ],
            "passport_label": choice.passport_type and PassportType(choice.passport_type).label,
            "people_choices": range(1, rules.MAX_PEOPLE + 1),
            "has_priority": rules.offers_channel(office.kind, "PRIORITY"),
            "steps": steps.steps(office=self, moving=choice.moving),
            "step": 2,
            "soon": opening_soon(self.now, back=self.href()),
        }


def _type_label(value: str, office: Office) -> str:
    label = str(PassportType(value).label)
    if value in office.passport_types:
        return label
    return _("%(type)s (tidak dilayani di sini)") % {"type": label}


@require_safe
@cached_by_browser(2)
def office(request: HttpRequest, code: str) -> HttpResponse:
    visit = Visit.of(request, code)
    rooms = office_rows.rooms_for(visit.choice, visit.now)
    room = rooms.by_office.get(visit.office.pk)
    watch_href = watch_offer.href(
        request.GET.dict(), visit.choice, [visit.office], rooms, visit.now
    )
    shown = (
        visit.shown()
        | _month_shown(request, visit, room)
        | _room_shown(visit, room)
        | {
            "others": [] if room and visit.is_offered else _others(visit, rooms),
            "watch_href": watch_href,
        }
    )
    return render(request, "queueing/office.html", shown)


def _month_shown(request: HttpRequest, visit: Visit, room: FirstRoom | None) -> dict[str, Any]:
    """The calendar, and what is announced of the office and of days of this month."""
    starts, ends = visit.window
    first = _month_asked(request, visit, room.day if room else starts + A_WEEK)
    month = visit.month(first)
    before, after = month_before(first), month_after(first)
    told = offices.told_by(visit.office, visit.now).announcements
    return {
        "month": month,
        "unused": visit.unused + unused.of_month(request.GET, first, month.title),
        "fresh": components.fresh(month.availability.as_of, visit.office, visit.now),
        "previous": _month_href(visit, before) if first > starts else "",
        "next": _month_href(visit, after) if after <= ends else "",
        "has_pairs": any(day.neighbours for day in month.availability.days),
        "announcements": [_announced(row) for row in told]
        + _on_holidays(month.availability.days)
        + _elsewhere(month.availability.days)
        + _closed_in_part(month.availability),
    }


def _room_shown(visit: Visit, room: FirstRoom | None) -> dict[str, Any]:
    """The first day with room, else when seats open; and whether that is soon enough."""
    before = visit.choice.before
    opening = openings.next_openings([visit.office], visit.now).get(visit.office.pk)
    return {
        "room": room,
        "room_words": formatting.day(room.day) if room else "",
        "room_is_pair": bool(room and room.beside),
        "room_href": visit.href(room.day) if room else "",
        "before": formatting.day(before) if before else "",
        "late": bool(room and before and room.day > before),
        "offers": visit.is_offered,
        # What one comes for is asked where an hour could be chosen then.
        "asks_kind": visit.choice.kind_open and visit.is_offered and room is not None,
        "opening": words.moment(opening, visit.office) if opening else "",
    }


def _on_holidays(days: Iterable[Day]) -> list[dict[str, str]]:
    """The holidays on which the office opens all the same; mostly nothing."""
    lines = [f"{formatting.day(day.day)}: {day.holiday}" for day in days if day.holiday]
    if not lines:
        return []
    return [{"tone": "info", "title": _("Buka khusus pada hari libur"), "text": "\n".join(lines)}]


def _elsewhere(days: Iterable[Day]) -> list[dict[str, str]]:
    """The days that are held somewhere else, for components/alert.html; mostly nothing."""
    lines = [f"{formatting.day(day.day)}: {day.place}" for day in days if day.place]
    if not lines:
        return []
    title = _("Hari yang tidak di kantor")
    return [{"tone": "info", "title": title, "text": "\n".join(lines)}]


def _closed_in_part(known: Availability) -> list[dict[str, str]]:
    """The days of which some hours were closed, and why; mostly nothing."""
    lines = [
        f"{formatting.day(day.day)}, {text}"
        for day in known.days
        for text in picker.closed_parts(day, known.office)
    ]
    if not lines:
        return []
    return [{"tone": "warning", "title": _("Sebagian jam ditutup"), "text": "\n".join(lines)}]


def _announced(row: Announcement) -> dict[str, str]:
    """For components/alert.html."""
    days = formatting.day(row.first_day)
    if row.last_day != row.first_day:
        days = _("%(first)s sampai %(last)s") % {
            "first": days,
            "last": formatting.day(row.last_day),
        }
    return {
        "tone": "warning" if row.kind == Announcement.Kind.CLOSURE else "info",
        "title": f"{formatting.capitalised(row.get_kind_display())}: {days}",
        "text": in_language(row.text_id, row.text_en),
    }


def _month_asked(request: HttpRequest, visit: Visit, usual: date) -> date:
    """The first of the month asked for ("2026-11"), within what may be looked at; where none
    is, the month of ``usual``. The last days of a month are a poor beginning.
    """
    starts, ends = visit.window
    asked = iso_date(f"{request.GET.get('bulan', '')}-01") or usual
    return min(max(asked, starts.replace(day=1)), ends.replace(day=1)).replace(day=1)


def _month_href(visit: Visit, first: date) -> str:
    end = visit.choice.query
    return f"{end}{'&' if end else '?'}bulan={first:%Y-%m}"


@require_safe
@cached_by_browser(2)
def day(request: HttpRequest, code: str, day: str) -> HttpResponse:
    visit = Visit.of(request, code)
    asked = iso_date(day)
    starts, ends = visit.window
    if asked is None or asked > ends:
        raise Http404
    if asked < starts:
        return _day_over(request, visit, asked)
    known = visit.availability(asked, asked)
    (found,) = known.days
    shown = (
        visit.shown()
        | _day_shown(found, visit)
        | {
            "hours": _hours(request, found, visit),
            "pairs": _pairs(found, visit),
            "fresh": components.fresh(known.as_of, visit.office, visit.now),
            **_instead(request, found, visit),
        }
    )
    return render(request, "queueing/day.html", shown)


def _day_over(request: HttpRequest, visit: Visit, day: date) -> HttpResponse:
    """An address that was kept or handed on still says what has become of its day."""
    rooms = office_rows.rooms_for(visit.choice, visit.now)
    over = {
        "office": visit.office,
        "when": formatting.day(day),
        "href": visit.href(),
        "watch": _watch(request, visit, rooms),
    }
    return render(request, "queueing/day_over.html", over)


def _day_shown(found: Day, visit: Visit) -> dict[str, Any]:
    return {
        "day": found,
        "there": found,
        "title": formatting.day(found.day),
        "closed": "\n".join(picker.closed_parts(found, visit.office)),
        "reason": picker.day_reason(found, visit.office, visit.choice.people),
        "is_open": found.state == "open",
        "asks_kind": visit.choice.kind_open and found.state in WITH_ROOM,
        "office_href": visit.href() + _month_of(visit, found.day),
    }


def _hours(request: HttpRequest, found: Day, visit: Visit) -> list[dict[str, Any]]:
    """The hours of the day; of a visit that moves, its present hour is no choice."""
    office, choice = visit.office, visit.choice
    own = _hour_of_moving(request, choice)
    return [
        picker.own_hour_card(hour, office)
        if hour.slot_code == own
        else picker.hour_card(hour, office, choice.people, _hour_href(choice, hour.slot_code))
        for hour in found.hours
    ]


def _instead(request: HttpRequest, found: Day, visit: Visit) -> dict[str, Any]:
    """Where to look, and what to wait for, when the day has no room."""
    if found.state in WITH_ROOM:
        return {"others": [], "watch": watch_offer.Offer()}
    rooms = office_rows.rooms_for(visit.choice, visit.now)
    return {
        "others": _others(visit, rooms) if found.state in ELSEWHERE else [],
        "watch": _watch(request, visit, rooms),
    }


def _pairs(found: Day, visit: Visit) -> list[dict[str, str]]:
    """Two neighbouring hours, for a family that none of the day can hold."""
    return [
        picker.pair_card(
            (first, second),
            visit.office,
            _hour_href(replace(visit.choice, beside=second.slot_code), first.slot_code),
        )
        for first, second in found.neighbours
    ]


def _month_of(visit: Visit, day: date) -> str:
    return f"{'&' if visit.choice.query else '?'}bulan={day:%Y-%m}"


def _hour_href(choice: Choice, slot_code: str) -> str:
    if choice.kind_open:
        return ""
    if choice.moving:
        return reverse("queueing:move-review", args=[choice.moving, slot_code]) + choice.query
    return reverse("queueing:book", args=[slot_code]) + choice.query


def _hour_of_moving(request: HttpRequest, choice: Choice) -> str:
    """The hour that the visit to be moved has already, "" where none of theirs is moved."""
    if not choice.moving or not request.user.is_authenticated:
        return ""
    try:
        return booked.booking_of(request.user, choice.moving).slot.code
    except BookingUnknown:
        return ""


def _watch(request: HttpRequest, visit: Visit, rooms: FirstRooms) -> watch_offer.Offer:
    return watch_offer.on_day(request.GET.dict(), visit.choice, visit.office, rooms, visit.now)


def _others(visit: Visit, rooms: FirstRooms) -> list[dict[str, Any]]:
    """Offices near this one that have room."""
    near = office_rows.with_room(visit.office, offices.listed(), visit.choice, rooms)
    return office_rows.rows(near, visit.choice, visit.now)
