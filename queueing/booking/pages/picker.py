"""The month, the days and the hours that people pick from. No query, no rule."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices import words as office_words
from offices.models import Office
from paspor.kernel import formatting
from queueing.booking import words
from queueing.quota.rules import DayState, Why
from queueing.quota.selectors import Availability, Day, Hour

# From so many seats on a day is called so; below the last, few.
PLENTY, SOME = 30, 10


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
            "moment": words.moment(day.opens_at, office),
        }
    return day.why


def closed_parts(day: Day, office: Office) -> list[str]:
    """ "10.00–16.00 WIB: Listrik padam" of a day that serves otherwise."""
    return [
        f"{formatting.unbroken(words.between(part.starts_at, part.ends_at, office))}: {part.why}"
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
        return formatting.capitalised(formatting.month(self.first))

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


def hour_card(hour: Hour, office: Office, people: int, href: str) -> dict[str, str]:
    time = words.between(hour.starts_at, hour.ends_at, office)
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
    return {
        "time": words.between(first.starts_at, second.ends_at, office),
        "note": left,
        "href": href,
    }


def own_hour_card(hour: Hour, office: Office) -> dict[str, str]:
    """The hour that one has: shown, so that nobody misses it, and not to be picked."""
    return {
        "time": words.between(hour.starts_at, hour.ends_at, office),
        "seats": seats_left(hour.free) if hour.free else _("penuh"),
        "note": _("jam Anda sekarang"),
    }
