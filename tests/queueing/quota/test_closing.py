"""Closing a day, and opening it again."""

from datetime import timedelta

import pytest

from offices.models import Office, SpecialDay
from offices.reasons import Why
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.booking.models import Booking
from queueing.quota import errors
from queueing.quota.models import WITHDRAWN, Seat, Slot
from queueing.quota.services import closing
from tests.factories import ApplicantFactory, OfficeFactory
from tests.queueing.quota.conftest import MONDAY, NOW, agreed, book, officer_of, prepared

PADAM = Why("utilities", "Listrik padam")


def close(office: Office, officer: object = None, now=NOW, why: Why = PADAM) -> list[int]:
    head = officer or officer_of(office)
    return closing.withdraw_day(office=office, day=MONDAY, why=why, officer=head, now=now)


def close_agreed(office: Office) -> list[int]:
    head = officer_of(office)
    agreed(closing.approval_request(office, MONDAY, None, PADAM), head)
    return close(office, head)


def visible() -> int:
    return Seat.objects.filter(taken=False, visible_at__lt=WITHDRAWN).count()


def test_a_closed_day_has_no_seat_left_and_says_why(office: Office) -> None:
    prepared(office, days=2)

    assert close(office) == []

    assert visible() == 40  # Tuesday's
    closed = Slot.objects.filter(day=MONDAY)
    assert set(closed.values_list("closed_at", "closed_why")) == {(NOW, "Listrik padam")}
    assert AuditEvent.objects.get(act="withdraw_day").detail["withdrawn"] == 40
    outcome = book(closed[0].pk, [ApplicantFactory()], code="TUTUP")[0]
    assert outcome == "CLOSED"


def test_with_people_booked_a_second_officer_agrees(office: Office) -> None:
    prepared(office)
    slot = Slot.objects.earliest("starts_at")
    book(slot.pk, [ApplicantFactory()], code="SATU")
    book(slot.pk, [ApplicantFactory()], code="DUA", confirm=False)

    with pytest.raises(NeedsApproval):
        close(office)
    assert visible() == 38

    booked = close_agreed(office)

    assert (
        Booking.objects.filter(pk__in=booked)
        .values_list("code", flat=True)
        .order_by("pk")[:]
        .count()
        == len(booked)
        == 2
    )
    assert Seat.objects.filter(taken=True).count() == 2


def test_repeating_a_closing_names_who_is_left(office: Office) -> None:
    prepared(office)
    book(Slot.objects.first().pk, [ApplicantFactory()], code="SISA")
    booked = close_agreed(office)

    assert close(office) == booked


def test_an_empty_closed_day_cannot_be_closed_again(office: Office) -> None:
    prepared(office)
    close(office)

    with pytest.raises(errors.DayAlreadyClosed):
        close(office)


def test_on_the_day_itself_hours_that_are_over_stay(office: Office) -> None:
    prepared(office)
    first, second = Slot.objects.order_by("starts_at")

    close(office, now=second.starts_at)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.closed_at, second.closed_at) == (None, second.starts_at)


@pytest.mark.parametrize(
    ("why", "days", "refusal"),
    [
        (Why("utilities", " "), 0, errors.ReasonNeeded),
        (Why("lampu", "Listrik padam"), 0, errors.ReasonNeeded),
        (PADAM, 8, errors.DayPast),
        (PADAM, -300, errors.DayWithoutQuota),
    ],
)
def test_nonsense_is_refused(office: Office, why: Why, days: int, refusal: type) -> None:
    if days >= 0:
        prepared(office)

    with pytest.raises(refusal):
        close(office, why=why, now=NOW + timedelta(days=days))


def test_who_may_not_plan_there_closes_nothing(office: Office) -> None:
    prepared(office)
    for stranger in (officer_of(office, "COUNTER"), officer_of(OfficeFactory())):
        with pytest.raises(NotAllowed):
            close(office, stranger)

    assert visible() == 40


def reopen(office: Office):
    return closing.reopen_day(
        office=office, day=MONDAY, why=PADAM, officer=officer_of(office), now=NOW
    )


def test_a_reopened_day_has_its_quota_back(office: Office) -> None:
    prepared(office)
    book(Slot.objects.first().pk, [ApplicantFactory()], code="TETAP")
    close_agreed(office)

    assert reopen(office).added == 39

    assert visible() == 39
    assert Seat.objects.count() == 40
    assert not Slot.objects.exclude(closed_at=None).exists()


def test_a_day_that_stands_open_is_not_reopened(office: Office) -> None:
    prepared(office)

    with pytest.raises(errors.DayNotClosed):
        reopen(office)


def test_a_day_that_the_calendar_closes_is_not_reopened(office: Office) -> None:
    prepared(office)
    close(office)
    SpecialDay.objects.create(office=office, day=MONDAY, kind="CLOSURE", reason="Pemilu")

    with pytest.raises(errors.DayNotInCalendar):
        reopen(office)
