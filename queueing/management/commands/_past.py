"""Days that are over for the demonstration: who came, who did not, and how long they waited.

All of it is written at once, as it would stand by now; nobody acts, so the log has none of it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Applicant, Person, User
from accounts.services import people
from offices import selectors as offices
from offices.models import Office
from offices.rules import channels_of
from paspor.kernel import cipher
from queueing.booking.models import Booking, Place
from queueing.desk.models import QueueNumber
from queueing.quota.models import Release, Seat
from queueing.quota.rules import HourPlan, hours_planned
from queueing.quota.services import releases

DAYS = 9
# Of each office; no divisor in common with forty, or the same ones would never come.
GUESTS = 151
OPENED = timedelta(days=30)
# District 99 exists nowhere, so none of these is anybody's number.
DISTRICT = "317499"
NAMED = "lampau"
DOMAIN = "@paspor.example"
# Of forty seats: two whom nobody took, two who did not come, one who had to leave.
FREE, ABSENT, TURNED_AWAY = (9, 29), (4, 24), (17,)
BATCH = 1000


@transaction.atomic
def make(office: Office, officer: User, *, now: datetime) -> None:
    """Visits of the last days of an office; nothing where some stand."""
    today = office.today(now)
    if office.slots.filter(day__lt=today).exists():
        return
    first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
    opened = now - OPENED
    release = Release.objects.create(
        office=office, first_day=first, last_day=last, opens_at=opened, prepared_at=opened
    )
    releases.make_hours(release, _planned(office, today), opened)
    visits = list(_visits(release, _guests(now)))
    Booking.objects.bulk_create([place.booking for place in visits], BATCH)
    Place.objects.bulk_create(visits, BATCH)
    taken = [place.seat_id for place in visits]
    Seat.objects.filter(pk__in=taken).update(taken=True)
    QueueNumber.objects.bulk_create(_numbers(office, officer, visits), BATCH)


def _planned(office: Office, today: dt.date) -> list[tuple[dt.date, list[HourPlan]]]:
    """Each day as its weekday is now: an office of the demonstration has no older hours."""
    week = offices.plan_of(office, today, today + timedelta(days=6)).values()
    usual = {plan.day.weekday(): plan for plan in week}
    channels = channels_of(office.kind)
    found = []
    for day in (today - timedelta(days=n) for n in range(DAYS, 0, -1)):
        plan = replace(usual[day.weekday()], day=day)
        found.append((day, hours_planned(plan, office.zone, channels)))
    return found


def _guests(now: datetime) -> Sequence[Applicant]:
    """One person an account, of this office alone: at two in one moment, a machine books."""
    first = User.objects.filter(email__startswith=NAMED).count() + 1
    numbers = range(first, first + GUESTS)
    accounts = User.objects.bulk_create(
        User(
            email=f"{NAMED}{n:03}{DOMAIN}",
            password=make_password(None),
            joined_at=now - 2 * OPENED - timedelta(days=n),
        )
        for n in numbers
    )
    births = [_birth(n) for n in numbers]
    niks = [f"{DISTRICT}{born:%d%m%y}{n:04}" for n, born in zip(numbers, births, strict=True)]
    persons = Person.objects.bulk_create(Person(digest=cipher.person_digest(nik)) for nik in niks)
    return Applicant.objects.bulk_create(
        _applicant(*each) for each in zip(accounts, persons, niks, births, strict=True)
    )


def _birth(n: int) -> dt.date:
    """Apart from each other: numbers in a row are what hoarders have."""
    return dt.date(1950 + n * 7 % 50, n * 5 % 12 + 1, n * 11 % 28 + 1)


def _applicant(account: User, person: Person, nik: str, born: dt.date) -> Applicant:
    applicant = Applicant(
        account=account,
        person=person,
        name=f"Tamu Lampau {nik[-3:]}",
        birth_date=born,
        sex=Applicant.Sex.MALE,
        is_holder=True,
    )
    people.seal_nik(applicant, nik)
    return applicant


def _visits(release: Release, guests: Sequence[Applicant]) -> Iterator[Place]:
    seats = Seat.objects.filter(slot__release=release).select_related("slot")
    for n, seat in enumerate(seats.order_by("slot__starts_at", "number")):
        if n % 40 not in FREE:
            yield _visit(seat, n, guests[n % len(guests)], release.opens_at)


def _visit(seat: Seat, n: int, guest: Applicant, opened: datetime) -> Place:
    slot = seat.slot
    booking = Booking(
        account_id=guest.account_id,
        slot=slot,
        channel=seat.channel,
        created_at=opened + timedelta(minutes=n + 1),  # in the first second, a machine books
    )
    place = Place(
        booking=booking,
        applicant=guest,
        person_id=guest.person_id,
        seat=seat,
        state=Place.State.SERVED,
        kind=Place.Kind.NEW,
        passport_type="REGULAR",
        booked_at=booking.created_at,
        ended_at=slot.starts_at + timedelta(minutes=20 + n % 30),
    )
    if n % 40 in ABSENT:
        place.state = Place.State.NO_SHOW
        place.ended_at = slot.ends_at
    else:
        place.checked_in_at = slot.starts_at + timedelta(minutes=n % 50 - 12)
    if n % 40 in TURNED_AWAY:
        place.state, place.reason = Place.State.TURNED_AWAY, "documents_missing"
    return place


def _numbers(office: Office, officer: User, visits: Sequence[Place]) -> Iterator[QueueNumber]:
    """Of those who came, in order; the later the hour, the longer the wait."""
    given: dict[dt.date, int] = {}
    for place in visits:
        day, arrived = place.booking.slot.day, place.checked_in_at
        if arrived is None:
            continue
        number = given[day] = given.get(day, 0) + 1
        called = arrived + timedelta(minutes=4 + number % 9 + place.booking.slot.hour.hour // 3)
        yield QueueNumber(
            office=office,
            day=day,
            letter="A",
            number=number,
            booking=place.booking,
            state=QueueNumber.State.DONE,
            arrived_at=arrived,
            due_at=arrived,
            counter=number % 5 + 1,
            officer=officer,
            calls=1,
            called_at=called,
            last_called_at=called,
            ended_at=called + timedelta(minutes=8 + number % 6),
        )
