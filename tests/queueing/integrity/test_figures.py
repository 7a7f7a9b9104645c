"""The figures of three days of one office whose story is told by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Applicant, User
from offices.models import Office
from offices.reasons import Why
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import changing, closing, holding, places
from queueing.booking.services.for_someone import book_for
from queueing.booking.services.holding import PlaceRequest
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit
from queueing.integrity.models.figures import DayFigures
from queueing.integrity.rules.figures import Around, Figures, Span
from queueing.integrity.selectors import figures
from queueing.integrity.services.figures import roll_up
from queueing.quota.models import Release, Slot
from queueing.quota.services import capacity
from queueing.quota.services.capacity import SeatsWanted
from queueing.quota.services.closing import approval_request
from tests.factories import LONG_AGO, OfficeFactory, PlaceFactory, SeatFactory, SlotFactory
from tests.queueing.booking.test_for_someone import person, wish
from tests.queueing.booking.visits import account_of, book, family
from tests.queueing.quota.conftest import MONDAY, NOW, agreed, make_office, officer_of, prepared
from tests.reasons import WHY

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
THESE = Span(MONDAY, WEDNESDAY)
# Monday, ten past eight and half past ten in Jakarta; then Wednesday, ten past eight.
MORNING = datetime(2029, 12, 10, 1, 10, tzinfo=UTC)
EVENING = datetime(2029, 12, 10, 3, 30, tzinfo=UTC)
LATER = datetime(2029, 12, 12, 1, 10, tzinfo=UTC)

# 2 hours of 20 seats, 2 added, 6 withdrawn; ten places were confirmed.
ON_MONDAY = Figures(
    released=36,
    free=29,
    booked=10,
    attended=4,
    turned_away=1,
    no_show=2,
    returned=3,
    voided=1,
    closed=0,
    officer_made=2,
    walk_in=1,
    priority=1,
)
# Closed with one person booked, and one who had moved away before.
ON_TUESDAY = Figures(booked=2, returned=1, closed=1)
ON_WEDNESDAY = Figures(released=40, free=39, booked=1)


class Story:
    """What people and officers did about the quota of one office."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.officer: User = officer_of(office)
        prepared(office, days=3)
        self.eight, self.nine = self.hours(MONDAY)

    def hours(self, day: date) -> list[Slot]:
        return list(Slot.objects.filter(office=self.office, day=day).order_by("starts_at"))

    def quota(self, slot: Slot, seats: int) -> None:
        wanted = SeatsWanted(slot.code, "ONLINE", seats, WHY)
        capacity.change_capacity(wanted=wanted, officer=self.officer, now=NOW)

    def cancel(self, booking: Booking) -> None:
        changing.cancel(
            account=booking.account,
            code=booking.code,
            actor=Actor.citizen(booking.account),
            now=timezone.now(),
        )

    def move(self, people: list[Applicant], start: Slot, end: Slot) -> Booking:
        account = account_of(people)
        return changing.reschedule(
            account=account,
            code=book(start, people).code,
            slot_code=end.code,
            actor=Actor.citizen(account),
            now=timezone.now(),
        ).booking

    def at_counter(self, n: int, reason: str) -> Booking:
        asked = wish(person(n), slot_code=(self.eight, self.nine)[n].code, reason=reason)
        return book_for(officer=self.officer, office=self.office, wish=asked, now=NOW)

    def visit(self, booking: Booking, *people: Applicant, **why: object) -> Visit:
        codes = [one.code for one in people] or None
        return Visit(self.office, booking.code, codes, **why)

    def receive(self, booking: Booking, *people: Applicant) -> None:
        attendance.check_in(officer=self.officer, visit=self.visit(booking, *people), now=MORNING)

    def void(self, booking: Booking) -> None:
        people = places.places_of(booking)
        places.free_seats(people, minutes=60)
        places.end(people, Place.State.VOIDED)

    def close_tuesday(self) -> None:
        agreed(approval_request(self.office, TUESDAY, None, WHY), self.officer)
        closing.close_day(office=self.office, day=TUESDAY, why=WHY, officer=self.officer, now=NOW)


@pytest.fixture
def story(db: None) -> Story:
    story = Story(make_office())
    story.quota(story.eight, 18)
    story.quota(story.nine, 10)
    _tell_what_citizens_did(story)
    _tell_what_officers_did(story)
    return story


def _tell_what_citizens_did(story: Story) -> None:
    tuesday = story.hours(TUESDAY)[0]
    story.move(family(), story.eight, tuesday)
    story.move(family(), tuesday, story.nine)
    story.close_tuesday()
    story.cancel(book(story.eight, family()))
    story.cancel(book(story.eight, family(), confirm=False))  # a hold that was let go
    Booking.objects.filter(pk=book(story.nine, family(), confirm=False).pk).update(
        held_until=LONG_AGO
    )
    holding.expire_lapsed(timezone.now())
    story.void(book(story.nine, family()))


def _tell_what_officers_did(story: Story) -> None:
    three = family(3)
    booking = book(story.eight, three)
    story.receive(booking)
    attendance.serve(officer=story.officer, visit=story.visit(booking, three[0]), now=MORNING)
    attendance.turn_away(
        officer=story.officer,
        visit=story.visit(booking, three[1], why=Why("documents_missing")),
        now=MORNING,
    )
    elder = family(birth_date=date(1950, 8, 17))
    entitled = PlaceRequest(elder[0].code, "NEW", "REGULAR", "ELDERLY")
    story.receive(book(story.eight, elder, channel="PRIORITY", places=(entitled,)))
    story.receive(story.at_counter(0, "walk_in"))
    story.at_counter(1, "no_device")
    for slot in (story.eight, story.nine):
        attendance.close_hour(slot=slot, now=EVENING)


def counted(story: Story, now: datetime = LATER) -> list[Figures]:
    return [day.figures for day in figures.of_office(story.office, THESE, now)]


def test_every_number_of_the_story_is_right(story: Story) -> None:
    assert counted(story) == [ON_MONDAY, ON_TUESDAY, ON_WEDNESDAY]


def test_what_was_rolled_up_says_the_same(story: Story) -> None:
    assert roll_up(now=LATER) == 2

    assert counted(story) == [ON_MONDAY, ON_TUESDAY, ON_WEDNESDAY]
    assert [day.is_over for day in figures.of_office(story.office, THESE, LATER)] == [
        True,
        True,
        False,
    ]


def test_rows_that_move_on_do_not_change_what_was_rolled_up(story: Story) -> None:
    """Years later somebody clears seats away; the public figures stand."""
    roll_up(now=LATER)

    story.eight.seats.filter(taken=False, places=None).delete()

    assert counted(story)[0] == ON_MONDAY


def test_a_late_correction_is_counted_for_eight_days_and_not_after(story: Story) -> None:
    roll_up(now=LATER)
    booked = Place.objects.filter(booking__slot__day=MONDAY, state="CHECKED_IN")
    places.end(list(booked), Place.State.NO_SHOW)

    roll_up(now=LATER + timedelta(days=6))
    assert counted(story)[0].attended == 1

    places.end(list(Place.objects.filter(state="SERVED")), Place.State.NO_SHOW)
    roll_up(now=LATER + timedelta(days=7))
    assert counted(story)[0].attended == 1


def test_each_part_is_within_its_whole(story: Story) -> None:
    for day in counted(story):
        ended = day.attended + day.turned_away + day.no_show + day.returned + day.closed
        assert ended <= day.booked
        assert day.voided <= day.returned
        assert day.walk_in <= day.officer_made <= day.booked
        assert day.free <= day.released


def test_quota_that_has_not_opened_is_not_released(story: Story) -> None:
    Release.objects.update(opens_at=LATER + timedelta(hours=1))

    assert counted(story)[2] == Figures(released=1, free=0, booked=1)


def test_the_nation_is_the_sum_of_its_offices(story: Story) -> None:
    beside = SlotFactory(release__office=OfficeFactory(), starts_at=story.eight.starts_at)
    PlaceFactory.create_batch(2, booking__slot=beside)
    roll_up(now=LATER)

    nation = figures.of_nation(Around.LAST_30, LATER)

    assert nation.by_office == {
        story.office.pk: ON_MONDAY + ON_TUESDAY,
        beside.office_id: Figures(released=2, booked=2),
    }
    assert nation.by_day[MONDAY] == ON_MONDAY + Figures(released=2, booked=2)
    assert nation.total == ON_MONDAY + ON_TUESDAY + Figures(released=2, booked=2)


def test_an_office_that_no_longer_serves_is_not_in_the_nation(story: Story) -> None:
    Office.objects.update(is_active=False)

    assert figures.of_nation(Around.LAST_30, LATER).total == Figures()


@pytest.mark.parametrize(("zone", "is_over"), [("Asia/Jayapura", True), ("Asia/Jakarta", False)])
def test_a_day_is_over_by_the_offices_own_clock(db: None, zone: str, is_over: bool) -> None:
    """Half past midnight in Jayapura: in Jakarta it is half past ten of the day before."""
    now = datetime(2030, 1, 7, 15, 30, tzinfo=UTC)
    slot = SlotFactory(
        release__office__timezone=zone, starts_at=datetime(2030, 1, 7, 2, tzinfo=UTC), capacity=3
    )

    roll_up(now=now)

    assert DayFigures.objects.filter(office=slot.office, day=date(2030, 1, 7)).exists() == is_over
    (day,) = figures.of_office(slot.office, Span(slot.day, slot.day), now)
    assert (day.is_over, day.figures.released) == (is_over, 3)


def test_midnight_utc_belongs_to_the_offices_morning(db: None) -> None:
    """09.00 in Jayapura is 00.00 UTC of the same date, 08.00 is the UTC date before."""
    for hour in (datetime(2030, 1, 6, 23, tzinfo=UTC), datetime(2030, 1, 7, tzinfo=UTC)):
        office = Office.objects.first() or OfficeFactory(timezone="Asia/Jayapura")
        release = office.releases.first()
        told = {"release": release} if release else {"release__office": office}
        SlotFactory(**told, starts_at=hour, capacity=4)

    (day,) = figures.of_office(office, Span(date(2030, 1, 6), date(2030, 1, 8)), LATER)

    assert (day.day, day.figures.released) == (date(2030, 1, 7), 8)


@pytest.mark.parametrize("offices", [1, 5])
def test_one_statement_however_many_offices_and_days(db: None, offices: int) -> None:
    for slot in SlotFactory.create_batch(offices, starts_at=NOW):
        SeatFactory(slot=slot)

    with CaptureQueriesContext(connection) as asked:
        figures.of_nation(Around.NEXT_30, NOW - timedelta(days=1))
    assert len(asked) == 4  # the offices, everything, accounts verified at counters, by texts

    with CaptureQueriesContext(connection) as asked:
        figures.of_nation(Around.NEXT_30, NOW - timedelta(days=1))
    assert len(asked) == 0  # shared for a minute


def test_rolling_up_takes_one_statement_a_day(story: Story) -> None:
    with CaptureQueriesContext(connection) as asked:
        roll_up(now=LATER)
    assert len(asked) == 3  # which days are due; Monday; Tuesday
