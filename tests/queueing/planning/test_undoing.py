"""A counter-order brings the offices' earlier figures back, and moves nobody who has booked."""

from datetime import datetime, time

import pytest

from accounts.models import Message
from offices.models import OpeningHours, SpecialDay
from offices.reasons import Why
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.planning import errors
from queueing.planning.models import NationalOrder
from queueing.planning.services import orders, undoing
from queueing.quota.models import WITHDRAWN, Seat, Slot
from queueing.quota.services import closing, releases
from tests.factories import BookingFactory, PlaceFactory, ReleaseFactory
from tests.queueing.planning.ordering import (
    MONDAY,
    NOW,
    TUESDAY,
    WHY,
    agree,
    carried_out,
    outcomes,
    prepare,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def raised(sistik, second, two) -> NationalOrder:
    """A fifth more stations on two days at two offices."""
    return carried_out(prepare(sistik, two), sistik, second)


@pytest.fixture
def longer(sistik, second, two, django_capture_on_commit_callbacks) -> NationalOrder:
    """Two hours more on two days at two offices; the seats of the first stand."""
    release = ReleaseFactory(office=two[0], first_day=MONDAY, last_day=TUESDAY, opens_at=NOW)
    releases.prepare(release=release, now=NOW)
    order = prepare(sistik, two, kind="DEADLINE", amount=2)
    with django_capture_on_commit_callbacks(execute=True):
        return carried_out(order, sistik, second)


def undo(order, sistik) -> NationalOrder:
    return undoing.prepare(officer=sistik, code=order.code, why=WHY, now=NOW)


def days_left() -> list[tuple]:
    rows = SpecialDay.objects.order_by("office__code", "day")
    return list(rows.values_list("office__code", "day"))


def test_what_would_come_back_is_shown_and_nothing_changes(raised, sistik):
    order = undo(raised, sistik)

    assert (order.kind, order.undoes, order.state) == ("UNDO", raised, "PREPARED")
    shown = order.offices.values_list("seats_before", "seats_after", "own_days", "held_days")
    assert list(shown) == [(80, 64, 0, 0)] * 2
    assert len(days_left()) == 4


def test_each_office_gets_its_earlier_figures_back_once_another_has_agreed(raised, sistik, second):
    order = undo(raised, sistik)
    with pytest.raises(NeedsApproval):
        orders.start(officer=sistik, code=order.code, now=NOW)

    carried_out(order, sistik, second)

    assert days_left() == []
    assert outcomes(order) == [("DONE", 2, -16, "")] * 2
    acts = AuditEvent.objects.filter(subject=f"order:{order.code}").order_by("id")
    assert acts.first().detail["undoes"] == raised.code
    assert AuditEvent.objects.filter(act="lift_special_day", stream="KANIM-A").count() == 2


def test_the_heads_are_told_that_it_is_undone(raised, officer, sistik, second, two):
    head = officer("HEAD", two[0])
    carried_out(undo(raised, sistik), sistik, second)
    assert "Perintah nasional dicabut" in Message.objects.get(to=head.email).subject


def test_days_that_an_office_has_changed_since_are_its_own(raised, sistik, second, two):
    SpecialDay.objects.filter(office=two[0], day=MONDAY).update(stations=9)
    SpecialDay.objects.filter(office=two[0], day=TUESDAY).update(reason="Bakti sosial")
    OpeningHours.objects.filter(office=two[1], weekday=0).update(stations=6)

    order = carried_out(undo(raised, sistik), sistik, second)

    assert days_left() == [("KANIM-A", MONDAY), ("KANIM-A", TUESDAY), ("KANIM-B", MONDAY)]
    assert list(order.offices.values_list("own_days", "outcome")) == [(2, "LEFT"), (1, "DONE")]


def test_what_changes_between_the_agreement_and_the_run_is_left_too(raised, sistik, second, two):
    order = undo(raised, sistik)
    SpecialDay.objects.filter(office=two[0], day=MONDAY).update(stations=9)

    carried_out(order, sistik, second)

    assert days_left() == [("KANIM-A", MONDAY)]
    assert outcomes(order) == [("DONE", 1, -8, ""), ("DONE", 2, -16, "")]


def test_a_day_that_its_office_has_closed_since_stays_closed(
    longer, officer, sistik, second, two, django_capture_on_commit_callbacks
):
    head = officer("HEAD", two[0])
    closing.withdraw_day(office=two[0], day=MONDAY, why=WHY, officer=head, now=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        order = carried_out(undo(longer, sistik), sistik, second)

    assert not Slot.objects.filter(office=two[0], day=MONDAY, closed_at=None).exists()
    assert order.offices.get(office=two[0]).own_days == 1


def booked(office, day, hour) -> Seat:
    slot = Slot.objects.get(office=office, day=day, hour=hour)
    seat = slot.seats.first()
    PlaceFactory(booking=BookingFactory(slot=slot), seat=seat)
    Seat.objects.filter(pk=seat.pk).update(taken=True)
    return seat


def test_nobody_who_booked_an_added_hour_loses_it(
    longer, sistik, second, two, django_capture_on_commit_callbacks
):
    """The Monday with somebody at eleven stays long; the Tuesday is as usual again."""
    late, early = booked(two[0], MONDAY, time(11)), booked(two[0], TUESDAY, time(8))

    order = undo(longer, sistik)
    with django_capture_on_commit_callbacks(execute=True):
        carried_out(order, sistik, second)

    assert order.offices.get(office=two[0]).held_days == 1
    assert days_left() == [("KANIM-A", MONDAY)]
    hours = Slot.objects.filter(office=two[0], day=TUESDAY, closed_at=None)
    assert sorted(hours.values_list("hour", flat=True)) == [time(8), time(9)]
    for seat in (late, early):
        assert seat.live_places.get().state == "BOOKED"
        assert Slot.objects.get(pk=seat.slot_id).closed_at is None


def test_who_books_an_added_hour_after_the_agreement_keeps_it(longer, sistik, second, two):
    order = undo(longer, sistik)
    assert order.offices.get(office=two[0]).held_days == 0
    seat = booked(two[0], MONDAY, time(11))

    carried_out(order, sistik, second)

    assert days_left() == [("KANIM-A", MONDAY)]
    assert seat.live_places.get().state == "BOOKED"


def test_seats_of_a_share_go_back_and_booked_ones_stay(
    sistik, second, two, django_capture_on_commit_callbacks
):
    release = ReleaseFactory(office=two[0], first_day=MONDAY, last_day=TUESDAY, opens_at=NOW)
    releases.prepare(release=release, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        raised = carried_out(prepare(sistik, two), sistik, second)
    seat = booked(two[0], MONDAY, time(8))
    assert Seat.objects.filter(visible_at__lt=WITHDRAWN).count() == 80

    with django_capture_on_commit_callbacks(execute=True):
        carried_out(undo(raised, sistik), sistik, second)

    assert Seat.objects.filter(visible_at__lt=WITHDRAWN).count() == 64
    seat.refresh_from_db()
    assert seat.taken


def test_an_order_that_runs_or_was_never_begun_is_not_undone(sistik, second, two):
    order = prepare(sistik, two)
    with pytest.raises(errors.OrderNotOver):
        undo(order, sistik)
    agree(order, sistik, second)
    orders.start(officer=sistik, code=order.code, now=NOW)
    with pytest.raises(errors.OrderNotOver):
        undo(order, sistik)


def test_an_order_is_undone_by_one_order_at_a_time_and_that_one_by_none(raised, sistik, second):
    order = undo(raised, sistik)
    with pytest.raises(errors.BeingUndone):
        undo(raised, sistik)
    carried_out(order, sistik, second)
    with pytest.raises(errors.OrderUnknown):
        undo(order, sistik)
    with pytest.raises(errors.NothingToUndo):
        undo(raised, sistik)


def test_days_that_are_over_do_not_come_back(raised, sistik):
    after = datetime.combine(TUESDAY, time(3), tzinfo=NOW.tzinfo)
    with pytest.raises(errors.NothingToUndo):
        undoing.prepare(officer=sistik, code=raised.code, why=WHY, now=after)


@pytest.mark.parametrize("role", ["PLANNER", "HEAD"])
def test_an_office_undoes_no_order(raised, officer, two, role):
    with pytest.raises(NotAllowed):
        undoing.prepare(officer=officer(role, two[0]), code=raised.code, why=Why(), now=NOW)
