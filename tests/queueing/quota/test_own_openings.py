"""A day that opens at a moment of its own, whatever opens the days around it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offices.errors import CalendarInvalid
from offices.models import Office, SpecialDay
from offices.ports import OwnOpening
from offices.rules import WorkingHours
from offices.services import calendar
from offices.services.calendar import SpecialWish
from paspor.kernel.models import AuditEvent
from queueing.quota import errors, openings, rules, snapshots
from queueing.quota.models import Release, Seat, Slot
from queueing.quota.rules import DayState
from queueing.quota.services import days, own_openings, releases
from tests.at_once import at_once
from tests.factories import LONG_AGO, ApplicantFactory
from tests.lock_waits import until_somebody_waits
from tests.queueing.quota.conftest import MONDAY, NOW, book, make_office, officer_of, prepared
from tests.reasons import WHY

SHARES = {"ONLINE": 80, "PRIORITY": 15, "SAME_DAY": 0, "COUNTER": 5}
HOURS = WorkingHours(time(8), time(10), 5, 15, shares=SHARES)
SATURDAY = MONDAY + timedelta(days=5)
# Friday a week before, 10.00 in Jakarta.
MOMENT = datetime(2029, 12, 7, 3, tzinfo=UTC)
LATER = MOMENT + timedelta(days=2)
ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]


@pytest.fixture
def plan(django_capture_on_commit_callbacks):
    """Give a day hours of its own, and let what stands follow."""

    def plan(office: Office, day: date = SATURDAY, now: datetime = NOW, **changes) -> SpecialDay:
        wish = replace(SpecialWish(day, "Sabtu tambahan", HOURS, opens_at=MOMENT), **changes)
        with django_capture_on_commit_callbacks(execute=True):
            return calendar.set_special_day(
                officer=officer_of(office),
                office=office,
                wish=wish,
                why=WHY,
                now=now,
                is_approved=True,
            )

    return plan


def spans(office: Office) -> list[tuple[int, int]]:
    """Of its releases, as days after MONDAY."""
    rows = office.releases.order_by("first_day")
    return [((row.first_day - MONDAY).days, (row.last_day - MONDAY).days) for row in rows]


def shown_from(day: date) -> set[datetime]:
    return set(Seat.objects.filter(slot__day=day).values_list("visible_at", flat=True))


@given(zone=st.sampled_from(ZONES), minute=st.integers(0, 24 * 60 - 1), ahead=st.integers(-3, 120))
def test_a_moment_is_before_its_day_by_the_office_clock(zone, minute, ahead):
    at = time(minute // 60, minute % 60)
    opens_at = rules.instant(SATURDAY - timedelta(days=ahead), at, ZoneInfo(zone))
    long_before = opens_at - timedelta(minutes=1)

    if 1 <= ahead <= rules.FARTHEST_DAYS:
        rules.check_own_opening(SATURDAY, opens_at, long_before, ZoneInfo(zone))
        with pytest.raises(errors.OpeningPast):
            rules.check_own_opening(SATURDAY, opens_at, opens_at, ZoneInfo(zone))
    else:
        refusal = errors.OpeningTooLate if ahead < 1 else errors.OpeningTooEarly
        with pytest.raises(refusal):
            rules.check_own_opening(SATURDAY, opens_at, long_before, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("after", "outcome"), [(None, "BOOKED"), (timedelta(days=2), "FULL"), (timedelta(0), "FULL")]
)
def test_nobody_books_the_extra_day_before_its_moment(office, plan, after, outcome):
    """By the database's own clock, which the claim goes by. Without a moment it is open."""
    now = timezone.now() - timedelta(minutes=1)
    today = office.today(now)
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 + 7)
    opening = releases.Opening(today, saturday + timedelta(days=3), now)
    release = releases.plan_release(office=office, opening=opening, officer=None, now=now)
    releases.prepare(release=release, now=now)

    opens_at = None if after is None else now + after + timedelta(minutes=5)
    plan(office, saturday, now, opens_at=opens_at)

    slot = Slot.objects.filter(day=saturday).earliest("starts_at")
    assert slot.seats.count() == 20
    assert book(slot.pk, [ApplicantFactory()], code="SATU")[0] == outcome


def test_citizens_are_told_when_the_day_opens(office, plan):
    prepared(office, days=7)

    plan(office)

    day = snapshots.take(office, NOW).days[SATURDAY]
    asked = rules.Asked(people=1, channel="ONLINE", not_before=NOW)
    word = rules.day_word(day, asked, NOW)
    assert (word.state, word.opens_at) == (DayState.NOT_OPEN, MOMENT)


def test_without_a_moment_it_opens_with_its_release(office, plan):
    prepared(office, days=7)

    plan(office, opens_at=None)

    assert shown_from(SATURDAY) == {NOW}
    assert spans(office) == [(0, 6)]


def test_the_days_around_it_keep_their_moment_and_their_seats(office, plan):
    prepared(office, days=12)
    before = dict(Slot.objects.values_list("code", "release__opens_at"))

    plan(office)

    after = Slot.objects.exclude(day=SATURDAY)
    assert dict(after.values_list("code", "release__opens_at")) == before
    assert spans(office) == [(0, 4), (5, 5), (6, 11)]
    assert all(slot.release.first_day <= slot.day <= slot.release.last_day for slot in after)
    event = AuditEvent.objects.get(act="set_opening")
    assert (event.stream, event.reason, event.detail["opens_at"]) == (
        office.code,
        WHY.reason,
        MOMENT.isoformat(),
    )


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(zone=st.sampled_from(ZONES), moves=st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_releases_cover_each_day_once_whatever_is_taken_out(db, zone, moves):
    office = make_office(zone)
    opening = releases.Opening(MONDAY, MONDAY + timedelta(days=6), LATER)
    release = releases.plan_release(office=office, opening=opening, officer=None, now=NOW)
    releases.prepare(release=release, now=NOW)
    officer = officer_of(office)

    for nth in moves:
        wish = OwnOpening(office, MONDAY + timedelta(days=nth), MOMENT)
        own_openings.set_opening(wish, officer=officer, why=WHY, now=NOW)

    covered = [nth for first, last in spans(office) for nth in range(first, last + 1)]
    assert covered == list(range(7))
    for slot in Slot.objects.filter(office=office).select_related("release"):
        expected = MOMENT if (slot.day - MONDAY).days in moves else LATER
        assert slot.release.first_day <= slot.day <= slot.release.last_day
        assert slot.release.opens_at == expected
        assert set(slot.seats.values_list("visible_at", flat=True)) == {expected}


def test_a_day_that_no_release_covers_is_announced_and_prepared_in_time(office, plan):
    plan(office)

    (own,) = office.releases.all()
    assert (own.first_day, own.last_day, own.opens_at) == (SATURDAY, SATURDAY, MOMENT)
    assert not Slot.objects.exists()
    releases.plan_due(NOW)
    assert (5, 5) in spans(office)
    assert own in releases.prepare_due(MOMENT - timedelta(minutes=10))
    assert shown_from(SATURDAY) == {MOMENT}


def test_a_day_that_is_still_to_open_can_open_sooner_or_later(office, plan):
    prepared(office, days=7, opens_at=LATER)
    plan(office)
    taken = Slot.objects.filter(day=SATURDAY).earliest("starts_at").seats.earliest("pk")
    Seat.objects.filter(pk=taken.pk).update(taken=True)

    plan(office, opens_at=LATER + timedelta(days=1))

    assert shown_from(SATURDAY) == {LATER + timedelta(days=1)}
    assert shown_from(MONDAY) == {LATER}
    taken.refresh_from_db()
    assert taken.taken


def test_the_next_opening_of_the_office_is_that_of_the_day(office, plan):
    prepared(office, days=7)
    plan(office)

    assert openings.next_openings([office], NOW) == {office.pk: MOMENT}


def test_what_is_open_stays_open(office, plan):
    prepared(office, days=7)
    slot = Slot.objects.filter(day=MONDAY).earliest("starts_at")
    book(slot.pk, [ApplicantFactory()], code="SATU")

    with pytest.raises(errors.DayAlreadyOpened):
        plan(office, MONDAY)

    assert shown_from(MONDAY) == {LONG_AGO}
    assert not SpecialDay.objects.exists()


def test_a_closed_day_opens_again_at_its_moment(office, plan):
    prepared(office, days=7)
    plan(office, MONDAY, hours=None)

    plan(office, MONDAY)

    assert Slot.objects.filter(day=MONDAY, closed_at=None).count() == 2
    assert shown_from(MONDAY) == {MOMENT}


def test_a_later_change_that_names_no_moment_keeps_it(office, plan):
    prepared(office, days=7)
    plan(office)

    plan(office, hours=replace(HOURS, stations=6), opens_at=None)

    assert Seat.objects.filter(slot__day=SATURDAY).count() == 48
    assert shown_from(SATURDAY) == {MOMENT}


def test_a_closure_asks_for_no_moment(office, plan):
    prepared(office, days=7)
    plan(office, MONDAY, hours=None)
    assert spans(office) == [(0, 6)]


def test_a_preparing_that_was_under_way_leaves_the_day_to_its_own_release(office, plan):
    opening = releases.Opening(MONDAY, MONDAY + timedelta(days=6), NOW)
    stale = releases.plan_release(office=office, opening=opening, officer=None, now=NOW)
    plan(office)

    releases.prepare(release=stale, now=NOW)

    assert not Slot.objects.filter(day=SATURDAY).exists()
    releases.prepare_due(MOMENT - timedelta(minutes=10))
    assert shown_from(SATURDAY) == {MOMENT}
    assert shown_from(MONDAY) == {NOW}


@pytest.mark.parametrize(
    ("day", "opens_at", "refusal"),
    [
        (SATURDAY, NOW, errors.OpeningPast),
        (SATURDAY, datetime(2029, 12, 14, 17, tzinfo=UTC), errors.OpeningTooLate),
        (SATURDAY + timedelta(days=140), MOMENT, errors.OpeningTooEarly),
        (NOW.date() - timedelta(days=1), MOMENT, CalendarInvalid),
    ],
)
def test_other_moments_are_refused_and_nothing_is_changed(office, plan, day, opens_at, refusal):
    prepared(office, days=7)

    with pytest.raises(refusal):
        plan(office, day, opens_at=opens_at)

    assert not SpecialDay.objects.exists()
    assert Release.objects.count() == 1


def test_who_waits_for_the_release_finds_the_one_that_has_the_day_now(committed_db: str) -> None:
    """Thursday's hours change while Wednesday gets a release of its own: three parts of one."""
    office = make_office()
    prepared(office, days=7, opens_at=LATER)
    officer, holds = officer_of(office), Event()

    @transaction.atomic
    def take_out() -> None:
        wish = OwnOpening(office, MONDAY + timedelta(days=2), MOMENT)
        own_openings.set_opening(wish, officer=officer, why=WHY, now=NOW)
        holds.set()
        until_somebody_waits()

    @transaction.atomic
    def find() -> Release | None:
        assert holds.wait(5)
        return days.lock_release_of(office, MONDAY + timedelta(days=3))

    _done, found = at_once([take_out, find])

    assert found is not None
    assert (found.first_day - MONDAY).days == 3
