"""Counter seats that nobody came for flow back to online, each once and never a taken one."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from offices.models import Office
from paspor.kernel.models import AuditEvent
from queueing.quota.models import Seat, Slot
from queueing.quota.services import walk_ins
from tests.at_once import at_once
from tests.factories import (
    ApplicantFactory,
    IncidentFactory,
    OfficeFactory,
    PolicyValueFactory,
    SeatFactory,
    SlotFactory,
    UserFactory,
)
from tests.queueing.quota.conftest import book_call

# Monday 09.00 WIB; the hour at 13.00 can be booked online for three hours more.
NOW = datetime(2030, 1, 7, 2, tzinfo=UTC)
ONE = NOW + timedelta(hours=4)


def counter_hour(starts_at: datetime = ONE, seats: int = 3, **fields: object) -> Slot:
    slot = SlotFactory(starts_at=starts_at, **fields)
    for number in range(1, seats + 1):
        SeatFactory(slot=slot, number=number, channel="COUNTER")
    return slot


def from_nine(office: Office) -> None:
    PolicyValueFactory(
        key="counter_back_minute", scope=office.code, value=9 * 60, valid_from=NOW - timedelta(1)
    )


def channels(slot: Slot) -> Counter[str]:
    return Counter(slot.seats.values_list("channel", flat=True))


@pytest.mark.django_db
def test_nothing_flows_back_unless_the_office_has_set_an_hour():
    slot = counter_hour()
    assert walk_ins.return_due(NOW) == 0
    assert channels(slot) == {"COUNTER": 3}


@pytest.mark.django_db
def test_from_the_hour_on_free_seats_go_online_at_random_moments_soon():
    slot = counter_hour()
    taken = SeatFactory(slot=slot, number=9, channel="COUNTER", taken=True)
    from_nine(slot.office)

    assert walk_ins.return_due(NOW - timedelta(minutes=1)) == 0
    assert walk_ins.return_due(NOW) == 3
    assert walk_ins.return_due(NOW) == 0

    assert channels(slot) == {"ONLINE": 3, "COUNTER": 1}
    taken.refresh_from_db()
    assert taken.channel == "COUNTER"
    soon = slot.seats.filter(channel="ONLINE").values_list("visible_at", flat=True)
    assert all(timedelta(minutes=1) <= at - NOW <= timedelta(minutes=10) for at in soon)
    event = AuditEvent.objects.get(act=walk_ins.ACT)
    assert (event.actor_id, event.stream) == (None, slot.office.code)
    assert event.detail == {"seats": 3, "hours": {"13.00": 3}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"starts_at": NOW + timedelta(minutes=65)},
        {"starts_at": ONE + timedelta(days=1)},
        {"closed_at": NOW, "closed_why": "Listrik padam"},
    ],
    ids=["too late to book", "tomorrow", "closed"],
)
def test_what_nobody_could_book_online_stays(fields):
    slot = counter_hour(**fields)
    from_nine(slot.office)
    assert walk_ins.return_due(NOW) == 0


@pytest.mark.django_db
def test_withdrawn_and_other_seats_stay():
    slot = counter_hour(seats=0)
    SeatFactory(slot=slot, number=1, channel="COUNTER", visible_at="9000-01-01T00:00Z")
    SeatFactory(slot=slot, number=2, channel="PRIORITY")
    from_nine(slot.office)
    assert walk_ins.return_due(NOW) == 0


@pytest.mark.django_db
def test_while_walk_in_is_open_the_counter_keeps_its_seats():
    slot = counter_hour()
    from_nine(slot.office)
    IncidentFactory(office=slot.office, opens_walk_in=True)
    assert walk_ins.return_due(NOW) == 0


@pytest.mark.django_db
def test_an_office_keeps_to_its_own_clock():
    office = OfficeFactory(timezone="Asia/Jayapura")
    slot = counter_hour(release__office=office)
    from_nine(office)
    assert walk_ins.return_due(NOW - timedelta(hours=2)) == 3
    assert channels(slot) == {"ONLINE": 3}


def take_at_the_counter(slot: Slot, person, code: str) -> str:
    statement, values = book_call(slot.pk, [person], code=code, channel="COUNTER")
    for _nth in range(50):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            outcome = cursor.fetchone()[0]
        if outcome != "BUSY":
            return outcome
    return "BUSY"


@pytest.mark.usefixtures("committed_db")
def test_a_seat_is_the_walk_ins_or_goes_online_and_never_both():
    slot = counter_hour(seats=8)
    from_nine(slot.office)
    people = [ApplicantFactory(account=UserFactory()) for _ in range(6)]
    takers = [partial(take_at_the_counter, slot, p, f"LOKET{n}") for n, p in enumerate(people)]

    outcomes = at_once([*takers[:3], partial(walk_ins.return_due, NOW), *takers[3:]])

    returned = outcomes.pop(3)
    booked = Counter(outcomes)["BOOKED"]
    assert set(outcomes) <= {"BOOKED", "FULL"}
    taken = Seat.objects.filter(slot=slot, taken=True)
    assert Counter(taken.values_list("channel", flat=True)) == Counter(COUNTER=booked)
    assert Seat.objects.filter(slot=slot, channel="ONLINE", taken=False).count() == returned
    # What a claim held at that moment was passed over, and follows now.
    assert booked + returned + walk_ins.return_due(NOW) == 8


@pytest.mark.usefixtures("committed_db")
def test_a_seat_that_is_being_taken_is_passed_over():
    slot = counter_hour(seats=2)
    from_nine(slot.office)
    seat = slot.seats.order_by("pk").first()

    with transaction.atomic():
        Seat.objects.select_for_update().get(pk=seat.pk)
        assert at_once([partial(walk_ins.return_due, NOW)]) == [1]
    seat.refresh_from_db()
    assert seat.channel == "COUNTER"
