"""Queue numbers: given with the check-in, one for a family, gone with the visit."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.services import personal_data
from queueing.booking.models import BookingEvent, Place
from queueing.booking.services.events import NO_REASON, Why
from queueing.desk.models import NumberCount, QueueNumber
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit
from tests.factories import BookingFactory, OfficerPostFactory, PlaceFactory
from tests.queueing.desk.conftest import NOW, START, slot_on

pytestmark = pytest.mark.django_db
END = START + timedelta(hours=1)


@pytest.fixture
def member(office):
    return OfficerPostFactory(office=office).user


@pytest.fixture
def receive(office, member):
    def receive(place: Place, now=NOW, why=NO_REASON, only=True) -> QueueNumber:
        codes = [place.applicant.code] if only else None
        visit = Visit(office, place.booking.code, codes, why)
        attendance.check_in(officer=member, visit=visit, now=now)
        return QueueNumber.objects.filter(booking=place.booking).latest("pk")

    return receive


def guest(slot, **fields) -> Place:
    booking = {name[9:]: fields.pop(name) for name in list(fields) if name.startswith("booking__")}
    return PlaceFactory(booking=BookingFactory(slot=slot, **booking), **fields)


def test_numbers_have_no_gap_and_begin_anew_by_letter_and_office(slot, receive):
    told = [receive(guest(slot)).label for _n in range(3)]
    told += [receive(guest(slot, booking__channel="PRIORITY")).label]
    told += [receive(guest(slot, entitlement="ELDERLY")).label]
    assert told == ["A001", "A002", "A003", "P001", "P002"]


def test_a_check_in_that_fails_gives_its_number_back(slot, receive):
    with transaction.atomic():
        receive(guest(slot))
        transaction.set_rollback(True)
    assert receive(guest(slot)).label == "A001"


def test_whoever_was_booked_at_the_counter_today_came_without_an_appointment(slot, receive, member):
    walk_in = {"booking__account": None, "booking__made_by": member, "booking__channel": "COUNTER"}
    made_today = guest(slot, booking__created_at=NOW, **walk_in)
    made_before = guest(slot, booking__created_at=NOW - timedelta(days=1), **walk_in)
    assert (receive(made_today).label, receive(made_before).label) == ("L001", "A001")


def test_a_family_has_one_number_and_whoever_comes_after_joins_it(slot, receive):
    mother = guest(slot)
    son = PlaceFactory(booking=mother.booking)
    first = receive(mother)
    assert receive(son, now=NOW + timedelta(minutes=5)) == first
    assert first.arrived_at == NOW


def test_who_comes_after_the_others_were_served_has_a_number_of_their_own(
    slot, receive, office, member
):
    mother = guest(slot)
    son = PlaceFactory(booking=mother.booking)
    receive(mother)
    attendance.serve(officer=member, visit=Visit(office, mother.booking.code), now=NOW)
    assert receive(son).label == "A002"


def test_the_log_tells_the_number(slot, receive):
    place = guest(slot)
    receive(place)
    assert BookingEvent.objects.get(place_id=place.pk).detail == {"number": "A001"}


def test_a_number_ends_with_the_last_of_its_people(slot, receive, office, member):
    mother = guest(slot)
    son = PlaceFactory(booking=mother.booking)
    queued = receive(mother, only=False)
    one = Visit(office, mother.booking.code, [mother.applicant.code])
    attendance.serve(officer=member, visit=one, now=NOW)
    queued.refresh_from_db()
    assert queued.state == "WAITING"
    why = Why("documents_missing")
    one = Visit(office, mother.booking.code, [son.applicant.code], why)
    attendance.turn_away(officer=member, visit=one, now=NOW)
    queued.refresh_from_db()
    assert (queued.state, queued.ended_at) == ("DONE", NOW)


def test_a_mistaken_check_in_comes_back_under_the_same_number(slot, receive, office, member):
    place = guest(slot)
    queued = receive(place)
    attendance.undo(officer=member, visit=Visit(office, place.booking.code), now=NOW)
    queued.refresh_from_db()
    assert queued.state == "GONE"
    assert receive(place) == queued
    assert NumberCount.objects.get().last == 1


def test_a_service_taken_back_puts_the_number_aside(slot, receive, office, member):
    place = guest(slot)
    queued = receive(place)
    attendance.serve(officer=member, visit=Visit(office, place.booking.code), now=NOW)
    attendance.undo(officer=member, visit=Visit(office, place.booking.code), now=NOW)
    queued.refresh_from_db()
    assert queued.state == "HELD"


def test_late_arrivals_are_due_when_they_come(slot, receive):
    late = receive(guest(slot), now=END, why=Why("traffic", "Macet"))
    assert (late.arrived_at, late.due_at) == (END, END)


def test_another_day_counts_anew(slot, receive, office):
    receive(guest(slot))
    tomorrow = slot_on(office, START + timedelta(days=1))
    assert receive(guest(tomorrow), now=NOW + timedelta(days=1)).label == "A001"


@pytest.mark.parametrize(
    "change",
    [
        {"state": "CALLED"},
        {"counter": 1},
        {"state": "DONE"},
        {"state": "SERVING", "counter": 1},
        {"letter": "Z"},
    ],
)
def test_the_database_refuses_what_cannot_be(slot, receive, change):
    queued = receive(guest(slot))
    with pytest.raises(IntegrityError):
        QueueNumber.objects.filter(pk=queued.pk).update(**change)


def test_the_export_of_ones_data_has_ones_own_numbers(slot, receive):
    mine, other = guest(slot), guest(slot)
    queued = receive(mine)
    receive(other)

    held = personal_data.export(user=mine.booking.account, now=NOW)

    (told,) = held["queue_numbers"]
    assert (told["booking"], told["number"]) == (mine.booking.code, queued.label)
    assert (told["arrived_at"], told["called_at"]) == (NOW.isoformat(), None)
