"""People of an hour that closes while others serve stay on their day, where it has room."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from accounts.models import Message
from queueing.booking import rules
from queueing.booking.services import closing
from queueing.booking.timeline import timeline
from queueing.quota.models import Slot
from tests.factories import SlotFactory
from tests.queueing.booking.closing_days import follow_up
from tests.queueing.booking.visits import another_day, another_hour, book, family, read

pytestmark = pytest.mark.django_db
# 08.00 WIB; the next hour, and one of another day, hold everybody.
DAY = timedelta(days=1)


@pytest.fixture
def eight(db: None) -> Slot:
    return SlotFactory(capacity=5)


def close_from(slot: Slot, since: time, *, before: timedelta = 30 * DAY) -> None:
    """Close the slot's day from an hour on, so long before its first hour, and settle it."""
    hours = Slot.objects.filter(office=slot.office, day=slot.day)
    now = hours.earliest("starts_at").starts_at - before
    hours.filter(hour__gte=since).update(closed_at=now, closed_why="Banjir.")
    closing.follow_closures(now)


def unwrapped(letter: Message) -> str:
    return " ".join(letter.text.split())


def test_an_hour_that_closes_sends_its_people_to_the_nearest_of_the_day(eight: Slot) -> None:
    nine, ten = another_hour(eight), another_hour(eight, hours=2)
    another_day(eight)
    old = book(nine, family(3))

    close_from(nine, time(9))

    assert ten.day == eight.day
    assert follow_up(old).slot == eight


def test_of_two_hours_that_are_equally_near_it_is_the_later(eight: Slot) -> None:
    nine, ten = another_hour(eight), another_hour(eight, hours=2)
    old = book(nine, family(1))
    Slot.objects.filter(pk=nine.pk).update(closed_at=timezone.now(), closed_why="Istirahat.")

    closing.follow_closures(timezone.now())

    assert follow_up(old).slot == ten


def test_a_family_that_the_day_cannot_hold_together_gets_another_day(eight: Slot) -> None:
    nine = another_hour(eight)
    next_day = another_day(eight)
    book(eight, family(3))
    old = book(nine, family(3))

    close_from(nine, time(9))

    assert follow_up(old).slot == next_day


def test_nobody_is_sent_to_an_earlier_hour_who_may_not_have_read_of_it(eight: Slot) -> None:
    nine = another_hour(eight)
    next_day = another_day(eight)
    old = book(nine, family(1))

    close_from(nine, time(9), before=timedelta(hours=23, minutes=59))

    assert follow_up(old).slot == next_day


def test_with_a_day_to_read_of_it_an_earlier_hour_will_do(eight: Slot) -> None:
    nine = another_hour(eight)
    another_day(eight)
    old = book(nine, family(1))

    close_from(nine, time(9), before=DAY)

    assert follow_up(old).slot == eight


def test_later_hours_replace_at_any_time(eight: Slot) -> None:
    begins = eight.starts_at
    assert rules.first_instead(begins, begins - timedelta(minutes=5)) == begins
    assert rules.first_instead(begins, begins - 2 * DAY) == begins - DAY


def test_the_letter_names_the_hours_that_closed_while_others_serve(eight: Slot) -> None:
    nine = another_hour(eight)
    old = book(nine, family(1))
    close_from(nine, time(9))

    letter = Message.objects.get(kind="closed_with_alternative")
    assert letter.subject.startswith("Jam Anda ditutup: jadwal Anda menjadi")
    assert (
        "menutup layanan pada Senin, 7 Januari 2030, 09.00–10.00 WIB. Alasannya: Banjir."
        in unwrapped(letter)
    )
    history = [entry.text for entry in timeline(read(old))]
    assert "Kantor menutup layanan pada jam itu: Banjir" in history


def test_the_letter_names_the_day_where_none_of_it_serves(eight: Slot) -> None:
    another_day(eight)
    book(eight, family(1))
    close_from(eight, time(8))

    letter = Message.objects.get(kind="closed_with_alternative")
    assert letter.subject.startswith("Kantor tutup: jadwal Anda menjadi")
    assert "menutup layanan pada Senin, 7 Januari 2030. Alasannya: Banjir." in unwrapped(letter)


def test_who_waits_or_was_choosing_reads_of_the_hours_too(eight: Slot) -> None:
    nine = another_hour(eight)
    book(eight, family(5))
    book(nine, family(1))
    book(nine, family(1), confirm=False)
    close_from(nine, time(9))

    waits = Message.objects.get(kind="closed_with_first_right")
    assert waits.subject.startswith("Jam Anda ditutup pada Senin")
    assert "tidak dapat dilayani pada jam itu" in waits.text
    chose = Message.objects.get(kind="closed_while_held")
    assert chose.subject.startswith("Jam itu ditutup pada Senin")
