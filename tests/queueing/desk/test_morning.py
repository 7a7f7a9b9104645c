"""An officer's morning: forty people, two counters, and the books right at noon."""

from collections import Counter
from datetime import timedelta

import pytest

from queueing.booking.models import BookingEvent, Place
from queueing.booking.services.events import Why
from queueing.desk import errors
from queueing.desk.models import QueueNumber
from queueing.desk.services import attendance, calling, day_end, sittings
from queueing.desk.services.attendance import Visit
from tests.factories import BookingFactory, OfficerPostFactory, PlaceFactory, SlotFactory
from tests.queueing.desk.conftest import START

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ABSENT, PRIORITY = (7, 19, 33), (3, 11, 25)


@pytest.fixture
def morning(office, slot):
    """Two hours of twenty bookings; every tenth is a family of three."""
    later = SlotFactory(release=slot.release, starts_at=START + HOUR)
    bookings = []
    for number in range(40):
        channel = "PRIORITY" if number in PRIORITY else "ONLINE"
        hour = slot if number < 20 else later
        booking = BookingFactory(slot=hour, channel=channel)
        PlaceFactory.create_batch(3 if number % 10 == 0 else 1, booking=booking)
        bookings.append(booking)
    return bookings


@pytest.fixture
def officers(office):
    posts = OfficerPostFactory.create_batch(2, office=office)
    for counter, post in enumerate(posts, start=1):
        sittings.sit(officer=post.user, office=office, counter=counter, now=START)
    return [{"officer": post.user, "office": office} for post in posts]


def test_a_morning_with_forty_people_and_two_counters(office, morning, officers):
    coming = {number: at(number) for number in range(40) if number not in ABSENT}
    waited, called, away = {}, [], None
    for minute in range(-30, 200):
        now = START + timedelta(minutes=minute)
        for number, arrives in coming.items():
            if arrives == minute:
                visit = Visit(office, morning[number].code)
                attendance.check_in(officer=officers[0]["officer"], visit=visit, now=now)
        for officer in officers if minute >= 0 and minute % 4 == 0 else []:
            here = officer | {"now": now}
            mine = QueueNumber.objects.filter(officer=here["officer"], state="SERVING").first()
            if mine:
                away = end(mine, here, away)
            try:
                queued = calling.call_next(**here)
            except errors.NobodyWaits:
                continue
            calling.start(**here, label=queued.label)
            called.append(queued)
            waited[queued.label] = now - queued.arrived_at

    assert len(called) == len(set(called)) == 37
    assert Counter(QueueNumber.objects.values_list("state", flat=True)) == {"DONE": 37}
    letters = Counter(queued.letter for queued in called)
    assert letters == {"A": 34, "P": 3}
    # Nobody of eight o'clock was called after somebody of nine.
    hours = [queued.booking.slot.starts_at for queued in called if queued.letter == "A"]
    assert hours == sorted(hours)
    # Nobody who was in time waited longer than the hour before them took.
    assert max(waited.values()) < timedelta(minutes=110)
    assert {queued.called_at - queued.arrived_at for queued in called} == set(waited.values())

    day_end.close_finished_days(now=START + 3 * HOUR)
    states = Counter(Place.objects.values_list("state", flat=True))
    assert states == {"SERVED": 44, "TURNED_AWAY": 1, "NO_SHOW": 3}
    assert BookingEvent.objects.filter(what="CALLED").count() == 37


def at(number: int) -> int:
    """The minute somebody comes: from twenty before their hour, two by two."""
    return (0 if number < 20 else 60) - 20 + (number % 20)


def end(queued: QueueNumber, here: dict, away: QueueNumber | None) -> QueueNumber | None:
    """Served; but one has the wrong papers, and the first one's service is taken back once."""
    if queued.number == 8 and queued.letter == "A":
        calling.turn_away(**here, label=queued.label, why=Why("documents_missing"))
        return away
    calling.finish(**here, label=queued.label)
    if away is None:
        calling.take_back(**here, label=queued.label)
        calling.finish(**here, label=queued.label)
    return queued
