"""A small office that invented people have booked out, for the demonstration.

One finds it full there, may ask to be told, and on Wednesdays a family of three or four
finds room in two neighbouring hours. Rows are written many at a time: nobody waits for them.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched, groupby

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Prefetch

from accounts.models import Applicant, Person, User
from accounts.services import people
from offices.models import Office
from paspor.kernel import cipher
from queueing.booking.models import ActorKind, Booking, BookingEvent, Place
from queueing.quota.models import Channel, Seat, Slot
from queueing.quota.rules import MAX_PEOPLE

CODE = "UKK-MAGELANG"
NAMED = "magelang"
TOLD = (
    f"  {CODE} is booked out: for five, ask there to be told; for three or four, it has two\n"
    "  neighbouring hours on Wednesdays."
)
WEDNESDAY = 2
# In each of the first two hours of a Wednesday.
LEFT_FREE = 2
# District 99 exists nowhere, so none of these is anybody's number.
REGION = "330899"
FIRST_BORN = dt.date(1961, 3, 2)
GIVEN = ("Slamet", "Wahyu", "Endang", "Sri", "Bambang", "Retno", "Joko", "Ningsih", "Arif")
FAMILY = ("Santoso", "Widodo", "Rahayu", "Purnomo", "Lestari", "Nugroho", "Astuti")


@dataclass(frozen=True)
class Visit:
    slot: Slot
    seats: tuple[Seat, ...]


def make(office: Office, *, now: datetime) -> None:
    """Whatever coming day of the office nobody has booked yet."""
    free = Seat.objects.filter(channel=Channel.ONLINE, taken=False).order_by("number")
    slots = Slot.objects.filter(office=office, starts_at__gt=now, closed_at=None)
    open_slots = slots.prefetch_related(Prefetch("seats", free, to_attr="free_seats"))
    unbooked = open_slots.exclude(day__in=slots.filter(bookings__isnull=False).values("day"))
    _write([*_visits(unbooked.order_by("starts_at"))], office, now)


def _visits(slots: Sequence[Slot]) -> Iterator[Visit]:
    for day, hours in groupby(slots, key=lambda slot: slot.day):
        for number, slot in enumerate(hours):
            spared = LEFT_FREE if day.weekday() == WEDNESDAY and number < 2 else 0
            for seats in batched(slot.free_seats[spared:], MAX_PEOPLE, strict=False):
                yield Visit(slot, seats)


def _write(visits: Sequence[Visit], office: Office, now: datetime) -> None:
    nobody = make_password(None)
    accounts = User.objects.bulk_create(
        User(email=f"{NAMED}{visit.seats[0].pk}@paspor.example", password=nobody)
        for visit in visits
    )
    bookings = Booking.objects.bulk_create(
        Booking(account=account, slot=visit.slot, channel=Channel.ONLINE)
        for account, visit in zip(accounts, visits, strict=True)
    )
    whose = [
        (booking, seat)
        for booking, visit in zip(bookings, visits, strict=True)
        for seat in visit.seats
    ]
    persons = Person.objects.bulk_create(_person(_nik(seat)) for _, seat in whose)
    applicants = Applicant.objects.bulk_create(
        _applicant(booking.account, person, seat)
        for (booking, seat), person in zip(whose, persons, strict=True)
    )
    places = Place.objects.bulk_create(
        Place(
            booking=booking,
            applicant=applicant,
            person=applicant.person,
            live_person=applicant.person,
            seat=seat,
            live_seat=seat,
            state=Place.State.BOOKED,
            kind=Place.Kind.NEW,
            passport_type=office.passport_types[0],
            booked_at=now,
        )
        for (booking, seat), applicant in zip(whose, applicants, strict=True)
    )
    BookingEvent.objects.bulk_create(_event(place, office) for place in places)
    Seat.objects.filter(pk__in=[seat.pk for _, seat in whose]).update(taken=True)


def _born(seat: Seat) -> dt.date:
    return FIRST_BORN + dt.timedelta(days=seat.pk * 37 % 16_000)


def _sex(seat: Seat) -> Applicant.Sex:
    return Applicant.Sex.FEMALE if seat.pk % 2 else Applicant.Sex.MALE


def _nik(seat: Seat) -> str:
    born, day = _born(seat), _born(seat).day + (40 if seat.pk % 2 else 0)
    return f"{REGION}{day:02}{born:%m%y}{seat.pk % 9999 + 1:04}"


def _person(nik: str) -> Person:
    following = settings.PERSON_DIGEST_KEY_NEXT
    later = cipher.person_digest(nik, key=following) if following else None
    return Person(digest=cipher.person_digest(nik), digest_next=later)


def _applicant(account: User | None, person: Person, seat: Seat) -> Applicant:
    name = f"{GIVEN[seat.pk % len(GIVEN)]} {FAMILY[seat.pk % len(FAMILY)]}"
    found = Applicant(
        account=account, person=person, name=name, birth_date=_born(seat), sex=_sex(seat)
    )
    people.seal_nik(found, _nik(seat))
    return found


def _event(place: Place, office: Office) -> BookingEvent:
    return BookingEvent(
        stream=office.code,
        booking_id=place.booking_id,
        place_id=place.pk,
        what=Place.State.BOOKED,
        actor_kind=ActorKind.CITIZEN,
        actor_id=place.booking.account_id,
    )
