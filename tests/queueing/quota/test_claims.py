"""What the claim functions of the database answer, one caller at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from queueing.booking.models import Booking, BookingEvent, Place
from queueing.quota.models import WITHDRAWN, Seat, Slot
from tests.factories import ApplicantFactory, PersonFactory, SlotFactory, UserFactory
from tests.queueing.quota.conftest import book


def free_seats(seats: list[int], minutes: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT queueing_free_seats(%s, %s)", [seats, minutes])


def family(size: int) -> list:
    return ApplicantFactory.create_batch(size, account=UserFactory())


def slot_in(ahead: timedelta, **fields: object) -> Slot:
    """A slot of Jakarta that starts so long after now."""
    return SlotFactory(capacity=3, starts_at=timezone.now() + ahead, **fields)


def taken_seats(slot: Slot, count: int = 1) -> list[Seat]:
    seats = list(slot.seats.order_by("pk")[:count])
    Seat.objects.filter(pk__in=[seat.pk for seat in seats]).update(taken=True)
    return seats


@pytest.fixture(autouse=True)
def _db(db: None) -> None:
    pass


def test_a_family_gets_seats_together_or_none() -> None:
    slot = SlotFactory(capacity=4)

    assert book(slot.pk, family(3), code="TIGA")[0] == "BOOKED"
    assert book(slot.pk, family(2), code="DUA")[0] == "FULL"

    assert Seat.objects.filter(taken=True).count() == 3
    assert list(Booking.objects.values_list("code", flat=True)) == ["TIGA"]


def test_every_place_has_its_event() -> None:
    slot = SlotFactory(capacity=2)
    book(slot.pk, family(2), code="DUA", confirm=False)

    events = BookingEvent.objects.filter(stream=slot.office.code, what="HELD")
    assert set(events.values_list("place_id", flat=True)) == set(
        Place.objects.values_list("pk", flat=True)
    )


@pytest.mark.parametrize("visible_at", [WITHDRAWN, datetime(2999, 1, 1, tzinfo=UTC)])
def test_a_seat_that_is_withdrawn_or_not_yet_open_is_not_claimed(visible_at: datetime) -> None:
    slot = SlotFactory(capacity=2, capacity__visible_at=visible_at)

    assert book(slot.pk, family(1), code="X")[0] == "FULL"


def claim_ahead(slot: Slot, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT queueing_claim_seats(%s, 'ONLINE', %s, true)", [slot.pk, count])
        return cursor.fetchone()[0]


def test_first_rights_claim_what_nobody_sees_yet_but_nothing_withdrawn() -> None:
    soon = SlotFactory(capacity=2, capacity__visible_at=datetime(2999, 1, 1, tzinfo=UTC))
    gone = SlotFactory(
        capacity=2, capacity__visible_at=WITHDRAWN, starts_at=soon.starts_at + timedelta(hours=1)
    )

    assert len(claim_ahead(soon, 2)) == 2
    assert claim_ahead(gone, 1) == []


def test_a_person_of_two_accounts_is_booked_once() -> None:
    slot, person = SlotFactory(capacity=5), PersonFactory()

    assert book(slot.pk, [ApplicantFactory(person=person)], code="A")[0] == "BOOKED"
    assert book(slot.pk, [ApplicantFactory(person=person)], code="B")[0] == "ALREADY_BOOKED"

    assert Seat.objects.filter(taken=True).count() == 1


def test_a_lapsed_hold_of_the_same_person_gives_way() -> None:
    slot, person = SlotFactory(capacity=5), PersonFactory()
    book(slot.pk, [ApplicantFactory(person=person)], code="LAMA", confirm=False)
    Booking.objects.update(held_until=timezone.now() - timedelta(minutes=1))

    assert book(slot.pk, [ApplicantFactory(person=person)], code="BARU")[0] == "BOOKED"

    states = Place.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["EXPIRED", "BOOKED"]


def test_a_closed_slot_says_so_rather_than_full() -> None:
    slot = SlotFactory(capacity=1, closed_at=timezone.now(), closed_why="Banjir")

    assert book(slot.pk, family(1), code="X")[0] == "CLOSED"


def test_the_caller_keeps_its_own_patience() -> None:
    """The second attempt waits 300 ms for a seat; what the transaction had set comes back."""
    slot = SlotFactory(capacity=1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '7s'")
        cursor.execute("SELECT queueing_claim_seats(%s, 'ONLINE', 2, false)", [slot.pk])
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("7s",)


def test_a_freed_seat_returns_within_its_bounds() -> None:
    slot = SlotFactory(capacity=60)
    seats = taken_seats(slot, 60)
    before = timezone.now()

    free_seats([seat.pk for seat in seats], 10)

    waits = [seat.visible_at - before for seat in Seat.objects.filter(taken=False)]
    assert len(waits) == 60
    assert timedelta(seconds=59) < min(waits)
    assert max(waits) < timedelta(minutes=10, seconds=5)
    assert max(waits) - min(waits) > timedelta(minutes=4)  # sixty draws do not all fall together


def test_a_cancelled_seat_returns_within_a_quarter_of_what_is_left() -> None:
    slot = slot_in(timedelta(days=2))
    [seat] = taken_seats(slot)
    before = timezone.now()

    free_seats([seat.pk], 14400)

    seat.refresh_from_db()
    assert timedelta(seconds=59) < seat.visible_at - before < timedelta(hours=12, seconds=5)
    assert seat.channel == "ONLINE"


def test_on_the_day_itself_it_goes_to_the_counter_at_once() -> None:
    now = timezone.now()
    slot = slot_in(timedelta(minutes=1))
    Slot.objects.filter(pk=slot.pk).update(day=slot.office.today(now))
    [seat] = taken_seats(slot)

    free_seats([seat.pk], 1440)

    seat.refresh_from_db()
    assert (seat.taken, seat.channel) == (False, "COUNTER")
    assert abs(seat.visible_at - now) < timedelta(seconds=5)


def test_a_seat_of_a_closed_slot_stays_withdrawn() -> None:
    slot = SlotFactory(capacity=1, closed_at=timezone.now(), closed_why="Banjir")
    [seat] = taken_seats(slot)

    free_seats([seat.pk], 10)

    seat.refresh_from_db()
    assert (seat.taken, seat.visible_at) == (False, WITHDRAWN)


def test_a_seat_that_is_free_already_is_left_alone() -> None:
    slot = SlotFactory(capacity=1, capacity__visible_at=WITHDRAWN)
    seat = slot.seats.get()

    free_seats([seat.pk], 10)

    seat.refresh_from_db()
    assert seat.visible_at == WITHDRAWN
