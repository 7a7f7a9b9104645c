"""The counters' day: a queue at one office whatever the hour, and a full list at another."""

from datetime import datetime, timedelta

from django.utils import timezone

from offices.models import Office
from queueing.booking.models import Place
from queueing.desk import screen_tokens
from queueing.desk.models import QueueNumber
from queueing.desk.services import day_lists, screens, taking_in
from queueing.management.commands import _today, seed_demo
from queueing.quota.models import Channel, Release, Seat, Slot
from tests.factories import (
    LONG_AGO,
    BookingFactory,
    IdentityClaimFactory,
    OfficerPostFactory,
    PlaceFactory,
    SeatFactory,
    SlotFactory,
)
from tests.queueing.desk.day_lists import give_key, mark, record
from tests.screens.stage import Stage

NAMES = ("Sari Dewi", "Budi Santoso", "Yohana Pattiasina", "Muhammad Al Fatih Ramadhan Nasution")
LONG_NAME = "I Gusti Ayu Made Kusumawardhani Prameswari"
MANY = 120


def fill(stage: Stage) -> None:
    office = stage.office
    _queue(stage, office)
    today = office.today(stage.now)
    number = QueueNumber.objects.filter(office=office, day=today, state="WAITING").latest("pk")
    booking = number.booking
    Place.objects.filter(booking=booking).update(kind="DAMAGED")
    person = booking.places.get().applicant
    person.name, person.warnings = LONG_NAME, ["nik_sex_differs"]
    person.save(update_fields=["name", "warnings"])
    _family_at_counter(stage, number)
    give_key(office)
    head = stage.users["kepala"]
    made = day_lists.make(officer=head, office=office, day=number.day, now=timezone.now())
    marks = [mark(place, "SERVED", timezone.now()) for place in _places(number)]
    record_file = taking_in.take_in(
        officer=head, office=office, text=record(made, *marks), now=timezone.now()
    )
    screen = screens.make(officer=head, office=office, name="Ruang tunggu", now=timezone.now())
    stage.names |= {
        "today": number.day.isoformat(),
        "arrived": booking.code,
        "arrived_person": person.code,
        "screen": screen_tokens.link_token_of(screen.code),
        "record": record_file.code,
        "claim": IdentityClaimFactory().code,
        "missing": _missing_family(stage, office),
    }
    _full_list(stage)
    both = OfficerPostFactory(office=office, role="COUNTER").user
    OfficerPostFactory(user=both, office=Office.objects.get(code=seed_demo.DENPASAR))
    stage.users["dua kantor"] = both


def _family_at_counter(stage: Stage, waiting: QueueNumber) -> None:
    """Three at the officer's counter, and one of the family who is still to come."""
    there = QueueNumber.objects.get(
        office=waiting.office, day=waiting.day, state="CALLED", officer=stage.users["loket"]
    )
    QueueNumber.objects.filter(pk=there.pk).update(state="SERVING")
    came = {"state": "CHECKED_IN", "checked_in_at": there.arrived_at}
    free = Seat.objects.filter(slot=there.booking.slot, taken=False)[:3]
    for name, seat, fields in zip(NAMES, free, (came, came, {}), strict=False):
        PlaceFactory(booking=there.booking, seat=seat, applicant__name=name, **fields)
        Seat.objects.filter(pk=seat.pk).update(taken=True)


def _places(number: QueueNumber) -> list[Place]:
    """Three whose visit the portal knows as it was, or otherwise."""
    of_the_day = Place.objects.filter(
        booking__slot__office=number.office, booking__slot__day=number.day
    )
    return list(of_the_day.exclude(booking=number.booking).order_by("pk")[:3])


def _queue(stage: Stage, office: Office) -> None:
    """The demonstration makes one while an hour of the office runs."""
    now = stage.now.replace(minute=0, second=0, microsecond=0)
    today = office.today(now)
    if QueueNumber.objects.filter(office=office, day=today).exists():
        return
    slot = _hour(office, now)
    SeatFactory.create_batch(12, slot=slot)
    officers = [stage.users["loket"], stage.users["kepala"]]
    _today.make_queue(office, officers, seed_demo.account, now=stage.now)


def _missing_family(stage: Stage, office: Office) -> str:
    """Two who have not come to an hour that is over."""
    before = stage.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    booking = BookingFactory(slot=_hour(office, before))
    for name in NAMES[:2]:
        PlaceFactory(booking=booking, applicant__name=name)
    return str(booking.code)


def _hour(office: Office, starts_at: datetime) -> Slot:
    """The office's hour that begins then, made where it serves none."""
    day = office.today(starts_at)
    release, _made = Release.objects.get_or_create(
        office=office,
        first_day=day,
        defaults={"last_day": day, "opens_at": LONG_AGO, "prepared_at": LONG_AGO},
    )
    found = Slot.objects.filter(office=office, starts_at=starts_at).first()
    return found or SlotFactory(release=release, starts_at=starts_at)


def _full_list(stage: Stage) -> None:
    """A hundred and twenty people of one day, in Denpasar."""
    office = Office.objects.get(code=seed_demo.DENPASAR)
    day = office.today(timezone.now())
    free = Seat.objects.filter(
        slot__office=office, slot__day__gte=day, channel=Channel.ONLINE, taken=False
    )
    chosen = list(free.select_related("slot").order_by("slot__day", "slot__hour")[:MANY])
    for n, seat in enumerate(chosen):
        name = f"{NAMES[n % len(NAMES)]} {n + 1}"
        PlaceFactory(booking=BookingFactory(slot=seat.slot), seat=seat, applicant__name=name)
    Seat.objects.filter(pk__in=[seat.pk for seat in chosen]).update(taken=True)
    stage.users["loket denpasar"] = seed_demo.account("loket.denpasar")
    stage.names |= {"office_full": office.code, "day_busy": chosen[0].slot.day.isoformat()}
