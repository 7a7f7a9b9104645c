"""How pages put bookings and availability: words, tags, month grids. No query, no rule."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices import words as office_words
from offices.models import Office
from offices.rules import WeeklyHours, WorkingHours
from paspor.kernel import formatting
from queueing.booking import words
from queueing.booking.fees import Fee
from queueing.booking.models import Place
from queueing.booking.timeline import Entry
from queueing.booking.words import moment as moment
from queueing.quota.rules import DayState, Why
from queueing.quota.selectors import Availability, Day, Hour

# From so many seats on a day is called so; below the last, few.
PLENTY, SOME = 30, 10

TONES = {
    Place.State.HELD: ("info", "hourglass"),
    Place.State.BOOKED: ("success", "circle-check"),
    Place.State.CHECKED_IN: ("success", "users"),
    Place.State.SERVED: ("", "check"),
    Place.State.EXPIRED: ("", "clock"),
    Place.State.CANCELLED: ("error", "circle-x"),
    Place.State.MOVED: ("", "calendar"),
    Place.State.NO_SHOW: ("warning", "ban"),
    Place.State.TURNED_AWAY: ("warning", "alert-triangle"),
    Place.State.VOIDED: ("error", "ban"),
    Place.State.CLOSED_BY_OFFICE: ("warning", "alert-triangle"),
}
EVENT_ICONS = {
    "HELD": ("hourglass", ""),
    "BOOKED": ("circle-check", "success"),
    "CHECKED_IN": ("users", "success"),
    "SERVED": ("check", "success"),
    "EXPIRED": ("clock", "warning"),
    "CANCELLED": ("circle-x", "error"),
    "MOVED": ("calendar", "info"),
    "CLAIMED": ("ticket", "info"),
    "VOIDED": ("ban", "error"),
    "CLOSED_BY_OFFICE": ("alert-triangle", "warning"),
}


def capitalised(text: object) -> str:
    return capfirst(str(text))


def status(state: str, label: object) -> dict[str, str]:
    tone, icon = TONES[Place.State(state)]
    return {"tone": tone, "icon": icon, "label": capitalised(label)}


def price(fee: Fee) -> str:
    return _("%(sum)s (%(years)s tahun)") % {
        "sum": formatting.rupiah(fee.rupiah),
        "years": fee.years,
    }


def map_links(office: Office) -> list[dict[str, str]]:
    """Where it lies: in the map that a phone has, and on a page for who has none."""
    return [
        {"href": words.map_app(office), "link": _("Buka di aplikasi peta")},
        {"href": words.map_url(office), "link": _("Lihat di openstreetmap.org")},
    ]


# --- Times -----------------------------------------------------------------------------


def clock(at: datetime, office: Office) -> str:
    """14.00 WITA."""
    return f"{formatting.clock(at.astimezone(office.zone))} {office.zone_name}"


def hours(starts_at: datetime, ends_at: datetime, office: Office) -> str:
    """08.00–09.00 WIB."""
    return words.between(starts_at, ends_at, office)


def until(at: datetime, office: Office, now: datetime) -> str:
    """Pukul 14.00 WITA; with its day unless that is today."""
    local = at.astimezone(office.zone)
    if local.date() == now.astimezone(office.zone).date():
        return _("pukul %(clock)s") % {"clock": clock(at, office)}
    return words.moment(local, office)


def unbroken(hours: str) -> str:
    """With word joiners: a dash is a place to break a line, an hour is not."""
    return hours.replace("–", "\u2060–\u2060").replace(" ", "\u00a0")


def about_minutes(minutes: int) -> str:
    return _("sekitar %(time)s") % {"time": formatting.hours_and_minutes(minutes)}


def fresh(as_of: datetime, office: Office, now: datetime) -> dict[str, Any]:
    return {
        "iso": as_of.isoformat(),
        "when": _("pukul %(clock)s") % {"clock": clock(as_of, office)},
        "age": max(0, round((now - as_of).total_seconds())),
    }


def _spans(hours: WorkingHours) -> str:
    ends = [(hours.opens, hours.closes)]
    if hours.break_starts and hours.break_ends:
        ends = [(hours.opens, hours.break_starts), (hours.break_ends, hours.closes)]
    return ", ".join(
        unbroken(f"{formatting.clock(start)}–{formatting.clock(end)}") for start, end in ends
    )


def week_in_words(rows: list[WeeklyHours], day: date) -> list[str]:
    """ "Senin–Kamis 08.00–12.00, 13.00–15.00": neighbouring days with the same hours."""
    said: list[tuple[int, int, str]] = []
    for weekday in range(7):
        on = [row for row in rows if row.weekday == weekday and row.valid_from <= day]
        text = _spans(max(on, key=lambda row: row.valid_from).hours) if on else ""
        if text and said and said[-1][1] == weekday - 1 and said[-1][2] == text:
            said[-1] = (said[-1][0], weekday, text)
        elif text:
            said.append((weekday, weekday, text))
    return [
        f"{WEEKDAYS[first]}{f'–{WEEKDAYS[last]}' if last > first else ''} {text}"
        for first, last, text in said
    ]


# --- Days and hours --------------------------------------------------------------------


def seats_for(day: Day, people: int) -> int:
    """Seats in the hours that have room for all of them."""
    return sum(hour.free for hour in day.hours if hour.free >= people)


def seats_left(count: int) -> str:
    return ngettext("sisa %(n)s tempat", "sisa %(n)s tempat", count) % {"n": count}


def day_word(day: Day, people: int) -> tuple[str, str]:
    """The load of a cell of the month grid, and its word of at most 8 letters."""
    if day.state is DayState.OPEN:
        seats = seats_for(day, people)
        load = "free" if seats >= PLENTY else "some" if seats >= SOME else "few"
        return load, _("sisa %(n)s") % {"n": seats} if seats < 1000 else _("ada")
    if day.state is DayState.TWO_HOURS:
        return "few", _("2 jam")
    if day.state is DayState.CLOSED:
        return "closed", _("libur") if day.why_code == Why.HOLIDAY else _("tutup")
    return {
        DayState.FULL: ("full", _("penuh")),
        DayState.NOT_OPEN: ("not-open", _("belum")),
        DayState.NOT_OFFERED: ("not-offered", _("tak ada")),
    }[day.state]


def day_reason(day: Day, office: Office, people: int) -> str:
    """A whole sentence, also for who cannot see the shading."""
    if day.state is DayState.OPEN:
        return seats_left(seats_for(day, people))
    if day.opens_at is not None:
        return _("%(why)s Dibuka %(moment)s.") % {
            "why": day.why,
            "moment": moment(day.opens_at, office),
        }
    return day.why


def closed_parts(day: Day, office: Office) -> list[str]:
    """ "10.00–16.00 WIB: Listrik padam" of a day that serves otherwise."""
    return [
        f"{unbroken(hours(part.starts_at, part.ends_at, office))}: {part.why}"
        for part in day.closed
    ]


@dataclass(frozen=True)
class Month:
    """A month of an office, as its grid shows it."""

    first: date
    availability: Availability
    people: int
    today: date
    hrefs: Mapping[date, str]
    chosen: date | None = None

    @property
    def title(self) -> str:
        return capitalised(formatting.month(self.first))

    @property
    def weekdays(self) -> list[dict[str, str]]:
        return [
            {"short": str(WEEKDAYS_ABBR[index]), "name": str(WEEKDAYS[index])} for index in range(7)
        ]

    @property
    def weeks(self) -> list[list[dict[str, Any] | None]]:
        """Without those that are over: a phone has no room for them."""
        known = {day.day: day for day in self.availability.days}
        grid = Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [
            [
                self._cell(day, known.get(day)) if day.month == self.first.month else None
                for day in week
            ]
            for week in grid
            if week[-1] >= self.today
        ]

    def _cell(self, on: date, day: Day | None) -> dict[str, Any]:
        said = formatting.day(on)
        cell = {"number": on.day, "is_today": on == self.today, "is_chosen": on == self.chosen}
        if day is None:
            past = on < self.today
            reason = _("sudah lewat") if past else _("belum dapat dilihat")
            return cell | {"load": "not-offered", "word": "", "label": f"{said}: {reason}"}
        load, word = day_word(day, self.people)
        reason = day_reason(day, self.availability.office, self.people)
        if day.holiday:
            reason = f"{reason.rstrip('.')}. {office_words.open_on_holiday(day.holiday)}"
        if day.closed:
            reason = _("%(reason)s, sebagian jam ditutup") % {"reason": reason.rstrip(".")}
        return cell | {
            "load": load,
            "word": word,
            "label": f"{said}: {reason}",
            "href": self.hrefs[on],
        }


def month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def hour_card(hour: Hour, office: Office, people: int, href: str) -> dict[str, str]:
    time = hours(hour.starts_at, hour.ends_at, office)
    if hour.free >= people:
        return {"time": time, "seats": seats_left(hour.free), "href": href}
    if hour.free:
        enough = _("kurang untuk %(people)s orang") % {"people": people}
        return {"time": time, "seats": seats_left(hour.free), "note": enough}
    return {"time": time, "seats": _("penuh")}


def pair_card(pair: tuple[Hour, Hour], office: Office, href: str) -> dict[str, str]:
    """Two hours that are taken together: the first until the second's end, and what each has."""
    first, second = pair
    left = _("%(first)s: %(a)s, %(second)s: %(b)s") % {
        "first": formatting.clock(first.starts_at.astimezone(office.zone)),
        "a": seats_left(first.free),
        "second": formatting.clock(second.starts_at.astimezone(office.zone)),
        "b": seats_left(second.free),
    }
    return {"time": hours(first.starts_at, second.ends_at, office), "note": left, "href": href}


def own_hour_card(hour: Hour, office: Office) -> dict[str, str]:
    """The hour that one has: shown, so that nobody misses it, and not to be picked."""
    return {
        "time": hours(hour.starts_at, hour.ends_at, office),
        "seats": seats_left(hour.free) if hour.free else _("penuh"),
        "note": _("jam Anda sekarang"),
    }


# --- History ---------------------------------------------------------------------------


def events(entries: list[Entry], office: Office) -> list[dict[str, str]]:
    """For components/timeline.html, the latest first."""
    shown = []
    for entry in reversed(entries):
        icon, tone = EVENT_ICONS.get(entry.what, ("info-circle", ""))
        shown.append(
            {
                "title": entry.text,
                "iso": entry.at.isoformat(),
                "when": moment(entry.at, office),
                "who": entry.by,
                "text": ", ".join(entry.names),
                "icon": icon,
                "tone": tone,
            }
        )
    return shown
