"""Who loses an hour is told the hour that they get, on their own day where it has room."""

from dataclasses import replace
from datetime import date, time

import pytest

from offices.rules import WorkingHours
from offices.services import calendar
from offices.services.wishes import SpecialWish
from queueing.booking.models import Booking, Place
from queueing.booking.services import closing
from queueing.planning import effects
from queueing.quota.models import Seat, Slot
from tests.factories import LONG_AGO, ApplicantFactory
from tests.queueing.quota.conftest import MONDAY, NOW, book, make_office, officer_of, prepared
from tests.reasons import WHY

pytestmark = pytest.mark.django_db
SHARES = {"ONLINE": 80, "PRIORITY": 15, "SAME_DAY": 0, "COUNTER": 5}
# As it is: two stations, eight seats an hour.
USUAL = WorkingHours(time(8), time(12), 2, 15, shares=SHARES)
CHANGES = {
    "a break at nine": (
        replace(USUAL, break_starts=time(9), break_ends=time(10)),
        [(MONDAY, time(10))] * 3,
    ),
    "nine gone, and little room at eight": (
        replace(USUAL, closes=time(9), stations=1, minutes=20),
        [(MONDAY, time(8))] * 2 + [(date(2029, 12, 11), time(9))],
    ),
    "all hours half an hour later": (
        replace(USUAL, opens=time(8, 30), closes=time(12, 30)),
        [(MONDAY, time(9, 30))] * 3,
    ),
    "no room at ten any more": (
        replace(USUAL, opens=time(10), closes=time(11), stations=1, minutes=60),
        [(MONDAY, time(10)), *[(date(2029, 12, 11), time(9))] * 2],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_hour_that_is_told_is_the_one_that_people_get(
    change, django_capture_on_commit_callbacks
):
    office = make_office(stations=2, closes=time(12))
    prepared(office, days=2)
    nine = Slot.objects.get(day=MONDAY, hour=time(9))
    for code in ("SATU", "DUA", "TIGA"):
        book(nine.pk, [ApplicantFactory()], code=code)
    hours, expected = CHANGES[change]
    wish = SpecialWish(MONDAY, "Jam lain", hours)

    told = effects.outlook(office, effects.of_special(office, wish, NOW), NOW)
    instead = [each.instead.slot for each in told.leaving if each.instead]
    assert [(slot.day, slot.hour) for slot in instead] == expected

    with django_capture_on_commit_callbacks(execute=True):
        calendar.set_special_day(
            officer=officer_of(office),
            office=office,
            wish=wish,
            why=WHY,
            now=NOW,
            is_approved=True,
        )
    # New seats are seen from NOW on, which by the database's clock is to come.
    Seat.objects.filter(visible_at=NOW).update(visible_at=LONG_AGO)
    closing.follow_closures(NOW)
    booked = Booking.objects.filter(places__state=Place.State.BOOKED).order_by("pk")
    assert list(booked.values_list("slot__day", "slot__hour")) == expected
