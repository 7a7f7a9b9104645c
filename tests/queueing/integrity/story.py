"""Three days of one office: what people and officers did, and what the figures make of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
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
from queueing.integrity.rules.figures import Figures, Span
from queueing.quota.models import Slot
from queueing.quota.services import capacity
from queueing.quota.services.capacity import SeatsWanted
from queueing.quota.services.closing import approval_request
from tests.factories import LONG_AGO
from tests.queueing.booking.counter_wishes import person, wish
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
