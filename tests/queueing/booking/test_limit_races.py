"""The limits of an account over real connections: exact, and the lock seen to be needed."""

from functools import partial

import pytest

from accounts.models import Applicant
from queueing.quota.models import Slot
from tests.factories import ApplicantFactory, SlotFactory, UserFactory
from tests.queueing.booking.limit_events import act, database_now, limit
from tests.queueing.booking.racing import BOOKED, let_meet, outcomes, weaken
from tests.queueing.booking.visits import book, live, taken

pytestmark = pytest.mark.usefixtures("committed_db")


def eight_at_the_limit() -> tuple[Slot, list[Applicant]]:
    """Room for two more holds, and eight people of one mailbox who want one each."""
    accounts = [UserFactory(email=f"budi+{n}@contoh.test") for n in range(4)]
    people = [ApplicantFactory(account=account) for account in accounts for _two in range(2)]
    limit("account_holds", 6)
    for _done in range(4):
        act("holds", ApplicantFactory(account=accounts[0]), database_now())
    return SlotFactory(capacity=8), people


def test_eight_holds_of_one_mailbox_give_exactly_what_is_left() -> None:
    slot, people = eight_at_the_limit()

    told = outcomes([partial(book, slot, [person], confirm=False) for person in people])

    assert told == {BOOKED: 2, "BookingLimitReached": 6}
    assert (live(), taken(slot)) == (2, 2)


def test_without_the_lock_more_are_held_than_may_be() -> None:
    weaken("queueing_limits", "FOR NO KEY UPDATE")
    let_meet(
        "queueing_limits",
        "    GROUP BY limits.name;",
        "    GROUP BY limits.name; PERFORM meet(8);",
    )
    slot, people = eight_at_the_limit()

    told = outcomes([partial(book, slot, [person], confirm=False) for person in people])

    # What an account may have at once is another limit, with another lock.
    assert told == {BOOKED: 5, "TooManyPlaces": 3}
