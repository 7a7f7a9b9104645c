"""Who waits beyond a clearing deadline is counted until it has come, and told from then on."""

from datetime import UTC, datetime, time, timedelta

import pytest

from queueing.planning.models import NationalOrder
from queueing.planning.services import backlog, orders
from queueing.quota.models import Slot
from tests.factories import BookingFactory, PlaceFactory, SeatFactory, SlotFactory
from tests.queueing.planning.ordering import MONDAY, NOW, TUESDAY, agree, prepare

pytestmark = pytest.mark.django_db
OVER = datetime(2030, 1, 8, 17, 30, tzinfo=UTC)  # past midnight in Jakarta


@pytest.fixture
def deadline(officer, two) -> NationalOrder:
    """Two hours more a day until Tuesday."""
    first, second = officer("SISTIK"), officer("SISTIK")
    order = prepare(first, two, kind="DEADLINE", amount=2)
    agree(order, first, second)
    orders.start(officer=first, code=order.code, now=NOW)
    return order


def slot_on(office, day) -> Slot:
    return SlotFactory(office=office, starts_at=datetime.combine(day, time(1), tzinfo=UTC))


def people_on(office, day, count: int) -> None:
    slot = slot_on(office, day)
    SeatFactory.create_batch(count, slot=slot, taken=True)


def waiting(order) -> list[int | None]:
    return list(order.offices.order_by("office__code").values_list("waiting", flat=True))


def test_people_of_later_days_wait_and_those_of_the_deadline_do_not(deadline, two):
    people_on(two[0], TUESDAY, 5)
    people_on(two[0], TUESDAY + timedelta(days=1), 3)
    people_on(two[1], TUESDAY + timedelta(days=9), 2)

    assert backlog.count_waiting(NOW) == 1

    assert waiting(deadline) == [3, 2]
    deadline.refresh_from_db()
    assert deadline.counted_at == NOW


def test_whoever_was_left_without_a_day_waits_too(deadline, two):
    booking = BookingFactory(slot=slot_on(two[0], MONDAY))
    PlaceFactory(
        booking=booking,
        state="CLOSED_BY_OFFICE",
        live_person=None,
        live_seat=None,
        ended_at=NOW,
        first_right_until=NOW + timedelta(days=30),
    )
    backlog.count_waiting(NOW)
    assert waiting(deadline) == [1, 0]


def test_the_number_of_the_deadline_itself_is_kept(deadline, two):
    people_on(two[0], TUESDAY + timedelta(days=1), 3)
    backlog.count_waiting(NOW)
    people_on(two[0], TUESDAY + timedelta(days=2), 4)

    assert backlog.count_waiting(OVER) == 0
    assert waiting(deadline) == [3, 0]


def test_no_other_order_is_counted(officer, two):
    sistik = officer("SISTIK")
    prepare(sistik, two)
    prepare(sistik, two, kind="DEADLINE", amount=2)
    assert backlog.count_waiting(NOW) == 0
