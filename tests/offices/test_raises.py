"""Small steps of quota count as one, and an approval fits the very wish that it was given for."""

from dataclasses import replace
from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from accounts.models import User
from offices.models import Approval, Office, OpeningHours
from offices.services import approvals, calendar, posts, raises
from offices.services.calendar import HoursWish, SpecialWish
from offices.services.posts import PostWish
from paspor.kernel import audit
from paspor.kernel.errors import NeedsApproval
from paspor.kernel.models import AuditEvent
from tests.factories import OpeningHoursFactory, SpecialDayFactory, UserFactory
from tests.offices.calendar_follower import HOURS, TODAY, Follower
from tests.offices.calendar_follower import follower as follower
from tests.offices.conftest import NOW
from tests.reasons import WHY

pytestmark = pytest.mark.django_db

NEXT = TODAY + timedelta(days=7)


@pytest.fixture
def planner(officer, kanim) -> User:
    return officer("PLANNER", kanim)


@pytest.fixture
def usual(kanim: Office) -> OpeningHours:
    return OpeningHoursFactory(office=kanim, weekday=0, stations=10)  # 240 seats


def set_hours(officer: User, office: Office, stations: int = 10, **changes: object) -> OpeningHours:
    hours = replace(HOURS, stations=stations, **changes.pop("hours", {}))
    wish = replace(HoursWish(0, TODAY, None, hours), **changes)
    return calendar.set_hours(officer=officer, office=office, wish=wish, why=WHY, now=NOW)


def set_day(officer: User, office: Office, stations: int, day: date = TODAY) -> None:
    wish = SpecialWish(day, "Uji", replace(HOURS, stations=stations))
    calendar.set_special_day(officer=officer, office=office, wish=wish, why=WHY, now=NOW)


def approve(refusal: NeedsApproval, officer: User, second: User) -> Approval:
    approval = approvals.ask(request=refusal.request, officer=officer, reason="uji", now=NOW)
    return approvals.grant(approval=approval, second=second, used_second_factor=True, now=NOW)


def test_small_steps_count_as_one(planner, kanim, usual):
    set_hours(planner, kanim, 12)

    for valid_from in (TODAY, NEXT):
        with pytest.raises(NeedsApproval):
            set_hours(planner, kanim, 13, valid_from=valid_from)


def test_rises_are_not_measured_by_the_log(planner, kanim, usual, monkeypatch):
    """Its rows are evidence: without their detail the steps still count as one."""

    def bare(act: str, *, detail: dict[str, object], **columns: object) -> AuditEvent:
        return audit.record(f"old_{act}", **columns)

    monkeypatch.setattr(calendar, "audit", SimpleNamespace(record=bare))
    set_hours(planner, kanim, 12)

    with pytest.raises(NeedsApproval):
        set_hours(planner, kanim, 13)


def test_agreed_rise_begins_anew(planner, kanim, usual, officer):
    set_hours(planner, kanim, 12)
    with pytest.raises(NeedsApproval) as caught:
        set_hours(planner, kanim, 13)
    approve(caught.value, planner, officer("HEAD", kanim))
    set_hours(planner, kanim, 13)

    set_hours(planner, kanim, 16)
    with pytest.raises(NeedsApproval):
        set_hours(planner, kanim, 17)


def test_lowering_first_opens_no_way(planner, kanim, usual):
    set_hours(planner, kanim, 4)

    set_hours(planner, kanim, 12)
    with pytest.raises(NeedsApproval):
        set_hours(planner, kanim, 13)


def test_small_steps_from_nothing_count_from_the_first_quota(planner, kanim):
    set_hours(planner, kanim, 10)
    set_hours(planner, kanim, 12)

    with pytest.raises(NeedsApproval):
        set_hours(planner, kanim, 13)


def test_every_stretch_of_the_span_is_looked_at(planner, kanim, usual):
    """A month with fewer stations: the wish is a rise there, and only there."""
    OpeningHoursFactory(
        office=kanim, stations=4, valid_from=date(2027, 1, 4), valid_to=date(2027, 1, 31)
    )
    set_hours(planner, kanim, 11)

    with pytest.raises(NeedsApproval):
        set_hours(planner, kanim, 11, valid_from=date(2027, 1, 4))


def test_end_of_a_short_limit_counts_as_a_rise(planner, kanim):
    OpeningHoursFactory(office=kanim, stations=30)
    limit = OpeningHoursFactory(office=kanim, stations=10, valid_from=date(2021, 1, 1))

    with pytest.raises(NeedsApproval):
        calendar.end_hours(officer=planner, row=limit, last_day=TODAY, why=WHY, now=NOW)


def test_longer_hours_count_as_a_rise(planner, kanim, usual):
    row = OpeningHoursFactory(
        office=kanim, stations=30, valid_from=date(2026, 11, 1), valid_to=TODAY
    )

    with pytest.raises(NeedsApproval):
        calendar.end_hours(officer=planner, row=row, last_day=NEXT, why=WHY, now=NOW)


def test_days_behind_a_shortened_wish_count(planner, kanim):
    OpeningHoursFactory(office=kanim, stations=30)
    OpeningHoursFactory(office=kanim, stations=10, valid_from=TODAY)

    with pytest.raises(NeedsApproval):
        set_hours(planner, kanim, 10, valid_to=TODAY)


def test_small_steps_of_one_day_count_as_one(planner, kanim, usual):
    set_hours(planner, kanim, 12)

    set_day(planner, kanim, 12, NEXT)
    with pytest.raises(NeedsApproval):
        set_day(planner, kanim, 13, NEXT)
    assert raises.quota_of_day(kanim, NEXT) == 240


def test_day_of_its_own_is_not_measured_by_the_usual_hours(planner, kanim, usual):
    SpecialDayFactory(
        office=kanim,
        day=NEXT,
        kind="EXTRA",
        opens=time(8),
        closes=time(12),
        stations=2,
        minutes=15,
    )
    set_hours(planner, kanim, 11)

    with pytest.raises(NeedsApproval):
        set_day(planner, kanim, 10, NEXT)


def test_people_in_an_hour_that_vanishes_take_two(planner, kanim, usual, follower: Follower):
    follower.booked = 1
    set_hours(planner, kanim, 9)

    with pytest.raises(NeedsApproval):
        set_hours(planner, kanim, 10, hours={"opens": time(9)})
    wish = SpecialWish(NEXT, "Uji", replace(HOURS, opens=time(9)))
    with pytest.raises(NeedsApproval):
        calendar.set_special_day(officer=planner, office=kanim, wish=wish, why=WHY, now=NOW)


@pytest.mark.parametrize(
    "other",
    [
        {"valid_to": NEXT},
        {"hours": {"opens": time(7), "closes": time(14)}},
        {"stations": 26, "hours": {"minutes": 30}},
        {"hours": {"shares": {"ONLINE": 0, "PRIORITY": 0, "SAME_DAY": 0, "COUNTER": 100}}},
    ],
)
def test_yes_to_hours_fits_no_others_of_the_same_quota(planner, kanim, usual, officer, other: dict):
    with pytest.raises(NeedsApproval) as caught:
        set_hours(planner, kanim, 13)
    approval = approve(caught.value, planner, officer("HEAD", kanim))

    with pytest.raises(NeedsApproval):
        set_hours(planner, kanim, **({"stations": 13} | other))
    assert (approval.seats_before, approval.seats_after) == (240, 312)
    assert "13 loket" in approval.told
    assert "daring 80 %" in approval.told
    assert set_hours(planner, kanim, 13).stations == 13


def test_channels_are_named_in_the_language_of_who_asks(planner, kanim, usual):
    with translation.override("en"), pytest.raises(NeedsApproval) as caught:
        set_hours(planner, kanim, 13)

    assert "online 80 %" in caught.value.request.words


@pytest.mark.parametrize("other", ["starts_at", "ends_at"])
def test_yes_to_a_post_fits_its_time_alone(officer, kanim, other: str):
    first, second = officer("SISTIK"), officer("SISTIK")
    wish = PostWish(UserFactory(), "HEAD", kanim, None, NOW + timedelta(days=30))
    with pytest.raises(NeedsApproval) as caught:
        posts.appoint(officer=first, wish=wish, now=NOW)
    approval = approve(caught.value, first, second)

    another = replace(wish, **{other: NOW + timedelta(days=9)})
    with pytest.raises(NeedsApproval):
        posts.appoint(officer=first, wish=another, now=NOW)
    assert "23 Desember 2026" in approval.told
    later = NOW + timedelta(hours=1)
    assert posts.appoint(officer=first, wish=wish, now=later).starts_at == later


def test_a_day_that_had_none_is_held_against_the_largest_usual_day(planner, kanim, usual):
    saturday = TODAY + timedelta(days=5 - TODAY.weekday())
    set_day(planner, kanim, 12, saturday)  # a fifth more than the usual ten stations

    sunday = saturday + timedelta(days=1)
    with pytest.raises(NeedsApproval):
        set_day(planner, kanim, 13, sunday)
    with pytest.raises(NeedsApproval):
        set_hours(planner, kanim, 13, weekday=6)


def test_an_office_without_hours_gets_its_first_ones_freely(planner, kanim):
    set_day(planner, kanim, 30, NEXT)
    set_hours(planner, kanim, 30, weekday=2)

    assert kanim.special_days.get().stations == kanim.opening_hours.get().stations == 30
