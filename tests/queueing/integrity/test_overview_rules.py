"""Which days an overview covers, and what days usually are. Pure."""

from datetime import date, time, timedelta

import pytest

from queueing.integrity.rules import overview as rules
from queueing.integrity.rules.figures import Figures, Span
from queueing.integrity.rules.overview import Period

THURSDAY = date(2026, 11, 26)
TODAY = Span(THURSDAY, THURSDAY)


def weeks(*released: int, before: date = THURSDAY) -> dict[date, Figures]:
    """That many seats on the same weekday of the weeks before, the latest first."""
    return {
        before - timedelta(weeks=n): Figures(released=seats)
        for n, seats in enumerate(released, start=1)
    }


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        (Period.DAY, THURSDAY, "2026-11-26", "2026-11-26"),
        (Period.WEEK, THURSDAY, "2026-11-23", "2026-11-29"),
        (Period.WEEK, date(2026, 11, 23), "2026-11-23", "2026-11-29"),
        (Period.WEEK, date(2026, 11, 29), "2026-11-23", "2026-11-29"),
        (Period.MONTH, THURSDAY, "2026-11-01", "2026-11-30"),
        (Period.MONTH, date(2026, 12, 31), "2026-12-01", "2026-12-31"),
        (Period.MONTH, date(2028, 2, 10), "2028-02-01", "2028-02-29"),
    ],
)
def test_a_period_is_the_day_its_week_or_its_month(period, day, first, last):
    assert period.around(day) == Span(date.fromisoformat(first), date.fromisoformat(last))


def test_a_day_is_held_against_the_middle_of_its_weekday():
    days = weeks(10, 90, 30, 40) | {THURSDAY: Figures(released=50)}

    usual = rules.usual_of(days, TODAY, THURSDAY)

    assert (usual.counted.released, usual.usual.released) == (50, 35)
    assert len(usual.past) == 4


def test_neither_other_weekdays_nor_older_weeks_count():
    days = weeks(10, 10, 10, 10, 10, 10, 10, 10, 999) | {THURSDAY: Figures(released=1)}
    days |= weeks(*[999] * 8, before=THURSDAY + timedelta(days=1))

    usual = rules.usual_of(days, TODAY, THURSDAY)

    assert (usual.usual.released, len(usual.past)) == (10, 8)


def test_too_little_past_is_told_and_closed_days_are_no_past():
    days = weeks(10, 0, 30, 40) | {THURSDAY: Figures(released=50)}

    usual = rules.usual_of(days, TODAY, THURSDAY)

    assert (usual.days, usual.alone) == ((), (THURSDAY,))
    assert usual.usual == Figures()


def test_a_month_sums_the_middles_of_its_days_and_leaves_the_rare_one_out():
    span = Period.MONTH.around(THURSDAY)
    saturday = date(2026, 11, 7)
    days = weeks(10, 20, 30, 41, before=date(2026, 11, 5))
    days |= {date(2026, 11, n): Figures(released=n) for n in (5, 12, 19)}
    days |= {saturday: Figures(released=7)}

    usual = rules.usual_of(days, span, THURSDAY)

    assert (usual.counted.released, usual.usual.released) == (36, 75)  # three times 25
    assert usual.alone == (saturday,)


def test_a_day_that_runs_is_held_against_the_same_hours():
    hours = {time(hour): Figures(released=10) for hour in (8, 9, 10)}

    until = rules.until_now({THURSDAY: hours}, time(10, 59))

    assert until == {THURSDAY: Figures(released=20)}
    assert rules.alike(THURSDAY)[-2:] == [THURSDAY - timedelta(weeks=1), THURSDAY]


def test_days_to_come_are_not_compared_yet():
    days = weeks(10, 20, 30, 40, before=THURSDAY) | {THURSDAY: Figures(released=5)}

    usual = rules.usual_of(days, TODAY, THURSDAY - timedelta(days=1))

    assert (usual.days, usual.alone) == ((), ())


MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]


def test_an_ordinary_day_is_made_of_those_that_are_over():
    assert rules.days_averaged(reversed(WEEK), Period.WEEK, THURSDAY) == tuple(WEEK[:3])


def test_where_none_is_over_all_that_are_known_are_averaged():
    assert rules.days_averaged(WEEK, Period.MONTH, MONDAY) == tuple(WEEK)
    assert rules.days_averaged([], Period.MONTH, MONDAY) == ()


def test_a_single_day_stands_for_itself_though_it_runs():
    assert rules.days_averaged([THURSDAY], Period.DAY, THURSDAY) == (THURSDAY,)
