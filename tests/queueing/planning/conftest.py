"""The planner's Monday, with the counter's office, clock and officers."""

import pytest
from django.test import Client

from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in
from tests.queueing.desk.conftest import clock as clock
from tests.queueing.desk.conftest import office as office


@pytest.fixture
def planner(clock, officer, office, sign_in) -> Client:
    return sign_in(officer("PLANNER", office))
