"""The counter's list: whose people, in which order, and what may be done with them."""

from datetime import UTC, datetime, timedelta

import pytest

from offices.officer_selectors import offices_open_to
from offices.rules import Act
from queueing.booking import errors as booking_errors
from queueing.booking import selectors as booking_selectors
from queueing.booking import tickets
from queueing.booking.actors import Actor
from queueing.booking.models import Place
from queueing.booking.services import events
from queueing.desk import selectors
from tests.factories import (
    BookingFactory,
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    SlotFactory,
)

pytestmark = pytest.mark.django_db
START = datetime(2030, 1, 7, 1, tzinfo=UTC)
ON_TIME = START - timedelta(minutes=10)
OVER = START + timedelta(hours=2)


@pytest.fixture
def slot():
    return SlotFactory(starts_at=START)


@pytest.fixture
def place(slot):
    return PlaceFactory(booking=BookingFactory(slot=slot), applicant__name="Sari Dewi")


def guests(slot, **narrowed):
    day = selectors.day_of(slot.office, slot.day, now=ON_TIME, **narrowed)
    return [guest for hour in day.hours for guest in hour.guests]


def test_the_day_shows_its_own_people_by_hour(slot, place):
    later = SlotFactory(release=slot.release, starts_at=START + timedelta(hours=2))
    PlaceFactory(booking=BookingFactory(slot=later))
    PlaceFactory(booking=BookingFactory(slot=SlotFactory(starts_at=START)))
    day = selectors.day_of(slot.office, slot.day, now=ON_TIME)
    assert [hour.starts_at.hour for hour in day.hours] == [8, 10]


def test_a_hold_is_not_shown(slot):
    PlaceFactory(booking=BookingFactory(slot=slot), state="HELD")
    assert guests(slot) == []


def test_the_list_is_narrowed_by_name_and_by_code(slot, place):
    PlaceFactory(booking=BookingFactory(slot=slot), applicant__name="Budi")
    code = place.booking.code
    assert [guest.name for guest in guests(slot, text="sari")] == ["Sari Dewi"]
    assert [guest.name for guest in guests(slot, text=f"{code[:4]}-{code[4:]}".lower())] == [
        "Sari Dewi"
    ]


def test_the_nik_is_masked(slot, place):
    assert guests(slot)[0].nik == "•" * 12 + place.applicant.nik_last4


def test_sixty_people_take_as_many_queries_as_one(slot, django_assert_num_queries):
    for _ in range(60):
        PlaceFactory(booking=BookingFactory(slot=slot))
    with django_assert_num_queries(3):  # the people, their checks, how early they are received
        assert len(guests(slot)) == 60


@pytest.mark.parametrize(
    ("state", "now", "acts"),
    [
        ("BOOKED", ON_TIME, (Act.CHECK_IN, Act.TURN_AWAY)),
        ("BOOKED", START - timedelta(minutes=31), (Act.TURN_AWAY,)),
        ("BOOKED", OVER, (Act.CHECK_IN, Act.TURN_AWAY, Act.NO_SHOW)),
        ("CHECKED_IN", ON_TIME, (Act.SERVE, Act.TURN_AWAY, Act.UNDO)),
        ("BOOKED", ON_TIME - timedelta(days=1), ()),
    ],
)
def test_acts_follow_state_and_hour(place, state, now, acts):
    place.state = state
    moment = selectors.Moment.at(place.booking.slot.office, now)
    assert selectors.acts_now(place, moment) == acts


def test_a_counter_officer_serves_at_their_own_office_only(slot):
    officer = OfficerPostFactory(office=slot.office).user
    OfficeFactory()
    assert list(offices_open_to(officer, now=ON_TIME)) == [slot.office]


def test_a_head_serves_at_the_branches_too(slot):
    branch = OfficeFactory(kind="ULP", parent=slot.office)
    head = OfficerPostFactory(office=slot.office, role="HEAD").user
    assert set(offices_open_to(head, now=ON_TIME)) == {slot.office, branch}


def test_a_planner_has_no_counter(slot):
    planner = OfficerPostFactory(office=slot.office, role="PLANNER").user
    assert list(offices_open_to(planner, now=ON_TIME)) == []


def test_a_scanned_ticket_gives_its_code(place):
    booking = booking_selectors.booking_by_id(place.booking_id)
    token = tickets.sign(tickets.ticket_of(booking))
    assert selectors.code_scanned(token) == booking.code


def test_a_ticket_with_one_letter_changed_is_refused(place):
    token = tickets.sign(tickets.ticket_of(booking_selectors.booking_by_id(place.booking_id)))
    forged = token[:12] + ("A" if token[12] != "A" else "B") + token[13:]
    with pytest.raises(booking_errors.TicketInvalid):
        selectors.code_scanned(forged)


def test_a_booking_of_another_office_is_unknown_here(place):
    with pytest.raises(booking_errors.BookingUnknown):
        selectors.booking_at(OfficeFactory(), place.booking.code)


@pytest.mark.parametrize("path", ["", "datang-langsung/"])
def test_day_that_is_none_is_named(officer, sign_in, path):
    office = OfficeFactory()
    browser = sign_in(officer("COUNTER", office))

    page = browser.get(f"/loket/{office.code}/{path}?hari=2026-02-31").content.decode()

    assert "Tanggal “2026-02-31” tidak dapat ditampilkan; yang tampil" in page


def test_officer_who_finds_no_page_is_told_of_offices_and_not_of_bookings(officer, sign_in):
    page = sign_in(officer("COUNTER", OfficeFactory())).get("/loket/TIDAK-ADA/")

    assert page.status_code == 404
    assert "milik kantor lain" in page.content.decode()
    assert "Janji Anda tidak berubah" not in page.content.decode()


def test_who_answered_that_they_come_is_marked_until_they_are_here(slot, place):
    other = PlaceFactory(booking=place.booking)
    events.record(
        place.booking, "BOOKED", actor=Actor.system(), places=[place], why=events.Why("coming")
    )
    told = {guest.applicant_code: guest.says_coming for guest in guests(slot)}
    assert told == {place.applicant.code: True, other.applicant.code: False}
    day = selectors.day_of(slot.office, slot.day, now=ON_TIME)
    assert day.says_coming == 1

    Place.objects.filter(pk=place.pk).update(state="CHECKED_IN")
    assert not any(guest.says_coming for guest in guests(slot))
