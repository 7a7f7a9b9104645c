"""The counter's services: who, when, and what it leaves behind."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Message, User
from paspor.kernel.errors import NeedsApproval, NotAllowed
from queueing.booking import errors as booking_errors
from queueing.booking.models import BookingEvent, Place
from queueing.booking.services.events import Why
from queueing.desk import errors
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit
from tests.factories import (
    BookingFactory,
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    SlotFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
START = datetime(2030, 1, 7, 1, tzinfo=UTC)
ON_TIME = START - timedelta(minutes=10)
OVER = START + timedelta(hours=2)


@pytest.fixture
def booking():
    return BookingFactory(slot=SlotFactory(starts_at=START))


@pytest.fixture
def place(booking):
    return PlaceFactory(booking=booking)


@pytest.fixture
def office(booking):
    return booking.slot.office


@pytest.fixture
def officer(office):
    return OfficerPostFactory(office=office).user


def visit(office, place, reason="", note=""):
    return Visit(office=office, booking_code=place.booking.code, why=Why(reason, note))


def state_of(place):
    place.refresh_from_db()
    return place.state


def test_check_in_receives_everyone_of_the_booking(office, officer, place):
    sister = PlaceFactory(booking=place.booking)
    attendance.check_in(officer=officer, visit=visit(office, place), now=ON_TIME)
    assert {state_of(place), state_of(sister)} == {"CHECKED_IN"}
    assert place.checked_in_at == ON_TIME


def test_check_in_of_one_leaves_the_other_booked(office, officer, place):
    sister = PlaceFactory(booking=place.booking)
    only = Visit(office, place.booking.code, [place.applicant.code])
    attendance.check_in(officer=officer, visit=only, now=ON_TIME)
    assert (state_of(place), state_of(sister)) == ("CHECKED_IN", "BOOKED")


def test_each_step_writes_its_event_with_the_officer(office, officer, place):
    attendance.check_in(officer=officer, visit=visit(office, place), now=ON_TIME)
    attendance.serve(officer=officer, visit=visit(office, place), now=ON_TIME)
    told = BookingEvent.objects.filter(place_id=place.pk).order_by("id")
    assert [(event.what, event.actor_id) for event in told] == [
        ("CHECKED_IN", officer.pk),
        ("SERVED", officer.pk),
    ]


def test_an_officer_of_another_office_may_not(office, place):
    stranger = OfficerPostFactory(office=OfficeFactory()).user
    with pytest.raises(NotAllowed):
        attendance.check_in(officer=stranger, visit=visit(office, place), now=ON_TIME)


def test_a_citizen_may_not(office, place):
    with pytest.raises(NotAllowed):
        attendance.check_in(officer=UserFactory(), visit=visit(office, place), now=ON_TIME)


def test_a_booking_of_another_office_is_refused(officer, office):
    elsewhere = PlaceFactory(booking__slot=SlotFactory(starts_at=START))
    with pytest.raises(booking_errors.WrongOffice):
        attendance.check_in(officer=officer, visit=visit(office, elsewhere), now=ON_TIME)


def test_tomorrows_people_are_not_received_today(office, officer, place):
    with pytest.raises(errors.NotToday):
        attendance.check_in(
            officer=officer, visit=visit(office, place), now=ON_TIME - timedelta(days=1)
        )


def test_late_with_a_reason_is_received_and_the_reason_kept(office, officer, place):
    attendance.check_in(officer=officer, visit=visit(office, place, "traffic", "Banjir"), now=OVER)
    assert BookingEvent.objects.get(place_id=place.pk).reason == "traffic"


@pytest.fixture
def five(place):
    PlaceFactory.create_batch(4, booking=place.booking)
    return place


def test_a_family_of_five_is_received_and_served_by_one_officer(office, officer, five):
    attendance.check_in(officer=officer, visit=visit(office, five), now=ON_TIME)
    attendance.serve(officer=officer, visit=visit(office, five), now=ON_TIME)
    assert {one.state for one in five.booking.places.all()} == {"SERVED"}


def test_five_sent_away_told_absent_or_taken_back_need_a_second_officer(office, officer, five):
    attendance.check_in(officer=officer, visit=visit(office, five), now=ON_TIME)
    away = visit(office, five, "documents_missing")
    for act, whom in ((attendance.turn_away, away), (attendance.undo, visit(office, five))):
        with pytest.raises(NeedsApproval):
            act(officer=officer, visit=whom, now=ON_TIME)
    five.booking.places.update(state="BOOKED", checked_in_at=None)
    with pytest.raises(NeedsApproval):
        attendance.mark_no_show(officer=officer, visit=visit(office, five), now=OVER)
    assert state_of(five) == "BOOKED"


def test_who_was_not_received_cannot_be_served(office, officer, place):
    with pytest.raises(booking_errors.WrongState):
        attendance.serve(officer=officer, visit=visit(office, place), now=ON_TIME)


def test_served_frees_the_person_but_not_the_seat(office, officer, place):
    attendance.check_in(officer=officer, visit=visit(office, place), now=ON_TIME)
    attendance.serve(officer=officer, visit=visit(office, place), now=ON_TIME)
    place.refresh_from_db()
    assert (place.live_person_id, place.live_seat_id, place.seat.taken) == (None, None, True)


def test_undo_returns_to_the_step_before(office, officer, place):
    attendance.check_in(officer=officer, visit=visit(office, place), now=ON_TIME)
    attendance.serve(officer=officer, visit=visit(office, place), now=ON_TIME)
    attendance.undo(officer=officer, visit=visit(office, place), now=ON_TIME)
    assert state_of(place) == "CHECKED_IN"
    assert place.live_person_id == place.applicant.person_id


def test_undo_locks_the_people_before_their_booking(office, officer, place):
    attendance.mark_no_show(officer=officer, visit=visit(office, place), now=OVER)
    with CaptureQueriesContext(connection) as asked:
        attendance.undo(officer=officer, visit=visit(office, place), now=OVER)
    locks = [query["sql"] for query in asked if "FOR NO KEY UPDATE" in query["sql"]]
    tables = [sql.split('SELECT "')[1].split('"')[0] for sql in locks]
    assert tables[:4] == [
        "accounts_user",
        "accounts_applicant",
        "accounts_person",
        "queueing_booking",
    ]


def test_undo_gives_an_account_no_sixth_place(office, officer, place):
    attendance.mark_no_show(officer=officer, visit=visit(office, place), now=OVER)
    account = place.booking.account
    PlaceFactory.create_batch(5, booking=BookingFactory(account=account))
    with pytest.raises(booking_errors.TooManyPlaces):
        attendance.undo(officer=officer, visit=visit(office, place), now=OVER)
    assert state_of(place) == "NO_SHOW"


def test_undo_counts_the_places_of_the_whole_mailbox(office, officer, place):
    User.objects.filter(pk=place.booking.account_id).update(email="a@contoh.test")
    attendance.mark_no_show(officer=officer, visit=visit(office, place), now=OVER)
    alike = BookingFactory(account__email="a+2@contoh.test")
    PlaceFactory.create_batch(5, booking=alike)
    with pytest.raises(booking_errors.TooManyPlaces):
        attendance.undo(officer=officer, visit=visit(office, place), now=OVER)


def test_taking_back_a_check_in_makes_nobody_more_live(office, officer, place):
    PlaceFactory.create_batch(4, booking=BookingFactory(account=place.booking.account))
    attendance.check_in(officer=officer, visit=visit(office, place), now=ON_TIME)
    attendance.undo(officer=officer, visit=visit(office, place), now=ON_TIME)
    assert state_of(place) == "BOOKED"


def test_undo_after_the_person_booked_elsewhere_is_refused(office, officer, place):
    attendance.mark_no_show(officer=officer, visit=visit(office, place), now=OVER)
    PlaceFactory(applicant__person=place.applicant.person)
    with pytest.raises(booking_errors.AlreadyBooked):
        attendance.undo(officer=officer, visit=visit(office, place), now=OVER)
    assert state_of(place) == "NO_SHOW"


def told_of(booking):
    return list(
        Message.objects.filter(about=f"booking:{booking.code}")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_an_absence_is_told_by_letter_and_so_is_its_end(office, officer, place):
    for moment in (OVER, OVER + timedelta(minutes=1)):
        attendance.mark_no_show(officer=officer, visit=visit(office, place), now=moment)
        attendance.undo(officer=officer, visit=visit(office, place), now=moment)
    assert told_of(place.booking) == ["no_show", "no_show_undone"] * 2
    letter = Message.objects.filter(kind="no_show").first()
    assert place.applicant.name in letter.text
    assert f"/janji/{place.booking.code}/" in letter.text


def test_nobody_is_told_of_a_check_in_that_is_taken_back(office, officer, place):
    attendance.check_in(officer=officer, visit=visit(office, place), now=ON_TIME)
    attendance.undo(officer=officer, visit=visit(office, place), now=ON_TIME)
    assert told_of(place.booking) == []


def test_the_end_of_the_day_tells_whom_it_marks_and_no_one_else(office, officer, place):
    sister = PlaceFactory(booking=place.booking)
    only = Visit(office, place.booking.code, [place.applicant.code])
    attendance.check_in(officer=officer, visit=only, now=ON_TIME)
    paper = PlaceFactory(
        booking=BookingFactory(slot=place.booking.slot, account=None, made_by=officer)
    )
    attendance.close_hour(slot=place.booking.slot, now=OVER)
    assert (told_of(place.booking), told_of(paper.booking)) == (["no_show"], [])
    letter = Message.objects.get(kind="no_show")
    assert sister.applicant.name in letter.text
    assert place.applicant.name not in letter.text


def test_no_show_waits_for_the_end_of_the_hour(office, officer, place):
    with pytest.raises(booking_errors.WrongState):
        attendance.mark_no_show(officer=officer, visit=visit(office, place), now=ON_TIME)


def test_closing_the_hour_marks_the_absent_and_no_one_else(office, officer, place):
    present = PlaceFactory(booking=BookingFactory(slot=place.booking.slot))
    attendance.check_in(officer=officer, visit=visit(office, present), now=ON_TIME)
    assert attendance.close_hour(slot=place.booking.slot, now=OVER) == 1
    assert (state_of(place), state_of(present)) == (Place.State.NO_SHOW, Place.State.CHECKED_IN)


def test_turned_away_keeps_the_reason(office, officer, place):
    attendance.turn_away(
        officer=officer, visit=visit(office, place, "documents_missing"), now=ON_TIME
    )
    place.refresh_from_db()
    assert (place.state, place.reason) == ("TURNED_AWAY", "documents_missing")
