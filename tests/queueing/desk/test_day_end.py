from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from paspor.kernel.models import AuditEvent
from queueing.booking import selectors
from queueing.booking.models import BookingEvent
from queueing.desk import selectors as desk
from queueing.desk.models import QueueNumber
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit
from queueing.desk.services.day_end import close_finished_days, end_forgotten
from tests.factories import (
    BookingFactory,
    IncidentFactory,
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    SlotFactory,
)

pytestmark = pytest.mark.django_db
START = datetime(2030, 1, 7, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def morning():
    return SlotFactory(starts_at=START)


@pytest.fixture
def absent(morning):
    return PlaceFactory(booking=BookingFactory(slot=morning))


def test_nobody_is_absent_before_the_last_hour_of_the_day_ends(morning, absent):
    SlotFactory(release=morning.release, starts_at=START + 5 * HOUR)
    assert close_finished_days(now=START + 2 * HOUR) == 0


def test_the_absent_of_all_hours_are_marked_once_the_day_is_over(morning, absent):
    last = SlotFactory(release=morning.release, starts_at=START + 5 * HOUR)
    PlaceFactory(booking=BookingFactory(slot=last))
    assert close_finished_days(now=START + 6 * HOUR) == 2
    absent.refresh_from_db()
    assert absent.state == "NO_SHOW"


def test_a_second_run_finds_nothing(morning, absent):
    close_finished_days(now=START + HOUR)
    assert close_finished_days(now=START + HOUR) == 0


def broken(morning, **changes):
    return IncidentFactory(**({"office": morning.office, "started_at": START} | changes))


def test_nobody_is_absent_where_something_was_broken(morning, absent):
    incident = broken(morning)
    assert close_finished_days(now=START + 6 * HOUR) == 0
    absent.refresh_from_db()
    assert absent.state == "BOOKED"

    incident.ended_at = START + 6 * HOUR
    incident.save()
    assert close_finished_days(now=START + 80 * HOUR) == 0
    absent.refresh_from_db()
    assert (absent.state, absent.reason) == ("CLOSED_BY_OFFICE", "incident")


@pytest.mark.parametrize(
    "changes",
    [
        {"excuses_visits": False},
        {"started_at": START + HOUR},
        {"started_at": START - HOUR, "ended_at": START},
        {"office": "another"},
    ],
)
def test_an_incident_elsewhere_or_at_another_time_excuses_nobody(morning, absent, changes):
    if "office" in changes:
        changes = {"office": OfficeFactory()}
    broken(morning, **changes)
    assert close_finished_days(now=START + 6 * HOUR) == 1


MIDNIGHT = START + 16 * HOUR  # the day ends at 24.00 WIB


@pytest.fixture
def forgotten(morning):
    came = {"state": "CHECKED_IN", "checked_in_at": START}
    return PlaceFactory(booking=BookingFactory(slot=morning), **came)


def state(place):
    place.refresh_from_db()
    return place.state, place.reason


def test_who_was_received_is_let_go_when_the_day_is_over(morning, forgotten):
    head = OfficerPostFactory(office=morning.office, role="HEAD").user
    OfficerPostFactory(role="HEAD")
    assert end_forgotten(now=MIDNIGHT - timedelta(minutes=1)) == 0
    assert state(forgotten) == ("CHECKED_IN", "")

    assert [end_forgotten(now=MIDNIGHT) for _run in range(2)] == [1, 0]
    assert state(forgotten) == ("SERVED", "not_ended")
    assert forgotten.live_person is None
    event = BookingEvent.objects.get(place_id=forgotten.pk)
    assert (event.what, event.reason, event.actor_kind) == ("SERVED", "not_ended", "SYSTEM")
    (told,) = Message.objects.filter(kind="not_ended")
    assert told.to == head.email
    assert "1 orang diterima" in told.text
    logged = AuditEvent.objects.get(act="day_end.not_ended")
    assert (logged.stream, logged.detail) == (morning.office.code, {"people": 1})


def test_the_day_counts_them_apart_from_who_was_served(morning, forgotten):
    end_forgotten(now=MIDNIGHT)
    day = desk.day_of(morning.office, morning.day, now=MIDNIGHT)
    assert (day.count("SERVED"), day.unended) == (1, 1)
    assert day.hours[0].guests[0].state_label == "hadir, hasil tidak dicatat"


def test_the_same_person_books_again_after_it(forgotten):
    again = {"applicant__person": forgotten.applicant.person}
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceFactory(**again)
    end_forgotten(now=MIDNIGHT)
    assert PlaceFactory(**again).is_live


def test_the_day_ends_by_the_offices_own_clock():
    east = SlotFactory(release__office=OfficeFactory(timezone="Asia/Jayapura"), starts_at=START)
    PlaceFactory(booking=BookingFactory(slot=east), state="CHECKED_IN", checked_in_at=START)
    assert end_forgotten(now=MIDNIGHT - 2 * HOUR - timedelta(minutes=1)) == 0
    assert end_forgotten(now=MIDNIGHT - 2 * HOUR) == 1


def test_who_has_been_served_or_has_not_come_is_left_alone(morning, absent):
    ended = {"ended_at": START, "live_person": None, "live_seat": None}
    served = PlaceFactory(booking=BookingFactory(slot=morning), state="SERVED", **ended)
    assert end_forgotten(now=MIDNIGHT) == 0
    assert (state(served), state(absent)) == (("SERVED", ""), ("BOOKED", ""))
    assert not Message.objects.exists()


def test_its_owner_reads_that_nothing_was_written_down(forgotten):
    end_forgotten(now=MIDNIGHT)
    booking = selectors.booking_by_id(forgotten.booking_id)
    told = selectors.view(booking, now=MIDNIGHT)
    assert told.state_label == told.places[0].state_label == "hadir, hasil tidak dicatat"


def test_a_queue_number_ends_with_the_day_too(morning):
    place = PlaceFactory(booking=BookingFactory(slot=morning))
    officer = OfficerPostFactory(office=morning.office).user
    attendance.check_in(officer=officer, visit=Visit(morning.office, place.booking.code), now=START)
    end_forgotten(now=MIDNIGHT)
    assert QueueNumber.objects.get(booking=place.booking).state == "DONE"
