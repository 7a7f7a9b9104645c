"""Two neighbouring hours for one family: both or neither, exact over real connections."""

from collections import Counter
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from queueing.booking import errors
from queueing.booking.actors import Actor
from queueing.booking.beside import beside_of
from queueing.booking.models import Booking, Place
from queueing.booking.selectors import booking_by_id
from queueing.booking.services import changing, closing, confirming, places, together
from queueing.booking.services.holding import PlaceRequest
from queueing.quota.models import Slot
from tests.at_once import at_once
from tests.factories import ApplicantFactory, SlotFactory, UserFactory
from tests.queueing.booking.racing import BOOKED, outcomes
from tests.queueing.booking.visits import (
    account_of,
    another_day,
    another_hour,
    book,
    check_books,
    family,
    lapse,
    live,
    row_of,
    states,
    taken,
    wish,
)


def at_fault(refused: pytest.ExceptionInfo[errors.PeopleRefused]) -> set[tuple[int, str]]:
    return {(number, name) for number, its in refused.value.faults.items() for name in its}


def both(slots, people, *, first=3, of_first=None, **more):
    account = account_of(people)
    opening = {"places": of_first} if of_first else {}
    wishes = (
        wish(slots[0], people[:first], **more, **opening),
        wish(slots[1], people[first:], **more),
    )
    with transaction.atomic():
        made = together.hold_within(
            account=account, wishes=wishes, actor=Actor.citizen(account), now=timezone.now()
        )
    return row_of(made)


def other_hour(booking: Booking) -> Booking:
    other = beside_of(booking_by_id(booking.pk))
    assert other is not None
    return other.booking


def hours(capacity=5, beside=5):
    slot = SlotFactory(capacity=capacity)
    return slot, another_hour(slot, capacity=beside)


@pytest.mark.django_db
def test_each_hour_is_a_booking_with_its_own_people_and_they_know_each_other():
    slots = hours(3, 2)
    people = family(5)

    made = both(slots, people)

    beside = other_hour(made)
    assert other_hour(beside) == made
    assert (made.slot, beside.slot) == slots
    assert [place.applicant for place in made.places.order_by("pk")] == people[:3]
    assert [place.applicant for place in beside.places.order_by("pk")] == people[3:]
    assert (taken(slots[0]), taken(slots[1])) == (3, 2)
    check_books()


@pytest.mark.django_db
def test_where_the_second_is_full_the_first_is_not_held():
    slots = hours(3, 1)

    with pytest.raises(errors.SlotFull):
        both(slots, family(5))

    assert (taken(slots[0]), taken(slots[1]), live()) == (0, 0, 0)
    assert not Booking.objects.exists()


@pytest.mark.django_db
def test_where_one_hour_has_too_few_it_says_for_how_many_and_who_is_beyond():
    slots = hours(3, 2)
    people = family(5)

    with pytest.raises(errors.HourOfTwoTooSmall) as first:
        both(slots, people, first=4)
    with pytest.raises(errors.HourOfTwoTooSmall) as second:
        both(slots, people, first=2)
    with pytest.raises(errors.HourOfTwoTooSmall) as alone:
        both(slots, people[:4], first=4)

    assert first.value.extras == {"free": 3}
    assert second.value.extras == {"free": 2}
    assert at_fault(first) == {(3, "slot")}
    assert at_fault(second) == {(4, "slot")}
    assert at_fault(alone) == {(3, "slot")}
    assert (first.value.code, live()) == ("slot_full", 0)


@pytest.mark.django_db
def test_an_hour_that_has_filled_up_meanwhile_is_told_as_full():
    slots = hours(3, 1)
    book(slots[1], family(1))

    with pytest.raises(errors.HourOfTwoFull) as refused:
        both(slots, family(5))

    assert at_fault(refused) == {(3, "slot"), (4, "slot")}


@pytest.mark.django_db
def test_only_neighbours_of_one_day_and_office():
    slot, later = hours()
    others = [another_hour(slot, hours=3), another_day(slot), SlotFactory(capacity=5)]

    for other in others:
        with pytest.raises(errors.SlotsNotAdjacent):
            both((slot, other), family(4))
    with pytest.raises(errors.SlotsNotAdjacent):
        both((later, slot), family(4))
    with pytest.raises(errors.GroupSize):
        both((slot, later), family(6))
    with pytest.raises(errors.SamePersonTwice):
        both((slot, later), [*(pair := family(2)), pair[0]], first=2)
    assert live() == 0


@pytest.mark.django_db
def test_one_entitled_person_brings_the_family_of_both_hours():
    slot = SlotFactory(capacity=3, capacity__channel="PRIORITY")
    slots = slot, another_hour(slot, capacity=3, capacity__channel="PRIORITY")
    people = family(4)

    with pytest.raises(errors.PriorityNeedsEntitlement):
        both(slots, people, channel="PRIORITY")
    assert live() == 0

    entitled = PlaceRequest(people[0].code, "NEW", "REGULAR", "DISABLED")
    rest = wish(slots[0], people[1:3]).places
    both(slots, people, channel="PRIORITY", of_first=(entitled, *rest))
    assert live() == 4


@pytest.mark.django_db
def test_somebody_of_the_second_hour_is_named_by_their_place_in_the_whole():
    slots = hours()
    people = family(5)
    book(another_day(slots[0]), people[4:])

    with pytest.raises(errors.AlreadyBooked) as refused:
        both(slots, people)

    assert at_fault(refused) == {(4, "applicant")}


@pytest.mark.django_db
def test_both_are_booked_by_one_yes_and_let_go_by_one_no():
    slots = hours()
    held = both(slots, people := family(4), first=2, confirm=False)
    account = account_of(people)

    confirming.confirm(account=account, code=other_hour(held).code, now=timezone.now())
    assert states(held) + states(other_hour(held)) == ["BOOKED"] * 4

    again = both(slots, people := family(4), first=2, confirm=False)
    account = account_of(people)
    actor = Actor.citizen(account)
    together.let_go(account=account, code=again.code, actor=actor, now=timezone.now())
    assert states(again) + states(other_hour(again)) == ["CANCELLED"] * 4
    check_books()


@pytest.mark.django_db
def test_where_one_hold_has_lapsed_neither_is_booked():
    held = both(hours(), people := family(4), confirm=False)
    lapse(other_hour(held))

    with pytest.raises(errors.HoldLapsed):
        confirming.confirm(account=account_of(people), code=held.code, now=timezone.now())

    assert "BOOKED" not in states(held) + states(other_hour(held))


def two_hours(*, first=2, people=4) -> tuple[Booking, Booking]:
    made = both(hours(), family(people), first=first)
    return made, other_hour(made)


def moved(booking, slot, people=None) -> Booking:
    return changing.reschedule(
        account=booking.account,
        code=booking.code,
        slot_code=slot.code,
        actor=Actor.citizen(booking.account),
        now=timezone.now(),
        applicant_codes=people,
    ).booking


def named_by(booking) -> str:
    return booking_by_id(booking.pk).beside


@pytest.mark.django_db
def test_moved_hour_and_the_other_name_each_other():
    one, other = two_hours()

    new = moved(one, another_day(one.slot))

    assert (named_by(new), named_by(other)) == (other.code, new.code)
    assert (other_hour(new), other_hour(other)) == (other, new)


@pytest.mark.django_db
def test_both_moved_name_each_other_still():
    one, other = two_hours()
    day = another_day(one.slot)

    first, second = moved(one, day), moved(other, another_hour(day))

    assert (named_by(first), named_by(second)) == (second.code, first.code)


@pytest.mark.django_db
def test_whom_some_leave_keeps_its_name_and_those_know_of_the_other_hour():
    one, other = two_hours()
    leaving = one.places.first().applicant.code

    new = moved(one, another_day(one.slot), [leaving])

    assert named_by(new) == other.code
    assert named_by(other) == one.code


@pytest.mark.django_db
def test_a_closed_day_leaves_a_family_together():
    one, other = two_hours()
    another_day(one.slot, capacity=9)
    Slot.objects.filter(pk=one.slot_id).update(closed_at=timezone.now(), closed_why="Banjir")

    closing.settle(one.pk, actor=Actor.system(), now=timezone.now())

    new = Place.objects.filter(booking=one).first().moved_to.booking
    assert (named_by(new), named_by(other)) == (other.code, new.code)


@pytest.mark.django_db
def test_a_visit_alone_names_nobody_once_it_is_moved():
    alone = book(SlotFactory(capacity=2), family(2))

    assert named_by(moved(alone, another_day(alone.slot))) == ""


@pytest.mark.usefixtures("committed_db")
def test_eight_families_on_three_pairs_of_seats_are_exactly_three_whole_ones():
    slots = hours(9, 6)

    told = outcomes([partial(both, slots, family(5)) for _n in range(8)])

    assert told == {BOOKED: 3, "SlotFull": 5}
    assert (taken(slots[0]), taken(slots[1]), live()) == (9, 6, 15)
    assert Counter(place.booking.slot for place in Place.objects.filter(state="BOOKED")) == {
        slots[0]: 9,
        slots[1]: 6,
    }
    check_books()


def one_by_one(slots, people):
    book(slots[0], people[:3])
    book(slots[1], people[3:])


@pytest.mark.usefixtures("committed_db")
def test_control_hour_by_hour_leaves_half_a_family():
    slots = hours(9, 4)
    together_slots = hours(9, 4)

    by_hour = outcomes([partial(one_by_one, slots, family(5)) for _n in range(8)])
    assert by_hour[BOOKED] == 2
    assert (taken(slots[0]), taken(slots[1])) == (9, 4)

    at_once = outcomes([partial(both, together_slots, family(5)) for _n in range(8)])
    assert at_once[BOOKED] == 2
    assert (taken(together_slots[0]), taken(together_slots[1])) == (6, 4)
    check_books()


@pytest.mark.usefixtures("committed_db")
def test_pairs_that_overlap_leave_nobody_half_booked():
    """9 and 10, and 10 and 11: the middle hour is wanted by all."""
    nine, ten = hours(9, 6)
    eleven = another_hour(nine, hours=2, capacity=6)
    acts = [partial(both, (nine, ten), family(5)) for _n in range(4)]
    acts += [partial(both, (ten, eleven), family(5)) for _n in range(4)]

    told = outcomes(acts)

    assert set(told) <= {BOOKED, "SlotFull"}
    assert live() == 5 * told[BOOKED]
    assert taken(nine) + taken(ten) + taken(eleven) == live()
    check_books()


def two_parents():
    """The same four children in two accounts, wanted half and half, crosswise."""
    mine, yours = UserFactory(), UserFactory()
    ours = [ApplicantFactory(account=mine) for _n in range(4)]
    theirs = [ApplicantFactory(account=yours, person=one.person) for one in ours]
    return ours, [*theirs[2:], *theirs[:2]]


@pytest.mark.usefixtures("committed_db")
def test_two_parents_crosswise_are_one_booked_and_one_told():
    slots = hours(20, 20)
    acts = []
    for _round in range(4):
        acts += [partial(both, slots, people, first=2) for people in two_parents()]

    told = outcomes(acts)

    assert told == {BOOKED: 4, "AlreadyBooked": 4}
    assert live() == 16
    check_books()


def moved_without_waiting(booking, slot) -> Booking:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
    return moved(booking, slot)


@pytest.mark.usefixtures("committed_db")
def test_a_move_does_not_wait_for_whoever_changes_the_other_hour():
    """Each would hold its own booking and wait for the other's. The way is found all the same."""
    one, other = two_hours()
    slot = another_day(one.slot)

    with transaction.atomic():
        places.lock_booking(other.code)
        (new,) = at_once([partial(moved_without_waiting, one, slot)])

    assert (named_by(new), named_by(other)) == (other.code, one.code)
    assert other_hour(other) == new
