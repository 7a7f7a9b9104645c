"""The order of calling: stable, woven, and nobody left behind."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.desk import errors, rules
from queueing.desk.rules import BOOKED, PRIORITY, WALK_IN, Waiting, Weave

NINE = datetime(2030, 1, 7, 2, tzinfo=UTC)
NOW = NINE + timedelta(minutes=30)
WEAVE = Weave(booked_per_priority=1, booked_per_walk_in=4)
TWO = timedelta(minutes=2)
MINUTES = st.integers(0, 90)
WEAVES = st.builds(Weave, st.integers(1, 4), st.integers(1, 6))
LETTERS = st.sampled_from((BOOKED, PRIORITY, WALK_IN))


def crowd(letters: str, *, due: int = 0) -> list[Waiting]:
    """Who came one after another, all due ``due`` minutes after nine."""
    at = NINE + timedelta(minutes=due)
    return [
        Waiting(number, name, at, NINE + timedelta(seconds=number))
        for number, name in enumerate(letters)
    ]


@st.composite
def crowds(draw: st.DrawFn) -> list[Waiting]:
    told = draw(st.lists(st.tuples(LETTERS, MINUTES, MINUTES), max_size=25))
    return [
        Waiting(key, name, NINE + timedelta(minutes=due), NINE + timedelta(minutes=came))
        for key, (name, due, came) in enumerate(told)
    ]


def letters(order: list[Waiting]) -> str:
    return "".join(one.letter for one in order)


def order(waiting: list[Waiting], lately: str = "", weave: Weave = WEAVE) -> list[Waiting]:
    """``lately`` is read as it was called: the newest last, and all of it just now."""
    called = [rules.Called(name, NOW) for name in lately[::-1]]
    return rules.call_order(waiting, lately=called, weave=weave, now=NOW)


@pytest.mark.parametrize(
    ("waiting", "lately", "called"),
    [
        ("AAAPPL", "", "PAPAAL"),  # priority at once, then one of each, walk-in behind
        ("AAAAAPL", "P", "APAAALA"),  # after one with priority somebody with an appointment
        ("AAAAAL", "AAAA", "LAAAAA"),  # four were called while a walk-in waited
        ("LLL", "", "LLL"),
        ("PPPPPPL", "", "PPPPLPP"),  # without anybody booked a walk-in is reached too
        ("AAAPL", "LAAAA", "PLAAA"),  # both have earned it: they alternate
        ("AAAPL", "LAAAAP", "LAPAA"),
    ],
)
def test_the_letters_are_woven(waiting, lately, called):
    assert letters(order(crowd(waiting), lately)) == called


def test_a_walk_in_earns_nothing_by_calls_from_before_they_came():
    """Ten were called before anybody without an appointment had come."""
    before = [rules.Called(BOOKED, NINE - timedelta(minutes=n)) for n in range(10)]
    called = rules.call_order(crowd("AAAAAL"), lately=before, weave=WEAVE, now=NOW)
    assert letters(called) == "AAAALA"


def test_an_hour_to_come_waits_until_nobody_else_does():
    early = [Waiting(9, PRIORITY, NOW + timedelta(minutes=1), NINE)]
    assert letters(order(crowd("ALA") + early)) == "AALP"


def test_whoever_missed_their_hour_is_due_when_they_come():
    hour = {"starts_at": NINE, "ends_at": NINE + timedelta(hours=1)}
    late = NINE + timedelta(hours=1)
    assert rules.due(is_walk_in=False, arrived_at=NOW, **hour) == NINE
    assert rules.due(is_walk_in=False, arrived_at=late, **hour) == late
    assert rules.due(is_walk_in=True, arrived_at=NOW, **hour) == NOW


@given(crowds(), st.text("APL", max_size=12), WEAVES)
def test_everybody_is_called_once_and_the_order_does_not_depend_on_the_list(people, lately, weave):
    called = order(people, lately, weave)
    assert sorted(one.key for one in called) == [one.key for one in people]
    assert order(people[::-1], lately, weave) == called


@given(crowds(), st.text("APL", max_size=12), WEAVES)
def test_within_a_letter_whoever_was_due_first_goes_first(people, lately, weave):
    called = order(people, lately, weave)
    for name in "APL":
        lane = [(one.due_at, one.arrived_at, one.key) for one in called if one.letter == name]
        assert lane == sorted(lane)


@given(crowds(), st.text("APL", max_size=12), WEAVES)
def test_calling_one_by_one_is_calling_in_that_order(people, lately, weave):
    """Two counters that looked at the same moment, and one that looks anew, agree."""
    called = order(people, lately, weave)
    if called and called[0].due_at <= NOW:
        rest = [one for one in people if one != called[0]]
        assert order(rest, lately + called[0].letter, weave) == called[1:]


@given(
    st.lists(st.lists(LETTERS, max_size=3), min_size=60, max_size=60), LETTERS, WEAVES, st.data()
)
def test_nobody_starves_whoever_else_keeps_coming(arrivals, mine, weave, data):
    """One person waits while others of every letter keep coming, all due no earlier."""
    ahead = data.draw(st.integers(0, 3))
    waiting = crowd(mine * ahead)
    me = Waiting(1000, mine, NINE, NINE + timedelta(minutes=1))
    waiting.append(me)
    lately = ""
    for minute, coming in enumerate(arrivals):
        waiting += [
            Waiting(2000 + 10 * minute + n, name, NINE, NINE + timedelta(minutes=2 + minute))
            for n, name in enumerate(coming)
        ]
        first = order(waiting, lately, weave)[0]
        if first == me:
            break
        waiting.remove(first)
        lately += first.letter
    # Of each letter one is reached within its share of the calls.
    share = 2 * (weave.booked_per_priority + 1) + 2 * (weave.booked_per_walk_in + 1)
    assert len(lately) <= (ahead + 1) * share


@given(crowds(), WEAVES)
def test_priority_comes_before_its_equals_without_it(people, weave):
    """Where nobody was called yet, somebody with priority who is due is the first."""
    called = order(people, "", weave)
    if any(one.letter == PRIORITY and one.due_at <= NOW for one in people):
        assert called[0].letter == PRIORITY


def test_nobody_is_gone_before_they_were_called_often_enough():
    here = {"called_at": NINE, "patience": rules.Patience(3, TWO), "now": NINE + TWO}
    with pytest.raises(errors.CallAgainFirst):
        rules.check_may_be_gone(calls=2, **here)
    rules.check_may_be_gone(calls=3, **here)


def test_nobody_is_gone_before_they_had_the_time_to_come():
    just_before = NINE + TWO - timedelta(seconds=1)
    here = {"calls": 9, "patience": rules.Patience(3, TWO), "now": just_before}
    with pytest.raises(errors.GoneTooSoon) as refused:
        rules.check_may_be_gone(**here, called_at=NINE)
    assert refused.value.params == {"minutes": 2}
    rules.check_may_be_gone(**here, called_at=NINE, others_came=True)
    with pytest.raises(errors.CallAgainFirst):
        rules.check_may_be_gone(**here, called_at=None)
