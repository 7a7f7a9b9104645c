"""How long a booking holds its locks: as long as its one statement that writes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Applicant, IdentityCheck, Message
from paspor.kernel.models import StoredAnswer
from queueing.quota.models import Slot
from tests.queueing.booking_api.conftest import BOOKINGS, Phone

# docs/performance.md tells what they were before.
AFTER_CLAIM = {"held": 0, "booked": 0}
# The account, what is read, and what is written, which is a transaction by itself.
IN_ALL = {"held": 3, "booked": 3}


@pytest.mark.parametrize("how", AFTER_CLAIM)
def test_little_is_asked_while_a_bookings_locks_are_held(
    phone: Phone, slot: Slot, applicant: Applicant, how: str
) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = phone.book(slot, applicant, confirm=how == "booked")

    assert answer.status_code == 201
    statements = statements_of(asked)
    # Which takes the first locks and counts the limits as well.
    (claim,) = (nth for nth, sql in enumerate(statements) if "queueing_visit(" in sql)
    assert len(statements) - claim - 1 <= AFTER_CLAIM[how], statements[claim:]
    assert len(statements) <= IN_ALL[how], statements


@pytest.mark.parametrize("confirm", [False, True])
def test_what_was_told_before_the_claim_is_what_stands(
    phone: Phone, slot: Slot, applicant: Applicant, confirm: bool
) -> None:
    """The answer is put together ahead, and written with the booking."""
    told = phone.book(slot, applicant, confirm=confirm).json()

    assert phone.get(f"{BOOKINGS}/{told['code']}").json() == told
    assert StoredAnswer.objects.get().body == told
    assert Message.objects.filter(kind="booked").count() == confirm
    assert IdentityCheck.objects.get().applicant_id == applicant.pk


@pytest.mark.parametrize("key", ["", "key-1"])
def test_confirming_is_one_statement_that_reads_and_one_that_writes(
    phone: Phone, slot: Slot, applicant: Applicant, key: str
) -> None:
    code = phone.book(slot, applicant, confirm=False).json()["code"]

    with CaptureQueriesContext(connection) as asked:
        answer = phone.post(f"{BOOKINGS}/{code}/confirm", key=key)

    assert answer.status_code == 200
    _account, _reads, writes = statements_of(asked)
    assert "queueing_confirm(" in writes
    assert phone.get(f"{BOOKINGS}/{code}").json() == answer.json()
    assert Message.objects.filter(kind="booked").count() == 1
    assert StoredAnswer.objects.filter(body=answer.json()).exists() == bool(key)


def statements_of(asked: CaptureQueriesContext) -> list[str]:
    """The figures of policy are read once in a while."""
    return [query["sql"] for query in asked if "kernel_policyvalue" not in query["sql"]]
