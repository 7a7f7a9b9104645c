"""Monday morning at a counter: an hour that has begun, one later, and who works there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from offices.models import Office
from queueing.booking.models import Place
from queueing.quota.models import Slot
from tests.factories import (
    BookingFactory,
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    ReleaseFactory,
    SlotFactory,
)
from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in

START = datetime(2030, 1, 7, 1, tzinfo=UTC)  # Monday, 08.00 WIB
NOW = START + timedelta(minutes=10)


@pytest.fixture
def clock(monkeypatch):
    """The pages' clock: call it with another moment to let time pass."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    at(NOW)
    return at


@pytest.fixture
def office(db) -> Office:
    return OfficeFactory(code="KANIM-LOKET", name="Kantor Imigrasi Uji Loket")


@pytest.fixture
def slot(office) -> Slot:
    return SlotFactory(release__office=office, starts_at=START)


def slot_on(office: Office, starts_at: datetime, **fields: object) -> Slot:
    """An hour of another day, which has a release of its own."""
    day = starts_at.astimezone(office.zone).date()
    release = ReleaseFactory(office=office, first_day=day, last_day=day)
    return SlotFactory(release=release, starts_at=starts_at, **fields)


@pytest.fixture
def place(slot) -> Place:
    return PlaceFactory(booking=BookingFactory(slot=slot), applicant__name="Sari Dewi")


@pytest.fixture
def counter(clock, officer, office, sign_in) -> Client:
    return sign_in(officer("COUNTER", office))


@pytest.fixture
def stranger(clock, officer, sign_in) -> Client:
    """The head of another office."""
    return sign_in(officer("HEAD", OfficeFactory(code="KANIM-ASING")))


@pytest.fixture
def head(office) -> User:
    return OfficerPostFactory(office=office, role="HEAD").user
