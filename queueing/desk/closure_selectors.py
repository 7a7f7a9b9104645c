"""A day with hours that its office has closed: since when and why, and where its people went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby

from django.db.models import Q

from offices.models import Office
from queueing.booking.models import Booking, Place
from queueing.desk.selectors import DayOfGuests, named
from queueing.quota.models import Slot

# An hour that something spoiled ends without a sanction, and nobody is moved by that.
SPOILED = "incident"


@dataclass(frozen=True)
class ClosedHours:
    """Hours of a day that were closed with one sentence, which the public reads.

    ``at`` is aware, in the office's zone; ``is_whole``: no hour of the day serves.
    """

    why: str
    at: datetime
    hours: tuple[time, ...]
    is_whole: bool


@dataclass(frozen=True)
class Away:
    """People of one visit who are not expected on this day any more.

    ``now`` is the visit that they have instead, None where they wait: until
    ``first_right_until`` for the next opening, else for the closing to reach them.
    """

    booking: Booking
    names: tuple[str, ...]
    now: Booking | None
    first_right_until: datetime | None


def closed_hours(office: Office, day: date) -> list[ClosedHours]:
    """The closed hours of a day by what the public was told; one query."""
    slots = list(Slot.objects.filter(office=office, day=day).order_by("starts_at"))
    closed = sorted((slot for slot in slots if slot.closed_at), key=lambda slot: slot.closed_why)
    found = []
    for why, group in groupby(closed, key=lambda slot: slot.closed_why):
        hours = list(group)
        found.append(
            ClosedHours(
                why=why,
                at=min(slot.closed_at for slot in hours).astimezone(office.zone),
                hours=tuple(slot.hour for slot in hours),
                is_whole=len(hours) == len(slots),
            )
        )
    return sorted(found, key=lambda each: each.hours)


def has_hours_left(office: Office, day: date, *, now: datetime) -> bool:
    return Slot.objects.filter(office=office, day=day, ends_at__gt=now).exists()


def staying(guests: DayOfGuests) -> DayOfGuests:
    """Without those who are still booked in a closed hour: they are given another one."""
    hours = (
        replace(hour, guests=tuple(guest for guest in hour.guests if not _leaves(guest.place)))
        for hour in guests.hours
    )
    return replace(guests, hours=tuple(hour for hour in hours if hour.guests))


def _leaves(place: Place) -> bool:
    return place.state == Place.State.BOOKED and place.booking.slot.closed_at is not None


def away(office: Office, day: date, text: str = "") -> list[Away]:
    """Who was to come on a day and is moved, by hour and visit, narrowed as the list is.

    A query, and one more for each time that somebody of them was moved again.
    """
    gone = (
        Q(state=Place.State.CLOSED_BY_OFFICE) & ~Q(reason=SPOILED)
        | Q(state=Place.State.MOVED)
        | Q(state=Place.State.BOOKED, booking__slot__closed_at__isnull=False)
    )
    places = Place.objects.filter(gone, booking__slot__office=office, booking__slot__day=day)
    if text.strip():
        places = places.filter(named(text))
    places = places.select_related("applicant", "booking__slot__office").order_by(
        "booking__slot__starts_at", "booking__code", "applicant__name"
    )
    people = list(places)
    last = _last(people)
    together: dict[tuple[int, int], list[Place]] = {}
    for place in people:
        where = (place.booking_id, last[place.pk].booking_id)
        together.setdefault(where, []).append(place)
    return [_away(group, last[group[0].pk]) for group in together.values()]


def _away(group: Sequence[Place], last: Place) -> Away:
    booking = group[0].booking
    return Away(
        booking=booking,
        names=tuple(place.applicant.name for place in group),
        now=last.booking if last.booking_id != booking.pk else None,
        first_right_until=last.first_right_until,
    )


def _last(places: Iterable[Place]) -> dict[int, Place]:
    """The place that each of these has led to, however often it was moved."""
    last = {place.pk: place for place in places}
    while going := {pk: place.moved_to_id for pk, place in last.items() if place.moved_to_id}:
        further = Place.objects.select_related("booking__slot__office").in_bulk(going.values())
        last |= {pk: further[to] for pk, to in going.items()}
    return last
