"""The figures of three days of one office whose story is told by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from offices.models import Office
from queueing.booking.models import Place
from queueing.booking.services import places
from queueing.integrity.models.figures import DayFigures
from queueing.integrity.rules.figures import Around, Figures, Span
from queueing.integrity.selectors import figures
from queueing.integrity.services.figures import roll_up
from queueing.quota.models import Release
from tests.factories import OfficeFactory, PlaceFactory, SeatFactory, SlotFactory
from tests.queueing.integrity.story import LATER, ON_MONDAY, THESE, Story
from tests.queueing.integrity.story import story as story
from tests.queueing.quota.conftest import MONDAY, NOW

# Closed with one person booked, and one who had moved away before.
ON_TUESDAY = Figures(booked=2, returned=1, closed=1)
ON_WEDNESDAY = Figures(released=40, free=39, booked=1)


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
