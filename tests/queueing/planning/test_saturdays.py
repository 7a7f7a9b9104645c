"""Saturdays that an order opens: which, with how much, and who hears of it."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Message
from offices.models import OpeningHours, SpecialDay
from paspor.kernel import sharing
from paspor.kernel.errors import Invalid, NeedsApproval
from paspor.kernel.models import AuditEvent
from queueing.planning import errors
from queueing.planning import selectors as planning
from queueing.planning.models import NationalOrder
from queueing.planning.rules import DayKind
from queueing.planning.services import orders
from queueing.planning.services.orders import Wish
from queueing.quota import selectors as quota
from queueing.quota.models import Seat, Slot
from queueing.quota.selectors import Question
from queueing.quota.services import releases
from queueing.watching.services import telling
from tests.cache_prefix import new_cache_prefix
from tests.factories import (
    HolidayFactory,
    NationalOrderFactory,
    OfficeFactory,
    OpeningHoursFactory,
    ReleaseFactory,
    SpecialDayFactory,
    WatchFactory,
)
from tests.queueing.planning.ordering import NOW, WHY, agree, carried_out, outcomes, prepare
from tests.queueing.planning.saturdays import (
    FIRST,
    HOURS,
    MONDAY,
    SECOND,
    SPAN,
    THIRD,
    left,
    opened,
    saturdays,
)

pytestmark = pytest.mark.django_db


def test_its_effect_is_told_and_nothing_changes(sistik, two):
    order = prepare(sistik, two, **SPAN, opens=time(8), closes=time(9))

    for item in order.offices.all():
        assert (item.seats_before, item.seats_after) == (0, 3 * 16)
        assert [told["day"] for told in item.plan] == [str(FIRST), str(SECOND), str(THIRD)]
        assert {(told["hours"], told["stations"]) for told in item.plan} == {(1, 4)}
    assert not SpecialDay.objects.exists()
    detail = AuditEvent.objects.get(act="order.prepare").detail
    assert (detail["opens"], detail["closes"], detail["on_holidays"]) == ("08:00", "09:00", False)


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
    assert "1: 12\N{NO-BREAK SPACE}Jan" in letter.text


def test_who_waits_for_room_is_told_of_the_saturday(sistik, second, commits):
    """Some time ago today: what everybody can see goes by the database's own clock."""
    now = timezone.now() - timedelta(minutes=5)
    saturday = timezone.localdate() + timedelta(days=3)
    saturday += timedelta(days=(5 - saturday.weekday()) % 7)
    office = OfficeFactory()
    OpeningHoursFactory(office=office, weekday=0)
    release = ReleaseFactory(office=office, first_day=saturday, last_day=saturday)
    releases.prepare(release=release, now=now)
    watch = WatchFactory(office=office)
    assert telling.tell(now) == 0
    wish = Wish("SATURDAY", 100, saturday, saturday, [office])
    order = orders.prepare(officer=sistik, wish=wish, why=WHY, now=now)
    agree(order, sistik, second)
    orders.start(officer=sistik, code=order.code, now=NOW)

    with commits():
        orders.run(order_id=order.pk, now=now)
    sharing.forget()
    new_cache_prefix()

    assert telling.tell(now) == 1
    watch.refresh_from_db()
    assert (watch.told_office, watch.told_day) == (office, saturday)


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
