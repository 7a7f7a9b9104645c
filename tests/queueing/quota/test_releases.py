"""Planning releases and making their seats."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offices.models import Office, OpeningHours, SpecialDay
from offices.rules import split_channels
from paspor.kernel import sharing
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.quota import errors, snapshots
from queueing.quota.models import Channel, Release, Seat, Slot
from queueing.quota.services import releases
from queueing.quota.services.releases import Opening
from tests.at_once import at_once
from tests.factories import OfficeFactory, SlotFactory
from tests.queueing.quota.conftest import MONDAY, NOW, make_office, officer_of, prepared
from tests.reasons import WHY

FRIDAY_14_WIB = datetime(2029, 12, 7, 7, tzinfo=UTC)


def counted(office: Office) -> Counter[str]:
    return Counter(Seat.objects.filter(slot__office=office).values_list("channel", flat=True))


def test_prepared_days_hold_what_the_calendar_gives(office: Office) -> None:
    release = prepared(office, days=7, opens_at=FRIDAY_14_WIB)

    slots = Slot.objects.filter(office=office).order_by("starts_at")
    assert slots.count() == 10  # five working days of two hours
    assert counted(office) == {"ONLINE": 160, "PRIORITY": 30, "COUNTER": 10}
    assert set(Seat.objects.values_list("visible_at", flat=True)) == {FRIDAY_14_WIB}
    assert [slot.hour for slot in slots[:2]] == [time(8), time(9)]
    assert release.prepared_at == NOW
    assert AuditEvent.objects.filter(act="prepare_release", stream=office.code).count() == 1


def test_seats_are_numbered_from_one_in_each_slot(office: Office) -> None:
    prepared(office)

    for slot in Slot.objects.all():
        numbers = slot.seats.order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, 21))


@pytest.mark.parametrize(
    ("zone", "first_hour"),
    [("Asia/Jakarta", 1), ("Asia/Pontianak", 1), ("Asia/Makassar", 0), ("Asia/Jayapura", -1)],
)
def test_a_slot_knows_its_local_day_and_its_instant(db: None, zone: str, first_hour: int) -> None:
    office = make_office(zone)
    prepared(office)

    slot = Slot.objects.filter(office=office).earliest("starts_at")

    midnight = datetime(2029, 12, 10, tzinfo=UTC)
    assert (slot.day, slot.hour) == (MONDAY, time(8))
    assert slot.starts_at == midnight + timedelta(hours=first_hour)
    assert slot.ends_at == slot.starts_at + timedelta(hours=1)


def test_hours_after_midnight_utc_belong_to_the_local_day(db: None) -> None:
    office = make_office("Asia/Jayapura", opens=time(0), closes=time(23, 59))
    prepared(office)

    assert set(Slot.objects.values_list("day", flat=True)) == {MONDAY}
    assert Slot.objects.count() == 24


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    stations=st.integers(1, 30),
    minutes=st.integers(3, 90),
    closes=st.times(time(8, 30), time(17)),
    shares=st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(lambda s: sum(s) <= 100),
)
def test_split_and_spread_lose_no_seat_on_the_way_to_the_table(
    db: None, stations: int, minutes: int, closes: time, shares: list[int]
) -> None:
    priority, same_day, counter = shares
    office = make_office(
        closes=closes.replace(second=0, microsecond=0),
        stations=stations,
        minutes=minutes,
        online_share=100 - sum(shares),
        priority_share=priority,
        same_day_share=same_day,
        counter_share=counter,
    )
    prepared(office)

    minutes_open = closes.hour * 60 + closes.minute - 8 * 60
    total = stations * minutes_open // minutes
    by_share = {
        "ONLINE": 100 - sum(shares),
        "PRIORITY": priority,
        "SAME_DAY": same_day,
        "COUNTER": counter,
    }
    assert counted(office) == split_channels(total, by_share)


def test_a_small_office_has_no_priority_seats(db: None) -> None:
    kanim = OfficeFactory()
    office = make_office()
    Office.objects.filter(pk=office.pk).update(kind="UKK", parent=kanim)
    office.refresh_from_db()

    prepared(office)

    assert counted(office) == {"ONLINE": 38, "COUNTER": 2}


def test_preparing_again_changes_nothing(office: Office) -> None:
    release = prepared(office, days=2)
    before = list(Seat.objects.order_by("pk").values())

    assert releases.prepare(release=release, now=NOW) == 0

    assert list(Seat.objects.order_by("pk").values()) == before


def test_a_run_that_was_cut_off_is_gone_on_with(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = Opening(MONDAY, MONDAY + timedelta(days=4), NOW)
    release = releases.plan_release(office=office, opening=opening, officer=None, now=NOW)
    make_hours = releases.make_hours
    done = []

    def crash_on_third_day(*args: object, **kwargs: object) -> int:
        if len(done) == 2:
            raise ConnectionError
        done.append(args)
        return make_hours(*args, **kwargs)

    monkeypatch.setattr(releases, "DAYS_AT_ONCE", 1)
    monkeypatch.setattr(releases, "make_hours", crash_on_third_day)
    with pytest.raises(ConnectionError):
        releases.prepare(release=release, now=NOW)
    monkeypatch.undo()
    assert Slot.objects.count() == 4

    assert releases.due(NOW) == [release]
    assert releases.prepare(release=release, now=NOW) == 120
    assert counted(office).total() == 200
    assert releases.due(NOW) == []


def test_preparing_twice_at_once_makes_each_seat_once(committed_db: str) -> None:
    office = make_office()
    opening = Opening(MONDAY, MONDAY + timedelta(days=11), NOW)
    release = releases.plan_release(office=office, opening=opening, officer=None, now=NOW)

    made = at_once([lambda: releases.prepare(release=release, now=NOW)] * 3)

    assert sum(made) == Seat.objects.count() == 400


def test_a_day_is_made_by_few_statements(
    office: Office, django_assert_max_num_queries: object
) -> None:
    opening = Opening(MONDAY, MONDAY, NOW)
    release = releases.plan_release(office=office, opening=opening, officer=None, now=NOW)

    # Calendar 3, lock and insert 2, marking 3, savepoints 6.
    with django_assert_max_num_queries(16):
        releases.prepare(release=release, now=NOW)


def test_two_releases_never_share_a_day(office: Office) -> None:
    prepared(office, days=7)

    overlapping = Opening(MONDAY + timedelta(days=6), MONDAY + timedelta(days=9), NOW)
    with pytest.raises(errors.DaysAlreadyReleased):
        releases.plan_release(office=office, opening=overlapping, officer=None, now=NOW)


def test_two_planners_at_once_make_one_release(committed_db: str) -> None:
    office = make_office()
    opening = Opening(MONDAY, MONDAY, NOW)

    def plan() -> str:
        try:
            releases.plan_release(office=office, opening=opening, officer=None, now=NOW)
        except errors.DaysAlreadyReleased:
            return "refused"
        return "planned"

    assert sorted(at_once([plan] * 4)) == ["planned", "refused", "refused", "refused"]


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (1, 0, errors.DaysOutOfOrder),
        (-8, 0, errors.DayPast),
        (0, 400, errors.DayTooFar),
    ],
)
def test_impossible_days_are_refused(
    office: Office, first: int, last: int, refusal: type[Exception]
) -> None:
    opening = Opening(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last), NOW)

    with pytest.raises(refusal):
        releases.plan_release(office=office, opening=opening, officer=None, now=NOW)


def test_only_planners_of_the_office_open_quota(office: Office) -> None:
    opening = Opening(MONDAY, MONDAY, NOW)
    for stranger in (officer_of(office, "COUNTER"), officer_of(OfficeFactory())):
        with pytest.raises(NotAllowed):
            releases.plan_release(office=office, opening=opening, officer=stranger, now=NOW)

    planner = officer_of(office, "PLANNER")
    release = releases.plan_release(
        office=office, opening=opening, officer=planner, why=WHY, now=NOW
    )

    assert release.made_by == planner


def test_each_week_one_release_is_planned_up_to_the_horizon(office: Office) -> None:
    [first] = releases.plan_due(NOW)
    assert releases.plan_due(NOW) == []
    [second] = releases.plan_due(FRIDAY_14_WIB)

    assert (first.opens_at, first.first_day) == (FRIDAY_14_WIB, MONDAY - timedelta(days=2))
    assert first.last_day == FRIDAY_14_WIB.date() + timedelta(days=30)
    assert second.opens_at == FRIDAY_14_WIB + timedelta(days=7)
    assert (second.first_day - first.last_day, second.last_day - first.last_day) == (
        timedelta(days=1),
        timedelta(days=7),
    )


def test_offices_that_do_not_serve_get_no_release(db: None) -> None:
    OfficeFactory(is_active=False)

    assert releases.plan_due(NOW) == []


def test_what_opens_within_a_day_is_prepared(office: Office) -> None:
    releases.plan_due(NOW)

    assert releases.prepare_due(FRIDAY_14_WIB - timedelta(hours=25)) == []
    [release] = releases.prepare_due(FRIDAY_14_WIB - timedelta(hours=24))

    assert release.opens_at == FRIDAY_14_WIB
    assert Seat.objects.filter(visible_at=FRIDAY_14_WIB).count() == Seat.objects.count() > 0


def test_an_opening_that_was_missed_is_put_off_for_first_rights(office: Office) -> None:
    releases.plan_due(NOW)
    late = FRIDAY_14_WIB + timedelta(hours=1)

    [release] = releases.prepare_due(late)

    assert release.opens_at == late + timedelta(minutes=5)
    assert set(Seat.objects.values_list("visible_at", flat=True)) == {release.opens_at}
    assert AuditEvent.objects.filter(act="put_off_release").exists()


def test_a_half_made_opening_keeps_its_moment(office: Office) -> None:
    [release] = releases.plan_due(NOW)
    SlotFactory(release=release)

    [prepared_late] = releases.prepare_due(FRIDAY_14_WIB + timedelta(hours=1))

    assert prepared_late.opens_at == FRIDAY_14_WIB


def test_a_holiday_by_the_calendar_gets_no_slot(office: Office) -> None:
    SpecialDay.objects.create(office=office, day=MONDAY, kind="CLOSURE", reason="Gedung direnovasi")

    prepared(office, days=2)

    assert set(Slot.objects.values_list("day", flat=True)) == {MONDAY + timedelta(days=1)}


def test_the_command_opens_what_is_lacking_and_no_more(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = make_office(), make_office("Asia/Jayapura")

    call_command("open_quota", days=7)
    made = Seat.objects.count()
    call_command("open_quota", days=7)

    assert Release.objects.count() == 2
    assert Seat.objects.count() == made > 0
    assert {first.pk, second.pk} == set(Slot.objects.values_list("office", flat=True))
    assert "100%  2/2 offices" in capsys.readouterr().out


def test_the_command_takes_one_office(db: None) -> None:
    chosen, _ = make_office(), make_office()

    call_command("open_quota", days=7, office=chosen.code)

    assert set(Slot.objects.values_list("office", flat=True)) == {chosen.pk}


@pytest.mark.parametrize("options", [{"days": 0}, {"days": 91}, {"office": "TIDAK-ADA"}])
def test_the_command_refuses_nonsense(db: None, options: dict[str, object]) -> None:
    make_office()

    with pytest.raises(CommandError):
        call_command("open_quota", **options)


def test_channels_are_those_of_the_calendar(office: Office) -> None:
    OpeningHours.objects.update(online_share=0, counter_share=85)
    prepared(office)

    assert counted(office) == {Channel.COUNTER: 34, Channel.PRIORITY: 6}


def test_days_that_a_release_by_hand_left_between_open_as_promised(office: Office) -> None:
    """The planner adds two days beyond what is covered; what lies between is no dead end."""
    covered = releases.open_now(office=office, days=20, now=NOW)
    after = covered.last_day + timedelta(days=6)
    by_hand = Opening(after, after + timedelta(days=1), NOW)
    ahead = releases.plan_release(office=office, opening=by_hand, officer=None, now=NOW)
    between = next(
        day
        for day in (covered.last_day + timedelta(days=n) for n in range(1, 6))
        if day.weekday() < 5
    )
    sharing.forget()
    promised = snapshots.take(office, NOW).days[between].opens_at

    planned = {
        day: release.opens_at
        for release in releases.plan_due(NOW)
        for day in days_from(release.first_day, release.last_day)
    }

    assert planned[between] == promised
    assert releases.plan_due(NOW) == []
    assert not set(planned) & set(days_from(ahead.first_day, ahead.last_day))


def test_whoever_opens_by_hand_learns_what_lies_between(office: Office) -> None:
    covered = releases.open_now(office=office, days=20, now=NOW)
    after = covered.last_day + timedelta(days=6)
    by_hand = Opening(after, after, NOW)
    ahead = releases.plan_release(office=office, opening=by_hand, officer=None, now=NOW)

    (left,) = releases.left_between(ahead, NOW)

    assert left.first_day == covered.last_day + timedelta(days=1)
    assert left.last_day == after - timedelta(days=1)
    assert left.opens_at is not None
    assert left.opens_at > NOW


def days_from(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
