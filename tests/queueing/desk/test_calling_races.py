"""Eight counters at once over real connections: everybody called exactly once."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connections

from queueing.booking.models import BookingEvent, Place
from queueing.desk import errors
from queueing.desk.models import QueueNumber
from queueing.desk.services import attendance, calling, sittings
from queueing.desk.services.attendance import Visit
from tests.at_once import at_once
from tests.factories import (
    BookingFactory,
    OfficerPostFactory,
    PlaceFactory,
    QueueNumberFactory,
    ReleaseFactory,
    SlotFactory,
)
from tests.lock_waits import MEET
from tests.queueing.desk.conftest import NOW, START

pytestmark = pytest.mark.usefixtures("committed_db")
COUNTERS = 8
# What a program without a lock would do: look who is first, then take them.
WITHOUT_LOCK = """
UPDATE queueing_queuenumber
SET state = 'CALLED', counter = %(counter)s, officer_id = %(officer)s, calls = calls + 1,
    called_at = coalesce(called_at, %(now)s), last_called_at = %(now)s
WHERE id = (
    SELECT first.id FROM (
        SELECT id FROM queueing_queuenumber WHERE id = ANY (%(order)s) AND state = ANY (%(states)s)
        ORDER BY array_position(%(order)s, id) LIMIT 1
    ) first WHERE meet(8)
)
RETURNING id
"""


@pytest.fixture
def slot(committed_db):
    return SlotFactory(release=ReleaseFactory(), starts_at=START)


@pytest.fixture
def counters(slot):
    """The way each of the officers calls the next."""
    office = slot.office
    officers = OfficerPostFactory.create_batch(COUNTERS, office=office)
    calls = []
    for number, post in enumerate(officers, start=1):
        sittings.sit(officer=post.user, office=office, counter=number, now=NOW)
        calls.append({"officer": post.user, "office": office, "now": NOW})
    return calls


def crowd(slot, people: int) -> list[QueueNumber]:
    numbers = []
    for number in range(people):
        booking = BookingFactory(slot=slot)
        PlaceFactory(booking=booking, state="CHECKED_IN")
        at = START + timedelta(seconds=number)
        numbers.append(QueueNumberFactory(booking=booking, arrived_at=at, due_at=START))
    return numbers


def serve_all(counter: dict) -> list[str]:
    served = []
    while True:
        try:
            queued = calling.call_next(**counter)
        except errors.NobodyWaits:
            return served
        calling.finish(**counter, label=queued.label)
        served.append(queued.label)


def test_eight_counters_call_everybody_once(slot, counters):
    numbers = crowd(slot, 24)

    told = at_once([partial(serve_all, counter) for counter in counters])

    called = Counter(label for labels in told for label in labels)
    assert called == Counter(queued.label for queued in numbers)
    assert set(QueueNumber.objects.values_list("state", "calls")) == {("DONE", 1)}
    assert BookingEvent.objects.filter(what="CALLED").count() == len(numbers)
    assert set(Place.objects.values_list("state", flat=True)) == {"SERVED"}


def test_eight_who_press_together_get_the_first_eight(slot, counters):
    numbers = crowd(slot, 9)
    called = at_once([partial(calling.call_next, **counter) for counter in counters])
    assert sorted(queued.pk for queued in called) == [queued.pk for queued in numbers[:8]]


def test_without_the_lock_some_are_called_twice(slot, counters, monkeypatch):
    # Proves that the tests above can fail.
    with connections["owner"].cursor() as cursor:
        cursor.execute(MEET)
    monkeypatch.setattr(calling, "TAKE_FIRST", WITHOUT_LOCK)
    crowd(slot, 9)
    called = at_once([partial(calling.call_next, **counter) for counter in counters])
    assert len({queued.pk for queued in called}) == 1


@pytest.mark.parametrize("waiting", [1, 2, 5])
def test_one_officer_who_presses_twice_calls_one(slot, counters, waiting):
    crowd(slot, waiting)

    def press() -> str:
        try:
            return calling.call_next(**counters[0]).state
        except errors.CounterBusy:
            return "busy"

    assert sorted(at_once([press] * 4)) == ["CALLED", "busy", "busy", "busy"]


def test_one_of_those_who_sit_down_together_has_the_counter(slot):
    office = slot.office
    officers = [post.user for post in OfficerPostFactory.create_batch(3, office=office)]

    def sit(officer) -> str:
        try:
            sittings.sit(officer=officer, office=office, counter=1, now=NOW)
        except errors.CounterTaken:
            return "taken"
        return "sits"

    assert sorted(at_once([partial(sit, one) for one in officers])) == ["sits", "taken", "taken"]


def test_numbers_given_together_have_no_gap(slot):
    office = slot.office
    officer = OfficerPostFactory(office=office).user
    places = [PlaceFactory(booking=BookingFactory(slot=slot)) for _n in range(COUNTERS)]

    def receive(place: Place) -> None:
        visit = Visit(office, place.booking.code)
        attendance.check_in(officer=officer, visit=visit, now=NOW)

    at_once([partial(receive, place) for place in places])
    assert sorted(QueueNumber.objects.values_list("number", flat=True)) == list(range(1, 9))
