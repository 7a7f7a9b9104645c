"""The first day with room at every office: right, bounded, and shared for two seconds."""

from datetime import timedelta
from time import monotonic, sleep

import pytest
from django.utils import timezone

from queueing.quota import nearest
from queueing.quota.models import Seat
from tests.factories import ReleaseFactory
from tests.queueing.pages.visitors import near_day, near_hour, working_office

pytestmark = pytest.mark.django_db


def rooms(people=1, **more):
    return nearest.first_rooms(people=people, now=timezone.now(), **more).by_office


def test_first_hour_with_room_for_all_together():
    office = working_office()
    near_hour(office, days=2, hour=9, capacity=1)
    near_hour(office, days=2, hour=10, capacity=1)
    late = near_hour(office, days=3, hour=10, capacity=2)

    found = rooms(people=2)[office.pk]

    assert (found.slot_code, found.day, found.starts_at) == (late.code, late.day, late.starts_at)
    assert (found.ends_at, found.free, found.seats) == (late.ends_at, 2, 2)


def test_seats_are_those_of_the_rest_of_that_day():
    office = working_office()
    near_hour(office, days=2, hour=9, capacity=2)
    near_hour(office, days=2, hour=10, capacity=3)

    assert (rooms()[office.pk].free, rooms()[office.pk].seats) == (2, 5)


@pytest.mark.parametrize("why", ["taken", "hidden", "channel", "closed", "not_open", "too_near"])
def test_what_cannot_be_booked_is_no_room(why):
    slot = near_hour(capacity=1, days=0 if why == "too_near" else 3, hour=0)
    seats = Seat.objects.filter(slot=slot)
    if why == "taken":
        seats.update(taken=True)
    elif why == "hidden":
        seats.update(visible_at=timezone.now() + timedelta(minutes=1))
    elif why == "channel":
        seats.update(channel="COUNTER")
    elif why == "closed":
        slot.closed_at, slot.closed_why = timezone.now(), "uji"
        slot.save()
    elif why == "not_open":
        slot.release.opens_at = timezone.now() + timedelta(hours=1)
        slot.release.save()

    assert rooms() == {}


def test_readers_share_one_answer_for_two_seconds(django_assert_num_queries):
    slot = near_hour(capacity=1)
    first = rooms()

    with django_assert_num_queries(0):
        assert rooms() == first
    Seat.objects.filter(slot=slot).update(taken=True)
    ends = monotonic() + 2.2
    while rooms() and monotonic() < ends:
        sleep(0.05)

    assert rooms() == {}


def test_next_opening_is_the_planned_one_else_the_rhythm():
    planned, usual = working_office(), working_office()
    opens_at = timezone.now() + timedelta(hours=5)
    ReleaseFactory(office=planned, first_day=near_day(9), last_day=near_day(9), opens_at=opens_at)

    found = nearest.next_openings([planned, usual], timezone.now())

    assert found[planned.pk] == opens_at
    assert found[usual.pk] > timezone.now()
    assert found[usual.pk].astimezone(usual.zone).weekday() == 4
