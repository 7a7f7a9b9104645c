"""A national order is agreed to, then done once at each office, whatever happens meanwhile."""

from dataclasses import replace
from datetime import date, time

import pytest

from accounts.models import Message
from offices import selectors as offices
from offices.errors import ReasonNeeded
from offices.models import Approval, OpeningHours, SpecialDay
from offices.reasons import Why
from offices.services import calendar
from offices.services.wishes import HoursWish
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.planning import errors
from queueing.planning.services import orders
from queueing.planning.services.orders import Wish
from queueing.quota.models import Seat, Slot
from queueing.quota.services import closing, releases
from tests.factories import ReleaseFactory, SpecialDayFactory
from tests.queueing.planning.ordering import (
    MONDAY,
    NOW,
    TUESDAY,
    WHY,
    agree,
    outcomes,
    prepare,
    stations,
)

pytestmark = pytest.mark.django_db


RAISED = [
    ("KANIM-A", MONDAY, 5),
    ("KANIM-A", TUESDAY, 5),
    ("KANIM-B", MONDAY, 5),
    ("KANIM-B", TUESDAY, 5),
]


def test_preparing_tells_each_office_and_changes_nothing(sistik, two):
    SpecialDayFactory(office=two[1], day=MONDAY)

    order = prepare(sistik, two)

    shown = order.offices.order_by("office__code").values_list(
        "seats_before", "seats_after", "own_days", "outcome"
    )
    assert list(shown) == [(64, 80, 0, "WAITING"), (32, 40, 1, "WAITING")]
    assert SpecialDay.objects.count() == 1


def test_a_deadline_lets_offices_close_later(officer, sistik, two):
    order = prepare(sistik, two, kind="DEADLINE", amount=2)
    agree(order, sistik, officer("SISTIK"))
    orders.start(officer=sistik, code=order.code, now=NOW)
    orders.run(order_id=order.pk, now=NOW)

    assert set(SpecialDay.objects.values_list("opens", "closes", "stations")) == {
        (time(8), time(12), 4)
    }
    assert outcomes(order) == [("DONE", 2, 64, "")] * 2


def test_every_order_takes_a_second_officer_of_headquarters(officer, sistik, two):
    order = prepare(sistik, two)

    with pytest.raises(NeedsApproval):
        orders.start(officer=sistik, code=order.code, now=NOW)
    assert orders.run(order_id=order.pk, now=NOW) == 0
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER", "HEAD"])
def test_an_office_gives_no_order(officer, two, role):
    with pytest.raises(NotAllowed):
        prepare(officer(role, two[0]), two)


def test_an_order_needs_a_reason_and_a_day_that_changes(sistik, two):
    wish = Wish("SHARE", 20, MONDAY, TUESDAY, two)
    with pytest.raises(ReasonNeeded):
        orders.prepare(officer=sistik, wish=wish, why=Why(), now=NOW)
    with pytest.raises(errors.OrderEmpty):
        prepare(sistik, two, first_day=date(2030, 1, 9), last_day=date(2030, 1, 10))


def test_it_is_done_once_and_written_in_the_log(begun):
    assert orders.run(order_id=begun.pk, now=NOW) == 2
    assert orders.run(order_id=begun.pk, now=NOW) == 0

    begun.refresh_from_db()
    assert begun.state == "DONE"
    assert stations() == RAISED
    assert outcomes(begun) == [("DONE", 2, 16, "")] * 2
    days = AuditEvent.objects.filter(act="set_special_day", stream="KANIM-A")
    assert [event.detail["approved"] for event in days] == [True, True]
    acts = AuditEvent.objects.filter(subject=f"order:{begun.code}").order_by("id")
    assert list(acts.values_list("act", flat=True)) == [
        *("order.prepare", "order.start", "order.office", "order.office", "order.done")
    ]


def test_seats_that_stand_already_follow(begun, two, django_capture_on_commit_callbacks):
    release = ReleaseFactory(office=two[0], first_day=MONDAY, last_day=TUESDAY, opens_at=NOW)
    releases.prepare(release=release, now=NOW)
    assert Seat.objects.count() == 64

    with django_capture_on_commit_callbacks(execute=True):
        orders.run(order_id=begun.pk, now=NOW)

    assert Seat.objects.count() == 80


def closed_by_the_office(office, officer, day: date, since: time | None = None) -> None:
    """After its seats were made, as on a day without power; all of it, or from an hour on."""
    release = ReleaseFactory(office=office, first_day=MONDAY, last_day=TUESDAY, opens_at=NOW)
    releases.prepare(release=release, now=NOW)
    head = officer("HEAD", office)
    closing.withdraw_day(office=office, day=day, why=WHY, officer=head, now=NOW, since=since)


def test_a_day_that_its_office_has_closed_gets_nothing(officer, sistik, two):
    closed_by_the_office(two[0], officer, MONDAY)

    order = prepare(sistik, two)

    shown = order.offices.order_by("office__code").values_list("closed_days", "seats_after")
    assert list(shown) == [(1, 40), (0, 80)]


def test_a_day_closed_after_the_order_was_prepared_stays_closed(
    begun, officer, two, django_capture_on_commit_callbacks
):
    closed_by_the_office(two[0], officer, MONDAY)

    with django_capture_on_commit_callbacks(execute=True):
        orders.run(order_id=begun.pk, now=NOW)

    assert ("KANIM-A", MONDAY) not in {(code, day) for code, day, _n in stations()}
    assert not Slot.objects.filter(office=two[0], day=MONDAY, closed_at=None).exists()


@pytest.mark.parametrize(("kind", "amount"), [("SHARE", 20), ("DEADLINE", 2)])
def test_a_day_closed_from_an_hour_on_gets_nothing_and_is_told(officer, sistik, two, kind, amount):
    closed_by_the_office(two[0], officer, MONDAY, since=time(9))

    order = prepare(sistik, two, kind=kind, amount=amount)

    shown = order.offices.order_by("office__code").values_list("partly_days", "closed_days")
    assert list(shown) == [(1, 0), (0, 0)]
    assert [len(item.plan) for item in order.offices.order_by("office__code")] == [1, 2]


def test_a_day_closed_in_part_after_the_order_was_prepared_gets_no_evening(
    officer, sistik, two, django_capture_on_commit_callbacks
):
    order = prepare(sistik, two, kind="DEADLINE", amount=2)
    agree(order, sistik, officer("SISTIK"))
    orders.start(officer=sistik, code=order.code, now=NOW)
    closed_by_the_office(two[0], officer, MONDAY, since=time(9))

    with django_capture_on_commit_callbacks(execute=True):
        orders.run(order_id=order.pk, now=NOW)

    standing = Slot.objects.filter(office=two[0], day=MONDAY, closed_at=None)
    assert list(standing.values_list("hour", flat=True)) == [time(8)]
    assert outcomes(order) == [("DONE", 1, 32, ""), ("DONE", 2, 64, "")]


def test_hours_that_the_calendar_dropped_do_not_hold_a_day_back(
    sistik, two, django_capture_on_commit_callbacks
):
    release = ReleaseFactory(office=two[0], first_day=MONDAY, last_day=TUESDAY, opens_at=NOW)
    releases.prepare(release=release, now=NOW)
    wish = HoursWish(
        0,
        MONDAY,
        None,
        replace(offices.weekly_hours(two[0], MONDAY, MONDAY)[0].hours, closes=time(9)),
    )
    with django_capture_on_commit_callbacks(execute=True):
        calendar.set_hours(officer=sistik, office=two[0], wish=wish, why=WHY, now=NOW)
    assert Slot.objects.filter(day=MONDAY, closed_at__isnull=False).exists()

    order = prepare(sistik, two)

    assert [len(item.plan) for item in order.offices.all()] == [2, 2]


def test_a_second_start_is_refused(begun, sistik):
    with pytest.raises(errors.OrderBegun):
        orders.start(officer=sistik, code=begun.code, now=NOW)
    assert Approval.objects.get().state == "USED"


def test_what_an_office_changed_meanwhile_stays_its_own(begun, two):
    OpeningHours.objects.filter(office=two[0], weekday=0).update(stations=7)
    SpecialDayFactory(office=two[1], day=TUESDAY, stations=9)

    orders.run(order_id=begun.pk, now=NOW)

    assert stations() == [
        ("KANIM-A", TUESDAY, 5),
        ("KANIM-B", MONDAY, 5),
        ("KANIM-B", TUESDAY, 9),
    ]
    assert outcomes(begun) == [("DONE", 1, 8, "")] * 2


def test_a_crash_between_offices_is_gone_on_with(begun, monkeypatch):
    """It dies in the middle of the second office: all of that office is undone."""
    set_special_day, calls = calendar.set_special_day, []

    def dying(**kwargs):
        calls.append(kwargs)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return set_special_day(**kwargs)

    monkeypatch.setattr(calendar, "set_special_day", dying)
    with pytest.raises(KeyboardInterrupt):
        orders.run(order_id=begun.pk, now=NOW)
    assert stations() == RAISED[:2]
    assert outcomes(begun) == [("DONE", 2, 16, ""), ("WAITING", 0, 0, "")]

    orders.resume(NOW)

    assert stations() == RAISED
    assert AuditEvent.objects.filter(act="order.office").count() == 2


def test_an_office_that_fails_says_why_and_is_tried_again_alone(begun, sistik):
    post = sistik.posts.get()
    post.ends_at = NOW
    post.save()
    orders.run(order_id=begun.pk, now=NOW)
    assert outcomes(begun) == [("FAILED", 0, 0, "post_ended")] * 2
    assert not SpecialDay.objects.exists()

    post.ends_at = None
    post.save()
    orders.retry(officer=sistik, code=begun.code, office="KANIM-A", now=NOW)
    orders.run(order_id=begun.pk, now=NOW)

    assert stations() == RAISED[:2]
    assert [each[0] for each in outcomes(begun)] == ["DONE", "FAILED"]
    with pytest.raises(errors.NothingFailed):
        orders.retry(officer=sistik, code=begun.code, office="KANIM-A", now=NOW)


def test_an_order_stopped_halfway_keeps_what_was_done(begun, sistik):
    orders._next(begun.pk, 0, now=NOW)
    orders.stop(officer=sistik, code=begun.code, now=NOW)

    assert orders.run(order_id=begun.pk, now=NOW) == 0
    assert stations() == RAISED[:2]
    assert [each[0] for each in outcomes(begun)] == ["DONE", "WAITING"]
    with pytest.raises(errors.OrderNotRunning):
        orders.stop(officer=sistik, code=begun.code, now=NOW)


def test_the_yes_to_an_order_ends_when_it_is_withdrawn(sistik, officer, two):
    order = prepare(sistik, two)
    agree(order, sistik, officer("SISTIK"))

    orders.stop(officer=sistik, code=order.code, now=NOW)

    assert not Approval.objects.filter(expires_at__gt=NOW).exists()


def test_the_heads_are_told_once(begun, officer, two):
    head = officer("HEAD", two[0])

    orders.run(order_id=begun.pk, now=NOW)
    orders.run(order_id=begun.pk, now=NOW)

    letter = Message.objects.get(kind="national_order")
    assert letter.to == head.email
