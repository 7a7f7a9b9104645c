"""How long a booking holds its locks: nothing between limits and claim, little after it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Applicant
from queueing.quota.models import Slot
from tests.queueing.booking_api.conftest import BOOKINGS, Phone

# docs/performance.md tells what they were before.
AFTER_CLAIM = {"held": 4, "booked": 5}
IN_ALL = {"held": 12, "booked": 13}


@pytest.mark.parametrize("how", AFTER_CLAIM)
def test_little_is_asked_while_a_bookings_locks_are_held(
    phone: Phone, slot: Slot, applicant: Applicant, how: str
) -> None:
    phone.get(BOOKINGS)  # the figures of policy are read once in a while

    with CaptureQueriesContext(connection) as asked:
        answer = phone.book(slot, applicant, confirm=how == "booked")

    assert answer.status_code == 201
    statements = [query["sql"] for query in asked]
    # Which takes the first locks and counts the limits as well.
    (claim,) = (nth for nth, sql in enumerate(statements) if "queueing_visit(" in sql)
    assert len(statements) - claim - 1 <= AFTER_CLAIM[how], statements[claim:]
    assert len(statements) <= IN_ALL[how], statements
