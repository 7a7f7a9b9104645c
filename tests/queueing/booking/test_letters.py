"""A letter that is laid out later says what held when it was written down."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Message
from accounts.notices import Attachment, Letter
from accounts.services import messages
from offices.models import Office
from paspor.kernel.codes import grouped
from queueing.booking import documents, drafts, laying_out, notices, selectors, words
from queueing.booking.actors import Actor
from queueing.booking.beside import beside_of
from queueing.booking.facts import VisitFacts
from queueing.booking.models import Booking
from queueing.booking.reads import BookingRead
from queueing.booking.services import changing, confirming, together
from queueing.booking.services.closing import close_day
from queueing.quota.models import Slot
from tests.factories import SlotFactory, SpecialDayFactory
from tests.queueing.booking.closing_days import BANJIR, approved, close, planner_of
from tests.queueing.booking.visits import (
    account_of,
    another_day,
    another_hour,
    book,
    family,
    read,
    wish,
)

pytestmark = pytest.mark.django_db

STARTS = datetime(2030, 1, 7, 1, tzinfo=UTC)


@pytest.fixture
def slot(db: None) -> Slot:
    return SlotFactory(release__office__timezone="Asia/Makassar", starts_at=STARTS, capacity=3)


def composed(booking: Booking) -> tuple[Letter, list[Attachment]]:
    """From the rows as they are, in the reader's language."""
    assert booking.account is not None
    with translation.override(booking.account.language):
        visit = selectors.visit_facts(read(booking))
        return laying_out.laid_out(visit, drafts.booked(visit))


def written_down() -> tuple[Letter, list[Attachment]]:
    return laid_out(drafts.BOOKED, laying_out.booked_letter)


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_says_word_for_word_what_the_rows_say(slot: Slot, language: str) -> None:
    SpecialDayFactory(
        office=slot.office,
        day=slot.day,
        kind="EXTRA",
        opens=time(8),
        closes=time(12),
        place="Balai Desa, RT 1; RW 2",
        reason="Hari Jadi Kota",
    )
    people = family(2)
    account_of(people).language = language
    account_of(people).save()
    people[1].birth_date = date(2025, 1, 1)
    people[1].save()

    parent, child = wish(slot, people).places
    booking = book(slot, people, places=(parent, replace(child, parents="ONE")))

    assert written_down() == composed(booking)
    letter, (entry,) = written_down()
    assert "Balai Desa, RT 1; RW 2" in dict(letter.facts).values()
    assert len(letter.lists) == 2
    assert b"DTSTART:20300107T010000Z" in entry.content


def test_a_move_says_word_for_word_what_the_rows_say(slot: Slot) -> None:
    people = family(2)
    old = book(slot, people)
    new = changing.reschedule(
        account=account_of(people),
        code=old.code,
        slot_code=another_day(slot).code,
        actor=Actor.citizen(account_of(people)),
        now=timezone.now(),
    ).booking

    written = laid_out("moved", laying_out.moved_letter)

    visit = selectors.visit_facts(read(new))
    before = selectors.visit_facts(read(old))
    with translation.override(account_of(people).language):
        assert written == laying_out.laid_out(visit, drafts.moved(visit, before))
    entries = [entry.content for entry in written[1]]
    assert [b"METHOD:CANCEL" in entry for entry in entries] == [False, True]


@pytest.mark.parametrize(("kind", "is_examined"), [("LOST", True), ("NEW", False)])
def test_it_says_what_each_comes_for_and_whether_that_is_examined_first(
    slot: Slot, kind: str, is_examined: bool
) -> None:
    people = family(2)
    one, other = wish(slot, people).places
    lost = replace(other, kind=kind, passport_type="ELECTRONIC")
    book(slot, people, places=(one, lost))

    letter, _entries = written_down()

    what = {"LOST": "Paspor hilang", "NEW": "Paspor baru"}[kind]
    coming = [text for label, text in letter.facts if label == "Pemohon"]
    assert coming == [
        f"{people[0].name} · Paspor baru · Paspor biasa",
        f"{people[1].name} · {what} · Paspor elektronik",
    ]
    assert (documents.EXAMINED in letter.paragraphs) is is_examined


# As the first version that stored facts wrote them, before relocations and passport types.
STORED = {
    "code": "K7QM4XTA",
    "created_at": "2029-12-20T03:00:00+00:00",
    "moves_used": 1,
    "office": {
        "name": "Kanim Makassar",
        "timezone": "Asia/Makassar",
        "address": "Jalan Perintis 13",
        "regency": "Makassar",
    },
    "at": ["-5.140", "119.490"],
    "day": "2030-01-07",
    "hours": ["2030-01-07T01:00:00+00:00", "2030-01-07T02:00:00+00:00"],
    "place": "",
    "note": "",
    "people": [
        {
            "name": "Sari",
            "is_child": False,
            "kind": "NEW",
            "old_passport": "",
            "parents": "",
            "state": "BOOKED",
            "ended_at": None,
        },
        {
            "name": "Budi",
            "is_child": True,
            "kind": "REPLACEMENT",
            "old_passport": "",
            "parents": "ONE",
            "state": "CANCELLED",
            "ended_at": "2029-12-21T03:00:00+00:00",
        },
    ],
}


def test_facts_that_the_first_version_stored_are_laid_out() -> None:
    letter, (entry,) = laying_out.booked_letter(STORED)

    assert letter.subject == "Janji temu paspor K7QM-4XTA: Senin, 7 Januari 2030, 09.00–10.00 WITA"
    facts = dict(letter.facts)
    assert facts["Alamat"] == "Jalan Perintis 13"
    assert facts["Pemohon"] == "Sari · Paspor baru"
    assert b"SEQUENCE:2\r\n" in entry.content
    assert b"GEO:-5.14000;119.49000\r\n" in entry.content
    assert b"DTSTAMP:20291221T030000Z\r\n" in entry.content


def test_facts_of_a_newer_version_are_laid_out_too() -> None:
    """A release may be taken back while letters of it wait."""
    people = [person | {"shoe_size": 42} for person in STORED["people"]]

    assert laying_out.booked_letter(STORED | {"people": people, "weather": "hujan"})


def test_what_is_stored_is_read_back_as_it_was(slot: Slot) -> None:
    people = family(2)
    left = changing.cancel(
        account=account_of(people),
        code=book(slot, people).code,
        applicant_codes=[people[0].code],
        actor=Actor.citizen(account_of(people)),
        now=timezone.now(),
    ).booking

    visit = selectors.visit_facts(read(left))

    assert VisitFacts.from_json(json.loads(json.dumps(visit.as_json()))) == visit


def in_two_hours(slot: Slot, *, confirm: bool) -> tuple[BookingRead, BookingRead]:
    people = family(3)
    account = account_of(people)
    wishes = (
        wish(slot, people[:2], confirm=confirm),
        wish(another_hour(slot), people[2:], confirm=confirm),
    )
    now = timezone.now()
    with transaction.atomic():
        made = together.hold_within(
            account=account, wishes=wishes, actor=Actor.citizen(account), now=now
        )
    if not confirm:
        confirming.confirm(account=account, code=made.code, now=now)
    first = selectors.booking_by_id(made.booking_id)
    second = beside_of(first)
    assert second is not None
    return first, second


def letter_about(booking: Booking, kind: str) -> Message:
    return messages.laid_out(Message.objects.get(kind=kind, about=f"booking:{booking.code}"))


def says(booking: Booking, text: str) -> bool:
    """That these people come at another hour, with that code."""
    names = ", ".join(place.applicant.name for place in booking.places)
    said = f"{names} datang {words.hours_of(booking.slot)}, dengan tiketnya sendiri: kode "
    return said + grouped(booking.code) in text


@pytest.mark.parametrize("confirm", [True, False])
def test_letters_of_two_hours_name_each_other(slot: Slot, confirm: bool) -> None:
    both = in_two_hours(slot, confirm=confirm)

    for one, other in (both, both[::-1]):
        letter = letter_about(one, drafts.BOOKED)
        assert "Keluarga Anda datang pada dua jam. " in letter.text
        assert says(other, letter.text)
        assert says(other, letter.html)
        assert not says(one, letter.text)


def test_reminder_of_one_of_two_hours_names_the_other(slot: Slot) -> None:
    one, other = in_two_hours(slot, confirm=True)

    notices.reminder(one, now=timezone.now())

    assert says(other, letter_about(one, "reminder").text)


def test_who_moves_is_told_of_the_other_hour_with_the_day(slot: Slot) -> None:
    one, other = in_two_hours(slot, confirm=True)
    assert one.booking.account is not None
    later = another_day(slot)
    new = changing.reschedule(
        account=one.booking.account,
        code=one.code,
        slot_code=later.code,
        actor=Actor.citizen(one.booking.account),
        now=timezone.now(),
    ).booking

    letter = letter_about(new, "moved")

    assert "Sebagian keluarga Anda datang pada waktu lain. " in letter.text
    assert f"datang Senin, 7 Januari 2030, {words.hours_of(other.slot)}" in letter.text
    assert f"kode {grouped(other.code)}" in letter.text


def test_an_hour_that_nobody_comes_to_is_not_told(slot: Slot) -> None:
    one, other = in_two_hours(slot, confirm=True)
    assert one.booking.account is not None
    changing.cancel(
        account=one.booking.account,
        code=other.code,
        actor=Actor.citizen(one.booking.account),
        now=timezone.now(),
    )

    notices.reminder(one, now=timezone.now())

    assert "datang pada dua jam" not in letter_about(one, "reminder").text


def closed_letters(first: Booking, second: Booking) -> tuple[str, str]:
    """Of a day that is closed, in the order in which they were written."""
    close(first.slot)
    one, other = Message.objects.filter(kind__startswith="closed_").order_by("pk")
    return one.text, other.text


def named(booking: Booking) -> str:
    names = ", ".join(place.applicant.name for place in booking.places)
    return f"{names} (kode {grouped(booking.code)})"


def test_letters_of_a_day_that_closes_tell_what_became_of_the_familys_other_hour(
    slot: Slot,
) -> None:
    first, second = in_two_hours(slot, confirm=True)
    later = another_day(slot, capacity=3)

    one, other = closed_letters(first, second)

    assert f"Jam bagian keluarga Anda yang lain, {named(second)}, juga ditutup" in one
    new = beside_of(second)
    assert new is not None
    assert new.slot == later
    assert says(new, other)


def test_letters_of_a_day_that_closes_say_who_of_the_family_still_waits(slot: Slot) -> None:
    first, second = in_two_hours(slot, confirm=True)
    another_day(slot, capacity=1)

    one, other = closed_letters(first, second)

    assert f"{named(second)}, juga ditutup; tentang mereka kami menulis tersendiri." in one
    assert f"{named(first)}, belum mendapat jam pengganti dan didahulukan" in other


def test_letter_of_one_hour_that_closes_names_the_other_that_stays(slot: Slot) -> None:
    first, second = in_two_hours(slot, confirm=True)
    officer = planner_of(slot)
    since = second.slot.starts_at.astimezone(slot.office.zone).time()
    approved(slot, officer, since=since)

    close_day(
        office=slot.office,
        day=slot.day,
        since=since,
        why=BANJIR,
        officer=officer,
        now=timezone.now(),
    )

    letter = Message.objects.get(kind="closed_with_alternative")
    assert says(first, letter.text)


@pytest.mark.parametrize("leaving", [1, 2])
def test_a_cancelling_says_word_for_word_what_the_rows_say(slot: Slot, leaving: int) -> None:
    people = family(2)
    booking = book(slot, people)
    left = changing.cancel(
        account=account_of(people),
        code=booking.code,
        applicant_codes=[one.code for one in people[:leaving]],
        actor=Actor.citizen(account_of(people)),
        now=timezone.now(),
    ).booking

    written = laid_out("cancelled", laying_out.cancelled_letter)

    names = [one.name for one in people[:leaving]]
    visit = selectors.visit_facts(read(left))
    with translation.override(account_of(people).language):
        assert written == laying_out.laid_out(visit, drafts.cancelled(visit, names))
    assert all(any(name in said for said in written[0].paragraphs) for name in names)


def laid_out(
    kind: str, writer: Callable[[dict[str, Any]], tuple[Letter, list[Attachment]]]
) -> tuple[Letter, list[Attachment]]:
    message = Message.objects.get(kind=kind)
    with translation.override(message.language):
        return writer(message.facts)


def test_what_changed_since_is_not_in_it(slot: Slot) -> None:
    people = family(2)
    booking = book(slot, people)
    before = written_down()

    Office.objects.update(name="Kantor lain", address="Jalan lain", timezone="Asia/Jayapura")
    people[0].name = "Nama lain"
    people[0].save()
    changing.cancel(
        account=booking.account,
        code=booking.code,
        applicant_codes=[people[1].code],
        actor=Actor.citizen(booking.account),
        now=timezone.now(),
    )

    assert written_down() == before


def test_no_birth_date_is_written_down_and_laying_out_asks_nothing(slot: Slot) -> None:
    people = family(1)
    book(slot, people)
    message = Message.objects.get(kind=drafts.BOOKED)
    assert str(people[0].birth_date) not in str(message.facts)

    with CaptureQueriesContext(connection) as asked:
        assert people[0].name in messages.laid_out(message).text
    assert list(asked) == []
