"""How the counter's list puts the people of a day: by hour, those first who are to be met."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import ngettext

from offices import selectors as offices
from offices import words as office_words
from offices.models import Office
from offices.rules import Act
from paspor.kernel import formatting
from queueing.booking import words as booking_words
from queueing.desk import words
from queueing.desk.models import QueueNumber
from queueing.desk.pages import guests_shown
from queueing.desk.selectors import DayOfGuests, Guest, HourOfGuests

# What the list may be narrowed to, and the states of its people.
SHOWN = {
    "belum": ("BOOKED",),
    "hadir": ("CHECKED_IN",),
    "selesai": ("SERVED",),
    "tak-terlayani": ("TURNED_AWAY",),
    "tidak-hadir": ("NO_SHOW",),
    "berakhir": ("SERVED", "TURNED_AWAY", "NO_SHOW"),
}
# Told of an empty day, too.
ALWAYS = ("belum", "hadir", "selesai")
# Somebody still has something to do with them today, in the order of the list.
OPEN = ("BOOKED", "CHECKED_IN")


@dataclass(frozen=True)
class Narrowed:
    """``only`` of SHOWN; what else was ``asked`` for; ``is_short``: whose hour is over and who
    has nothing to come is left out until asked for."""

    only: str
    asked: Mapping[str, str]
    is_short: bool


# How far the next day of service is looked for.
LOOK_AHEAD = timedelta(days=30)


def rest(office: Office, day: date) -> tuple[str, date | None]:
    """Why the office does not serve on a day, "" where it does, and the next on which it does."""
    plans = offices.plan_of(office, day, day + LOOK_AHEAD)
    title = "" if plans[day].is_open else office_words.why_closed(plans[day])
    return title, next((on for on, plan in plans.items() if on > day and plan.is_open), None)


def hours(
    guests: DayOfGuests, numbers: Mapping[str, QueueNumber], to: Narrowed, *, now: datetime
) -> list[dict[str, Any]]:
    """The hours in which somebody is to be shown."""
    found = [_hour(hour, guests.office, numbers, to, now=now) for hour in guests.hours]
    return [hour for hour in found if hour["bookings"] or hour["ended"]]


def counts(guests: DayOfGuests, only: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """How many there are of each; those that narrow the list have an address.

    Everybody is in one of them: together they are who is booked, less those who say that they
    are coming, who are counted twice.
    """
    waiting, present = guests.count("BOOKED"), guests.count("CHECKED_IN")
    served = guests.count("SERVED") - guests.unended
    coming, unended = guests.says_coming, guests.unended
    away, absent = guests.count("TURNED_AWAY"), guests.count("NO_SHOW")
    told = [
        ("belum", waiting, ngettext("%(n)s belum datang", "%(n)s belum datang", waiting)),
        ("", coming, ngettext("%(n)s menyatakan datang", "%(n)s menyatakan datang", coming)),
        ("hadir", present, ngettext("%(n)s hadir", "%(n)s hadir", present)),
        ("selesai", served, ngettext("%(n)s selesai", "%(n)s selesai", served)),
        ("", unended, ngettext("%(n)s tanpa hasil", "%(n)s tanpa hasil", unended)),
        ("tak-terlayani", away, ngettext("%(n)s tak terlayani", "%(n)s tak terlayani", away)),
        ("tidak-hadir", absent, ngettext("%(n)s tidak hadir", "%(n)s tidak hadir", absent)),
    ]
    return [
        {
            "text": text % {"n": number},
            "href": address({**asked, "tampil": name}) if name else "",
            "is_current": bool(name) and name == only,
        }
        for name, number, text in told
        if number or name in ALWAYS
    ]


def address(asked: Mapping[str, str]) -> str:
    """The list's query; what is empty is left out."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in asked.items() if value})
    return f"?{query.urlencode()}" if query else ""


def narrowed_before(query: str) -> str:
    """The address of a list that was narrowed so, and of nothing else."""
    asked = QueryDict(query).dict()
    return address({name: asked.get(name, "") for name in ("hari", "q", "tampil")})


def _hour(
    hour: HourOfGuests,
    office: Office,
    numbers: Mapping[str, QueueNumber],
    to: Narrowed,
    *,
    now: datetime,
) -> dict[str, Any]:
    visits = _visits(hour.guests)
    ended: list[list[Guest]] = []
    if to.only:
        visits = [people for people in visits if any(_is(to.only, guest) for guest in people)]
    elif to.is_short and hour.ends_at <= now:
        ended = [people for people in visits if _rank(people) == len(OPEN)]
        visits = [people for people in visits if people not in ended]
    anchor = f"jam-{hour.starts_at:%H%M}"
    return {
        "id": anchor,
        "label": booking_words.between(hour.starts_at, hour.ends_at, office),
        "clock": formatting.clock(hour.starts_at),
        "is_now": hour.starts_at <= now < hour.ends_at,
        "bookings": [_visit(people, office, numbers) for people in visits],
        "ended": sum(map(len, ended)),
        "ended_href": f"{address({**to.asked, 'tampil': 'berakhir'})}#{anchor}",
    }


def _is(only: str, guest: Guest) -> bool:
    return guest.state in SHOWN[only]


def _visits(guests: tuple[Guest, ...]) -> list[list[Guest]]:
    """Those of one booking together: who is still to come, who is here, who has ended; by name."""
    found: dict[str, list[Guest]] = {}
    for guest in guests:
        found.setdefault(guest.booking_code, []).append(guest)
    return sorted(found.values(), key=lambda people: (_rank(people), people[0].name.casefold()))


def _rank(people: list[Guest]) -> int:
    ranks = (OPEN.index(guest.state) if guest.state in OPEN else len(OPEN) for guest in people)
    return min(ranks)


def _visit(
    people: list[Guest], office: Office, numbers: Mapping[str, QueueNumber]
) -> dict[str, Any]:
    code = people[0].booking_code
    return {
        "code": code,
        "code_grouped": people[0].code_grouped,
        "number": guests_shown.number(numbers.get(code), people),
        "channel_label": people[0].channel,
        "people": [guests_shown.guest_row(guest) for guest in people],
        "next": _next_act(people),
        "is_late": any(guest.is_late for guest in people),
        "early": guests_shown.early(people, office),
    }


def _next_act(people: list[Guest]) -> dict[str, Any] | None:
    """Receiving, where everybody of the booking may be received without a reason to give.

    Nothing else: the list renews itself under the pointer, and no press there ends a visit.
    """
    if all(Act.CHECK_IN in guest.acts and not guest.is_late for guest in people):
        return {"act": Act.CHECK_IN, "label": words.ACTS[Act.CHECK_IN]}
    return None
