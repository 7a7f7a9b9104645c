"""What `make run` fills its database with."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Applicant, User
from offices import selectors
from offices.models import Holiday, OfficerPost, SpecialDay
from queueing.booking.models import Place
from queueing.desk.models import QueueNumber
from queueing.integrity.models.cases import Case
from queueing.integrity.models.figures import DayFigures
from queueing.integrity.models.scores import AccountScore
from queueing.integrity.policies.scoring import SCORE_HIGH
from queueing.integrity.services import cases, scoring
from queueing.management.commands import _booked_out, _past, _today
from queueing.management.commands._booked_out import CODE, NAMED
from queueing.management.commands._hoarders import ACCOUNTS
from queueing.management.commands._today import VISITORS
from queueing.quota import nearest
from queueing.quota.models import Seat
from tests.factories import (
    LONG_AGO,
    BookingFactory,
    OfficeFactory,
    OfficerPostFactory,
    OpeningHoursFactory,
    QueueNumberFactory,
    SeatFactory,
    SlotFactory,
    UserFactory,
)
from tests.queueing.booking.visits import check_books
from tests.queueing.desk.conftest import START
from tests.queueing.pages.visitors import near_day, near_hour, working_office

GUESTS = 13
SATURDAY = 5


@pytest.mark.django_db
def test_shared_passwords_are_refused_outside_the_demo():
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert not User.objects.exists()


@pytest.mark.usefixtures("committed_db")
def test_a_second_run_adds_nothing(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(_past, "DAYS", 2)
    monkeypatch.setattr(_past, "GUESTS", GUESTS)
    # On a Friday evening the next hour that can be booked is Monday's.
    days = next(n for n in range(1, 4) if near_day(n).weekday() < SATURDAY)
    call_command("load_offices", stdout=StringIO())

    def seed():
        call_command("seed_demo", days=days, stdout=StringIO())
        rows = (User, Applicant, OfficerPost, Holiday, Seat, Place, Case)
        return [model.objects.count() for model in rows]

    first = seed()
    assert first == seed()
    guests = User.objects.filter(email__startswith=NAMED).count()
    booked_out = Place.objects.filter(booking__slot__office__code=CODE).count()
    first = [first[0] - guests, first[1] - booked_out, *first[2:]]
    # The visitors of today are there once an hour of today has begun.
    today = len(VISITORS) if Place.objects.filter(booking__account__email__startswith="tamu") else 0
    assert first[:3] == [
        10 + ACCOUNTS + today + 2 * GUESTS,
        3 + ACCOUNTS + today + 2 * GUESTS,
        9,
    ]
    # The visitors of today, who come after the hand, are no second one in the next run's eyes.
    scoring.score_all(now=timezone.now())
    cases.open_from_scores(timezone.now())
    case = Case.objects.get()
    assert case.about == Case.About.CLUSTER
    assert case.members.count() == ACCOUNTS
    listed = AccountScore.objects.filter(score__gte=SCORE_HIGH.at(now=timezone.now()))
    assert listed.count() == ACCOUNTS


@pytest.mark.django_db
def test_an_office_is_booked_out_but_for_a_family_on_wednesdays():
    office = working_office()
    days = [near_hour(office, days=number, hour=9, capacity=4).day for number in range(1, 8)]
    for number in range(1, 8):
        near_hour(office, days=number, hour=10, capacity=7)

    _booked_out.make(office, now=timezone.now())
    _booked_out.make(office, now=timezone.now())

    free = Counter(Seat.objects.filter(taken=False).values_list("slot__day", flat=True))
    (wednesday,) = [day for day in days if day.weekday() == _booked_out.WEDNESDAY]
    assert free == {wednesday: 4}
    assert Place.objects.filter(state="BOOKED").count() == 7 * 11 - 4
    room = nearest.first_rooms(people=3, now=timezone.now()).by_office[office.pk]
    assert (room.day, room.beside is not None) == (wednesday, True)
    check_books()


@pytest.mark.django_db
@pytest.mark.parametrize("after", [timedelta(minutes=10), timedelta(hours=9)])
def test_a_queue_runs_in_the_hour_that_began_last(monkeypatch, after):
    now = START + after
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    slot = SlotFactory(starts_at=START)
    office = slot.office
    later = START + timedelta(hours=1)
    SlotFactory(release=slot.release, starts_at=later, capacity=len(VISITORS))
    SeatFactory.create_batch(len(VISITORS), slot=slot)
    before = SlotFactory(release=slot.release, starts_at=START - timedelta(days=1))
    over = QueueNumberFactory(booking=BookingFactory(slot=before), state="WAITING")
    officers = [OfficerPostFactory(office=office, role=role).user for role in ("COUNTER", "HEAD")]
    whom = {"account": lambda name: UserFactory(email=f"{name}@paspor.example"), "now": now}

    _today.make_queue(office, officers, **whom)
    _today.make_queue(office, officers, **whom)

    of_today = QueueNumber.objects.exclude(pk=over.pk)
    states = Counter(of_today.values_list("state", flat=True))
    assert states == {"DONE": 4, "CALLED": 1, "SERVING": 1, "WAITING": 2}
    assert Place.objects.filter(state="BOOKED").count() == 1
    assert not QueueNumber.objects.filter(called_at__gt=now).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("seats", "states"), [(0, {}), (5, {"DONE": 4, "CALLED": 1})])
def test_an_hour_with_few_seats_left_has_a_short_queue(seats, states):
    office = SlotFactory(starts_at=START, capacity=seats).office
    officers = [OfficerPostFactory(office=office, role=role).user for role in ("COUNTER", "HEAD")]
    whom = {"account": lambda name: UserFactory(email=f"{name}@paspor.example")}

    _today.make_queue(office, officers, **whom, now=START)

    assert Counter(QueueNumber.objects.values_list("state", flat=True)) == states


@pytest.mark.django_db
@pytest.mark.parametrize(("weekday", "extra"), [(0, 0), (5, 1), (6, 1)])
def test_the_first_day_is_one_of_service(weekday, extra):
    office = OfficeFactory()
    hours = OpeningHoursFactory(office=office, weekday=0, valid_from=LONG_AGO)
    now = START + timedelta(days=weekday - START.weekday())

    _today.serve(office, now=now)
    _today.serve(office, now=now)

    today = office.today(now)
    assert selectors.plan_of(office, today, today)[today].is_open
    assert [row.stations for row in SpecialDay.objects.all()] == [hours.stations] * extra


@pytest.mark.django_db
def test_before_the_first_hour_there_is_no_queue():
    slot = SlotFactory(starts_at=START, capacity=2)
    _today.make_queue(slot.office, [], UserFactory, now=START - timedelta(minutes=1))
    assert not QueueNumber.objects.exists()


@pytest.mark.django_db
def test_the_past_keeps_the_promises_of_the_figures():
    office = OfficeFactory()
    OpeningHoursFactory(office=office, weekday=0, valid_from=LONG_AGO)

    _today.make_past(office, now=START)
    _today.make_past(office, now=START)

    assert DayFigures.objects.count() == 8
    assert all(row.day.weekday() == 0 for row in DayFigures.objects.all())


@pytest.mark.django_db
def test_days_that_are_over_have_people_who_came_and_some_who_did_not(monkeypatch):
    monkeypatch.setattr(_past, "GUESTS", GUESTS)
    office = OfficeFactory()
    OpeningHoursFactory(office=office, weekday=START.weekday(), valid_from=LONG_AGO)
    officer = UserFactory()

    _past.make(office, officer, now=START)
    _past.make(office, officer, now=START)

    states = Counter(Place.objects.values_list("state", flat=True))
    assert min(states["SERVED"], states["NO_SHOW"], states["TURNED_AWAY"]) > 0
    assert Seat.objects.filter(taken=True).count() == Place.objects.count() == states.total()
    assert not Place.objects.filter(ended_at__gt=START).exists()
    came = states.total() - states["NO_SHOW"]
    assert QueueNumber.objects.filter(state="DONE").count() == came

    _today.make_past(office, now=START)
    assert not DayFigures.objects.filter(day__gte=START.date() - timedelta(days=7)).exists()
