"""Who has booked a day that goes to another place is told of it, once, and moves freely."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Message
from offices.models import Relocation, SpecialDay
from offices.reasons import Why
from offices.services import calendar
from offices.services.wishes import SpecialWish
from queueing.booking import selectors, tickets
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.services import relocating
from queueing.quota.models import Slot
from tests.factories import BookingFactory, PlaceFactory
from tests.offices.calendar_follower import HOURS
from tests.queueing.pages.visitors import near_hour, working_office
from tests.queueing.quota.conftest import officer_of

pytestmark = pytest.mark.django_db
# Tuesday, 10.00 WIB; long over by the database's clock, by which a change is fresh or not.
NOW = datetime(2024, 1, 9, 3, tzinfo=UTC)
LONG_BEFORE = NOW - timedelta(days=2)


@pytest.fixture(autouse=True)
def _a_day_later(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))


@pytest.fixture
def slot():
    return near_hour(working_office(address="Jalan Merdeka 1"), days=5, capacity=9)


def booked(slot, *, at=LONG_BEFORE, **fields):
    booking = BookingFactory(slot=slot, **fields)
    PlaceFactory(booking=booking, booked_at=at)
    return booking


def goes_to(slot, place, *, was="", at=NOW):
    row = Relocation.objects.create(
        office=slot.office, day=slot.day, old_place=was, new_place=place
    )
    Relocation.objects.filter(pk=row.pk).update(at=at)
    SpecialDay.objects.filter(office=slot.office, day=slot.day).delete()
    if place:
        SpecialDay.objects.create(
            office=slot.office,
            day=slot.day,
            kind="EXTRA",
            reason="Layanan di mal",
            place=place,
            **calendar.columns_of(HOURS),
        )
    return row


def letter_of(booking):
    return Message.objects.get(kind="relocated", about=f"booking:{booking.code}")


def test_each_visit_has_one_letter_with_both_places_and_moves_freely(slot, monkeypatch):
    monkeypatch.setattr(relocating, "BATCH", 2)
    english = booked(slot, account__language="en", moves_used=1)
    others = [booked(slot) for _number in range(2)]
    paper = booked(slot, account=None, made_by=others[0].account)
    row = goes_to(slot, "Mal Kota, lantai 2")

    assert [relocating.tell(NOW), relocating.tell(NOW)] == [4, 0]

    letter = letter_of(english)
    assert "is now at Mal Kota, lantai 2" in letter.text
    assert "Before, it was at " in letter.text
    assert "Jalan Merdeka 1" in letter.text
    assert Message.objects.filter(kind="relocated").count() == 3
    row.refresh_from_db()
    assert row.told_at == NOW
    view = selectors.view(selectors.booking_by_id(english.pk), now=NOW)
    assert (view.may_move, view.moves_left, view.is_relocated) == (True, None, True)
    assert [one.pk for one in selectors.relocated_on_paper(slot.office, slot.day)] == [paper.pk]
    events = BookingEvent.objects.filter(what="RELOCATED").values_list("booking_id", flat=True)
    assert sorted(events) == sorted(one.pk for one in (english, *others, paper))


def test_back_to_the_office_is_news_too(slot):
    goes_to(slot, "", was="Mal Kota")
    booking = booked(slot)

    assert relocating.tell(NOW) == 1
    text = letter_of(booking).text
    assert "sekarang di " in text
    assert "Jalan Merdeka 1" in text
    assert "Sebelumnya di Mal Kota." in text


def test_whoever_booked_after_it_or_comes_not_any_more_is_not_told(slot):
    booked(slot, at=NOW + timedelta(minutes=1))
    gone = booked(slot)
    ended = {"state": "CANCELLED", "live_person": None, "live_seat": None, "ended_at": NOW}
    Place.objects.filter(booking=gone).update(**ended)
    booked(near_hour(slot.office, days=6))
    goes_to(slot, "Mal Kota")

    assert relocating.tell(NOW + timedelta(minutes=2)) == 0
    assert not Message.objects.filter(kind="relocated").exists()


def test_whoever_booked_while_it_was_saved_is_told(slot):
    booked(slot, at=NOW + timedelta(seconds=5))
    goes_to(slot, "Mal Kota")

    assert relocating.tell(NOW + timedelta(minutes=1)) == 1


def test_a_day_that_has_just_changed_waits_for_those_who_are_booking_it(slot):
    booked(slot)
    row = goes_to(slot, "Mal Kota", at=datetime.now(UTC))
    assert relocating.tell(NOW) == 0

    Relocation.objects.filter(pk=row.pk).update(at=datetime.now(UTC) - 2 * relocating.UNDER_WAY)

    assert relocating.tell(NOW) == 1


def test_a_closed_hour_has_its_own_news(slot):
    booked(slot)
    goes_to(slot, "Mal Kota")
    Slot.objects.filter(pk=slot.pk).update(closed_at=NOW, closed_why="uji")

    assert relocating.tell(NOW) == 0


def test_two_changes_before_anybody_was_told_are_one_letter(slot):
    first = booked(slot)
    second = booked(slot, at=NOW + timedelta(minutes=5))
    goes_to(slot, "Mal Kota")
    goes_to(slot, "Mal Baru", was="Mal Kota", at=NOW + timedelta(minutes=10))

    assert relocating.tell(NOW + timedelta(minutes=11)) == 2

    assert "Jalan Merdeka 1" in letter_of(first).text
    assert "Sebelumnya di Mal Kota." in letter_of(second).text


def test_there_and_back_before_anybody_was_told_is_no_news_to_the_first(slot):
    first = booked(slot)
    second = booked(slot, at=NOW + timedelta(minutes=5))
    goes_to(slot, "Mal Kota")
    goes_to(slot, "", was="Mal Kota", at=NOW + timedelta(minutes=10))

    assert relocating.tell(NOW + timedelta(minutes=11)) == 1

    assert letter_of(second)
    assert not Message.objects.filter(about=f"booking:{first.code}").exists()
    assert not Relocation.objects.filter(told_at=None).exists()


def test_a_letter_written_before_a_crash_is_not_written_again(slot):
    booked(slot)
    row = goes_to(slot, "Mal Kota")
    relocating.tell(NOW)
    Relocation.objects.filter(pk=row.pk).update(told_at=None)

    assert relocating.tell(NOW) == 0
    assert Booking.objects.get().relocations == 1


def test_a_later_calendar_file_wins(slot):
    booking = booked(slot)
    before = tickets.ics(selectors.visit_facts(selectors.booking_by_id(booking.pk)))
    goes_to(slot, "Mal Kota")
    relocating.tell(NOW)

    after = tickets.ics(selectors.visit_facts(selectors.booking_by_id(booking.pk)))

    assert ("SEQUENCE:0" in before, "SEQUENCE:1" in after) == (True, True)
    assert "LOCATION:Mal Kota" in after


def test_at_night_it_waits_for_the_morning(slot):
    booking = booked(slot)
    goes_to(slot, "Mal Kota")
    night = datetime.combine(NOW.date(), datetime.min.time(), UTC) + timedelta(hours=17)

    relocating.tell(night)

    assert letter_of(booking).not_before > night


def test_the_calendar_notes_a_change_of_place_and_nothing_else(slot):
    office, day = slot.office, slot.day
    head = officer_of(office)

    def special(hours, place):
        with transaction.atomic():
            wish = SpecialWish(day, "Layanan di mal", hours, place)
            return calendar.set_special_day(
                officer=head,
                office=office,
                wish=wish,
                why=Why("other", "uji"),
                now=NOW,
                is_approved=True,
            )

    special(HOURS, " Mal Kota ")
    special(HOURS, "Mal Kota")
    special(None, "")
    special(HOURS, "Mal Baru")
    noted = Relocation.objects.order_by("pk").values_list("old_place", "new_place")
    assert list(noted) == [("", "Mal Kota"), ("", "Mal Baru")]

    row = SpecialDay.objects.get()
    calendar.lift_special_day(officer=head, row=row, why=Why("other", "uji"), now=NOW)

    assert list(noted.all())[2:] == [("Mal Baru", "")]
