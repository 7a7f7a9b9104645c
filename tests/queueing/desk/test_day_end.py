from datetime import UTC, datetime, timedelta

import pytest

from queueing.desk.services.day_end import close_finished_days
from tests.factories import (
    BookingFactory,
    IncidentFactory,
    OfficeFactory,
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
