"""Claims that meet each other, or the other side: real connections, exact results."""

from collections import Counter
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import IdentityCheck
from accounts.services import identity as checks
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import changing
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.services import claims
from tests.at_once import at_once
from tests.factories import SlotFactory
from tests.queueing.booking.racing import outcome
from tests.queueing.booking.visits import another_hour, book, check_books, live, states, taken
from tests.queueing.integrity.claiming import accepted, at_counter, claimed, true_fields
from tests.queueing.integrity.conftest import person

pytestmark = pytest.mark.usefixtures("committed_db")
ROUNDS = 5


def squatted(n: int) -> Booking:
    return book(SlotFactory(capacity=1), [person(100 + n)])


def ready(n: int) -> IdentityClaim:
    """A claim whose answer is all matches, about to be written."""
    owner = person(100 + n, name="Pemilik Sah")
    return claimed(owner, true_fields(owner))


def follow(claim: IdentityClaim) -> partial[None]:
    check = checks.claim(now=timezone.now(), check_id=claim.question_id)
    assert check is not None
    answer = checks.hear(check=check, now=timezone.now())
    assert answer is not None
    return partial(claims.follow_answer, check=check, answer=answer, now=timezone.now())


def claim_states() -> Counter[str]:
    return Counter(IdentityClaim.objects.values_list("state", flat=True))


def test_two_claims_on_one_nik_at_once_give_one_seat():
    for n in range(ROUNDS):
        booking = squatted(n)
        both = [ready(n), ready(n)]

        told = at_once([partial(outcome, follow(claim)) for claim in both])

        assert told == ["BOOKED", "BOOKED"]  # as ``outcome`` calls what went well
        assert states(booking) == ["VOIDED"]
        assert (live(), taken(booking.slot)) == (n + 1, 1)
        assert claim_states() == {"ACCEPTED": n + 1, "COUNTER": n + 1}
        check_books()


def test_control_without_the_proof_of_the_first_the_second_takes_it_away(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(claims, "_is_proven", lambda _place: False)
    squatted(0)
    at_once([partial(outcome, follow(claim)) for claim in (ready(0), ready(0))])
    assert claim_states() == {"ACCEPTED": 2}


def test_a_claim_and_the_squatters_cancellation_at_once():
    for n in range(ROUNDS):
        booking, claim = squatted(n), ready(n)
        cancel = partial(
            changing.cancel,
            account=booking.account,
            code=booking.code,
            actor=Actor.citizen(booking.account),
            now=timezone.now(),
        )

        told = at_once([partial(outcome, cancel), partial(outcome, follow(claim))])

        claim.refresh_from_db()
        found = (told[0], states(booking)[0], claim.state, taken(booking.slot))
        assert found in {
            ("BOOKED", "CANCELLED", "OVER", 0),
            ("WrongState", "VOIDED", "ACCEPTED", 1),
        }
        check_books()


def test_a_squatter_does_not_escape_a_claim_by_moving():
    for n in range(ROUNDS):
        booking, claim = squatted(n), ready(n)
        later = another_hour(booking.slot, capacity=1)
        move = partial(
            changing.reschedule,
            account=booking.account,
            code=booking.code,
            slot_code=later.code,
            actor=Actor.citizen(booking.account),
            now=timezone.now(),
        )

        at_once([partial(outcome, move), partial(outcome, follow(claim))])

        claim.refresh_from_db()
        assert claim.state == "ACCEPTED"
        [place] = Place.objects.filter(live_person=claim.person_id)
        assert (place.state, place.booking.account) == ("HELD", claim.account)
        check_books()


def test_the_registry_and_a_counter_at_once_settle_a_claim_once():
    for n in range(ROUNDS):
        booking, claim = squatted(n), ready(n)
        post = at_counter()

        told = at_once(
            [partial(outcome, follow(claim)), partial(outcome, partial(accepted, claim, post))]
        )

        claim.refresh_from_db()
        assert told[0] == "BOOKED"
        assert told[1] in {"BOOKED", "ClaimOver"}
        assert (claim.state, states(booking)) == ("ACCEPTED", ["VOIDED"])
        assert Booking.objects.filter(account=claim.account).count() == 1
        assert not IdentityCheck.objects.exclude(further_sealed=None).exists()
        check_books()
