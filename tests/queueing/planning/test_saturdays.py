"""Saturdays that an order opens: which, with how much, and what of them is taken back."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from offices.models import OpeningHours, SpecialDay
from paspor.kernel.errors import Invalid, NeedsApproval
from paspor.kernel.models import AuditEvent
from queueing.planning import errors
from queueing.planning import selectors as planning
from queueing.planning.models import NationalOrder
from queueing.planning.rules import DayKind
from queueing.planning.services import orders, undoing
from queueing.planning.services import saturdays as saturdays_service
from queueing.quota import selectors as quota
from queueing.quota.models import Seat, Slot
from queueing.quota.selectors import Question
from queueing.quota.services import capacity, closing, releases
from queueing.quota.services.capacity import SeatsWanted
from tests.factories import (
    BookingFactory,
    HolidayFactory,
    NationalOrderFactory,
    OpeningHoursFactory,
    PlaceFactory,
    ReleaseFactory,
    SpecialDayFactory,
)
from tests.queueing.planning.ordering import NOW, WHY, agree, outcomes, prepare

pytestmark = pytest.mark.django_db
MONDAY = date(2030, 1, 7)
FIRST, SECOND, THIRD = date(2030, 1, 12), date(2030, 1, 19), date(2030, 1, 26)
HOURS = {"opens": time(8), "closes": time(10), "stations": 1, "minutes": 15}
SPAN = {"kind": "SATURDAY", "amount": 100, "first_day": FIRST, "last_day": THIRD}


@pytest.fixture
def sistik(officer):
    return officer("SISTIK")


@pytest.fixture
def second(officer):
    return officer("SISTIK")


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Seats follow their calendar after the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def carried_out(order, sistik, second) -> NationalOrder:
    agree(order, sistik, second)
    orders.start(officer=sistik, code=order.code, now=NOW)
    orders.run(order_id=order.pk, now=NOW)
    order.refresh_from_db()
    return order


def opened(office) -> None:
    """The seats of these weeks are made, and may be booked."""
    release = ReleaseFactory(office=office, first_day=MONDAY, last_day=THIRD, opens_at=NOW)
    releases.prepare(release=release, now=NOW)


def left(item) -> dict[str, str]:
    return {told["day"][-2:]: told["why"] for told in item.left}


def saturdays() -> list[tuple]:
    rows = SpecialDay.objects.order_by("office__code", "day")
    return list(rows.values_list("office__code", "day", "stations"))


# --- What it would do -------------------------------------------------------------------


def test_its_effect_is_told_and_nothing_changes(sistik, two):
    order = prepare(sistik, two, **SPAN, opens=time(8), closes=time(9))

    for item in order.offices.all():
        assert (item.seats_before, item.seats_after) == (0, 3 * 16)
        assert [told["day"] for told in item.plan] == [str(FIRST), str(SECOND), str(THIRD)]
        assert {(told["hours"], told["stations"]) for told in item.plan} == {(1, 4)}
    assert not SpecialDay.objects.exists()


def test_what_is_left_alone_is_told_with_why(sistik, two, officer, commits):
    first, other = two
    SpecialDayFactory(office=first, day=FIRST, kind="EXTRA", **HOURS)
    SpecialDayFactory(office=first, day=SECOND)
    HolidayFactory(office=None, day=THIRD, state="CONFIRMED", decided_at=NOW)
    OpeningHoursFactory(office=other, weekday=5)

    plain = prepare(sistik, two, **SPAN | {"last_day": date(2030, 2, 2)})
    both = prepare(sistik, two, **SPAN, on_holidays=True)

    item, usual = plain.offices.order_by("office__code")
    assert left(item) == {"12": "own_day", "19": "closed", "26": "holiday"}
    assert [told["day"] for told in item.plan] == ["2030-02-02"]
    assert set(left(usual).values()) == {"usual"}
    assert [told["day"] for told in both.offices.get(office=first).plan] == [str(THIRD)]


def test_an_office_without_a_monday_or_friday_has_nothing_to_go_by(sistik, two):
    OpeningHours.objects.filter(office=two[0], weekday=0).delete()
    order = prepare(sistik, two, **SPAN | {"last_day": FIRST})
    assert left(order.offices.get(office=two[0])) == {"12": "no_model"}


def test_a_holiday_that_nobody_confirmed_closes_no_saturday(sistik, two):
    HolidayFactory(office=None, day=FIRST, state="PROPOSED")
    order = prepare(sistik, two, **SPAN | {"last_day": FIRST})
    assert [len(item.plan) for item in order.offices.all()] == [1, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_day": MONDAY, "last_day": date(2030, 1, 11)},
        {"opens": time(8)},
        {"opens": time(8), "closes": time(8, 30)},
        {"amount": 101},
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_kept(sistik, two, wrong):
    with pytest.raises(Invalid):
        prepare(sistik, two, **SPAN | wrong)
    assert not NationalOrder.objects.exists()


def test_an_order_without_a_saturday_to_open_is_refused(sistik, two):
    HolidayFactory(office=None, day=FIRST, state="CONFIRMED", decided_at=NOW)
    with pytest.raises(errors.NoSaturday) as refusal:
        prepare(sistik, two, **SPAN | {"last_day": FIRST})
    assert refusal.value.params["why"] == "Hari libur, tetap tutup: 2 hari"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "SHARE", "opens": time(8), "closes": time(9)},
        {"kind": "SHARE", "on_holidays": True},
        {"kind": "SATURDAY", "opens": time(8)},
        {"kind": "SATURDAY", "opens": time(9), "closes": time(8)},
        {"kind": "SATURDAY", "amount": 101},
    ],
)
def test_the_database_keeps_no_such_order(sistik, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        NationalOrderFactory(**wrong)


# --- Opening ----------------------------------------------------------------------------


def test_each_saturday_serves_once_another_officer_has_agreed(sistik, second, two, commits):
    opened(two[0])
    order = prepare(sistik, two, **SPAN | {"amount": 50, "last_day": SECOND})
    with pytest.raises(NeedsApproval):
        orders.start(officer=sistik, code=order.code, now=NOW)

    with commits():
        carried_out(order, sistik, second)

    assert saturdays() == [
        ("KANIM-A", FIRST, 2),
        ("KANIM-A", SECOND, 2),
        ("KANIM-B", FIRST, 2),
        ("KANIM-B", SECOND, 2),
    ]
    assert outcomes(order) == [("DONE", 2, 32, "")] * 2
    hours = Slot.objects.filter(office=two[0], day=FIRST, closed_at=None)
    assert sorted(hours.values_list("hour", flat=True)) == [time(8), time(9)]
    assert Seat.objects.filter(slot__in=hours).count() == 16
    events = AuditEvent.objects.filter(act="set_special_day", stream="KANIM-A")
    assert [event.detail["approved"] for event in events] == [True, True]


def test_citizens_planners_and_heads_see_it(sistik, second, officer, two, commits):
    opened(two[0])
    head = officer("HEAD", two[0])
    with commits():
        carried_out(prepare(sistik, two, **SPAN | {"last_day": FIRST}), sistik, second)

    (day,) = quota.availability(two[0], Question(FIRST, FIRST), NOW).days
    # Of 2030 it is told when it opens: the picture is of the database's own moment.
    assert (day.why_code, day.note) == ("not_yet", "Layanan Sabtu menurut perintah nasional.")
    (load,) = planning.days(two[0], FIRST, FIRST)
    assert (load.kind, load.load.quota) == (DayKind.OPEN, 32)
    drive = planning.candidates(two[0], FIRST, FIRST, with_own=True)
    assert [each.day for each in drive] == [FIRST]
    letter = Message.objects.get(kind="national_order", to=head.email)
    assert "Layanan Sabtu" in letter.subject
    assert "08.00–10.00, 4 loket" in letter.text


def test_what_changes_between_the_agreement_and_the_run_is_left_and_told(sistik, second, two):
    order = prepare(sistik, two, **SPAN)
    SpecialDayFactory(office=two[0], day=FIRST)
    HolidayFactory(office=two[0], day=SECOND, state="CONFIRMED", decided_at=NOW)
    OpeningHours.objects.filter(office=two[1], weekday=0).update(stations=7)

    carried_out(order, sistik, second)

    one, other = order.offices.order_by("office__code")
    assert (one.days_done, left(one)) == (1, {"12": "closed", "19": "holiday"})
    assert (other.outcome, set(left(other).values())) == ("LEFT", {"changed"})


def test_a_saturday_that_is_over_when_it_is_carried_out_is_told(sistik, second, two):
    order = prepare(sistik, two, **SPAN)
    agree(order, sistik, second)
    orders.start(officer=sistik, code=order.code, now=NOW)

    orders.run(order_id=order.pk, now=datetime(2030, 1, 12, 3, tzinfo=NOW.tzinfo))

    assert {day for _code, day, _n in saturdays()} == {SECOND, THIRD}
    assert left(order.offices.first()) == {"12": "over"}


# --- Taking back -------------------------------------------------------------------------


@pytest.fixture
def order(sistik, second, two, commits) -> NationalOrder:
    """Three Saturdays at two offices; the seats of the first stand."""
    opened(two[0])
    with commits():
        return carried_out(prepare(sistik, two, **SPAN), sistik, second)


def undo(order, sistik) -> NationalOrder:
    return undoing.prepare(officer=sistik, code=order.code, why=WHY, now=NOW)


def booked(office, day) -> Seat:
    seat = Slot.objects.filter(office=office, day=day).order_by("hour").first().seats.first()
    PlaceFactory(booking=BookingFactory(slot=seat.slot), seat=seat)
    Seat.objects.filter(pk=seat.pk).update(taken=True)
    return seat


def is_open(office, day) -> bool:
    return Slot.objects.filter(office=office, day=day, closed_at=None).exists()


def test_empty_saturdays_vanish_and_one_with_somebody_stays_and_is_listed(
    order, sistik, second, two, commits
):
    seat = booked(two[0], SECOND)

    back = undo(order, sistik)
    assert back.offices.get(office=two[0]).left == [
        {"day": str(SECOND), "why": "booked", "people": 1}
    ]
    with commits():
        carried_out(back, sistik, second)

    assert saturdays() == [("KANIM-A", SECOND, 4)]
    assert [is_open(two[0], day) for day in (FIRST, SECOND, THIRD)] == [False, True, False]
    assert seat.live_places.get().state == "BOOKED"
    assert outcomes(back) == [("DONE", 2, -64, ""), ("DONE", 3, -96, "")]
    (day,) = quota.availability(two[0], Question(FIRST, FIRST), NOW).days
    told = "Kantor tidak melayani pada hari itu."
    assert (day.state, day.why_code, day.why) == ("closed", "no_hours", told)
    (load,) = planning.days(two[0], FIRST, FIRST)
    assert load.kind is DayKind.REST
    assert [each.day for each in planning.candidates(two[0], FIRST, FIRST)] == [FIRST]


def test_who_books_after_the_agreement_keeps_the_saturday_and_is_listed(
    order, sistik, second, two, commits
):
    back = undo(order, sistik)
    booked(two[0], FIRST)

    with commits():
        carried_out(back, sistik, second)

    assert is_open(two[0], FIRST)
    assert back.offices.get(office=two[0]).left == [
        {"day": str(FIRST), "why": "booked", "people": 1}
    ]


def test_who_books_between_the_look_and_the_lock_keeps_the_saturday(
    order, sistik, second, two, commits, monkeypatch
):
    back = undo(order, sistik)
    booked(two[0], FIRST)
    seen = saturdays_service.given

    def late(*asked):
        return [replace(each, people=0) for each in seen(*asked)]

    monkeypatch.setattr(saturdays_service, "given", late)

    with commits():
        carried_out(back, sistik, second)

    assert is_open(two[0], FIRST)
    assert left(back.offices.get(office=two[0])) == {"12": "booked"}


def test_a_saturday_closes_in_the_transaction_that_takes_it_back(order, sistik, second, two):
    """Nobody books between the two: here nothing that follows a commit has run yet."""
    carried_out(undo(order, sistik), sistik, second)
    assert not is_open(two[0], FIRST)


def test_what_the_office_has_changed_since_is_left_and_told(
    order, officer, sistik, second, two, commits
):
    head = officer("HEAD", two[0])
    SpecialDay.objects.filter(office=two[0], day=FIRST).update(stations=9)
    closing.withdraw_day(office=two[0], day=SECOND, why=WHY, officer=head, now=NOW)
    slot = Slot.objects.filter(office=two[0], day=THIRD).first()
    wanted = SeatsWanted(slot.code, "ONLINE", 2, WHY)
    capacity.change_capacity(wanted=wanted, officer=head, now=NOW)
    OpeningHoursFactory(office=two[1], weekday=5)

    with pytest.raises(errors.NothingToUndo):
        undo(order, sistik)

    assert len(saturdays()) == 6
    assert not is_open(two[0], SECOND)


def test_a_saturday_that_its_office_closed_in_part_is_its_own(order, officer, sistik, two):
    head = officer("HEAD", two[0])
    closing.withdraw_day(office=two[0], day=FIRST, why=WHY, officer=head, now=NOW, since=time(9))
    assert left(undo(order, sistik).offices.get(office=two[0])) == {"12": "changed"}


def test_mondays_changed_since_do_not_make_a_saturday_the_offices_own(order, sistik, second, two):
    OpeningHours.objects.filter(office__in=two, weekday=0).update(stations=7)
    carried_out(undo(order, sistik), sistik, second)
    assert saturdays() == []


def test_taken_back_saturdays_have_no_hours_and_may_be_opened_again(
    order, sistik, second, two, commits
):
    """Hours that went with an order are not closed by hand; those of a closed day are."""
    with commits():
        carried_out(undo(order, sistik), sistik, second)
    Slot.objects.filter(office=two[0], day=SECOND).update(closed_why="Listrik padam")

    again = prepare(sistik, two, **SPAN)
    with commits():
        carried_out(again, sistik, second)

    assert [is_open(two[0], day) for day in (FIRST, SECOND, THIRD)] == [True, False, True]
    assert left(again.offices.get(office=two[0])) == {"19": "closed"}


def test_a_saturday_of_a_holiday_is_told_by_its_name_and_may_be_opened_again(
    sistik, second, two, commits
):
    opened(two[0])
    HolidayFactory(office=None, day=FIRST, state="CONFIRMED", decided_at=NOW, name="Hari Uji")
    asked = SPAN | {"last_day": FIRST, "on_holidays": True}
    with commits():
        order = carried_out(prepare(sistik, two, **asked), sistik, second)
    with commits():
        carried_out(undo(order, sistik), sistik, second)
    assert not is_open(two[0], FIRST)

    with commits():
        carried_out(prepare(sistik, two, **asked), sistik, second)

    assert is_open(two[0], FIRST)
