"""The first day with room at every office: right, bounded, and shared for two seconds."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from paspor.kernel import sharing
from queueing.quota import nearest, openings
from queueing.quota.models import Release, Seat, Slot
from tests.cache_prefix import new_cache_prefix
from tests.factories import (
    OfficeFactory,
    OpeningHoursFactory,
    ReleaseFactory,
    SlotFactory,
    SpecialDayFactory,
)
from tests.fake_cache import FakeCache
from tests.queueing.pages.visitors import announced, near_hour, working_office

pytestmark = pytest.mark.django_db
AS_OF = datetime(2026, 11, 25, 3, tzinfo=UTC)  # a Wednesday
FRIDAY_4_DECEMBER = datetime(2026, 12, 4, 7, tzinfo=UTC)  # 14.00 in Jakarta


def rooms(people=1, **more):
    return nearest.first_rooms(people=people, now=timezone.now(), **more).by_office


def test_first_hour_with_room_for_all_together():
    office = working_office()
    near_hour(office, days=2, hour=9, capacity=1)
    near_hour(office, days=2, hour=10, capacity=1)
    late = near_hour(office, days=3, hour=10, capacity=2)

    found = rooms(people=2, pairs=False)[office.pk]

    assert (found.slot_code, found.day, found.starts_at) == (late.code, late.day, late.starts_at)
    assert (found.ends_at, found.free, found.seats, found.beside) == (late.ends_at, 2, 2, None)


def day_of(office, *seats):
    """Hours one after the other from 9 on, each with so many seats."""
    return [
        near_hour(office, hour=9 + number, capacity=count) for number, count in enumerate(seats)
    ]


def test_two_neighbouring_hours_that_hold_all_between_them():
    office = working_office()
    _one, first, second = day_of(office, 1, 2, 3)
    near_hour(office, days=4, capacity=5)

    found = rooms(people=5)[office.pk]

    assert (found.slot_code, found.free, found.seats) == (first.code, 2, 5)
    assert (found.beside.slot_code, found.beside.free) == (second.code, 3)
    assert (found.ends_at, found.beside.ends_at) == (second.starts_at, second.ends_at)


def test_an_hour_that_holds_all_comes_before_two_of_the_same_day():
    office = working_office()
    *_pair, whole = day_of(office, 2, 2, 4)

    found = rooms(people=4)[office.pk]

    assert (found.slot_code, found.seats, found.beside) == (whole.code, 4, None)


@pytest.mark.parametrize("why", ["too_few", "one_is_empty", "closed", "apart", "referral", "later"])
def test_hours_that_do_not_hold_a_family_are_no_room(why):
    office = working_office(needs_referral=why == "referral")
    first, second = day_of(office, 2, {"too_few": 1, "one_is_empty": 4}.get(why, 2))
    if why == "one_is_empty":
        Seat.objects.filter(slot=first).update(taken=True)
        Seat.objects.filter(slot=second, number=1).update(taken=True)
    elif why == "closed":
        Slot.objects.filter(pk=second.pk).update(closed_at=timezone.now(), closed_why="uji")
    elif why == "apart":
        Slot.objects.filter(pk=second.pk).update(starts_at=second.ends_at - timedelta(minutes=30))
    elif why == "later":
        later = ReleaseFactory(office=office, opens_at=timezone.now() + timedelta(hours=1))
        Slot.objects.filter(pk=second.pk).update(release=later)

    assert rooms(people=4) == {}


def test_pages_and_api_tell_that_it_is_two_hours(client):
    office = working_office()
    first, second = day_of(office, 3, 2)
    asked = {"lat": "-6.2", "lon": "106.8", "people": 5}

    listed = client.get("/kantor/?orang=5").content.decode()
    month = client.get(f"/kantor/{office.code}/?orang=5").content.decode()
    moving = client.get("/kantor/?ganti=X&siapa=A&siapa=B&siapa=C&siapa=D&siapa=E").content.decode()
    (found,) = client.get("/api/v1/availability/nearest", asked).json()["results"]

    assert "Dalam dua jam berurutan." in listed
    assert "(dalam dua jam berurutan)" in month
    assert "berurutan" not in moving
    assert (found["slot"], found["free"]) == (first.code, 3)
    assert (found["beside"]["slot"], found["beside"]["free"]) == (second.code, 2)


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


def test_readers_share_one_answer_for_two_seconds(django_assert_num_queries, monkeypatch):
    time = FakeCache(monkeypatch)
    slot = near_hour(capacity=1)
    first = rooms()

    with django_assert_num_queries(0):
        assert rooms() == first
    Seat.objects.filter(slot=slot).update(taken=True)
    time.now += 2

    assert rooms() == {}


def test_next_opening_is_the_planned_one_else_the_rhythm():
    planned, usual = working_office(), working_office()
    opens_at = timezone.now() + timedelta(hours=5)
    announced(planned, opens_at)

    found = openings.next_openings([planned, usual], timezone.now())

    assert found[planned.pk] == opens_at
    assert found[usual.pk] > timezone.now()
    assert found[usual.pk].astimezone(usual.zone).weekday() == 4


def moment_of(office, now=AS_OF):
    sharing.forget()
    new_cache_prefix()
    return openings.next_openings([office], now).get(office.pk)


def covered_until(office, last):
    ReleaseFactory(office=office, first_day=AS_OF.date(), last_day=last)


def test_an_opening_with_no_open_day_is_not_announced():
    weekdays = OfficeFactory()
    OpeningHoursFactory(office=weekdays, weekday=0)
    covered_until(weekdays, date(2026, 12, 26))  # the opening of 27 November brings Sunday alone

    assert moment_of(weekdays) == FRIDAY_4_DECEMBER
    # A special day on that Sunday makes it an opening worth coming for.
    extra = {"opens": time(8), "closes": time(12), "stations": 2, "minutes": 15}
    SpecialDayFactory(office=weekdays, day=date(2026, 12, 27), kind="EXTRA", **extra)
    assert moment_of(weekdays) == FRIDAY_4_DECEMBER - timedelta(days=7)


def test_a_release_whose_days_have_all_been_closed_is_not_announced():
    office = working_office()
    soon = AS_OF + timedelta(hours=5)
    release = ReleaseFactory(
        office=office, first_day=AS_OF.date() + timedelta(days=3), last_day=date(2026, 11, 28)
    )
    Release.objects.filter(pk=release.pk).update(opens_at=soon)
    slot = SlotFactory(release=release, starts_at=datetime(2026, 11, 28, 1, tzinfo=UTC))
    assert moment_of(office) == soon

    Slot.objects.filter(pk=slot.pk).update(closed_at=AS_OF, closed_why="Listrik padam")

    assert moment_of(office) == FRIDAY_4_DECEMBER - timedelta(days=7)


def test_an_office_that_never_serves_announces_nothing(client):
    office = OfficeFactory()

    page = client.get(f"/kantor/{office.code}/").content.decode()

    assert moment_of(office) is None
    assert "belum dijadwalkan" in page
    assert client.get("/").context["openings"] == []
    assert "belum dijadwalkan" in client.get("/kantor/").content.decode()


def test_openings_of_the_country_are_few_queries_and_shared(django_assert_max_num_queries):
    offices = [working_office() for _n in range(8)]
    policy_values = 1
    with django_assert_max_num_queries(6 + policy_values):
        assert len(openings.next_openings(offices, AS_OF)) == 8
    with django_assert_max_num_queries(0):
        openings.next_openings(offices, AS_OF)


def test_full_until_the_last_day_that_was_opened():
    office = working_office()
    opened, coming = near_hour(office, days=3, capacity=1), near_hour(office, days=9)
    Seat.objects.filter(slot=opened).update(taken=True)
    Release.objects.filter(pk=coming.release_id).update(opens_at=timezone.now() + timedelta(1))

    found = nearest.first_rooms(people=1, now=timezone.now())

    assert (found.by_office, found.opened_until) == ({}, {office.pk: opened.day})
