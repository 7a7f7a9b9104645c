"""Which Saturdays an order opens, and with which hours."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from offices.rules import WeeklyHours, WorkingHours
from queueing.planning import saturday_rules as rules
from queueing.planning.order_rules import Asked, Held, seats_of
from queueing.planning.saturday_rules import Saturday
from queueing.quota.rules import DAY_GONE, HOUR_GONE

SATURDAY = date(2030, 1, 12)
LONG = WorkingHours(
    time(8),
    time(16),
    stations=5,
    minutes=15,
    break_starts=time(12),
    break_ends=time(13),
    shares={"ONLINE": 100},
)
ASKED = Asked("SATURDAY", 100, SATURDAY, SATURDAY)


def weekly(weekday: int, hours: WorkingHours = LONG) -> WeeklyHours:
    return WeeklyHours(weekday, date(2020, 1, 1), None, hours)


def test_the_saturdays_of_a_span():
    found = rules.saturdays(SATURDAY, SATURDAY + timedelta(days=14))
    assert found == [SATURDAY, SATURDAY + timedelta(days=7), SATURDAY + timedelta(days=14)]
    assert rules.saturdays(SATURDAY + timedelta(days=1), SATURDAY + timedelta(days=6)) == []


@pytest.mark.parametrize(
    ("week", "stations"),
    [
        ([weekly(0), weekly(4, replace(LONG, stations=3))], 5),
        ([weekly(4, replace(LONG, stations=3))], 3),
        ([weekly(0, replace(LONG, stations=0)), weekly(4, replace(LONG, stations=3))], 3),
        ([weekly(1)], None),
    ],
)
def test_a_saturday_is_as_the_monday_and_where_that_rests_as_the_friday(week, stations):
    model = rules.model_of(SATURDAY, week)
    assert (model.stations if model else None) == stations


@pytest.mark.parametrize(("percent", "stations"), [(100, 5), (50, 3), (20, 1), (1, 1)])
def test_a_share_of_the_stations_is_rounded_up(percent, stations):
    assert rules.hours_of(LONG, replace(ASKED, amount=percent)).stations == stations


@pytest.mark.parametrize(
    ("opens", "closes", "has_break", "seats"),
    [
        (None, None, True, 140),
        (time(8), time(12), False, 80),
        (time(8), time(13), False, 100),
        (time(9), time(14), True, 80),
        (time(12, 30), time(15), False, 50),
    ],
)
def test_given_hours_keep_a_break_only_inside_them(opens, closes, has_break, seats):
    hours = rules.hours_of(LONG, replace(ASKED, opens=opens, closes=closes))
    assert (hours.break_starts is not None) is has_break
    assert seats_of(hours) == seats


@pytest.mark.parametrize(
    ("said", "by_hand"),
    [
        ((), False),
        ({DAY_GONE}, False),
        ({DAY_GONE, HOUR_GONE}, False),
        ({"Hari Natal"}, False),
        ({"Listrik padam"}, True),
        ({DAY_GONE, "Listrik padam"}, True),
        ({""}, True),
    ],
)
def test_what_went_with_its_calendar_is_not_closed_by_hand(said, by_hand):
    assert rules.is_closed_by_hand(said, "Hari Natal") is by_hand


def test_each_saturday_has_hours_or_a_reason():
    tiny = replace(LONG, stations=1, minutes=240)
    days = [
        Saturday(SATURDAY, LONG),
        Saturday(SATURDAY, LONG, Held.HOLIDAY),
        Saturday(SATURDAY, None),
        Saturday(SATURDAY, tiny),
    ]

    found = rules.offers(days, replace(ASKED, opens=time(8), closes=time(10)))

    assert [(each.hours is not None, each.held) for each in found] == [
        (True, Held.NONE),
        (False, Held.HOLIDAY),
        (False, Held.NO_MODEL),
        (False, Held.TOO_SHORT),
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"first_day": date(2030, 1, 7), "last_day": date(2030, 1, 11)}, "last_day"),
        ({"opens": time(8)}, "closes"),
        ({"closes": time(12)}, "opens"),
        ({"opens": time(8), "closes": time(8, 30)}, "closes"),
        ({"opens": time(12), "closes": time(8)}, "closes"),
        ({"opens": time(8), "closes": time(22, 30)}, "closes"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(changed, field):
    assert list(rules.faults(replace(ASKED, **changed))) == [field]
    assert rules.faults(replace(ASKED, opens=time(8), closes=time(9))) == {}
