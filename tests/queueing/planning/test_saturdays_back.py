"""Saturdays that an order opened are taken back, but for those that somebody needs."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from accounts.models import Message
from offices.models import OpeningHours, SpecialDay
from queueing.planning import errors
from queueing.planning import selectors as planning
from queueing.planning.models import NationalOrder
from queueing.planning.rules import DayKind
from queueing.planning.services import orders
from queueing.planning.services import saturdays as saturdays_service
from queueing.planning.services.orders import Wish
from queueing.quota import selectors as quota
from queueing.quota.models import Slot
from queueing.quota.selectors import Question
from queueing.quota.services import capacity, closing
from queueing.quota.services.capacity import SeatsWanted
from tests.factories import HolidayFactory, OpeningHoursFactory
from tests.queueing.planning.ordering import NOW, WHY, carried_out, outcomes, prepare
from tests.queueing.planning.saturdays import (
    FIRST,
    SECOND,
    SPAN,
    THIRD,
    booked,
    is_open,
    left,
    opened,
    saturdays,
    undo,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(sistik, second, two, commits) -> NationalOrder:
    """Three Saturdays at two offices; the seats of the first stand."""
    opened(two[0])
    with commits():
        return carried_out(prepare(sistik, two, **SPAN), sistik, second)


def test_empty_saturdays_vanish_and_one_with_somebody_stays_and_is_listed(
    order, officer, sistik, second, two, commits
):
    seat = booked(two[0], SECOND)
    head = officer("HEAD", two[0])
    weekday = booked(two[0], SECOND - timedelta(days=5))
    assert weekday.slot.day.weekday() == 0

    back = undo(order, sistik)
    assert back.offices.get(office=two[0]).left == [
        {"day": str(SECOND), "why": "booked", "people": 1}
    ]
    assert sum(item.booked for item in back.offices.all()) == 1
    with commits():
        carried_out(back, sistik, second)

    assert saturdays() == [("KANIM-A", SECOND, 4)]
    assert [is_open(two[0], day) for day in (FIRST, SECOND, THIRD)] == [False, True, False]
    assert seat.live_places.get().state == "BOOKED"
    assert outcomes(back) == [("DONE", 2, -64, ""), ("DONE", 3, -96, "")]
    letter = Message.objects.get(kind="national_order", to=head.email)
    told = "Tetap buka, sudah dipesan: 19 Jan (1 orang)"
    assert told in letter.text.replace("\N{NO-BREAK SPACE}", " ")
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


def test_an_order_takes_back_no_saturday_that_a_later_one_has_opened(
    order, sistik, second, two, commits
):
    """What stands looks the same, and is not its own any more."""
    with commits():
        carried_out(undo(order, sistik), sistik, second)
    later = datetime(2030, 1, 4, 4, tzinfo=NOW.tzinfo)
    anew = orders.prepare(officer=sistik, wish=Wish(offices=two, **SPAN), why=WHY, now=later)
    with commits():
        carried_out(anew, sistik, second)

    with pytest.raises(errors.NothingToUndo):
        undo(order, sistik)
    assert len(saturdays()) == 6


def test_a_saturday_that_its_office_closed_holds_the_next_order_back(order, officer, sistik, two):
    head = officer("HEAD", two[0])
    closing.withdraw_day(office=two[0], day=SECOND, why=WHY, officer=head, now=NOW)
    with pytest.raises(errors.NoSaturday) as refusal:
        prepare(sistik, two, **SPAN)
    told = "Sudah punya jam khusus: 5 hari; Ditutup kantor: 1 hari"
    assert refusal.value.params["why"] == told


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
