"""The draw is fair, the order is kept, and nobody is told to come back too often."""

import random
from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from queueing.admission import rules
from queueing.admission.room import USUAL
from queueing.admission.rules import State, Turn

OPENS_AT = datetime(2026, 11, 27, 7, tzinfo=UTC)
WAVE = rules.wave_of(OPENS_AT)
PEOPLE = 200
# Chi-square of 9 degrees of freedom: one fair draw in a thousand lies beyond.
RARE = 27.88


def order_of_draw(seed: int) -> list[int]:
    """People numbered as they came, in the order in which they are let in."""
    lots = random.Random(seed)
    places = {n: rules.drawn_place(WAVE, lots.randrange(rules.LOTS)) for n in range(PEOPLE)}
    return sorted(places, key=places.__getitem__)


def chi_square(counts: list[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts)


def test_the_first_tenth_of_the_line_comes_from_all_moments_of_arrival_alike():
    tenths = [0] * 10
    for seed in range(100):
        for person in order_of_draw(seed)[: PEOPLE // 10]:
            tenths[person * 10 // PEOPLE] += 1
    assert chi_square(tenths) < RARE


def test_the_same_measure_sees_an_order_of_arrival():
    """The negative control: first come, first served, but for a third who are shuffled."""
    tenths = [0] * 10
    for seed in range(100):
        lots = random.Random(seed)
        places = {n: n if n % 3 else lots.randrange(PEOPLE) for n in range(PEOPLE)}
        for person in sorted(places, key=places.__getitem__)[: PEOPLE // 10]:
            tenths[person * 10 // PEOPLE] += 1
    assert chi_square(tenths) > RARE


def test_who_comes_first_before_an_opening_gains_nothing():
    ranks = [order_of_draw(seed).index(0) for seed in range(400)]
    assert mean(ranks) == pytest.approx((PEOPLE - 1) / 2, rel=0.1)


@given(
    st.integers(0, rules.LOTS - 1),
    st.integers(-3600, 3600),
)
def test_the_draw_of_an_opening_stands_before_all_who_come_after_it(lot: int, second: int):
    drawn = rules.drawn_place(WAVE, lot)
    came = rules.first_place(OPENS_AT + timedelta(seconds=second))
    assert (drawn < came) == (second >= 0)
    assert rules.second_of(drawn) == WAVE


@given(st.integers(0, rules.LOTS - 1), st.integers(1, 10**6))
def test_nobody_of_a_draw_is_called_before_it(lot: int, milliseconds: int):
    before = OPENS_AT - timedelta(milliseconds=milliseconds)
    assert rules.drawn_place(WAVE, lot) > rules.last_place(before)
    assert rules.drawn_place(WAVE, lot) <= rules.last_place(OPENS_AT)


def test_a_place_is_a_number_that_a_sorted_set_keeps_exactly():
    in_fifty_years = rules.first_place(OPENS_AT + timedelta(days=365 * 50)) + rules.LOTS
    assert float(in_fifty_years) == in_fifty_years < 2**53


def test_an_opening_within_a_second_is_not_opened_early():
    assert rules.wave_of(OPENS_AT + timedelta(milliseconds=1)) == WAVE + 1


@pytest.mark.parametrize(
    ("second", "opened", "coming"),
    [
        (-901, False, None),
        (-900, False, WAVE),
        (-1, False, WAVE),
        (0, True, None),
        (599, True, None),
        (600, False, None),
    ],
)
def test_room_opens_with_the_quota_and_turns_may_be_taken_before(second, opened, coming):
    room = rules.Room(**(vars(USUAL) | {"waves": (WAVE,)}))
    now = OPENS_AT + timedelta(seconds=second)
    assert room.is_open(now=now, pressed=False) is opened
    assert room.is_open(now=now, pressed=True)
    assert room.coming(now=now) == coming


def test_the_wait_follows_the_pace_of_the_last_minute():
    room = rules.Room(**(vars(USUAL) | {"passes": 100, "pass_seconds": 120}))
    assert rules.wait_seconds(Turn(State.WAITING, ahead=600, granted=300), room) == 120
    # Without one: 100 passes that last two minutes each.
    assert rules.wait_seconds(Turn(State.WAITING, ahead=100), room) == 120


@given(st.integers(0, 100_000), st.integers(1, 200_000), st.floats(0, 1, exclude_max=True))
@example(101, 7540, 0.984375)
@example(100, 7540, 0.9999)
def test_a_page_looks_again_before_it_counts_as_away(seconds: int, waiting: int, chance: float):
    again = rules.look_again(seconds, waiting=waiting, chance=chance)
    at_opening = rules.look_at_opening(seconds, waiting=waiting, chance=chance)
    assert rules.SOONEST_SECONDS <= again <= rules.away_seconds(waiting) / 2
    assert 1 <= at_opening < rules.away_seconds(waiting)


def test_a_crowd_of_any_size_looks_no_more_often_than_the_portal_can_answer():
    for waiting in (1_000, 10_000, 36_000):
        agains = [rules.look_again(10_000, waiting=waiting, chance=n / 100) for n in range(100)]
        assert waiting / mean(agains) < 1.3 * rules.LOOKS_A_SECOND


def test_who_comes_soon_looks_often_however_large_the_crowd():
    assert rules.look_again(8, waiting=100_000, chance=0) == rules.SOONEST_SECONDS


def test_those_at_the_same_place_do_not_come_back_at_once():
    agains = {rules.look_again(3000, waiting=1, chance=n / 100) for n in range(100)}
    assert len(agains) > 8
