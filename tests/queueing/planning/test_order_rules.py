"""The share of an order: none is lost, and each day's figure can be said beforehand."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.rules import WorkingHours
from queueing.planning import order_rules as rules
from queueing.planning.order_rules import Held, UsualDay

MONDAY = date(2030, 1, 7)
HOURS = WorkingHours(time(8), time(10), stations=4, minutes=15, shares={"ONLINE": 100})


@pytest.mark.parametrize(
    ("stations", "percent", "raised"),
    [
        ([1, 1, 1, 1, 1], 20, [2, 1, 1, 1, 1]),
        ([4, 4, 4, 4, 4], 20, [5, 5, 5, 5, 4]),
        ([10, 10], 20, [12, 12]),
        ([3], 1, [4]),
        ([], 20, []),
    ],
)
def test_a_share_is_counted_over_the_days(stations, percent, raised):
    assert rules.raised_stations(stations, percent) == raised


@given(st.lists(st.integers(1, 200), max_size=14), st.integers(1, 100))
def test_a_share_loses_nothing_and_rounds_up_once(stations, percent):
    raised = rules.raised_stations(stations, percent)

    assert sum(raised) == -(-sum(stations) * (100 + percent) // 100)
    assert all(after >= before for before, after in zip(stations, raised, strict=True))
    # No day gets a whole station more than its own share.
    assert all(
        (after - 1) * 100 < before * (100 + percent)
        for before, after in zip(stations, raised, strict=True)
    )


@pytest.mark.parametrize(
    ("closes", "hours", "later"),
    [
        (time(16), 2, time(18)),
        (time(15, 30), 1, time(16, 30)),
        (time(21), 4, time(22)),
        (time(22), 1, time(22)),
        (time(23), 1, time(23)),
    ],
)
def test_an_office_never_closes_later_than_the_latest_hour(closes, hours, later):
    assert rules.closing_later(closes, hours) == later


def test_days_that_are_closed_or_the_offices_own_get_nothing():
    days = [
        UsualDay(MONDAY, HOURS),
        UsualDay(MONDAY + timedelta(days=1), None, Held.OWN_DAY),
        UsualDay(MONDAY + timedelta(days=2), None, Held.CLOSED),
        UsualDay(MONDAY + timedelta(days=4), None, Held.PARTLY),
        UsualDay(MONDAY + timedelta(days=3), HOURS),
    ]

    found = rules.offers(days, percent=20, extra_hours=0)

    assert [offer.after.stations for offer in found] == [5, 5]
    assert [rules.seats_of(offer.before) for offer in found] == [32, 32]
    assert [rules.seats_of(offer.after) for offer in found] == [40, 40]


def test_what_holds_a_day_back_is_named():
    many = WorkingHours(time(8), time(23), stations=200, minutes=15)

    (share,) = rules.offers([UsualDay(MONDAY, many)], percent=20, extra_hours=0)
    (later,) = rules.offers([UsualDay(MONDAY, many)], percent=0, extra_hours=1)

    assert (share.held, share.after) == (Held.STATIONS, many)
    assert (later.held, later.after) == (Held.HOURS, many)
