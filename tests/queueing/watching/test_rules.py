"""Who is told of which room."""

from datetime import date

import pytest

from queueing.watching.rules import Drawn, Room, best, within_seats

FIRST, LATER = date(2026, 12, 1), date(2026, 12, 2)
HERE, NEAR, FAR = Room(1, LATER, 0), Room(2, FIRST, 20), Room(3, FIRST, 200)


@pytest.mark.parametrize(("radius", "room"), [(0, HERE), (25, NEAR), (500, NEAR)])
def test_the_soonest_day_within_the_radius_and_then_the_nearest(radius, room):
    assert best([FAR, NEAR, HERE], radius) == room


def test_nothing_where_no_room_is_near_enough():
    assert best([FAR], 100) is None


def told(left, *drawn):
    return [watch.watch_id for watch in within_seats([Drawn(*watch) for watch in drawn], left)]


def test_each_office_tells_as_many_people_as_its_seats_are_worth_in_the_order_of_lots():
    left = {1: 4, 2: 9}

    assert told(
        left, (8, 10, 2, 1), (3, 11, 1, 1), (5, 12, 3, 1), (9, 13, 5, 2), (1, 14, 1, 3)
    ) == [
        11,
        12,
        13,
    ]
    assert left == {1: 0, 2: 4}


def test_a_family_that_is_larger_than_what_is_left_is_told_too():
    assert told({1: 3}, (1, 10, 5, 1), (2, 11, 1, 1)) == [10]
