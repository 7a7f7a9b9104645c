import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Message
from accounts.services import messages
from queueing.booking import documents, notices, reminder_links, selectors, words
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.presentation.ticket import ticket_of
from queueing.booking.services import changing, reminding
from queueing.quota.models import Slot
from tests.factories import BookingFactory, PlaceFactory, SlotFactory
from tests.queueing.booking.visits import another_day, book, family, read

pytestmark = pytest.mark.django_db

# 7 January 2030, 09.00 WITA: the zone and the date both differ from the server's.
STARTS = datetime(2030, 1, 7, 1, tzinfo=UTC)


@pytest.fixture
def slot(db: None) -> Slot:
    return SlotFactory(release__office__timezone="Asia/Makassar", starts_at=STARTS, capacity=3)


def mail() -> Message:
    return messages.laid_out(Message.objects.latest("pk"))


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
    paper = read(booking)
    assert notices.booking_letters(None, selectors.visit_facts(paper), now=timezone.now()) == []
    notices.cancelled(paper, paper.places, now=timezone.now())
    assert not Message.objects.exists()


def test_the_same_notice_twice_is_one_mail(slot: Slot) -> None:
    booking = book(slot, family(1))
    visit = selectors.visit_facts(read(booking))
    for _again in range(2):
        (letter,) = notices.booking_letters(booking.account, visit, now=timezone.now())
        letter.write()
        notices.reminder(read(booking), now=timezone.now())
    assert Message.objects.count() == 2


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_notice_renders_whole(slot: Slot, language: str) -> None:
    people = family(1)
    people[0].account.language = language
    people[0].account.save()
    old = read(book(slot, people))
    visit = selectors.visit_facts(old)
    now = timezone.now()
    notices.moved(old, old=visit, now=now)
    notices.cancelled(old, old.places, now=now)
    notices.closed_with_alternative(old, old=visit, closed=old.slot, now=now)
    Message.objects.filter(kind="closed_with_alternative").delete()
    notices.closed_with_first_right(old, why="", until=now + timedelta(days=60), now=now)
    notices.first_right_served(old, now=now)
    notices.reminder(old, now=now)

    kinds = set(Message.objects.values_list("kind", flat=True))
    assert len(kinds) == 6
    for message in map(messages.laid_out, Message.objects.all()):
        assert message.subject
        assert "%" not in message.subject + message.text
        assert re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}|2030", message.text.splitlines()[0])
        assert "localhost" in message.text


def test_mail_asks_for_the_same_papers_and_minutes_as_the_ticket(slot: Slot) -> None:
    people = family(2)
    people[1].birth_date = date(2025, 1, 1)
    people[1].save()
    booking = book(slot, people)

    for text in (mail().text, mail().html):
        assert words.arrive_early() in text
        assert "30 menit" not in text
        assert "fotokopi" not in text
        for child in (False, True):
            for item in documents.to_bring("NEW", is_child=child):
                assert item in text
    assert f"{documents.ARRIVE_EARLY_MINUTES} menit" in words.arrive_early()
    assert words.arrive_early() in ticket_of(read(booking), view_of(booking))["arrive"]


def view_of(booking: Booking) -> selectors.BookingView:
    return selectors.view(read(booking), now=timezone.now())


def cancel(booking: Booking, codes: list[str] | None = None) -> Message:
    changing.cancel(
        account=booking.account,
        code=booking.code,
        applicant_codes=codes,
        actor=Actor.citizen(booking.account),
        now=timezone.now(),
    )
    return mail()


def lines_of(message: Message, number: int = 0) -> list[str]:
    return messages.unpacked(message)[number].content.decode().split("\r\n")


def test_part_that_is_cancelled_leaves_the_visit_in_words_and_calendar(slot: Slot) -> None:
    people = family(2)
    booking = book(slot, people)

    message = cancel(booking, [people[0].code])

    assert "sebagian" in message.subject
    assert "tetap berlaku" in message.text.splitlines()[0]
    assert f"Yang dibatalkan: {people[0].name}." in message.text
    assert "batalkan janji temu" in message.text
    lines = lines_of(message)
    assert "METHOD:PUBLISH" in lines
    assert "SEQUENCE:1" in lines
    assert people[0].name not in "".join(lines)


def test_cancelled_whole_it_invites_to_nothing_and_takes_the_entry_away(slot: Slot) -> None:
    booking = book(slot, family(2))
    uid = next(line for line in lines_of(mail()) if line.startswith("UID:"))

    message = cancel(booking)

    assert message.subject.endswith("dibatalkan")
    assert "pindahkan" not in message.text + message.html
    lines = lines_of(message)
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:2", uid} <= set(lines)
    assert "BEGIN:VALARM" not in lines


def test_moving_takes_the_old_entry_away_and_brings_the_new(slot: Slot) -> None:
    people = family(1)
    old = book(slot, people)
    changing.reschedule(
        account=old.account,
        code=old.code,
        slot_code=another_day(slot).code,
        actor=Actor.citizen(old.account),
        now=timezone.now(),
    )

    new, gone = lines_of(mail(), 0), lines_of(mail(), 1)

    assert {"METHOD:PUBLISH", "SEQUENCE:1"} <= set(new)
    assert {"METHOD:CANCEL", f"UID:{old.code}@localhost"} <= set(gone)


def test_mail_says_where_by_a_map(slot: Slot) -> None:
    book(slot, family(1))
    assert "openstreetmap.org/?mlat=-6.20000&mlon=106.80000" in mail().text


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
    Place.objects.update(state=state, **({"booked_at": None} if state == "HELD" else ended))
    assert reminding.remind(datetime(2030, 1, 6, 3, tzinfo=UTC)) == 0


def test_who_books_on_the_day_before_is_not_reminded(booked: Booking) -> None:
    Booking.objects.update(created_at=datetime(2030, 1, 6, 1, tzinfo=UTC))
    assert reminding.remind(datetime(2030, 1, 6, 3, tzinfo=UTC)) == 0


def test_a_moved_visit_is_reminded_of_at_its_new_hour_only(booked: Booking) -> None:
    new = changing.reschedule(
        account=booked.account,
        code=booked.code,
        slot_code=another_day(booked.slot).code,
        actor=Actor.citizen(booked.account),
        now=timezone.now(),
    ).booking
    assert reminding.remind(datetime(2030, 1, 6, 3, tzinfo=UTC)) == 0
    assert reminding.remind(datetime(2030, 1, 7, 3, tzinfo=UTC)) == 1
    assert mail().about == f"booking:{new.code}"


def test_the_reminder_leads_to_the_answer(booked: Booking) -> None:
    reminding.remind(datetime(2030, 1, 6, 3, tzinfo=UTC))
    assert f"/kedatangan/{reminder_links.token_of(booked.pk)}/" in mail().text
    assert "lepas kursi" in mail().html


def test_a_reminder_that_still_waits_is_withdrawn_with_its_visit(booked: Booking) -> None:
    reminding.remind(datetime(2030, 1, 6, 3, tzinfo=UTC))
    cancel(booked)
    reminder = Message.objects.get(kind="reminder")
    assert (reminder.state, reminder.reason) == ("FAILED", "withdrawn")


NIGHT = datetime(2030, 1, 2, 14, tzinfo=UTC)  # 22.00 WITA


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        (NIGHT, datetime(2030, 1, 2, 23, tzinfo=UTC)),  # 22.00: 07.00 on the next day
        (datetime(2030, 1, 1, 22, 59, tzinfo=UTC), datetime(2030, 1, 1, 23, tzinfo=UTC)),  # 06.59
        (datetime(2030, 1, 2, 12, 59, tzinfo=UTC), datetime(2030, 1, 2, 12, 59, tzinfo=UTC)),
        # The night before the visit: nobody is let sleep over that.
        (datetime(2030, 1, 6, 14, tzinfo=UTC), datetime(2030, 1, 6, 14, tzinfo=UTC)),
    ],
)
def test_news_of_a_far_day_waits_for_the_morning(booked: Booking, at: datetime, goes: datetime):
    until = at + timedelta(days=60)
    notices.closed_with_first_right(read(booked), why="", until=until, now=at)
    assert mail().not_before == goes


def test_who_has_just_acted_is_answered_at_night_too(booked: Booking) -> None:
    notices.cancelled(read(booked), booked.places.all(), now=NIGHT)
    assert mail().not_before == NIGHT
