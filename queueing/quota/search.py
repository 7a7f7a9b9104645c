"""Offices around a place with their first day for all who come, or why there is none.

Everything is read from what all readers share (nearest.py, openings.py): a search asks the
database nothing of its own. Nothing here writes, and a claim never looks here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices import selectors as offices
from offices.models import Office, PassportType
from paspor.kernel import formatting
from queueing.quota import openings, rules, selectors
from queueing.quota.nearest import FirstRoom, FirstRooms
from queueing.quota.rules import DayState, Prospect, WhyNowhere
from queueing.quota.selectors import Day, Question

RADII = rules.RADII
# Offices whose pictures a page may look at to offer a wish.
FEW = 5


class Sort(StrEnum):
    DISTANCE = "distance"
    DAY = "day"


@dataclass(frozen=True)
class Point:
    """Where to look from. An office that one looks from is not among the answers."""

    latitude: float
    longitude: float
    office_code: str = ""

    @classmethod
    def of(cls, office: Office) -> "Point":
        return cls(float(office.latitude), float(office.longitude), office.code)


@dataclass(frozen=True)
class Sought:
    """``before`` is the last day that will do, by each office's own calendar. No passport
    type: any will do."""

    people: int = 1
    passport_type: str = PassportType.REGULAR
    radius_km: int | None = None
    before: date | None = None

    def offered_by(self, office: Office) -> bool:
        return not self.passport_type or self.passport_type in office.passport_types


@dataclass(frozen=True)
class Seen:
    """One office as it is found: how far it is, and its first hour with room for all."""

    office: Office
    km: float | None
    room: FirstRoom | None
    opened_until: date | None
    offers: bool

    def in_time(self, before: date | None) -> bool:
        return self.room is not None and (before is None or self.room.day <= before)

    def within(self, radius_km: int | None) -> bool:
        return radius_km is None or self.km is None or self.km <= radius_km


@dataclass(frozen=True)
class Nowhere:
    """Why no office will do, in the reader's language too, and what would.

    ``closest`` is the nearest office anywhere with room in time; ``later`` the first room
    within reach that is too late; ``opens_at`` the next opening within reach.
    """

    why: WhyNowhere
    sentence: str
    closest: Seen | None
    later: Seen | None
    opens_at: datetime | None


@dataclass(frozen=True)
class Answer:
    as_of: datetime
    found: list[Seen]
    nowhere: Nowhere | None


def known_radius(said: str) -> int | None:
    """Of RADII as an address writes it; anything else is none."""
    return int(said) if said in {str(km) for km in RADII} else None


def look(
    among: Iterable[Office], rooms: FirstRooms, sought: Sought, point: Point | None
) -> list[Seen]:
    """Every one of these offices, in the order in which they come."""
    return [
        Seen(
            office=office,
            km=offices.distance_km(office, point.latitude, point.longitude) if point else None,
            room=rooms.by_office.get(office.pk),
            opened_until=rooms.opened_until.get(office.pk),
            offers=sought.offered_by(office),
        )
        for office in among
    ]


def answer(
    rooms: FirstRooms, point: Point, sought: Sought, *, sort: Sort, limit: int, now: datetime
) -> Answer:
    """Offices with room around a point; none that needs a referral: they are no choice of
    the public."""
    seen = [
        each
        for each in look(offices.listed(), rooms, sought, point)
        if not each.office.needs_referral and each.office.code != point.office_code
    ]
    found = [
        each
        for each in seen
        if each.offers and each.in_time(sought.before) and each.within(sought.radius_km)
    ]
    found.sort(key=_by_day if sort is Sort.DAY else _by_distance)
    return Answer(rooms.as_of, found[:limit], nowhere(seen, sought, now))


def _by_distance(seen: Seen) -> tuple[float, str]:
    return (seen.km or 0, seen.office.name)


def _by_day(seen: Seen) -> tuple[date, float, str]:
    return (seen.room.day if seen.room else date.max, *_by_distance(seen))


def nowhere(seen: Sequence[Seen], sought: Sought, now: datetime) -> Nowhere | None:
    """``seen`` are offices near and far. None where one within reach has room in time."""
    near = [each for each in seen if each.within(sought.radius_km)]
    why = rules.why_nowhere(
        (
            Prospect(each.offers, each.room.day if each.room else None, each.opened_until)
            for each in near
        ),
        sought.before,
    )
    if why is None:
        return None
    offering = [each for each in near if each.offers]
    fitting = [
        each
        for each in seen
        if each.offers and each.in_time(sought.before) and not each.office.needs_referral
    ]
    later = min((each for each in offering if each.room), key=_by_day, default=None)
    opening = _next_opening(offering, now)
    said = [_sentence(why, sought, seen, offering), _of_later(later), _of_opening(why, opening)]
    return Nowhere(
        why=why,
        sentence=" ".join(part for part in said if part),
        closest=min(fitting, key=_by_distance, default=None),
        later=later,
        opens_at=opening[0] if opening else None,
    )


def _next_opening(offering: Sequence[Seen], now: datetime) -> tuple[datetime, Office] | None:
    if not offering:
        return None
    moments = openings.next_openings([each.office for each in offering], now)
    known = [
        (moments[each.office.pk], each.office) for each in offering if each.office.pk in moments
    ]
    return min(known, key=lambda pair: pair[0], default=None)


def _sentence(
    why: WhyNowhere, sought: Sought, seen: Sequence[Seen], offering: Sequence[Seen]
) -> str:
    if why is WhyNowhere.TOO_FAR:
        return _too_far(seen, sought.radius_km)
    if why is WhyNowhere.NOT_OFFERED:
        return _("Tidak ada kantor di sini yang menerbitkan jenis paspor yang dipilih.")
    said = [_no_room(sought)] if sought.before else []
    if why is WhyNowhere.NOT_OPEN:
        said.append(_("Kuota belum dibuka."))
    if why is WhyNowhere.FULL:
        until = _day(max(each.opened_until for each in offering if each.opened_until))
        opened = _("Yang sudah dibuka, sampai %(day)s, penuh.") % {"day": until}
        said.append(opened if said else _full(sought.people, until))
    return " ".join(said)


def _no_room(sought: Sought) -> str:
    """By the last day that was asked for, whatever the reason."""
    return ngettext(
        "Tidak ada tempat untuk %(n)s orang sampai %(day)s.",
        "Tidak ada tempat untuk %(n)s orang bersama sampai %(day)s.",
        sought.people,
    ) % {"n": sought.people, "day": _day(sought.before)}


def _full(people: int, until: str) -> str:
    return ngettext(
        "Penuh untuk %(n)s orang sampai %(day)s.",
        "Penuh untuk %(n)s orang bersama sampai %(day)s.",
        people,
    ) % {"n": people, "day": until}


def _too_far(seen: Sequence[Seen], radius_km: int | None) -> str:
    said = _("Tidak ada kantor dalam jarak %(radius)s km.") % {"radius": radius_km}
    nearest = min(seen, key=_by_distance, default=None)
    if nearest is None or nearest.km is None:
        return said
    rest = _("Yang terdekat %(office)s, ±%(km)s km.")
    return f"{said} {rest % {'office': nearest.office.name, 'km': round(nearest.km)}}"


def _of_later(later: Seen | None) -> str:
    if later is None or later.room is None:
        return ""
    return _("Hari terdekat sesudahnya %(day)s, di %(office)s.") % {
        "day": _day(later.room.day),
        "office": later.office.name,
    }


def _of_opening(why: WhyNowhere, opening: tuple[datetime, Office] | None) -> str:
    if why not in (WhyNowhere.FULL, WhyNowhere.NOT_OPEN):
        return ""
    if opening is None:
        return _("Pembukaan kuota berikutnya belum dijadwalkan.")
    at, office = opening
    return _("Kuota berikutnya dibuka %(when)s.") % {
        "when": formatting.moment(at.astimezone(office.zone))
    }


def _day(day: date | None) -> str:
    return formatting.day(day) if day else ""


def reach(office: Office, rooms: FirstRooms, sought: Sought) -> Iterator[Seen]:
    """Offices around one, itself included, that issue what is sought to everybody."""
    among = offices.listed() if sought.radius_km else [office]
    for seen in look(among, rooms, sought, Point.of(office)):
        if seen.offers and seen.within(sought.radius_km) and not seen.office.needs_referral:
            yield seen


def days_to_wait(office: Office, now: datetime) -> tuple[date, date]:
    """The first and the last day that a wish may end with."""
    return rules.window(office.today(now))


def worth_waiting(office: Office, rooms: FirstRooms, sought: Sought, now: datetime) -> bool:
    """Whether a wish to be told of room would be taken; without a last day it is asked for.

    Of many offices around, whether one serves until then is only looked at when it is asked:
    pages are read by everybody.
    """
    today, farthest = days_to_wait(office, now)
    if sought.before is not None and not today <= sought.before <= farthest:
        return False
    reached = list(reach(office, rooms, sought))
    if not reached or any(seen.in_time(sought.before) for seen in reached):
        return False
    if sought.before is None or len(reached) > FEW:
        return True
    return any(served_by(seen.office, sought.before, now) for seen in reached)


def nearest_first(found: Iterable[Seen]) -> list[Seen]:
    return sorted(found, key=_by_distance)


def served_by(office: Office, last: date, now: datetime) -> bool:
    """Whether room can come at an office until a day; a look into its shared picture."""
    return any(can_have_room(day) for day in days_until(office, last, now))


def first_served(office: Office, now: datetime) -> date | None:
    """The first day at an office on which room can come, of those that may be asked for."""
    _today, farthest = days_to_wait(office, now)
    serving = (day.day for day in days_until(office, farthest, now) if can_have_room(day))
    return next(serving, None)


def can_have_room(day: Day) -> bool:
    """Full today, or not open yet, is no reason not to wait; a closed day is."""
    return day.state not in (DayState.CLOSED, DayState.NOT_OFFERED)


def days_until(office: Office, last: date, now: datetime) -> Iterator[Day]:
    """From today on, each with why it cannot be booked online."""
    first, farthest = days_to_wait(office, now)
    while first <= min(last, farthest):
        to = min(last, farthest, first + timedelta(days=rules.MOST_DAYS - 1))
        yield from selectors.availability(
            office, Question(first, to, passport_type=office.passport_types[0]), now
        ).days
        first = to + timedelta(days=1)
