"""Many at once over real connections: exact numbers, and each guard seen to be needed.

A negative control takes one guard away, in this test's own database, and shows that the
race is then lost; so the test beside it can fail.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Applicant
from queueing.booking import errors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import changing, closing, confirming, holding, places
from queueing.quota.models import WITHDRAWN, Seat, Slot
from tests.at_once import at_once
from tests.factories import ApplicantFactory, SlotFactory
from tests.lock_waits import MEET, until_somebody_waits
from tests.queueing.booking.closing_days import approved, planner_of
from tests.queueing.booking.racing import BOOKED, as_owner, let_meet, outcome, outcomes, weaken
from tests.queueing.booking.visits import (
    account_of,
    another_day,
    another_hour,
    book,
    check_books,
    family,
    lapse,
    live,
    states,
    taken,
)
from tests.reasons import WHY

pytestmark = pytest.mark.usefixtures("committed_db")
ROUNDS = 5


def claims(slot: Slot, families: Sequence[list[Applicant]]) -> Counter[str]:
    return outcomes([partial(book, slot, people) for people in families])


def drop(constraint: str) -> None:
    as_owner(f"ALTER TABLE queueing_place DROP CONSTRAINT {constraint}")


def test_twelve_people_on_five_seats_give_exactly_five() -> None:
    slot = SlotFactory(capacity=5)

    told = claims(slot, [family(1) for _n in range(12)])

    assert told == {BOOKED: 5, "SlotFull": 7}
    assert (taken(slot), live()) == (5, 5)
    check_books()


CLAIM_WITHOUT_LOCK = """
CREATE OR REPLACE FUNCTION queueing_claim_seats(
    p_slot bigint, p_channel text, p_count int, p_ahead boolean)
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    seats bigint[];
BEGIN
    SELECT array_agg(id) INTO seats FROM (
        SELECT id FROM queueing_seat WHERE slot_id = p_slot AND NOT taken ORDER BY id LIMIT p_count
    ) free;
    PERFORM meet(12);
    UPDATE queueing_seat SET taken = true WHERE id = ANY (seats);
    RETURN coalesce(seats, '{}');
END $$
"""


def test_control_without_the_claim_the_constraint_still_sells_no_seat_twice() -> None:
    as_owner(MEET + CLAIM_WITHOUT_LOCK)
    slot = SlotFactory(capacity=5)

    told = claims(slot, [family(1) for _n in range(12)])

    assert told == {BOOKED: 1, "UniqueViolation": 11}
    assert live() == taken(slot) == 1


def test_control_without_claim_and_constraint_seats_are_sold_twice() -> None:
    as_owner(MEET + CLAIM_WITHOUT_LOCK)
    drop("place_one_live_per_seat")
    slot = SlotFactory(capacity=5)

    told = claims(slot, [family(1) for _n in range(12)])

    assert told == {BOOKED: 12}
    assert taken(slot) == 1


def twins(size: int = 1) -> tuple[list[Applicant], list[Applicant]]:
    """The same people in two accounts, named in opposite order."""
    ours = family(size)
    account = family(1)[0].account
    theirs = [ApplicantFactory(account=account, person=person.person) for person in ours]
    return ours, theirs[::-1]


def test_one_person_from_two_accounts_at_two_offices_is_booked_once() -> None:
    for _round in range(ROUNDS):
        ours, theirs = twins()
        here, there = SlotFactory(capacity=1), SlotFactory(capacity=1)

        told = outcomes([partial(book, here, ours), partial(book, there, theirs)])

        assert told == {BOOKED: 1, "AlreadyBooked": 1}
        assert taken(here) + taken(there) == 1
    check_books()


LOCK_PERSONS = "PERFORM FROM accounts_person WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;"
LOOK = "IF EXISTS (SELECT FROM queueing_place WHERE live_person_id = ANY (people)) THEN"


def test_constraint_alone_books_a_person_once() -> None:
    weaken("queueing_book", LOCK_PERSONS)
    let_meet("queueing_book", LOOK, "PERFORM meet(2); IF false THEN")
    ours, theirs = twins()
    here, there = SlotFactory(capacity=1), SlotFactory(capacity=1)

    told = outcomes([partial(book, here, ours), partial(book, there, theirs)])

    assert told[BOOKED] == 1
    assert live() == 1


def test_control_without_lock_and_constraint_a_person_is_booked_twice() -> None:
    weaken("queueing_book", LOCK_PERSONS)
    let_meet("queueing_book", LOOK, "PERFORM meet(2); IF false THEN")
    drop("place_one_live_per_person")
    ours, theirs = twins()
    here, there = SlotFactory(capacity=1), SlotFactory(capacity=1)

    told = outcomes([partial(book, here, ours), partial(book, there, theirs)])

    assert told == {BOOKED: 2}


def test_the_same_family_in_opposite_order_is_booked_once_without_deadlock() -> None:
    for _round in range(ROUNDS):
        ours, theirs = twins(4)
        slot = SlotFactory(capacity=8)

        told = outcomes([partial(book, slot, ours), partial(book, slot, theirs)])

        assert told == {BOOKED: 1, "AlreadyBooked": 1}
        assert taken(slot) == 4
    check_books()


def test_control_without_the_lock_on_persons_the_families_deadlock() -> None:
    weaken("queueing_book", LOCK_PERSONS)
    let_meet("queueing_book", LOOK, "PERFORM meet(2); IF false THEN")
    # Each writes its places one by one in its own order, and the constraint looks only
    # after the last who else is there.
    weaken("queueing_book", "ORDER BY applicant.person_id", "ORDER BY wanted.nth")
    weaken("queueing_book", "FROM placed ORDER", "FROM placed WHERE meet(4) ORDER")
    ours, theirs = twins(2)
    slot = SlotFactory(capacity=8)

    told = outcomes([partial(book, slot, ours), partial(book, slot, theirs)])

    assert told["DeadlockDetected"] == 1


def test_a_family_gets_all_its_seats_or_none() -> None:
    for _round in range(ROUNDS):
        slot = SlotFactory(capacity=4)

        told = claims(slot, [family(3) for _n in range(4)])

        assert told == {BOOKED: 1, "SlotFull": 3}
        assert taken(slot) == 3
    check_books()


def test_sixteen_families_on_twelve_seats_fill_them_exactly() -> None:
    slot = SlotFactory(capacity=12)

    told = claims(slot, [family(3) for _n in range(16)])

    assert told == {BOOKED: 4, "SlotFull": 12}
    assert taken(slot) == 12
    check_books()


def hold_one_seat_each() -> None:
    """Each of two families finds one seat alone, and goes on when the other holds one too."""
    as_owner(MEET)
    weaken(
        "queueing_claim_seats",
        "LIMIT p_count\n            FOR UPDATE SKIP LOCKED",
        "LIMIT 1\n            FOR UPDATE SKIP LOCKED",
    )
    # The first attempt's seats are locked until here. After the second, both have come.
    weaken(
        "queueing_claim_seats",
        "RAISE EXCEPTION 'short'",
        "PERFORM meet(2); RAISE EXCEPTION 'short'",
    )


def test_two_families_who_each_hold_half_do_not_both_go_away() -> None:
    hold_one_seat_each()

    told = claims(SlotFactory(capacity=2), [family(2), family(2)])

    assert told == {BOOKED: 1, "SlotFull": 1}
    check_books()


def test_control_without_the_second_attempt_both_are_told_full() -> None:
    """Skipping alone says "full" while others are about to give their seats back."""
    hold_one_seat_each()
    weaken(
        "queueing_claim_seats",
        "PERFORM set_config('lock_timeout', '300ms', true);",
        "RETURN '{}';",
    )

    told = claims(SlotFactory(capacity=2), [family(2), family(2)])

    assert told == {"SlotFull": 2}


def test_an_account_of_five_places_books_five_at_once() -> None:
    people = family(8)
    slot = SlotFactory(capacity=8)

    told = claims(slot, [[person] for person in people])

    assert told == {BOOKED: 5, "TooManyPlaces": 3}


def moving_to(booking: Booking, people: list[Applicant], slot: Slot) -> Callable[[], Booking]:
    account = account_of(people)
    return lambda: changing.reschedule(
        account=account,
        code=booking.code,
        slot_code=slot.code,
        actor=Actor.citizen(account),
        now=timezone.now(),
    )


def test_two_who_want_each_others_seat_keep_their_own() -> None:
    one = SlotFactory(capacity=1)
    other = another_hour(one, capacity=1)
    here, there = family(1), family(1)
    first, second = book(one, here), book(other, there)

    told = outcomes([moving_to(first, here, other), moving_to(second, there, one)])

    assert told == {"SlotFull": 2}
    assert states(first) == states(second) == [BOOKED]
    check_books()


def test_many_who_want_the_last_seat_move_one_and_lose_nobody() -> None:
    full = SlotFactory(capacity=6)
    last = another_hour(full, capacity=1)
    people = [family(1) for _n in range(6)]
    bookings = [book(full, one) for one in people]

    told = outcomes([moving_to(old, one, last) for old, one in zip(bookings, people, strict=True)])

    assert told == {BOOKED: 1, "SlotFull": 5}
    assert (taken(full), taken(last), live()) == (5, 1, 6)
    check_books()


def test_one_booking_moved_twice_at_once_moves_once() -> None:
    slot = SlotFactory(capacity=1)
    people = family(1)
    old = book(slot, people)
    targets = [another_hour(slot, hours=n) for n in (1, 2, 3)]

    told = outcomes([moving_to(old, people, target) for target in targets])

    assert told == {BOOKED: 1, "WrongState": 2}
    assert live() == 1
    check_books()


def closing_locks_all_seats(slots: Sequence[Slot]) -> None:
    """What a closing does first: every seat of the day, in order, none skipped."""
    with transaction.atomic():
        list(Seat.objects.filter(slot__in=slots).order_by("pk").select_for_update(no_key=True))


def move_during_a_closing(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Someone has claimed another hour of a day when its closing comes for all its seats."""
    claimed = Event()
    slot = SlotFactory(capacity=2)
    later = another_hour(slot)
    people = family(1)
    old = book(slot, people)
    claim = places.claim_seats

    def slow_claim(*args: Any, **fields: Any) -> list[int]:
        seats = claim(*args, **fields)
        claimed.set()
        until_somebody_waits()
        return seats

    monkeypatch.setattr(places, "claim_seats", slow_claim)

    def close() -> None:
        claimed.wait()
        closing_locks_all_seats([slot, later])

    return outcomes([moving_to(old, people, later), close])


def test_moving_within_a_day_that_closes_does_not_deadlock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert move_during_a_closing(monkeypatch) == {BOOKED: 2}
    check_books()


def test_control_without_locking_the_old_seats_first_it_deadlocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "lock_seats", lambda going: None)
    assert move_during_a_closing(monkeypatch)["DeadlockDetected"] == 1


def closing_of(slot: Slot) -> Callable[[], object]:
    officer = planner_of(slot)
    approved(slot, officer, WHY)
    return lambda: closing.close_day(
        office=slot.office, day=slot.day, why=WHY, officer=officer, now=timezone.now()
    )


def cancelling(booking: Booking, people: list[Applicant]) -> Callable[[], object]:
    account = account_of(people)
    return lambda: changing.cancel(
        account=account, code=booking.code, actor=Actor.citizen(account), now=timezone.now()
    )


def check_closed(slot: Slot) -> None:
    """Nobody is left in it and no seat of it can be claimed any more."""
    closing.follow_closures(timezone.now())
    assert taken(slot) == 0
    assert set(Seat.objects.filter(slot=slot).values_list("visible_at", flat=True)) <= {WITHDRAWN}
    check_books()


def test_cancelling_against_closing_frees_no_seat_of_a_closed_day() -> None:
    for _round in range(ROUNDS):
        slot = SlotFactory(capacity=6)
        another_day(slot, capacity=6)
        families = [family(2) for _n in range(3)]
        bookings = [book(slot, people) for people in families]
        acts = [cancelling(*pair) for pair in zip(bookings, families, strict=True)]

        told = outcomes([*acts, closing_of(slot)])

        # Who was given another day before their cancelling came in is told so.
        assert told[BOOKED] + told["WrongState"] == 4
        check_closed(slot)


def test_closing_against_claims_leaves_nobody_in_a_closed_day() -> None:
    for _round in range(ROUNDS):
        slot = SlotFactory(capacity=6)
        spare = another_day(slot, capacity=12)
        acts = [partial(book, slot, family(2)) for _n in range(4)]

        told = outcomes([*acts, closing_of(slot)])

        assert set(told) <= {BOOKED, "SlotClosed", "SlotFull"}
        check_closed(slot)
        assert taken(spare) == 2 * (told[BOOKED] - 1)


def test_two_sweeps_settle_a_closing_once() -> None:
    slot = SlotFactory(capacity=4)
    spare = another_day(slot, capacity=8)
    for _n in range(4):
        book(slot, family(1))
    Slot.objects.filter(pk=slot.pk).update(closed_at=timezone.now(), closed_why="banjir")

    outcomes([lambda: closing.follow_closures(timezone.now())] * 3)

    assert (taken(slot), taken(spare), live()) == (0, 4, 4)
    check_books()


def confirms(booking: Booking, people: list[Applicant]) -> Callable[[], object]:
    account = account_of(people)
    return lambda: confirming.confirm(account=account, code=booking.code, now=timezone.now())


def test_confirming_against_the_sweep_ends_one_way() -> None:
    for nth in range(ROUNDS):
        slot, people = SlotFactory(capacity=1), family(1)
        booking = book(slot, people, confirm=False)
        soon = timezone.now() + timedelta(milliseconds=15 * nth)
        Booking.objects.filter(pk=booking.pk).update(held_until=soon)

        told = at_once(
            [
                partial(outcome, confirms(booking, people)),
                partial(outcome, partial(holding.expire_lapsed, timezone.now())),
            ]
        )

        if told[0] == BOOKED:
            assert (states(booking), taken(slot)) == ([BOOKED], 1)
        else:
            assert told[0] == errors.HoldLapsed.__name__
            # Where the sweep came a moment too soon, the next one takes it.
            holding.expire_lapsed(timezone.now())
            assert (states(booking), taken(slot)) == (["EXPIRED"], 0)
    check_books()


def test_two_sweeps_and_a_new_claim_end_a_hold_once() -> None:
    for _round in range(ROUNDS):
        slot, people = SlotFactory(capacity=2), family(1)
        old = book(slot, people, confirm=False)
        lapse(old)

        told = outcomes(
            [
                partial(book, slot, people),
                partial(holding.expire_lapsed, timezone.now()),
                partial(holding.expire_lapsed, timezone.now()),
            ]
        )

        assert told == {BOOKED: 3}
        assert states(old) == ["EXPIRED"]
        assert taken(slot) == 1
    check_books()


def test_confirming_twice_at_once_writes_one_history() -> None:
    people = family(2)
    booking = book(SlotFactory(capacity=2), people, confirm=False)

    told = outcomes([confirms(booking, people)] * 4)

    assert told == {BOOKED: 4}
    assert Place.objects.filter(state=BOOKED).count() == 2
    check_books()
