from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspor.kernel.errors import DomainError
from queueing.booking import errors, rules

WIB, WITA, WIT = (ZoneInfo(f"Asia/{name}") for name in ("Jakarta", "Makassar", "Jayapura"))
STARTS = datetime(2026, 11, 24, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(minutes=60)


@pytest.mark.parametrize("count", [1, 5])
def test_one_to_five_people_may_come_together(count: int) -> None:
    rules.check_group([f"p{n}" for n in range(count)])


@pytest.mark.parametrize("count", [0, 6])
def test_nobody_and_six_people_are_refused(count: int) -> None:
    with pytest.raises(errors.GroupSize):
        rules.check_group([f"p{n}" for n in range(count)])


def test_same_person_twice_is_refused() -> None:
    with pytest.raises(errors.SamePersonTwice):
        rules.check_group(["a", "b", "a"])


def test_booking_ends_sixty_minutes_before() -> None:
    rules.check_time_to_book(starts_at=STARTS, cutoff=HOUR, now=STARTS - HOUR - SECOND)
    with pytest.raises(errors.TooLateToBook):
        rules.check_time_to_book(starts_at=STARTS, cutoff=HOUR, now=STARTS - HOUR)


def test_past_slot_is_too_late_whatever_the_cutoff() -> None:
    with pytest.raises(errors.TooLateToBook):
        rules.check_time_to_book(starts_at=STARTS, cutoff=timedelta(0), now=STARTS)


def test_release_opens_at_its_very_moment() -> None:
    rules.check_open(closed_at=None, opens_at=STARTS, is_active=True, now=STARTS)
    with pytest.raises(errors.NotOpenYet):
        rules.check_open(closed_at=None, opens_at=STARTS, is_active=True, now=STARTS - SECOND)


@pytest.mark.parametrize(("closed_at", "is_active"), [(STARTS, True), (None, False)])
def test_closed_hour_and_resting_office_are_refused(closed_at: datetime, is_active: bool) -> None:
    with pytest.raises(errors.SlotClosed):
        rules.check_open(closed_at=closed_at, opens_at=STARTS, is_active=is_active, now=STARTS)


@pytest.mark.parametrize("channel", ["ONLINE", "PRIORITY"])
def test_citizens_use_online_and_priority(channel: str) -> None:
    rules.check_channel_for_citizen(channel)


@pytest.mark.parametrize("channel", ["COUNTER", "SAME_DAY", "", "online"])
def test_other_channels_are_not_for_citizens(channel: str) -> None:
    with pytest.raises(errors.ChannelNotForCitizens):
        rules.check_channel_for_citizen(channel)


@pytest.mark.parametrize(
    ("kind", "channel", "offered"),
    [
        ("KANIM", "PRIORITY", True),
        ("ULP", "PRIORITY", True),
        ("UKK", "PRIORITY", False),
        ("LTSP", "PRIORITY", False),
        ("MPP", "PRIORITY", False),
        ("MPP", "SAME_DAY", False),
        ("MPP", "ONLINE", True),
        ("LTSP", "COUNTER", True),
    ],
)
def test_small_sites_have_online_and_counter_only(kind: str, channel: str, offered: bool) -> None:
    assert rules.offers_channel(kind, channel) is offered


def test_one_entitled_person_brings_the_family() -> None:
    rules.check_priority("PRIORITY", ["", "", "ELDERLY"])
    rules.check_priority("ONLINE", ["", ""])
    with pytest.raises(errors.PriorityNeedsEntitlement):
        rules.check_priority("PRIORITY", ["", ""])


def test_only_passport_types_of_the_office_are_taken() -> None:
    rules.check_passport_types(["REGULAR"], ["REGULAR", "ELECTRONIC"])
    with pytest.raises(errors.PassportTypeNotOffered):
        rules.check_passport_types(["REGULAR", "POLYCARBONATE"], ["REGULAR"])


@pytest.mark.parametrize(
    ("birth_date", "day", "age"),
    [
        (date(2000, 5, 17), date(2026, 5, 16), 25),
        (date(2000, 5, 17), date(2026, 5, 17), 26),
        (date(2020, 2, 29), date(2025, 2, 28), 4),
        (date(2020, 2, 29), date(2025, 3, 1), 5),
    ],
)
def test_age_is_counted_in_completed_years(birth_date: date, day: date, age: int) -> None:
    assert rules.age_on(day, birth_date) == age


ENTITLED = {"day": date(2026, 11, 24), "elderly_from": 60}


@pytest.mark.parametrize(
    ("entitlement", "birth_date", "sex"),
    [
        ("ELDERLY", date(1966, 11, 24), "M"),
        ("UNDER_FIVE", date(2021, 11, 25), "F"),
        ("DISABLED", date(1990, 1, 1), "M"),
        ("PREGNANT", date(1990, 1, 1), "F"),
        ("PREGNANT", date(1990, 1, 1), ""),
        ("ELDERLY", None, ""),
        ("", date(1990, 1, 1), "M"),
    ],
)
def test_plausible_entitlement_is_believed(
    entitlement: str, birth_date: date | None, sex: str
) -> None:
    rules.check_entitlement(entitlement, birth_date=birth_date, sex=sex, **ENTITLED)


@pytest.mark.parametrize(
    ("entitlement", "birth_date", "sex"),
    [
        ("ELDERLY", date(1966, 11, 25), "F"),
        ("UNDER_FIVE", date(2021, 11, 24), "F"),
        ("PREGNANT", date(1990, 1, 1), "M"),
        ("PREGNANT", None, "M"),
    ],
)
def test_entitlement_against_birth_date_or_sex_is_refused(
    entitlement: str, birth_date: date | None, sex: str
) -> None:
    with pytest.raises(errors.EntitlementImplausible):
        rules.check_entitlement(entitlement, birth_date=birth_date, sex=sex, **ENTITLED)


def test_ltsp_wants_a_referral_for_one_person() -> None:
    rules.check_referral_given(needs_referral=False, referral_code="", people=5)
    rules.check_referral_given(needs_referral=True, referral_code="X", people=1)
    with pytest.raises(errors.ReferralNeeded):
        rules.check_referral_given(needs_referral=True, referral_code="", people=1)
    with pytest.raises(errors.GroupSize):
        rules.check_referral_given(needs_referral=True, referral_code="X", people=2)


@pytest.mark.parametrize(
    ("same_office", "used", "expires_at"),
    [
        (False, False, STARTS + SECOND),
        (True, True, STARTS + SECOND),
        (True, False, STARTS),
    ],
)
def test_referral_of_another_office_used_or_expired_is_refused(
    same_office: bool, used: bool, expires_at: datetime
) -> None:
    rules.check_referral(same_office=True, used=False, expires_at=STARTS + SECOND, now=STARTS)
    with pytest.raises(errors.ReferralInvalid):
        rules.check_referral(same_office=same_office, used=used, expires_at=expires_at, now=STARTS)


@pytest.mark.parametrize(
    ("zone", "last_minute"),
    [
        (WIB, datetime(2026, 11, 23, 16, 59, tzinfo=UTC)),
        (WITA, datetime(2026, 11, 23, 15, 59, tzinfo=UTC)),
        (WIT, datetime(2026, 11, 23, 14, 59, tzinfo=UTC)),
    ],
)
def test_moving_ends_at_midnight_before_by_the_offices_clock(
    zone: ZoneInfo, last_minute: datetime
) -> None:
    until = rules.moves_until(day=date(2026, 11, 24), zone=zone, starts_at=STARTS, no_fault=False)
    terms = {"until": until, "moves_used": 0, "moves_allowed": 1, "no_fault": False}
    rules.check_move(**terms, now=last_minute + 59 * SECOND)
    with pytest.raises(errors.TooLateToMove):
        rules.check_move(**terms, now=last_minute + 60 * SECOND)


@given(
    day=st.dates(date(2026, 1, 1), date(2035, 12, 31)),
    zone=st.sampled_from([WIB, WITA, WIT, ZoneInfo("Asia/Pontianak")]),
    minutes=st.integers(-3000, 3000),
)
def test_moving_is_open_exactly_while_the_office_has_an_earlier_date(
    day: date, zone: ZoneInfo, minutes: int
) -> None:
    until = rules.move_ends(day, zone)
    now = until.astimezone(UTC) + timedelta(minutes=minutes)

    assert (now < until) == (now.astimezone(zone).date() < day)


def test_second_move_of_ones_own_is_refused() -> None:
    terms = {"until": STARTS, "moves_allowed": 1, "now": STARTS - HOUR}
    rules.check_move(**terms, moves_used=0, no_fault=False)
    with pytest.raises(errors.MoveUsed):
        rules.check_move(**terms, moves_used=1, no_fault=False)


def test_moving_has_no_limit_where_the_fault_is_ours() -> None:
    until = rules.moves_until(day=date(2026, 11, 24), zone=WIB, starts_at=STARTS, no_fault=True)
    assert until == STARTS
    rules.check_move(until=until, moves_used=9, moves_allowed=1, no_fault=True, now=STARTS - SECOND)


def test_cancelling_ends_when_the_slot_starts() -> None:
    rules.check_cancel(starts_at=STARTS, now=STARTS - SECOND)
    with pytest.raises(errors.TooLateToCancel):
        rules.check_cancel(starts_at=STARTS, now=STARTS)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"HELD"}, "HELD"),
        ({"BOOKED", "CANCELLED"}, "BOOKED"),
        ({"BOOKED", "CHECKED_IN", "SERVED"}, "CHECKED_IN"),
        ({"SERVED", "NO_SHOW"}, "SERVED"),
        ({"MOVED", "CANCELLED"}, "MOVED"),
        ({"CANCELLED", "EXPIRED"}, "CANCELLED"),
    ],
)
def test_a_bookings_state_follows_from_its_places(states: set[str], expected: str) -> None:
    assert rules.state_of(states, held_until=None, now=STARTS) == expected


def test_a_hold_that_ran_out_reads_expired_at_once() -> None:
    assert rules.state_of({"HELD"}, held_until=STARTS, now=STARTS - SECOND) == "HELD"
    assert rules.state_of({"HELD"}, held_until=STARTS, now=STARTS) == "EXPIRED"


def test_an_act_needs_somebody_in_a_fitting_state() -> None:
    rules.check_states({"BOOKED"}, ["BOOKED", "HELD"])
    for states in ({"BOOKED", "SERVED"}, set()):
        with pytest.raises(errors.WrongState):
            rules.check_states(states, ["BOOKED", "HELD"])


def test_officers_reserves_become_online_when_moved() -> None:
    assert rules.channel_after_move("PRIORITY") == "PRIORITY"
    assert rules.channel_after_move("COUNTER") == "ONLINE"


@pytest.mark.parametrize(
    ("hour_utc", "zone", "quiet"),
    [(0, WIB, True), (1, WIB, False), (0, WITA, False), (13, WIB, True), (12, WIB, False)],
)
def test_night_is_by_the_offices_clock(hour_utc: int, zone: ZoneInfo, quiet: bool) -> None:
    at = datetime(2026, 11, 24, hour_utc, tzinfo=UTC)
    assert rules.is_quiet(at, zone, from_hour=8, to_hour=20) is quiet


def without_code():
    rules.check_referral_given(needs_referral=True, referral_code="", people=1)


def with_used_code():
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    rules.check_referral(same_office=True, used=True, expires_at=moment, now=moment)


@pytest.mark.parametrize("refuse", [without_code, with_used_code])
def test_referral_that_is_refused_has_words_at_its_field(refuse):
    with pytest.raises(DomainError) as refusal:
        refuse()

    assert refusal.value.fields["referral_code"] == [refusal.value.message]


@pytest.mark.parametrize(
    ("chosen", "free", "hours"),
    [
        (["", "", ""], 2, ["a", "a", "b"]),
        (["", ""], 5, ["a", "a"]),
        (["", ""], 0, ["b", "b"]),
        (["b", "", "", ""], 2, ["b", "a", "a", "b"]),
        (["", "", "a"], 2, ["a", "b", "a"]),
        (["a", "a", ""], 1, ["a", "a", "b"]),
    ],
)
def test_first_hour_is_filled_by_those_who_chose_none(
    chosen: list[str], free: int, hours: list[str]
) -> None:
    grown = [False] * len(chosen)

    assert rules.spread(chosen, grown, hours=("a", "b"), free=(free, 5)) == hours


@pytest.mark.parametrize(
    ("people", "free", "hours"),
    [
        # As they stand, where nobody is alone so.
        ("AAAcc", (4, 1), "aabaa"),
        ("AAccA", (3, 2), "aaabb"),
        # Two adults, two children: one adult in each hour.
        ("AAcc", (2, 2), "abab"),
        ("AAcc", (3, 2), "abaa"),
        ("ccAA", (2, 2), "abab"),
        ("AccA", (3, 1), "aaab"),
        ("AAccc", (3, 2), "abaab"),
        # One adult: all together where they fit, else as few alone as can be.
        ("Ac", (1, 2), "bb"),
        ("cA", (1, 2), "bb"),
        ("Accc", (3, 2), "aaab"),
        ("Accc", (2, 3), "babb"),
        ("cc", (1, 1), "ab"),
        # More than fit: the second hour says so.
        ("AAcc", (1, 1), "abbb"),
    ],
)
def test_no_hour_has_children_alone_where_it_can_be_helped(
    people: str, free: tuple[int, int], hours: str
) -> None:
    children = [one == "c" for one in people]

    told = rules.spread([""] * len(people), children, hours=("a", "b"), free=free)

    assert "".join(told) == hours


def test_child_who_chose_no_hour_joins_the_adult_who_chose_one() -> None:
    chosen, children = ["b", "", ""], [False, True, False]

    assert rules.spread(chosen, children, hours=("a", "b"), free=(1, 2)) == ["b", "b", "a"]


def test_people_of_a_part_are_numbered_as_in_the_whole() -> None:
    faults = {1: {"kind": ["x"]}, 0: {"slot": ["y"]}}
    part = errors.HourOfTwoTooSmall(
        faults=faults, fields={"referral_code": ["z"]}, extras={"free": 1}, people=2
    )

    whole = part.renumbered([4, 2])
    named = whole.named(lambda number, name: f"places.{number}.{name}")

    assert whole.faults == {2: {"kind": ["x"]}, 4: {"slot": ["y"]}}
    fields = {"places.2.kind": ["x"], "places.4.slot": ["y"], "referral_code": ["z"]}
    assert named.fields == fields
    assert (named.extras, named.params, named.code) == ({"free": 1}, {"people": 2}, "slot_full")
    assert (part.faults, part.fields) == (faults, {"referral_code": ["z"]})
