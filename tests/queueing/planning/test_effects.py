"""What a planner is shown is what saving gives, also where an officer has closed something."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time

import pytest
from django.db.models import Q

from accounts.models import User
from offices import rules as of_office
from offices.models import Office, SpecialDay
from offices.ports import ByHand
from offices.reasons import Why
from offices.services import calendar
from offices.services.wishes import HoursWish, SpecialWish
from queueing.planning import effects, selectors
from queueing.planning.effects import Effect
from queueing.planning.rules import Closed
from queueing.quota.models import WITHDRAWN, Seat, Slot
from queueing.quota.services import capacity, closing
from queueing.quota.services.capacity import SeatsWanted
from tests.factories import ApplicantFactory
from tests.queueing.quota.conftest import MONDAY, NOW, book, officer_of, prepared
from tests.queueing.quota.conftest import office as office
from tests.reasons import WHY

SHARES = {"ONLINE": 80, "PRIORITY": 15, "SAME_DAY": 0, "COUNTER": 5}
# As usual it closes at ten with five stations: 20 seats an hour.
LONGER = of_office.WorkingHours(time(8), time(11), 6, 15, shares=SHARES)
OWN = SpecialWish(MONDAY, "Layanan tambahan", LONGER)


def as_it_was(office: Office, head: User) -> None:
    pass


def closed(office: Office, head: User) -> None:
    closing.withdraw_day(office=office, day=MONDAY, why=WHY, officer=head, now=NOW)


def closed_with_people(office: Office, head: User) -> None:
    """They wait in the closed hour for another appointment."""
    first = Slot.objects.earliest("starts_at")
    book(first.pk, [ApplicantFactory()], code="SATU")
    closing.withdraw_day(
        office=office, day=MONDAY, why=WHY, officer=head, now=NOW, is_approved=True
    )


def closed_from_nine(office: Office, head: User) -> None:
    closing.withdraw_day(office=office, day=MONDAY, why=WHY, officer=head, now=NOW, since=time(9))


def dropped(office: Office, head: User) -> None:
    """From nine on the calendar has no hours any more."""
    short = replace(LONGER, closes=time(9), stations=10)
    calendar.set_hours(
        officer=head, office=office, wish=HoursWish(0, MONDAY, MONDAY, short), why=WHY, now=NOW
    )


def emptied(office: Office, head: User) -> None:
    """The calendar has no hours at all any more."""
    none = replace(LONGER, stations=0)
    calendar.set_hours(
        officer=head, office=office, wish=HoursWish(0, MONDAY, MONDAY, none), why=WHY, now=NOW
    )


def emptied_after_closing_from_nine(office: Office, head: User) -> None:
    closed_from_nine(office, head)
    emptied(office, head)


def set_by_hand(office: Office, head: User) -> None:
    slot = Slot.objects.earliest("starts_at")
    wanted = SeatsWanted(slot.code, "ONLINE", 3, Why("equipment", "Dua kamera rusak"))
    capacity.change_capacity(wanted=wanted, officer=head, now=NOW)


def by_hours(office: Office, head: User) -> tuple[Effect, Callable[[], object]]:
    wish = HoursWish(0, MONDAY, MONDAY, replace(LONGER, stations=5, minutes=20))
    shown = effects.of_hours(office, wish, NOW)
    return shown, lambda: calendar.set_hours(
        officer=head, office=office, wish=wish, why=WHY, now=NOW, by_hand=ByHand.FOLLOW
    )


def by_special(office: Office, head: User) -> tuple[Effect, Callable[[], object]]:
    return effects.of_special(office, OWN, NOW), lambda: calendar.set_special_day(
        officer=head, office=office, wish=OWN, why=WHY, now=NOW, is_approved=True
    )


def by_lifting(office: Office, head: User) -> tuple[Effect, Callable[[], object]]:
    columns = calendar.columns_of(replace(LONGER, stations=4))
    row = SpecialDay.objects.create(
        office=office, day=MONDAY, kind="EXTRA", reason="Layanan tambahan", **columns
    )
    return effects.of_lifting(row, NOW), lambda: calendar.lift_special_day(
        officer=head, row=row, why=WHY, now=NOW
    )


def seats_open() -> int:
    in_use = Q(taken=True) | Q(visible_at__lt=WITHDRAWN)
    return Seat.objects.filter(in_use, slot__day=MONDAY, slot__closed_at=None).count()


STANDING = [
    *(as_it_was, closed, closed_with_people, closed_from_nine, dropped, set_by_hand),
    *(emptied, emptied_after_closing_from_nine),
]


@pytest.mark.parametrize("change", [by_hours, by_special, by_lifting])
@pytest.mark.parametrize("stands", STANDING)
def test_the_seats_that_are_shown_are_those_that_saving_gives(
    office, django_capture_on_commit_callbacks, stands, change
):
    prepared(office)
    head = officer_of(office)
    with django_capture_on_commit_callbacks(execute=True):
        stands(office, head)

    effect, save = change(office, head)
    (shown,) = effect.days
    assert shown.before == seats_open()

    with django_capture_on_commit_callbacks(execute=True):
        save()
    assert shown.after == seats_open()


@pytest.mark.parametrize(
    ("stands", "change", "told"),
    [
        (as_it_was, by_special, Closed.NOTHING),
        (closed, by_hours, Closed.STAYS),
        (closed, by_special, Closed.REOPENS),
        (closed_from_nine, by_special, Closed.PARTLY),
        (dropped, by_special, Closed.NOTHING),
        (emptied, by_hours, Closed.NOTHING),
        (emptied, by_special, Closed.REOPENS),
        (emptied_after_closing_from_nine, by_hours, Closed.PARTLY),
        (emptied_after_closing_from_nine, by_special, Closed.REOPENS),
    ],
)
def test_what_becomes_of_closed_hours_is_told(
    office, django_capture_on_commit_callbacks, stands, change, told
):
    prepared(office)
    head = officer_of(office)
    with django_capture_on_commit_callbacks(execute=True):
        stands(office, head)

    (shown,) = change(office, head)[0].days

    assert shown.closed is told


def test_a_drive_leaves_a_day_alone_that_is_closed_in_part(office):
    prepared(office)
    assert len(selectors.candidates(office, MONDAY, MONDAY)) == 1

    closed_from_nine(office, officer_of(office))

    assert selectors.candidates(office, MONDAY, MONDAY) == []
