"""An extra day says when its seats open for booking: the planner's form and what it leads to."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from offices.models import Approval, SpecialDay
from queueing.quota.models import Release, Seat
from tests.factories import ReleaseFactory
from tests.queueing.desk.conftest import START, slot_on
from tests.queueing.planning.changes import SATURDAY, WHY, shown, special

pytestmark = pytest.mark.django_db

# Wednesday, 10.00 in Jakarta.
MOMENT = datetime(2030, 1, 9, 3, tzinfo=UTC)
OPENING = {"opening": "2030-01-09", "opening_hour": "10:00"}


@pytest.fixture
def week(office) -> Release:
    """The days around Saturday, open to the public since before."""
    days = {"first_day": SATURDAY - timedelta(days=3), "last_day": SATURDAY + timedelta(days=3)}
    return ReleaseFactory(office=office, prepared_at=START, opens_at=START, **days)


def test_the_moment_is_told_before_it_is_saved_and_on_the_day(
    planner, office, week, django_capture_on_commit_callbacks
):
    path = special(**OPENING)
    text = shown(planner.get(path))
    assert "Mulai bisa dipesan" in text
    assert "40 kursi dibuka untuk masyarakat Rabu, 9 Januari 2030, pukul 10.00 WIB" in text
    assert "langsung dibuka" not in text

    with django_capture_on_commit_callbacks(execute=True):
        saved = planner.post(path, WHY | {"seen": 0})

    own = Release.objects.get(first_day=SATURDAY)
    assert (own.last_day, own.opens_at) == (SATURDAY, MOMENT)
    assert set(Seat.objects.values_list("visible_at", flat=True)) == {MOMENT}
    opens = "Dibuka untuk masyarakat Rabu, 9 Januari 2030, pukul 10.00 WIB"
    assert opens in shown(planner.get(saved.headers["Location"]))
    assert "Kini dibuka Rabu, 9 Januari 2030, pukul 10.00 WIB" in shown(
        planner.get(reverse("planning:special", args=[office.code, SATURDAY]))
    )


def test_the_public_month_says_when_it_opens(
    client, clock, planner, office, week, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        planner.post(special(**OPENING), WHY | {"seen": 0})

    days = {"from": SATURDAY, "to": SATURDAY}
    answer = client.get(f"/api/v1/offices/{office.code}/availability", days).json()

    (day,) = answer["days"]
    assert (day["state"], day["opens_at"]) == ("not_open", "2030-01-09T10:00:00+07:00")


def test_a_day_that_no_release_covers_says_its_moment_too(planner, office):
    saved = planner.post(special(**OPENING), WHY | {"seen": 0})

    text = shown(planner.get(saved.headers["Location"]))
    assert "Kursi hari ini belum disiapkan" in text
    assert "Dibuka untuk masyarakat Rabu, 9 Januari 2030, pukul 10.00 WIB" in text


@pytest.mark.parametrize(
    ("opening", "told"),
    [
        ({"opening": "2030-01-07", "opening_hour": "08:00"}, "Waktu itu sudah lewat."),
        ({"opening": "2030-01-12", "opening_hour": "00:00"}, "sebelum hari itu sendiri"),
        ({"opening": "2030-01-09"}, "Isi tanggal dan jamnya"),
        ({"opening_hour": "10:00"}, "Isi tanggal dan jamnya"),
        ({"opening": "besok", "opening_hour": "10:00"}, "error"),
    ],
)
def test_what_is_no_moment_before_the_day_is_refused_at_its_field(planner, week, opening, told):
    page = planner.get(special(**opening))
    assert page.status_code == 422
    assert told in shown(page)
    assert planner.post(special(**opening), WHY | {"seen": 0}).status_code == 422
    assert not SpecialDay.objects.exists()


def test_a_day_that_is_open_already_keeps_its_moment(planner, office):
    slot_on(office, START + timedelta(days=5))
    page = planner.get(special(**OPENING))
    assert page.status_code == 422
    assert "sudah dibuka untuk masyarakat" in shown(page)
    assert planner.get(special()).status_code == 200


def test_a_closure_asks_for_no_moment(planner, week):
    path = special(kind="CLOSURE", opening="2030-01-09", opening_hour="")
    assert planner.get(path).status_code == 200
    planner.post(path, WHY | {"seen": 0})
    assert Release.objects.count() == 1


def test_the_second_officer_reads_the_moment_and_agrees_to_no_other(planner, office, week):
    """Twice the seats of the usual Saturday takes a second officer."""
    SpecialDay.objects.create(
        office=office,
        day=SATURDAY,
        kind="EXTRA",
        reason="Sabtu tambahan",
        opens="08:00",
        closes="09:00",
        stations=2,
        minutes=15,
        online_share=80,
        priority_share=15,
        counter_share=5,
    )
    planner.post(special(**OPENING), WHY | {"seen": 0})
    planner.post(special(**OPENING | {"opening_hour": "11:00"}), WHY | {"seen": 0})

    first, second = Approval.objects.order_by("pk")
    assert "dibuka 9 Januari 2030, 10.00 WIB" in first.told
    assert first.subject != second.subject
    assert Release.objects.count() == 1
