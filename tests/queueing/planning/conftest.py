"""The planner's Monday, with the counter's office, clock and officers."""

from datetime import time

import pytest
from django.test import Client

from queueing.planning.models import NationalOrder
from queueing.planning.services import orders
from tests.factories import OfficeFactory, OpeningHoursFactory
from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in
from tests.queueing.desk.conftest import clock as clock
from tests.queueing.desk.conftest import office as office
from tests.queueing.planning.ordering import NOW, agree, prepare


@pytest.fixture
def planner(clock, officer, office, sign_in) -> Client:
    return sign_in(officer("PLANNER", office))


@pytest.fixture
def sistik(officer):
    return officer("SISTIK")


@pytest.fixture
def second(officer):
    return officer("SISTIK")


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Seats follow their calendar after the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def two():
    """Two offices that serve on Mondays and Tuesdays from eight to ten: 32 seats a day."""
    found = [OfficeFactory(code="KANIM-A", name="A"), OfficeFactory(code="KANIM-B", name="B")]
    for each in found:
        for weekday in (0, 1):
            OpeningHoursFactory(
                office=each,
                weekday=weekday,
                opens=time(8),
                closes=time(10),
                break_starts=None,
                break_ends=None,
                stations=4,
                minutes=15,
            )
    return found


@pytest.fixture
def begun(officer, sistik, two) -> NationalOrder:
    order = prepare(sistik, two)
    agree(order, sistik, officer("SISTIK"))
    return orders.start(officer=sistik, code=order.code, now=NOW)
