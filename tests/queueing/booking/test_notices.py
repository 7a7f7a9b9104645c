import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Message
from accounts.services import messages
from queueing.booking import notices, selectors
from queueing.booking.models import Booking, Place
from queueing.booking.services import reminding
from queueing.quota.models import Slot
from tests.factories import BookingFactory, PlaceFactory, SlotFactory
from tests.queueing.booking.visits import book, family

pytestmark = pytest.mark.django_db

# 7 January 2030, 09.00 WITA: the zone and the date both differ from the server's.
STARTS = datetime(2030, 1, 7, 1, tzinfo=UTC)


@pytest.fixture
def slot(db: None) -> Slot:
    return SlotFactory(release__office__timezone="Asia/Makassar", starts_at=STARTS, capacity=3)


def mail() -> Message:
    return Message.objects.latest("pk")


def test_first_line_holds_code_date_and_hour_with_the_zone(slot: Slot) -> None:
    people = family(2)
    people[0].name = "O'Neil <b>Sari</b>"
    people[0].save()
    booking = book(slot, people)

    message = mail()

    first = message.text.splitlines()[0]
    assert f"{booking.code[:4]}-{booking.code[4:]}" in first
    assert "Senin, 7 Januari 2030" in first
    assert "09.00–10.00 WITA" in first
    assert "O'Neil <b>Sari</b>" in message.text
    assert "&lt;b&gt;Sari" in message.html
    assert "<b>Sari" not in message.html
    assert message.not_after == slot.starts_at


def test_mail_is_in_the_readers_language(slot: Slot) -> None:
    people = family(1)
    people[0].account.language = "en"
    people[0].account.save()
    book(slot, people)
    assert "Monday" in mail().text
    assert "09:00–10:00 WITA" in mail().text
    assert '<html lang="en">' in mail().html


def test_calendar_is_attached(slot: Slot) -> None:
    book(slot, family(1))
    (file,) = messages.unpacked(mail())
    assert file.name.endswith(".ics")
    assert b"DTSTART:20300107T010000Z" in file.content


def test_no_mail_for_people_without_an_account() -> None:
    booking = BookingFactory(account=None, made_by=PlaceFactory().booking.account)
    PlaceFactory(booking=booking, applicant__account=None)
    notices.booked(selectors.booking_by_id(booking.pk), now=timezone.now())
    assert not Message.objects.exists()


def test_the_same_notice_twice_is_one_mail(slot: Slot) -> None:
    booking = book(slot, family(1))
    for _again in range(2):
        notices.booked(booking, now=timezone.now())
        notices.reminder(booking, now=timezone.now())
    assert Message.objects.count() == 2


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_notice_renders_whole(slot: Slot, language: str) -> None:
    people = family(1)
    people[0].account.language = language
    people[0].account.save()
    old = book(slot, people)
    now = timezone.now()
    place_ids = [place.pk for place in old.places.all()]
    notices.moved(old, old=old, now=now)
    notices.cancelled(old, place_ids, now=now)
    notices.closed_with_alternative(old, old=old, why="Banjir.", now=now)
    Message.objects.filter(kind="closed_with_alternative").delete()
    notices.closed_with_first_right(old, why="", until=now + timedelta(days=60), now=now)
    notices.first_right_served(old, now=now)
    notices.reminder(old, now=now)

    kinds = set(Message.objects.values_list("kind", flat=True))
    assert len(kinds) == 6
    for message in Message.objects.all():
        assert message.subject
        assert "%" not in message.subject + message.text
        assert re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}|2030", message.text.splitlines()[0])
        assert "localhost" in message.text


# --- Reminders -----------------------------------------------------------------------


@pytest.fixture
def booked(slot: Slot) -> Booking:
    """Booked long before; the visit is on 7 January 09.00 WITA."""
    booking = book(slot, family(1))
    Message.objects.all().delete()
    return booking


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2030, 1, 5, 23, 59, tzinfo=UTC), 0),  # 6 January 07.59 WITA
        (datetime(2030, 1, 6, 0, 0, tzinfo=UTC), 1),  # 08.00
        (datetime(2030, 1, 6, 11, 59, tzinfo=UTC), 1),  # 19.59
        (datetime(2030, 1, 6, 12, 0, tzinfo=UTC), 0),  # 20.00
        (datetime(2030, 1, 5, 4, 0, tzinfo=UTC), 0),  # two days before
        (datetime(2030, 1, 7, 0, 30, tzinfo=UTC), 0),  # the day itself
    ],
)
def test_reminder_comes_on_the_day_before_and_never_at_night(
    booked: Booking, at: datetime, due: int
) -> None:
    assert reminding.remind(at) == due
    assert Message.objects.filter(kind="reminder").count() == due


def test_reminder_is_written_once(booked: Booking) -> None:
    at = datetime(2030, 1, 6, 3, tzinfo=UTC)
    assert [reminding.remind(at), reminding.remind(at)] == [1, 0]
    assert mail().text.startswith("Besok")


@pytest.mark.parametrize("state", ["CANCELLED", "HELD"])
def test_only_booked_visits_are_reminded_of(booked: Booking, state: str) -> None:
    ended: dict[str, Any] = {"live_person": None, "live_seat": None, "ended_at": timezone.now()}
    Place.objects.update(state=state, **({} if state == "HELD" else ended))
    assert reminding.remind(datetime(2030, 1, 6, 3, tzinfo=UTC)) == 0


def test_who_books_on_the_day_before_is_not_reminded(booked: Booking) -> None:
    Booking.objects.update(created_at=datetime(2030, 1, 6, 1, tzinfo=UTC))
    assert reminding.remind(datetime(2030, 1, 6, 3, tzinfo=UTC)) == 0
