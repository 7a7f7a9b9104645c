"""A country to measure on: invented people, whole visits, and only where nobody real is."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.models import Count, F

from accounts.models import Applicant, Person, User
from accounts.services import people
from offices.management.commands.load_offices import OWN_LIST
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.management.commands import make_national_data
from queueing.quota.models import Seat


@pytest.fixture
def make(committed_db: str, tmp_path: Path) -> Callable[[int], None]:
    """With two offices: all of the list take half a minute."""
    few = tmp_path / "offices.csv"
    few.write_text("".join(OWN_LIST.read_text().splitlines(keepends=True)[:3]))

    def made(bookings: int) -> None:
        call_command("make_national_data", bookings=bookings, days=12, list=few, stdout=StringIO())

    return made


def test_a_small_country_is_whole(make: Callable[[int], None]) -> None:
    make(400)

    past = Booking.objects.filter(places__ended_at__isnull=False).distinct()
    assert past.count() == 400
    assert {booking.people for booking in past.annotate(people=Count("places"))} == {1, 2, 3}
    places = Place.objects.all()
    assert places.filter(state="BOOKED").exists()
    assert not places.exclude(person=F("applicant__person")).exists()
    sat = places.filter(state__in=["SERVED", "NO_SHOW", "BOOKED"])
    assert sat.count() == Seat.objects.filter(taken=True).count()
    assert sat.count() == sat.values("seat").distinct().count()
    assert BookingEvent.objects.count() == 2 * places.exclude(state="BOOKED").count()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM queueing_bookingevent_rest")
        assert cursor.fetchone() == (0,)  # each month has a partition of its own


def test_its_people_are_invented_and_readable(make: Callable[[int], None]) -> None:
    make(40)

    niks = {people.open_nik(applicant) for applicant in Applicant.objects.all()}
    assert len(niks) == Person.objects.count() == 3 * User.objects.count() == 60
    assert {nik[4:6] for nik in niks} == {"99"}
    assert all(people_of.email.endswith("@nasional.test") for people_of in User.objects.all())
    with pytest.raises(CommandError, match="already"):
        make(40)


@pytest.mark.django_db
def test_a_database_in_earnest_is_refused(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", "paspor")
    with django_assert_num_queries(0), pytest.raises(CommandError, match="throw-away"):
        make_national_data.check_throw_away()
