"""What a month looks like, and how its hours are shaded."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from offices.rules import DayPlan, PlannedHour, WhyClosed
from queueing.planning import rules
from queueing.planning.rules import DayKind, DayLoad, HourLoad, Load
from queueing.quota.rules import DAY_GONE

DAY = date(2030, 1, 7)
OPENED = datetime(2030, 1, 1, tzinfo=UTC)
NOW = datetime(2030, 1, 2, tzinfo=UTC)
LATER = datetime(2030, 1, 3, tzinfo=UTC)
PLAN = DayPlan(DAY, is_open=True, hours=(PlannedHour(time(8), time(9), {"ONLINE": 20}),))
REST = DayPlan(DAY, is_open=False, why=WhyClosed.NO_HOURS)


def hour(at: time, quota: int, taken: int, closed: str = "") -> HourLoad:
    load = Load(quota, taken)
    return HourLoad("X", at, time(at.hour + 1), load, OPENED, closed)


@pytest.mark.parametrize(
    ("quota", "taken", "shade"),
    [
        *((20, 0, "none"), (200, 1, "none"), (20, 1, "low"), (20, 7, "low"), (20, 8, "some")),
        *((20, 15, "high"), (200, 199, "high"), (20, 20, "full"), (20, 21, "full"), (0, 0, "none")),
    ],
)
def test_only_an_hour_without_a_free_seat_is_full(quota, taken, shade):
    assert Load(quota, taken).shade == shade
    assert (shade == "full") == (quota > 0 and Load(quota, taken).free == 0)


def test_a_day_is_what_stands_and_else_what_its_calendar_says():
    assert DayLoad(DAY, PLAN).kind is DayKind.PLANNED
    assert DayLoad(DAY, REST).kind is DayKind.REST
    shut, serving = hour(time(8), 3, 3, "banjir"), hour(time(9), 20, 5)
    assert DayLoad(DAY, PLAN, (shut,)).kind is DayKind.CLOSED
    assert DayLoad(DAY, PLAN, (shut, serving)).kind is DayKind.OPEN
    gone = hour(time(8), 0, 0, DAY_GONE)
    assert DayLoad(DAY, REST, (gone,)).kind is DayKind.REST
    assert DayLoad(DAY, REST, (gone, shut)).kind is DayKind.CLOSED
    assert DayLoad(DAY, REST, (hour(time(8), 3, 3, DAY_GONE),)).kind is DayKind.CLOSED


def test_two_stretches_of_one_hour_share_a_column_and_closed_hours_have_none():
    day = DayLoad(
        DAY,
        PLAN,
        (hour(time(8), 5, 5, "banjir"), hour(time(11), 5, 1), hour(time(11, 45), 20, 4)),
    )
    assert day.by_column() == {11: Load(25, 5)}
    assert rules.columns([day, DayLoad(DAY, PLAN), DayLoad(DAY, REST)]) == [8, 11]


def test_the_sums_keep_what_stands_apart_from_what_is_promised():
    found = rules.sums(
        [DayLoad(DAY, PLAN), DayLoad(DAY, REST), DayLoad(DAY, PLAN, (hour(time(8), 20, 7),))]
    )
    assert found == rules.Sums(Load(20, 7), 20)


@pytest.mark.parametrize(("ends", "affected"), [(time(9), 0), (time(9, 30), 0), (time(8, 10), 5)])
def test_people_of_an_hour_that_would_end_earlier_are_affected(ends, affected):
    plan = DayPlan(DAY, is_open=True, hours=(PlannedHour(time(8), ends, {"ONLINE": 20}),))
    assert rules.day_effect(DayLoad(DAY, PLAN, (hour(time(8), 20, 5),)), plan).affected == affected


def test_taken_seats_stay_and_an_hour_with_more_people_than_seats_is_named():
    few = PlannedHour(time(8), time(9), {"ONLINE": 2, "COUNTER": 1})
    enough = PlannedHour(time(9), time(10), {"ONLINE": 4, "COUNTER": 2})
    cut = PlannedHour(time(10), time(10, 30), {"ONLINE": 1})
    standing = tuple(hour(time(at), 20, 5) for at in (8, 9, 10))
    effect = rules.day_effect(
        DayLoad(DAY, PLAN, standing), DayPlan(DAY, is_open=True, hours=(few, enough, cut))
    )
    assert effect.after == 5 + 6 + 0
    assert effect.crowded == (rules.Crowded(time(8), people=5, seats=3),)


@pytest.mark.parametrize(("opens", "at"), [(OPENED, None), (LATER, LATER)])
def test_seats_of_a_bare_day_open_with_the_release_that_covers_it(opens, at):
    covers = rules.Standing(DAY, DAY, opens)
    other = replace(PLAN, day=date(2030, 1, 8))
    assert rules.openings([PLAN, other, REST], [covers], NOW) == (rules.Opening(20, at),)
