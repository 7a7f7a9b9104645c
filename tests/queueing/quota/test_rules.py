"""When quota opens and what a day is called, in all three zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.rules import CHANNELS, SMALL_CHANNELS, DayPlan, PlannedHour
from queueing.quota import rules
from queueing.quota.rules import Asked, DayFacts, DayState, HourFacts, Rhythm, Why

WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))
FRIDAY = Rhythm(weekday=4, minute=14 * 60, horizon_days=30)
AS_OF = datetime(2026, 12, 1, 1, tzinfo=UTC)
TUESDAY = date(2026, 12, 8)

zones = st.sampled_from([WIB, WITA, WIT, ZoneInfo("Asia/Pontianak")])
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
rhythms = st.builds(
    Rhythm, st.integers(0, 6), st.integers(0, 1439), st.integers(min_value=1, max_value=90)
)


@given(days, st.times(), zones)
def test_an_hour_keeps_its_local_day_and_time(day: date, at: time, zone: ZoneInfo) -> None:
    local = rules.instant(day, at, zone).astimezone(zone)

    assert (local.date(), local.time()) == (day, at)


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        (WIB, datetime(2026, 12, 7, 17, tzinfo=UTC)),
        (WITA, datetime(2026, 12, 7, 16, tzinfo=UTC)),
        (WIT, datetime(2026, 12, 7, 15, tzinfo=UTC)),
    ],
)
def test_midnight_of_a_day_is_an_instant_of_the_day_before(zone: ZoneInfo, utc: datetime) -> None:
    assert rules.instant(TUESDAY, time(0), zone) == utc


@given(instants, rhythms, zones)
def test_next_opening_is_the_first_one_to_come(
    now: datetime, rhythm: Rhythm, zone: ZoneInfo
) -> None:
    opening = rules.next_opening(now, rhythm, zone)
    local = opening.astimezone(zone)

    assert now < opening <= now + timedelta(days=7)
    assert local.weekday() == rhythm.weekday
    assert local.hour * 60 + local.minute == rhythm.minute


def test_opening_at_this_very_instant_is_past() -> None:
    now = datetime(2026, 12, 4, 7, tzinfo=UTC)  # Friday 14.00 in Jakarta

    assert rules.next_opening(now, FRIDAY, WIB) == now + timedelta(days=7)


def test_friday_begins_earlier_in_the_east() -> None:
    now = datetime(2026, 12, 4, 6, tzinfo=UTC)  # 13.00 WIB, 14.00 WITA, 15.00 WIT

    assert [rules.next_opening(now, FRIDAY, zone) - now for zone in (WIB, WITA, WIT)] == [
        timedelta(hours=1),
        timedelta(days=7),
        timedelta(days=6, hours=23),
    ]


def days_of(spans: list[tuple[date, date]]) -> list[date]:
    return [
        first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)
    ]


@given(instants, rhythms, zones)
def test_openings_cover_every_day_once(now: datetime, rhythm: Rhythm, zone: ZoneInfo) -> None:
    released, covered = [], []
    for _ in range(6):
        opening = rules.next_opening(now, rhythm, zone)
        spans = rules.days_opened(opening, released, rhythm, zone)
        covered += days_of(spans)
        released += spans
        now = opening

    assert len(set(covered)) == len(covered)
    if rhythm.horizon_days >= 7:
        assert covered == [covered[0] + timedelta(days=n) for n in range(len(covered))]


@given(instants, rhythms, zones, st.integers(0, 95))
def test_a_day_is_promised_for_the_opening_that_brings_it(
    now: datetime, rhythm: Rhythm, zone: ZoneInfo, ahead: int
) -> None:
    day = now.astimezone(zone).date() + timedelta(days=ahead)
    promised = rules.opening_for(day, now, rhythm, zone)
    if promised is None:
        return  # test_what_is_promised_is_what_planning_opens
    opening_day = promised.astimezone(zone).date()

    assert promised > now
    assert (opening_day + timedelta(days=rhythm.horizon_days)) >= day
    if promised != rules.next_opening(now, rhythm, zone):
        assert opening_day - timedelta(days=7) + timedelta(days=rhythm.horizon_days) < day


by_hand = st.lists(st.tuples(st.integers(0, 95), st.integers(0, 12)), max_size=4)


@given(instants, rhythms, zones, by_hand)
def test_what_is_promised_is_what_planning_opens(
    now: datetime, rhythm: Rhythm, zone: ZoneInfo, made: list[tuple[int, int]]
) -> None:
    """Whatever was released by hand: each other day opens when the page says, or never."""
    today = now.astimezone(zone).date()
    released = [
        (today + timedelta(days=ahead), today + timedelta(days=ahead + more))
        for ahead, more in made
    ]
    by_hand_days = set(days_of(released))
    asked = [today + timedelta(days=n) for n in range(40)]
    promised = {day: rules.opening_for(day, now, rhythm, zone) for day in asked}
    opened: dict[date, datetime] = {}
    opening = rules.next_opening(now, rhythm, zone)
    for _week in range(8):
        spans = rules.days_opened(opening, released, rhythm, zone)
        opened |= dict.fromkeys(days_of(spans), opening)
        released += spans
        opening = rules.next_opening(opening, rhythm, zone)

    for day in set(asked) - by_hand_days:
        assert opened.get(day) == promised[day]


def test_an_opening_fills_what_a_release_by_hand_has_left_between() -> None:
    opening = rules.next_opening(AS_OF, FRIDAY, WIB)
    begun, ahead = (date(2026, 11, 1), date(2026, 12, 26)), (date(2027, 1, 2), date(2027, 1, 2))

    assert rules.days_opened(opening, [ahead, begun], FRIDAY, WIB) == [
        (date(2026, 12, 27), date(2027, 1, 1)),
        (date(2027, 1, 3), date(2027, 1, 3)),
    ]


def test_nothing_opens_where_the_horizon_is_reached() -> None:
    opening = rules.next_opening(AS_OF, FRIDAY, WIB)
    first = date(2026, 11, 1)

    assert rules.days_opened(opening, [(first, date(2027, 1, 3))], FRIDAY, WIB) == []
    assert rules.days_opened(opening, [(first, date(2027, 1, 2))], FRIDAY, WIB) == [
        (date(2027, 1, 3), date(2027, 1, 3))
    ]


@given(
    st.dictionaries(st.sampled_from(CHANNELS), st.integers(1, 90)),
    st.sampled_from([CHANNELS, SMALL_CHANNELS]),
)
def test_no_seat_is_lost_where_an_office_lacks_a_channel(
    seats: dict[str, int], channels: tuple[str, ...]
) -> None:
    plan = DayPlan(TUESDAY, is_open=True, hours=(PlannedHour(time(8), time(9), seats),))

    [hour] = rules.hours_planned(plan, WIT, channels)

    assert sum(hour.seats.values()) == sum(seats.values())
    assert set(hour.seats) <= set(channels)
    assert (hour.starts_at, hour.ends_at) == (
        datetime(2026, 12, 7, 23, tzinfo=UTC),
        datetime(2026, 12, 8, 0, tzinfo=UTC),
    )


def hour(at: int = 8, *, free: int = 0, opens_at: datetime = AS_OF, closed: str = "") -> HourFacts:
    starts = rules.instant(TUESDAY, time(at), WIB)
    return HourFacts(
        f"JAM{at}", starts, starts + timedelta(hours=1), opens_at, closed, {"ONLINE": free}
    )


def word(*hours: HourFacts, people: int = 1, channel: str = "ONLINE", **facts: object):
    day = DayFacts(
        day=TUESDAY,
        **{
            "is_open": True,
            "opens_at": AS_OF + timedelta(days=3),
            "channels": frozenset(["ONLINE", "PRIORITY"]),
            "hours": hours,
            **facts,
        },
    )
    return rules.day_word(day, Asked(people, channel, AS_OF + timedelta(hours=1)), AS_OF)


def test_a_day_with_room_for_all_is_open() -> None:
    found = word(hour(8), hour(9, free=3), people=3)

    assert (found.state, found.why) == (DayState.OPEN, None)
    assert [each.code for each in found.hours] == ["JAM8", "JAM9"]


RESTS = {"is_open": False, "why": Why.NO_HOURS}


@pytest.mark.parametrize(
    ("found", "state", "why"),
    [
        (word(hour(8)), "full", Why.ALL_TAKEN),
        (word(hour(8, free=2), hour(9, free=1), people=3), "two_hours", Why.TOO_FEW_TOGETHER),
        (word(hour(8, free=2), hour(9, free=1), people=4), "full", Why.TOO_FEW_TOGETHER),
        (word(hour(8), channel="SAME_DAY"), "not_offered", Why.CHANNEL),
        (word(hour(8, opens_at=AS_OF + timedelta(seconds=1))), "not_open", Why.NOT_YET),
        (word(), "not_open", Why.NOT_YET),
        (word(is_open=False, why=Why.HOLIDAY, note="Natal"), "closed", Why.HOLIDAY),
        (word(hour(8, free=1, closed="Listrik padam")), "closed", Why.CLOSURE),
        (word(hour(8, closed=rules.DAY_GONE), **RESTS), "closed", Why.NO_HOURS),
        (word(hour(8, closed=rules.DAY_GONE)), "closed", Why.CLOSURE),
        (
            word(hour(8, closed=rules.DAY_GONE), hour(9, closed="Listrik padam"), **RESTS),
            "closed",
            Why.CLOSURE,
        ),
    ],
)
def test_a_day_without_room_says_why(found: rules.DayWord, state: str, why: Why) -> None:
    assert (found.state, found.why) == (state, why)


def test_a_day_closed_in_part_is_open_in_the_rest() -> None:
    found = word(hour(8, closed="Pagi tutup"), hour(9, free=1))

    assert (found.state, [each.code for each in found.hours]) == (DayState.OPEN, ["JAM9"])


def test_a_day_not_yet_open_says_when() -> None:
    opens_at = AS_OF + timedelta(hours=5)

    assert word(hour(8, opens_at=opens_at)).opens_at == opens_at
    assert word().opens_at == AS_OF + timedelta(days=3)


def test_an_hour_within_the_cutoff_is_past() -> None:
    soon = HourFacts(
        "X", AS_OF + timedelta(hours=1), AS_OF + timedelta(hours=2), AS_OF, "", {"ONLINE": 1}
    )

    assert word(soon).why is Why.TOO_LATE


@pytest.mark.parametrize(
    ("free", "people", "pairs"),
    [
        ((3, 2), 5, [(0, 1)]),
        ((3, 2), 6, []),
        ((5, 2), 5, []),
        ((0, 4, 1), 5, [(1, 2)]),
        ((4, 0, 4), 5, []),
        ((3, 2, 3), 5, [(0, 1), (1, 2)]),
    ],
)
def test_two_neighbouring_hours_hold_whom_none_can(free, people, pairs):
    opened = datetime(2026, 11, 20, tzinfo=UTC)
    start = datetime(2026, 11, 24, 1, tzinfo=UTC)
    hours = [
        HourFacts(
            str(number),
            start + timedelta(hours=number),
            start + timedelta(hours=number + 1),
            opened,
            free={"ONLINE": seats},
        )
        for number, seats in enumerate(free)
    ]
    facts = DayFacts(start.date(), True, None, channels=frozenset({"ONLINE"}), hours=hours)

    word = rules.day_word(facts, Asked(people, "ONLINE", opened), start)

    assert [(int(a.code), int(b.code)) for a, b in word.neighbours] == pairs
    assert (word.state == "two_hours") is bool(pairs)
    alone = rules.day_word(facts, Asked(people, "ONLINE", opened, pairs=False), start)
    assert (alone.state, alone.neighbours) == ("open" if max(free) >= people else "full", ())


def test_hours_with_a_break_between_are_no_neighbours():
    opened = datetime(2026, 11, 20, tzinfo=UTC)
    first = datetime(2026, 11, 24, 4, tzinfo=UTC)
    later = first + timedelta(hours=2)
    hours = [
        HourFacts("A", first, first + timedelta(hours=1), opened, free={"ONLINE": 3}),
        HourFacts("B", later, later + timedelta(hours=1), opened, free={"ONLINE": 3}),
    ]

    assert list(rules.neighbours(hours, Asked(5, "ONLINE", opened))) == []


counts = st.dictionaries(st.sampled_from(CHANNELS), st.integers(0, 40))


@given(wanted=counts, taken=counts)
def test_an_hour_never_has_more_seats_than_were_wanted_or_are_taken(wanted, taken):
    found = rules.settled(wanted, taken)
    stays = {channel: max(seats, taken.get(channel, 0)) for channel, seats in found.items()}

    assert sum(found.values()) == sum(wanted.values())
    assert sum(stays.values()) == max(sum(wanted.values()), sum(taken.values()))


def test_what_one_channel_has_too_many_comes_from_whichever_has_most_free():
    wanted = {"ONLINE": 10, "PRIORITY": 5, "COUNTER": 3}
    taken = {"ONLINE": 14, "PRIORITY": 1}
    assert rules.settled(wanted, taken) == {"ONLINE": 14, "PRIORITY": 2, "COUNTER": 2}


def test_where_every_channel_has_room_each_gets_what_was_wanted():
    assert rules.settled({"ONLINE": 8, "COUNTER": 2}, {"ONLINE": 8}) == {"ONLINE": 8, "COUNTER": 2}
