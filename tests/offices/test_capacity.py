"""What a day holds: hours, part hours, channels, and what stands above what."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices import rules
from offices.rules import HourCapacity, SpecialHours, WeeklyHours, WhyClosed, WorkingHours

SHARES = {"ONLINE": 80, "PRIORITY": 15, "SAME_DAY": 0, "COUNTER": 5}
MONDAY = date(2026, 11, 23)


def hours(**changes: object) -> WorkingHours:
    return WorkingHours(
        **{
            "opens": time(8),
            "closes": time(16),
            "stations": 5,
            "minutes": 15,
            "break_starts": time(12),
            "break_ends": time(13),
            "shares": SHARES,
        }
        | changes
    )


def weekly(valid_from: date, valid_to: date | None = None, **changes: object) -> WeeklyHours:
    return WeeklyHours(0, valid_from, valid_to, hours(**changes))


def test_hours_skip_the_break():
    found = rules.hours_of_day(hours())

    assert [hour.starts.hour for hour in found] == [8, 9, 10, 11, 13, 14, 15]
    assert {hour.seats for hour in found} == {20}


def test_part_hours_are_prorated():
    friday = hours(break_starts=time(11, 30), break_ends=time(13), closes=time(16, 15))

    found = rules.hours_of_day(friday)

    assert (found[3].starts, found[3].ends, found[3].seats) == (time(11), time(11, 30), 10)
    assert (found[-1].starts, found[-1].ends, found[-1].seats) == (time(16), time(16, 15), 5)


def test_what_an_hour_cannot_hold_whole_is_carried():
    found = rules.hours_of_day(hours(stations=1, minutes=25, break_starts=None, break_ends=None))

    assert sum(hour.seats for hour in found) == 8 * 60 // 25
    assert [hour.seats for hour in found[:3]] == [2, 2, 3]


def test_break_at_the_edge_leaves_one_stretch():
    found = rules.hours_of_day(hours(break_starts=time(8), break_ends=time(9)))

    assert found[0].starts == time(9)


def test_closing_at_the_last_minute_of_the_day():
    found = rules.hours_of_day(
        hours(opens=time(23), closes=time(23, 59), break_starts=None, break_ends=None)
    )

    assert found == [HourCapacity(time(23), time(23, 59), 19)]


def test_small_channels_survive_a_small_day():
    assert rules.split_channels(10, SHARES) == {"ONLINE": 8, "PRIORITY": 1, "COUNTER": 1}


working_days = st.builds(
    hours,
    opens=st.sampled_from([time(7, 30), time(8)]),
    closes=st.sampled_from([time(14), time(15, 45), time(16)]),
    break_starts=st.sampled_from([time(11, 30), time(12)]),
    break_ends=st.sampled_from([time(12, 30), time(13)]),
    stations=st.integers(0, 60),
    minutes=st.integers(1, 240),
)


@st.composite
def shares(draw: st.DrawFn) -> dict[str, int]:
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    return dict(zip(rules.CHANNELS, sizes, strict=True))


@given(st.integers(0, 3000), shares())
def test_split_is_exact_and_within_one_of_the_share(total: int, share: dict[str, int]):
    given_seats = rules.split_channels(total, share)

    assert sum(given_seats.values()) == total
    for channel, percent in share.items():
        assert abs(given_seats.get(channel, 0) * 100 - total * percent) < 100


@given(st.integers(1, 3000), shares())
def test_no_channel_worth_a_seat_is_lost(total: int, share: dict[str, int]):
    given_seats = rules.split_channels(total, share)

    assert {c for c, percent in share.items() if total * percent >= 100} <= set(given_seats)


@given(working_days, shares())
def test_spread_is_exact_by_hour_and_by_channel(day: WorkingHours, share: dict[str, int]):
    capacity = rules.hours_of_day(day)
    per_channel = rules.split_channels(sum(hour.seats for hour in capacity), share)

    spread = rules.spread([hour.seats for hour in capacity], per_channel)

    assert [sum(seats.values()) for seats in spread] == [hour.seats for hour in capacity]
    for channel, seats in per_channel.items():
        assert sum(hour.get(channel, 0) for hour in spread) == seats
    assert all(seats > 0 for hour in spread for seats in hour.values())


@given(working_days)
def test_day_loses_less_than_one_seat(day: WorkingHours):
    worked = 60 * (day.closes.hour - day.opens.hour) + day.closes.minute - day.opens.minute
    rest = 60 * (day.break_ends.hour - day.break_starts.hour)
    rest += day.break_ends.minute - day.break_starts.minute

    total = sum(hour.seats for hour in rules.hours_of_day(day))

    assert total == day.stations * (worked - rest) // day.minutes


def test_later_hours_replace_earlier_ones_and_end_again():
    usual = weekly(date(2020, 1, 1))
    ramadan = weekly(date(2026, 11, 16), date(2026, 11, 29), closes=time(14), stations=2)
    rows = [usual, ramadan]

    assert rules.day_plan(MONDAY, rows).total == 2 * 4 * 5
    assert rules.day_plan(date(2026, 11, 30), rows).total == 5 * 4 * 7
    assert rules.day_plan(date(2026, 11, 9), rows).total == 5 * 4 * 7


def test_weekday_without_hours_is_closed():
    plan = rules.day_plan(date(2026, 11, 28), [weekly(date(2020, 1, 1))])

    assert (plan.is_open, plan.why, plan.total) == (False, WhyClosed.NO_HOURS, 0)


def test_holiday_closes_and_says_its_name():
    plan = rules.day_plan(MONDAY, [weekly(date(2020, 1, 1))], holiday="Hari Uji")

    assert (plan.is_open, plan.why, plan.note) == (False, WhyClosed.HOLIDAY, "Hari Uji")


@pytest.mark.parametrize("holiday", ["", "Hari Uji"])
def test_special_day_stands_above_hours_and_holidays(holiday: str):
    rows = [weekly(date(2020, 1, 1))]
    closure = SpecialHours(reason="Listrik padam")
    extra = SpecialHours(reason="Layanan mal", place="Mal Uji", hours=hours(stations=1))

    closed = rules.day_plan(MONDAY, rows, closure, holiday)
    opened = rules.day_plan(MONDAY, rows, extra, holiday)

    assert (closed.why, closed.note) == (WhyClosed.CLOSURE, "Listrik padam")
    assert (opened.is_open, opened.total, opened.place) == (True, 28, "Mal Uji")


def test_no_stations_means_closed():
    plan = rules.day_plan(MONDAY, [weekly(date(2020, 1, 1), stations=0)])

    assert plan.why is WhyClosed.NO_STATIONS


@pytest.mark.parametrize("kind", ["LTSP", "UKK", "MPP"])
def test_small_sites_have_two_channels(kind: str):
    assert rules.channels_of(kind) == ("ONLINE", "COUNTER")
