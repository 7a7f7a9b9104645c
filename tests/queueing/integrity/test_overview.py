"""The officers' overview: the same numbers as the public's, waits, who may look, the file."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from offices.models import Office
from paspor.kernel.models import NATIONAL, AuditEvent
from queueing.desk import wait_selectors
from queueing.desk.models import QueueNumber
from queueing.desk.wait_selectors import Wait
from queueing.integrity.models.figures import DayFigures
from queueing.integrity.rules.figures import Figures
from queueing.integrity.rules.overview import days_of
from queueing.integrity.selectors import figures
from queueing.integrity.selectors import overview as selectors
from tests.factories import (
    BookingFactory,
    OfficeFactory,
    PlaceFactory,
    QueueNumberFactory,
    SlotFactory,
)
from tests.queueing.desk.conftest import NOW, START, slot_on
from tests.queueing.desk.conftest import clock as clock
from tests.queueing.desk.conftest import counter as counter
from tests.queueing.desk.conftest import office as office
from tests.queueing.desk.conftest import officer as officer
from tests.queueing.desk.conftest import sign_in as sign_in
from tests.queueing.desk.conftest import slot as slot
from tests.queueing.desk.conftest import stranger as stranger
from tests.queueing.integrity.story import LATER, ON_MONDAY, THESE, Story
from tests.queueing.integrity.story import story as story

pytestmark = pytest.mark.django_db
PAGE = "/ringkasan/KANIM-LOKET/"
FILE = f"{PAGE}unduh/"
MONDAY = date(2030, 1, 7)
ENDED = {"ended_at": NOW, "live_person": None, "live_seat": None}


def called(booking: object, *, after: float, counter: int = 1, **fields: object) -> QueueNumber:
    """A number that waited so many minutes and was served at a counter."""
    at = START + timedelta(minutes=after)
    done = {"state": "DONE", "ended_at": at, "officer": None}
    told = {"calls": 1, "called_at": at, "counter": counter, "arrived_at": START} | done | fields
    return QueueNumberFactory(booking=booking, **told)


@pytest.fixture
def wait(slot) -> Callable[..., QueueNumber]:
    def wait(*after: float, **fields: object) -> None:
        for minutes in after:
            called(BookingFactory(slot=slot), after=minutes, **fields)

    return wait


def test_the_hours_of_a_day_add_up_to_its_public_figures(story: Story):
    hours = selectors.hours_of(story.office, days_of(THESE), LATER)

    public = {day.day: day.figures for day in figures.of_office(story.office, THESE, LATER)}
    assert {day: each.figures for day, each in hours.by_day.items()} == public
    assert sum((each.figures for each in hours.by_hour(hours.by_day).values()), Figures()) == sum(
        public.values(), Figures()
    )


def test_who_was_served_and_who_is_still_here_are_parts_of_who_came(story: Story):
    monday = selectors.hours_of(story.office, [THESE.first], LATER)

    assert (monday.served, monday.present) == (1, 3)
    assert monday.served + monday.present == ON_MONDAY.attended


def test_whose_outcome_nobody_wrote_was_not_served(slot):
    PlaceFactory(booking__slot=slot, state="SERVED", reason="not_ended", **ENDED)
    PlaceFactory(booking__slot=slot, state="SERVED", **ENDED)

    hours = selectors.hours_of(slot.office, [MONDAY], NOW)

    assert (hours.served, hours.by_day[MONDAY].figures.attended) == (1, 2)


def test_waits_are_rounded_up_so_that_the_sentence_is_true(wait, slot):
    wait(1, 2, 3, 4, 5, 6, 7, 8, 9.2, 30)

    total = wait_selectors.waits_of(slot.office, MONDAY, MONDAY).total

    assert total == Wait(done=10, gone=0, called=10, half=5, nine_in_ten=10)


def test_waits_by_hour_and_counter_of_those_that_were_called(wait, office, slot):
    ten = SlotFactory(release=slot.release, starts_at=START + timedelta(hours=2))
    wait(4, counter=1)
    wait(8, counter=2, state="GONE")
    called(BookingFactory(slot=ten), after=20, counter=2)
    waiting = BookingFactory(slot=slot)
    QueueNumberFactory(booking=waiting)  # waits, and was not called yet
    for state in ("CHECKED_IN", "CHECKED_IN", "BOOKED"):
        PlaceFactory(booking=waiting, state=state)
    called(
        BookingFactory(slot=slot_on(OfficeFactory(), START)), after=99
    )  # the same hour of another office
    elsewhere = BookingFactory(slot=slot_on(office, START + timedelta(days=1)))
    called(elsewhere, after=99)

    waits = wait_selectors.waits_of(office, MONDAY, MONDAY)

    assert {f"{hour:%H:%M}": each.half for hour, each in waits.by_hour.items()} == {
        "08:00": 4,
        "10:00": 20,
    }
    assert waits.by_counter == {1: Wait(1, 0, 1, 4, 4), 2: Wait(1, 1, 2, 8, 20)}
    assert waits.by_day == {MONDAY: waits.total}
    assert waits.total.called == 3
    now = wait_selectors.waiting_now(office, now=NOW)
    assert (now.numbers, now.people) == (1, 2)


def test_nobody_called_has_no_wait(office):
    assert wait_selectors.waits_of(office, MONDAY, MONDAY).total == Wait()
    assert wait_selectors.waits_on(office, []) == Wait()


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER", "HEAD", "SISTIK"])
def test_whoever_has_a_post_there_may_look(clock, office, officer, sign_in, role):
    client = sign_in(officer(role, None if role == "SISTIK" else office))
    assert client.get(PAGE).status_code == 200


def test_another_office_is_not_found(stranger, office):
    asked = [stranger.get(PAGE), stranger.post(FILE), stranger.post("/ringkasan/unduh/")]
    assert [answer.status_code for answer in asked] == [404] * 3
    assert not AuditEvent.objects.filter(act="export").exists()


def test_without_an_office_each_comes_to_their_own(counter, officer, sign_in):
    assert counter.get("/ringkasan/").url == PAGE
    nation = sign_in(officer("SISTIK")).get("/ringkasan/").content.decode()
    assert "Seluruh Indonesia" in nation


def test_today_stands_on_the_page(counter, wait, slot):
    wait(12)
    PlaceFactory(booking__slot=slot, state="NO_SHOW", **ENDED)
    page = counter.get(PAGE).content.decode()

    assert "Senin, 7 Januari 2030" in page
    assert 'data-label="Tidak hadir">1</td>' in page
    assert 'data-label="Tunggu, separuh">12 menit</td>' in page
    assert "100 % dari yang seharusnya datang" in page
    assert "Belum dapat dibandingkan" in page


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("rentang=minggu&tanggal=2030-01-10", "7–13 Januari 2030"),
        ("rentang=minggu&tanggal=2030-02-01", "28 Januari – 3 Februari 2030"),
        ("rentang=bulan", "Januari 2030"),
        ("rentang=hari&tanggal=2030-02-01", "Jumat, 1 Februari 2030"),
        ("rentang=tahun&tanggal=0001-01-01", "Senin, 7 Januari 2030"),
        ("tanggal=9999-12-31", "Senin, 7 Januari 2030"),
    ],
)
def test_the_address_chooses_the_days(counter, query, title):
    page = counter.get(f"{PAGE}?{query}").content.decode()
    assert f">{title}</h2>" in page


def test_a_date_that_cannot_be_shown_is_told(counter):
    assert "“kemarin” tidak dapat" in counter.get(f"{PAGE}?tanggal=kemarin").content.decode()


def test_days_without_quota_say_so(counter):
    page = counter.get(f"{PAGE}?tanggal=2030-02-01").content.decode()
    assert "Tidak ada hari dengan kuota" in page
    assert "Unduh CSV" not in page


def test_today_is_the_offices_own(clock, officer, sign_in):
    """Half past midnight in Jayapura: in Jakarta it is still Sunday."""
    clock(datetime(2030, 1, 6, 15, 30, tzinfo=UTC))
    east = OfficeFactory(code="KANIM-TIMUR", timezone="Asia/Jayapura")
    page = sign_in(officer("HEAD", east)).get("/ringkasan/KANIM-TIMUR/").content.decode()
    assert "Senin, 7 Januari 2030" in page


def test_the_past_of_the_same_weekday_stands_beside_today_up_to_the_hour(
    counter, clock, slot, office, wait
):
    clock(START + timedelta(hours=1, minutes=5))
    wait(5)
    for week in range(1, 5):
        past = slot_on(office, START - timedelta(weeks=week))
        called(BookingFactory(slot=past), after=10)
        PlaceFactory.create_batch(3, booking__slot=past)
        later = SlotFactory(release=past.release, starts_at=past.starts_at + timedelta(hours=1))
        PlaceFactory.create_batch(2, booking__slot=later)
    PlaceFactory.create_batch(5, booking__slot=slot)

    page = counter.get(PAGE).content.decode()

    assert 'data-label="Biasanya">3</td><td role="cell" class="number" data-label="Selisih">+2' in (
        page
    )
    assert 'data-label="Biasanya">10 menit</td>' in page
    assert "−5</td>" in page
    assert "dihitung sampai jam 09.00" in page


def test_a_day_that_runs_is_held_against_nothing_before_its_first_hour_is_over(
    counter, slot, office
):
    for week in range(1, 5):
        PlaceFactory(booking__slot=slot_on(office, START - timedelta(weeks=week)))
    assert "Selisih" not in counter.get(PAGE).content.decode()


def test_who_was_served_on_a_day_whose_rows_are_gone_is_not_known(counter, office):
    sums = {"released": 5, "free": 0, "booked": 5, "attended": 4, "turned_away": 0, "no_show": 1}
    sums |= dict.fromkeys(("returned", "voided", "closed", "officer_made", "walk_in"), 0)
    DayFigures.objects.create(
        office=office, day=MONDAY - timedelta(days=3), priority=0, counted_at=NOW, **sums
    )

    page = counter.get(f"{PAGE}?tanggal=2030-01-04").content.decode()
    _header, total, _day = rows_of(counter, FILE, tanggal="2030-01-04")

    assert "tidak tersimpan lagi" in page
    assert total[5:6] + total[15:16] == ["4", ""]


@pytest.mark.parametrize("rows", [1, 2])
def test_a_month_asks_as_little_as_a_day(counter, office, rows):
    for n in range(rows):
        for week in range(1, 10):
            hour = slot_on(office, START + timedelta(days=n) - timedelta(weeks=week))
            PlaceFactory(booking__slot=hour)
            called(BookingFactory(slot=hour), after=3, counter=n + 1)
    counter.get(PAGE)

    with CaptureQueriesContext(connection) as asked:
        counter.get(f"{PAGE}?rentang=bulan&tanggal=2029-12-10")

    ours = [query for query in asked if "queueing_" in query["sql"]]
    # Days with their past, hours, waits, waits on those days and on their past.
    assert len(ours) == 5


def test_the_nation_lists_its_offices(clock, officer, sign_in, wait, slot):
    wait(7)
    PlaceFactory.create_batch(2, booking__slot=slot, state="CHECKED_IN")
    OfficeFactory(name="Kantor Imigrasi Sepi")

    page = sign_in(officer("SISTIK")).get("/ringkasan/").content.decode()

    assert f'{PAGE}?rentang=hari&amp;tanggal=2030-01-07"' in page
    assert page.count('data-label="Hadir">2</td>') == 2  # the office, and the nation
    assert page.count('data-label="Tunggu, separuh">7 menit</td>') == 2
    assert "Kantor Imigrasi Sepi" in page


def test_the_hours_of_a_week_are_those_of_an_average_day_that_is_over(counter, slot):
    """Today's hour, and the same hour of two days that are over: one with three, one with two."""
    monday = START - timedelta(days=7)
    for day, people in ((monday, 3), (monday + timedelta(days=1), 2)):
        hour = SlotFactory(office=slot.office, starts_at=day, capacity=1)
        for _ in range(people):
            PlaceFactory(booking__slot=hour, state="SERVED", **ENDED)

    page = counter.get(PAGE, {"rentang": "minggu", "tanggal": "2029-12-31"})

    part = page.context["hours"]
    assert part.note == "Rata-rata sehari, dari 2 hari: 31 Desember – 1 Januari."
    (row,) = part.rows
    assert {cell.label: cell.value for cell in row.cells}["Hadir"] == "2,5"
    rows = rows_of(counter, FILE, rentang="minggu", tanggal="2029-12-31")
    assert ["Jam, jumlah 2 hari", "08:00"] in [row[:2] for row in rows]
    assert counter.get(PAGE).context["hours"].note == ""


def rows_of(client: Client, path: str, **asked: str) -> list[list[str]]:
    answer = client.post(path, asked)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))


def test_the_file_has_the_numbers_and_is_logged(counter, wait, slot):
    wait(12)
    PlaceFactory(booking__slot=slot, state="SERVED", **ENDED)

    header, *rows = rows_of(counter, FILE, rentang="minggu")

    by_name = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["Bagian"] for row in by_name] == ["Jumlah", "Hari", "Jam", "Loket"]
    assert {row["Hadir"] for row in by_name[:3]} == {"1"}
    assert [row["Tunggu, separuh"] for row in by_name] == ["12"] * 4
    counter_row = by_name[-1]
    told = ("Nomor dipanggil", "Selesai ditangani", "Tidak menjawab")
    assert [counter_row[name] for name in told] == ["1", "1", "0"]
    event = AuditEvent.objects.get(act="export")
    assert (event.stream, event.subject) == ("KANIM-LOKET", "list:overview")
    assert event.detail == {"rows": 4, "from": "2030-01-07", "to": "2030-01-13"}


def test_the_nations_file_names_no_formula(clock, officer, sign_in):
    OfficeFactory(code="KANIM-AWAS", name="=HYPERLINK(1)")

    _header, row = rows_of(sign_in(officer("SISTIK")), "/ringkasan/unduh/")

    assert row[:2] == ["KANIM-AWAS", "'=HYPERLINK(1)"]
    assert AuditEvent.objects.get(act="export").stream == NATIONAL


def test_nothing_personal_is_in_page_or_file(counter, slot):
    PlaceFactory(booking__slot=slot, applicant__name="Sari Dewi", booking__code="K7QX4M2P")
    told = counter.get(PAGE).content + counter.post(FILE).content
    assert b"Sari" not in told
    assert b"K7QX" not in told
    assert Office.objects.get().name.encode() in told
