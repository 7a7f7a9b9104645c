"""A backlog drive takes the lightest burden first, within its bounds, and no more than needed."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.rules import WorkingHours
from queueing.planning import drive_rules
from queueing.planning.drive_rules import Bounds, Candidate

MONDAY = date(2030, 1, 7)
# 20 seats an hour of five stations: 40 a day.
USUAL = WorkingHours(time(8), time(10), 5, 15, shares={"ONLINE": 100})
SHARES_KEPT = USUAL.shares
BOUNDS = Bounds(people=3000, most_stations=10, closes_latest=time(12), with_saturdays=True)


def week(weeks: int = 1) -> list[Candidate]:
    days = (MONDAY + timedelta(days=n) for n in range(7 * weeks))
    return [Candidate(day, USUAL if day.weekday() < 5 else None, USUAL) for day in days]


def told(found) -> list[tuple[int, int, int, int]]:
    return [(p.day.day, p.hours.stations, p.hours.closes.hour, p.more) for p in found]


def test_unused_stations_come_first_and_are_spread_over_the_days():
    found = drive_rules.propose(week(), replace(BOUNDS, people=100))
    assert told(found) == [
        *((n, 8, 10, 24) for n in (7, 8, 9)),
        *((n, 7, 10, 16) for n in (10, 11)),
    ]


def test_then_saturdays_and_then_longer_days():
    found = drive_rules.propose(week(), replace(BOUNDS, people=320))
    assert told(found) == [
        (7, 10, 11, 80),
        *((n, 10, 10, 40) for n in range(8, 12)),
        (12, 10, 10, 80),
    ]


def test_no_evening_is_long_before_all_are_a_little_longer():
    found = drive_rules.propose(week(), replace(BOUNDS, people=440))
    assert {p.hours.closes for p in found if p.day.weekday() < 5} == {time(10), time(11)}


def test_without_saturdays_none_is_opened_and_sundays_never():
    days = drive_rules.propose(week(2), replace(BOUNDS, with_saturdays=False))
    assert {p.day.weekday() for p in days} == {0, 1, 2, 3, 4}
    assert {p.day.weekday() for p in drive_rules.propose(week(2), BOUNDS)} == {0, 1, 2, 3, 4, 5}


def test_bounds_that_are_too_narrow_fall_short():
    bounds = replace(BOUNDS, most_stations=5, closes_latest=time(10), with_saturdays=False)
    assert drive_rules.propose(week(), bounds) == []


def test_a_day_without_an_hour_left_before_the_latest_is_not_lengthened():
    bounds = replace(BOUNDS, most_stations=5, closes_latest=time(10, 59), with_saturdays=False)
    assert drive_rules.propose(week(), bounds) == []


@pytest.mark.parametrize("people", [0, -1])
def test_nobody_needs_nothing(people):
    assert drive_rules.propose(week(), replace(BOUNDS, people=people)) == []


@given(
    people=st.integers(1, 4000),
    stations=st.integers(0, 20),
    closes=st.integers(9, 20),
    saturdays=st.booleans(),
)
def test_every_proposal_keeps_the_bounds_and_only_adds(people, stations, closes, saturdays):
    bounds = Bounds(people, stations, time(closes), saturdays)
    found = drive_rules.propose(week(2), bounds)
    for each in found:
        assert each.more > 0
        assert each.hours.stations <= max(stations, USUAL.stations)
        assert each.hours.closes <= max(time(closes), USUAL.closes)
        assert (each.hours.opens, each.hours.minutes) == (USUAL.opens, USUAL.minutes)
        assert each.hours.shares == SHARES_KEPT
    total = sum(each.more for each in found)
    if total < people:
        # All that the bounds allow is used.
        everything = drive_rules.propose(week(2), replace(bounds, people=10**6))
        assert found == everything
    else:
        # Without its last station or hour the people would not all have a seat.
        assert total - people < max(each.more for each in found)


@given(stations=st.integers(0, 20), closes=st.integers(9, 23), saturdays=st.booleans())
def test_the_most_that_bounds_allow_is_what_a_proposal_for_everybody_adds(
    stations, closes, saturdays
):
    bounds = Bounds(10**6, stations, time(closes), saturdays)
    found = drive_rules.propose(week(2), bounds)
    assert drive_rules.most(week(2), bounds) == sum(each.more for each in found)


def enough(days, bounds) -> list[tuple[int, int, bool]]:
    found = drive_rules.enough(days, bounds)
    return [(each.most_stations, each.closes_latest.hour, each.with_saturdays) for each in found]


@pytest.mark.parametrize(
    ("people", "found"),
    [
        # A Saturday of five stations has 40; a sixth station gives each day 8, an hour 20.
        (40, [(5, 10, True), (6, 10, False), (5, 11, False)]),
        (41, [(7, 10, False), (5, 11, False)]),
        (101, [(8, 10, False), (5, 12, False)]),
    ],
)
def test_bounds_that_are_enough_are_loosened_no_further_than_needed(people, found):
    bounds = replace(NARROW, people=people)
    assert enough(week(), bounds) == found
    for each in drive_rules.enough(week(), bounds):
        assert sum(day.more for day in drive_rules.propose(week(), each)) >= people


def test_where_no_bound_is_enough_by_itself_saturdays_come_along():
    # A day has at most 200 stations: 195 more on five days are 7,800 seats.
    assert enough(week(), replace(NARROW, people=9000)) == [(192, 10, True)]
    assert enough(week(), replace(NARROW, people=20_000)) == []


def test_a_drive_that_goes_on_says_from_which_day_on_everybody_has_a_seat():
    bounds = replace(NARROW, people=100, most_stations=6)
    free = {MONDAY: 40, MONDAY + timedelta(days=1): 3}
    # 48 on Monday, 11 on Tuesday, 8 on each day after.
    assert drive_rules.day_of_enough(week(2), free, bounds) == MONDAY + timedelta(days=9)
    assert drive_rules.day_of_enough(week(), free, bounds) is None


NARROW = replace(BOUNDS, most_stations=5, closes_latest=time(10), with_saturdays=False)


def helps(days, bounds) -> list[tuple[str, int]]:
    return [(each.bound, each.seats) for each in drive_rules.reliefs(days, bounds)]


def test_each_bound_that_helps_by_itself_is_named_with_what_it_adds():
    found = drive_rules.reliefs(week(), NARROW)
    assert helps(week(), NARROW) == [("saturdays", 40), ("stations", 40), ("closing", 100)]
    assert found[1].bounds.most_stations == 6
    assert found[2].bounds.closes_latest == time(11)


def test_a_bound_far_below_what_stands_is_loosened_until_it_helps():
    bounds = replace(NARROW, most_stations=1, closes_latest=time(8))
    assert helps(week(), bounds) == [("saturdays", 8), ("stations", 40), ("closing", 100)]


def test_where_no_day_may_change_no_bound_helps():
    assert drive_rules.reliefs([], NARROW) == []
    late = replace(USUAL, opens=time(22), closes=time(23), stations=200)
    night = [Candidate(MONDAY, late, late)]
    assert drive_rules.reliefs(night, replace(NARROW, most_stations=200)) == []
