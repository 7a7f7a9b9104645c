"""Changing the calendar: who may, what is refused, when two are needed, what follows."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from accounts.models import User
from offices import selectors
from offices.errors import CalendarInvalid, HolidayDecided
from offices.models import Holiday, Office, OpeningHours, SpecialDay
from offices.ports import Span
from offices.services import approvals, calendar, holidays
from offices.services.calendar import HoursWish, SpecialWish
from offices.services.holidays import HolidayWish
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from tests.factories import HolidayFactory, OpeningHoursFactory, SpecialDayFactory
from tests.offices.calendar_follower import HOURS, SHARES, TODAY
from tests.offices.calendar_follower import follower as follower
from tests.offices.conftest import NOW
from tests.reasons import WHY

pytestmark = pytest.mark.django_db

SATURDAY = TODAY + timedelta(days=5)


@pytest.fixture
def planner(officer, kanim) -> User:
    return officer("PLANNER", kanim)


def set_hours(officer: User, office: Office, **changes: object) -> OpeningHours:
    wish = replace(HoursWish(0, TODAY, None, HOURS), **changes)
    return calendar.set_hours(officer=officer, office=office, wish=wish, why=WHY, now=NOW)


def set_day(officer: User, office: Office, **changes: object) -> SpecialDay:
    wish = replace(SpecialWish(SATURDAY, "Layanan akhir pekan", HOURS, "Mal Uji"), **changes)
    return calendar.set_special_day(officer=officer, office=office, wish=wish, why=WHY, now=NOW)


def total(office: Office, day: date) -> int:
    return selectors.plan_of(office, day, day)[day].total


def approve(refusal: NeedsApproval, officer: User, second: User) -> None:
    approval = approvals.ask(request=refusal.request, officer=officer, reason="uji", now=NOW)
    approvals.grant(approval=approval, second=second, used_second_factor=True, now=NOW)


def test_new_hours_take_over_and_are_followed(
    planner, kanim, follower, django_capture_on_commit_callbacks
):
    OpeningHoursFactory(office=kanim, weekday=0, stations=4)
    starts = TODAY + timedelta(days=7)

    with django_capture_on_commit_callbacks(execute=True):
        set_hours(planner, kanim, valid_from=starts, hours=replace(HOURS, stations=3))

    assert (total(kanim, TODAY), total(kanim, starts)) == (96, 72)
    assert follower.told == [(Span(kanim, starts, None, 0), "set_hours")]
    event = AuditEvent.objects.get(act="set_hours")
    assert (event.stream, event.detail["stations"]) == (kanim.code, 3)


@pytest.mark.parametrize(("stations", "is_refused"), [(6, False), (7, True)])
def test_a_quarter_more_takes_two_officers(
    planner, kanim, officer, stations: int, is_refused: bool
):
    OpeningHoursFactory(office=kanim, weekday=0, stations=5)
    wish = {"hours": replace(HOURS, stations=stations)}

    if is_refused:
        with pytest.raises(NeedsApproval) as caught:
            set_hours(planner, kanim, **wish)
        approve(caught.value, planner, officer("HEAD", kanim))
        with pytest.raises(NeedsApproval):  # a yes to 7 stations is none to 8
            set_hours(planner, kanim, hours=replace(HOURS, stations=8))
    assert set_hours(planner, kanim, **wish).stations == stations


def test_hours_that_fall_to_none_with_people_booked_take_two(planner, kanim, follower):
    OpeningHoursFactory(office=kanim, weekday=0)
    follower.booked = 1

    with pytest.raises(NeedsApproval):
        set_hours(planner, kanim, hours=replace(HOURS, stations=0))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes": time(8)}, "closes"),
        ({"break_ends": None}, "break_ends"),
        ({"break_starts": time(7)}, "break_starts"),
        ({"stations": 201}, "stations"),
        ({"stations": -1}, "stations"),
        ({"minutes": 0}, "minutes"),
        ({"break_starts": time(8), "break_ends": time(15)}, "break_starts"),
        ({"closes": time(10), "break_starts": None, "break_ends": None, "minutes": 121}, "minutes"),
        ({"shares": SHARES | {"ONLINE": 79}}, "online_share"),
        ({"shares": SHARES | {"ONLINE": 110, "COUNTER": -25}}, "online_share"),
    ],
)
def test_hours_that_cannot_be_kept_name_the_field(planner, kanim, changes: dict, field: str):
    with pytest.raises(CalendarInvalid) as caught:
        set_hours(planner, kanim, hours=replace(HOURS, **changes))

    assert field in caught.value.fields


@pytest.mark.parametrize(
    "changes",
    [
        # One applicant fills the day.
        {"closes": time(10), "break_starts": None, "break_ends": None, "minutes": 120},
        # A weekday on which nobody serves has no hours to fill.
        {"stations": 0, "break_starts": time(8), "break_ends": time(15)},
    ],
)
def test_hours_that_somebody_can_be_served_in_are_kept(planner, kanim, changes: dict):
    assert set_hours(planner, kanim, hours=replace(HOURS, **changes)).pk


def test_small_site_has_no_priority_lane(planner, kanim):
    kanim.kind, kanim.parent = "KANIM", None
    mpp = Office.objects.get(pk=kanim.pk)
    mpp.pk, mpp.code, mpp.name, mpp.kind, mpp.parent = None, "MPP-U", "MPP U", "MPP", kanim
    mpp.save()

    with pytest.raises(CalendarInvalid) as caught:
        set_hours(planner, mpp)

    assert "priority_share" in caught.value.fields


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": TODAY - timedelta(days=1)},
        {"valid_to": TODAY - timedelta(days=1)},
    ],
)
def test_the_past_stays_as_it_was(planner, kanim, changes: dict):
    with pytest.raises(CalendarInvalid):
        set_hours(planner, kanim, **changes)


def test_today_is_the_offices_own(planner, kanim):
    """21.00 UTC is already tomorrow in Jakarta."""
    late = NOW.replace(hour=21)
    wish = HoursWish(0, TODAY, None, HOURS)

    with pytest.raises(CalendarInvalid):
        calendar.set_hours(officer=planner, office=kanim, wish=wish, why=WHY, now=late)


@pytest.mark.parametrize("role", ["COUNTER", "elsewhere"])
def test_others_do_not_plan(officer, kanim, ulp, role: str):
    user = officer("COUNTER", kanim) if role == "COUNTER" else officer("PLANNER", ulp)

    with pytest.raises(NotAllowed):
        set_hours(user, kanim)
    with pytest.raises(NotAllowed):
        set_day(user, kanim)
    with pytest.raises(NotAllowed):
        holidays.confirm(officer=user, holiday=HolidayFactory(office=kanim), why=WHY, now=NOW)


def test_hours_may_end(planner, kanim):
    row = OpeningHoursFactory(office=kanim, weekday=0)

    calendar.end_hours(officer=planner, row=row, last_day=TODAY, why=WHY, now=NOW)

    assert (total(kanim, TODAY), total(kanim, TODAY + timedelta(days=7))) == (120, 0)


@pytest.mark.parametrize(("another", "is_refused"), [(True, False), (False, True)])
def test_end_with_people_booked_takes_two_unless_others_take_over(
    planner, kanim, follower, another: bool, is_refused: bool
):
    row = OpeningHoursFactory(office=kanim, weekday=0)
    if another:
        OpeningHoursFactory(office=kanim, weekday=0, valid_from=date(2019, 1, 1))
    follower.booked = 1

    if is_refused:
        with pytest.raises(NeedsApproval):
            calendar.end_hours(officer=planner, row=row, last_day=TODAY, why=WHY, now=NOW)
    else:
        calendar.end_hours(officer=planner, row=row, last_day=TODAY, why=WHY, now=NOW)


def test_extra_saturday_is_ordinary_planning(planner, kanim):
    set_day(planner, kanim)

    assert total(kanim, SATURDAY) == 120


def test_closure_with_people_booked_takes_two(planner, kanim, officer, follower):
    follower.booked = 3

    with pytest.raises(NeedsApproval) as caught:
        set_day(planner, kanim, hours=None)
    approve(caught.value, planner, officer("HEAD", kanim))

    assert set_day(planner, kanim, hours=None).kind == SpecialDay.Kind.CLOSURE


def test_closure_without_anyone_booked_takes_one(planner, kanim):
    row = set_day(planner, kanim, hours=None)

    assert (row.kind, row.opens) == (SpecialDay.Kind.CLOSURE, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"day": TODAY - timedelta(days=1)},
        {"day": TODAY},
        {"reason": "  "},
        {"hours": replace(HOURS, stations=0)},
        {"hours": replace(HOURS, minutes=241)},
    ],
)
def test_special_day_that_makes_no_sense_is_refused(planner, kanim, changes: dict):
    with pytest.raises(CalendarInvalid):
        set_day(planner, kanim, **changes)


def test_lifted_day_is_as_usual(planner, kanim, follower, django_capture_on_commit_callbacks):
    OpeningHoursFactory(office=kanim, weekday=0)
    row = SpecialDayFactory(office=kanim, day=TODAY)
    follower.booked = 2  # and the day opens: nobody is harmed

    with django_capture_on_commit_callbacks(execute=True):
        calendar.lift_special_day(officer=planner, row=row, why=WHY, now=NOW)

    assert total(kanim, TODAY) == 120
    assert follower.told == [(Span(kanim, TODAY, TODAY), "lift_special_day")]


def test_lifting_an_extra_day_with_people_booked_takes_two(planner, kanim, follower):
    row = set_day(planner, kanim)
    follower.booked = 1

    with pytest.raises(NeedsApproval):
        calendar.lift_special_day(officer=planner, row=row, why=WHY, now=NOW)


def test_library_proposes_once(kanim):
    first = holidays.propose(year=2026, now=NOW)
    again = holidays.propose(year=2026, now=NOW)

    days = dict(Holiday.objects.values_list("day", "name"))
    assert days[date(2026, 8, 17)].startswith("Hari Kemerdekaan")
    assert any(name.startswith("Cuti Bersama") for name in days.values())
    assert (len(first), again) == (len(days), [])
    assert set(Holiday.objects.values_list("state", flat=True)) == {"PROPOSED"}


def test_only_a_confirmed_holiday_closes(planner, kanim):
    OpeningHoursFactory(office=kanim, weekday=0)
    holiday = HolidayFactory(office=kanim, day=TODAY)
    assert total(kanim, TODAY) == 120

    holidays.confirm(officer=planner, holiday=holiday, why=WHY, now=NOW)
    assert total(kanim, TODAY) == 0
    with pytest.raises(HolidayDecided):
        holidays.confirm(officer=planner, holiday=holiday, why=WHY, now=NOW)

    holidays.decline(officer=planner, holiday=holiday, why=WHY, now=NOW)
    assert total(kanim, TODAY) == 120


def test_national_holiday_is_for_sistik(planner, officer, kanim, follower):
    holiday = HolidayFactory(office=None, day=TODAY)

    with pytest.raises(NotAllowed):
        holidays.confirm(officer=planner, holiday=holiday, why=WHY, now=NOW)
    follower.booked = 1
    with pytest.raises(NeedsApproval):
        holidays.confirm(officer=officer("SISTIK"), holiday=holiday, why=WHY, now=NOW)


def test_day_is_listed_once(planner, kanim):
    wish = HolidayWish(kanim, TODAY, "Hari jadi kota")
    holidays.add(officer=planner, wish=wish, why=WHY, now=NOW)

    for again in (wish, HolidayWish(kanim, SATURDAY, " ")):
        with pytest.raises(CalendarInvalid):
            holidays.add(officer=planner, wish=again, why=WHY, now=NOW)


def test_plan_of_a_month_takes_three_queries(kanim, django_assert_num_queries):
    OpeningHoursFactory(office=kanim, weekday=0)

    with django_assert_num_queries(3):
        plans = selectors.plan_of(kanim, TODAY, TODAY + timedelta(days=30))

    assert len(plans) == 31
