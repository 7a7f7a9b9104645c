"""Answers that are put together by hand are what the described serializers would give."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.models import Applicant, IdentityCheck
from accounts.selectors import asked_of_applicant
from queueing.booking import selectors
from queueing.booking.actors import Actor
from queueing.booking.api import answers, serializers
from queueing.booking.models import Booking, Place
from queueing.booking.services import changing
from queueing.booking.timeline import timeline
from queueing.quota.models import Slot
from tests.queueing.booking.visits import account_of, another_hour, book, family, read

pytestmark = pytest.mark.django_db


def as_described(booking: Booking, *, masked: bool = False) -> tuple[str, str]:
    """What the API says, and what its serializers would, to the letter."""
    view = selectors.view(booking, now=timezone.now(), masked=masked)
    entries = timeline(booking)
    said = answers.booking(view) | {"history": answers.history(entries)}
    described = serializers.BookingOutput(view).data | {
        "history": serializers.HistoryOutput(entries, many=True).data
    }
    return json.dumps(said), json.dumps(described)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("masked", [False, True])
def test_held_and_booked_visits_are_told_as_described(
    slot: Slot, masked: bool, language: str
) -> None:
    held = book(slot, family(2), confirm=False)
    booked = book(slot, family(1))

    with translation.override(language):
        for booking in (held, booked):
            said, described = as_described(read(booking), masked=masked)
            assert said == described


def test_what_became_of_a_visit_is_told_as_described(slot: Slot) -> None:
    people = family(2)
    old = book(slot, people)
    account, other = account_of(people), another_hour(slot)
    now = timezone.now()
    moved = changing.reschedule(
        account=account,
        code=old.code,
        slot_code=other.code,
        applicant_codes=[people[0].code],
        now=now,
        actor=Actor.citizen(account),
    ).booking
    right = timezone.now() + timedelta(days=9)
    Place.objects.filter(applicant=people[1]).update(first_right_until=right)

    for code in (old.code, moved.code):
        said, described = as_described(selectors.booking_of(account, code))
        assert said == described


def test_a_difference_found_by_the_registry_is_told_as_described(
    slot: Slot, applicant: Applicant
) -> None:
    IdentityCheck.objects.create(
        person=applicant.person,
        applicant=applicant,
        asked=asked_of_applicant(applicant),
        outcome=IdentityCheck.Outcome.MISMATCH,
        matches={"name": False, "birth_date": True},
        asked_at=timezone.now(),
        checked_at=timezone.now(),
        valid_until=timezone.now() + timedelta(days=9),
    )

    said, described = as_described(read(book(slot, [applicant])))

    assert said == described
    assert '"differing": ["name"]' in said
