"""What the selectors tell pages and the API about a booking."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts import ports
from accounts.services import suspension
from offices.rules import DayPlace
from paspor.kernel import audit, notes
from paspor.kernel.models import AuditEvent, Note
from queueing.booking import errors, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.personal_data import BookingData
from queueing.booking.services import changing, events
from queueing.booking.timeline import timeline
from tests.factories import ApprovalFactory, OfficeFactory, SlotFactory, UserFactory
from tests.queueing.booking.visits import account_of, another_day, book, family, lapse, read

pytestmark = pytest.mark.django_db
WIT_0800 = datetime(2030, 1, 6, 23, tzinfo=UTC)


def test_view_tells_that_a_suspended_account_moves_nothing() -> None:
    booking = book(SlotFactory(starts_at=WIT_0800, capacity=1), family(1))
    account = account_of([booking.places.get().applicant])
    suspension.suspend(account=account, now=timezone.now())

    shown = selectors.view(selectors.booking_by_id(booking.pk), now=timezone.now())
    restored = once_restored(booking)

    assert (shown.may_move, shown.move_suspended, shown.may_cancel) == (False, True, True)
    assert (restored.may_move, restored.move_suspended) == (True, False)


def once_restored(booking: Booking) -> selectors.BookingView:
    assert booking.account is not None
    suspension.restore(account=booking.account)
    return selectors.view(selectors.booking_by_id(booking.pk), now=timezone.now())


def test_view_tells_times_in_the_offices_zone_and_what_may_be_done() -> None:
    office = OfficeFactory(timezone="Asia/Jayapura")
    slot = SlotFactory(release__office=office, starts_at=WIT_0800, capacity=2)
    booking = book(slot, family(2))

    shown = selectors.view(read(booking), now=timezone.now())

    assert shown.starts_at.isoformat() == "2030-01-07T08:00:00+09:00"
    assert shown.move_last.isoformat() == "2030-01-06T23:59:00+09:00"
    assert shown.zone_name == "WIT"
    assert (shown.state, shown.moves_left) == ("BOOKED", 1)
    assert shown.may_cancel
    assert shown.may_move
    assert shown.has_ticket
    assert not shown.may_confirm
    assert len(shown.live_places) == 2


@pytest.mark.parametrize(
    ("at", "may_move", "may_cancel"),
    [
        (datetime(2030, 1, 6, 14, 59, 59, tzinfo=UTC), True, True),
        (datetime(2030, 1, 6, 15, tzinfo=UTC), False, True),
        (WIT_0800, False, False),
    ],
)
def test_deadlines_are_the_rules_own(at: datetime, may_move: bool, may_cancel: bool) -> None:
    office = OfficeFactory(timezone="Asia/Jayapura")
    slot = SlotFactory(release__office=office, starts_at=WIT_0800, capacity=1)
    shown = selectors.view(read(book(slot, family(1))), now=at)
    assert (shown.may_move, shown.may_cancel) == (may_move, may_cancel)


def test_hold_that_ran_out_reads_expired_before_the_sweep() -> None:
    people = family(1)
    booking = book(SlotFactory(capacity=1), people, confirm=False)
    assert selectors.view(read(booking), now=timezone.now()).may_confirm
    lapse(booking)

    shown = selectors.view(
        selectors.booking_of(account_of(people), booking.code), now=timezone.now()
    )

    assert shown.state == "EXPIRED"
    assert not shown.may_confirm
    assert not shown.places[0].may_cancel


def test_old_and_new_booking_point_to_each_other() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    account = account_of(people)
    old = book(slot, people)
    new = changing.reschedule(
        account=account,
        code=old.code,
        slot_code=another_day(slot).code,
        actor=Actor.citizen(account),
        now=timezone.now(),
    ).booking

    old_view, new_view = (
        selectors.view(selectors.booking_of(account, code), now=timezone.now())
        for code in (old.code, new.code)
    )

    assert (old_view.moved_to_code, new_view.moved_from_code) == (new.code, old.code)
    assert old_view.state == "MOVED"
    assert new_view.moves_left == 0
    assert not new_view.may_move


def test_lookup_asks_for_code_and_birth_date_and_masks_names() -> None:
    people = family(2)
    booking = book(SlotFactory(capacity=2), people)
    typed = f" {booking.code[:4].lower()}-{booking.code[4:]} "

    found = selectors.lookup(typed, date(1990, 8, 17))

    shown = selectors.view(found, now=timezone.now(), masked=True)
    assert {place.name for place in shown.places} <= {"W••• 0•••"} | {
        f"W••• {n}•••" for n in range(10)
    }
    for code, birth_date in ((typed, date(1990, 8, 18)), ("ZZZZZZZZ", date(1990, 8, 17))):
        with pytest.raises(errors.TicketUnknown):
            selectors.lookup(code, birth_date)


def test_who_looks_a_visit_up_sees_the_ticket_and_nothing_beyond() -> None:
    slot, people = SlotFactory(capacity=2), family(2)
    booking = book(slot, people)
    Place.objects.filter(applicant=people[0]).update(entitlement="DISABLED")
    new = changing.reschedule(
        account=account_of(people),
        code=booking.code,
        slot_code=another_day(slot).code,
        applicant_codes=[people[1].code],
        actor=Actor.citizen(account_of(people)),
        now=timezone.now(),
    ).booking

    views = [
        selectors.view(selectors.booking_by_code(code), now=timezone.now(), masked=True)
        for code in (booking.code, new.code)
    ]

    for shown in views:
        told = repr(replace(shown, code="", code_grouped="", office=None))
        for secret in (people[0].code, people[1].code, booking.code, new.code, "DISABLED", "0001"):
            assert secret not in told
        assert shown.has_ticket
        assert [shown.may_confirm, shown.may_cancel, shown.may_move] == [False] * 3
        assert not any(place.may_cancel or place.may_move for place in shown.places)


def test_list_of_many_bookings_takes_few_queries(django_assert_num_queries: Any) -> None:
    people = family(5)
    for person in people:
        book(SlotFactory(capacity=1), [person])
    listed = selectors.upcoming_first(selectors.bookings_of(account_of(people)), now=timezone.now())

    with django_assert_num_queries(3):
        reads = selectors.reads(listed)
        shown = [selectors.view(booking, now=timezone.now()) for booking in reads]

    assert len(shown) == 5


def test_visits_to_come_stand_first_and_the_next_one_on_top() -> None:
    people = family(3)
    slots = [
        SlotFactory(capacity=1, starts_at=datetime(2030, 1, day, 1, tzinfo=UTC))
        for day in (9, 8, 7)
    ]
    bookings = [book(slot, [person]) for slot, person in zip(slots, people, strict=True)]
    account = account_of(people)
    changing.cancel(
        account=account, code=bookings[2].code, actor=Actor.citizen(account), now=timezone.now()
    )

    listed = selectors.upcoming_first(selectors.bookings_of(account), now=timezone.now())

    assert [booking.pk for booking in listed] == [bookings[n].pk for n in (1, 0, 2)]


def test_timeline_says_what_happened_in_words() -> None:
    people = family(2)
    account = account_of(people)
    booking = book(SlotFactory(capacity=2), people)
    changing.cancel(
        account=account,
        code=booking.code,
        actor=Actor.citizen(account),
        now=timezone.now(),
        applicant_codes=[people[0].code],
    )

    with translation.override("id"):
        told = timeline(selectors.booking_of(account, booking.code))

    assert [(entry.text, entry.by) for entry in told] == [
        ("Janji temu dipesan", "oleh pemohon"),
        ("Dibatalkan", "oleh pemohon"),
    ]
    assert [len(entry.names) for entry in told] == [2, 1]


def test_live_places_block_erasure_and_edits() -> None:
    people = family(1)
    account = account_of(people)
    port = BookingData()
    booking = book(SlotFactory(capacity=1), people)
    assert port.blocks_erasure(account)
    assert port.blocks_edit(people[0])

    changing.cancel(
        account=account, code=booking.code, actor=Actor.citizen(account), now=timezone.now()
    )

    assert port.blocks_erasure(account) is None
    assert not port.blocks_edit(people[0])
    assert any(isinstance(known, BookingData) for known in ports.all_ports())


def test_export_holds_the_bookings_and_their_history() -> None:
    people = family(2)
    booking = book(SlotFactory(capacity=2), people)

    (exported,) = BookingData().export(account_of(people))["bookings"]

    assert exported["code"] == booking.code
    assert {place["name"] for place in exported["places"]} == {person.name for person in people}
    assert {(place["old_passport"], place["parents"]) for place in exported["places"]} == {("", "")}
    assert [event["what"] for event in exported["history"]] == ["BOOKED", "BOOKED"]


def test_export_asks_as_often_for_one_booking_as_for_many() -> None:
    people = family(4)
    slot = SlotFactory(capacity=4)
    questions = []
    for person in people:
        book(slot, [person])
        with CaptureQueriesContext(connection) as asked:
            exported = BookingData().export(account_of(people))["bookings"]
        assert all(len(booking["history"]) == 1 for booking in exported)
        questions.append(len(asked))

    assert len(set(questions)) == 1


def with_note(booking: Booking) -> None:
    events.record(
        booking,
        "BOOKED",
        actor=Actor.officer(UserFactory()),
        places=list(Place.objects.filter(booking=booking)),
        why=events.Why("checked", "Ibu Sari menelepon."),
    )


def test_erasure_takes_the_words_and_leaves_the_history() -> None:
    people = family(1)
    booking = book(SlotFactory(capacity=1), people)
    with_note(booking)
    audit.record("book_for", actor_id=7, subject=f"booking:{booking.code}", note="Ibu Sari")
    asked = ApprovalFactory(subject=f"check_in:{booking.code}", note="Ibu Sari datang")
    audit.record("grant_approval", actor_id=7, subject=f"approval:{asked.code}", note="Ibu Sari")

    BookingData().erase(account_of(people), timezone.now())

    assert not Note.objects.exists()
    assert BookingEvent.objects.filter(note_id__isnull=False).count() == 1
    assert AuditEvent.objects.filter(note_id__isnull=False).count() == 2
    asked.refresh_from_db()
    assert asked.note == ""


def test_old_words_are_forgotten() -> None:
    with_note(book(SlotFactory(capacity=1), family(1)))
    assert notes.forget_old(timezone.now() + timedelta(days=89)) == 0
    assert notes.forget_old(timezone.now() + timedelta(days=91)) == 1
    assert not Note.objects.exists()


def test_a_booking_alone_is_the_one_of_the_list_in_one_query() -> None:
    people = family(2)
    account = account_of(people)
    booking = book(SlotFactory(capacity=4), people)
    moved = changing.reschedule(
        account=account,
        code=booking.code,
        slot_code=another_day(booking.slot).code,
        now=timezone.now(),
        actor=Actor.citizen(account),
    ).booking
    now = timezone.now()
    listed = {one.code: one for one in selectors.reads(selectors.bookings_of(account))}
    for code in (booking.code, moved.code):
        with CaptureQueriesContext(connection) as asked:
            alone = [
                selectors.booking_of(account, code.lower()),
                selectors.booking_by_code(code),
                selectors.booking_by_id(listed[code].booking.pk),
            ]
            views = [selectors.view(one, now=now) for one in alone]
            told = [timeline(one) for one in alone]
        assert len([query for query in asked if "queueing_" in query["sql"]]) == 3
        assert told[1:] == told[:-1]
        assert [entry.names for entry in told[0]]
        assert views == [selectors.view(listed[code], now=now)] * 3
        assert all(one.there == DayPlace() for one in alone)
        assert all(one.booking.account == account for one in alone)


def test_a_booking_of_a_list_has_no_history_to_be_told() -> None:
    people = family(1)
    book(SlotFactory(capacity=1), people)
    (listed,) = selectors.reads(selectors.bookings_of(account_of(people)))
    with pytest.raises(ValueError, match="without its history"):
        timeline(listed)
