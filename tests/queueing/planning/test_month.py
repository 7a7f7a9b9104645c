"""The month as a grid: what stands, what is taken, what is closed and why; scoped."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from offices.errors import ApprovalOver
from offices.services import approvals, wishes
from offices.services.wishes import SpecialWish
from paspor.kernel.codes import grouped
from queueing.booking.models import Place
from queueing.planning.pages.month import _months_from as months_from
from queueing.quota.models import Slot
from queueing.quota.rules import DAY_GONE
from tests.factories import (
    ApprovalFactory,
    AuditEventFactory,
    BookingFactory,
    HolidayFactory,
    OfficeFactory,
    OfficerPostFactory,
    OpeningHoursFactory,
    PlaceFactory,
    SeatFactory,
    SpecialDayFactory,
    UserFactory,
)
from tests.queueing.desk.conftest import NOW, START, slot_on

pytestmark = pytest.mark.django_db
CLOSED = {"state": "CLOSED_BY_OFFICE", "live_person": None, "live_seat": None}
DAY = timedelta(days=1)
MONTH = reverse("planning:month", args=["KANIM-LOKET"])


def month(client, path: str = MONTH, **query: str) -> str:
    return " ".join(client.get(path, query).content.decode().split())


@pytest.fixture
def monday(office):
    """Twenty seats, five of them taken, and three withdrawn."""
    slot = slot_on(office, START, capacity=15)
    for number in range(16, 21):
        SeatFactory(slot=slot, number=number, taken=True, channel="COUNTER")
    for number in range(21, 24):
        SeatFactory(slot=slot, number=number, visible_at="9000-01-01T00:00Z")
    return slot


def test_a_cell_says_taken_and_seats_and_the_words_with_its_shade(planner, monday):
    text = month(planner)
    assert "<span>5/20</span><small>15 kosong</small>" in text
    assert 'heat__cell--low" data-label="08"' in text
    assert "5 (25 %)" in text


def test_full_closed_holiday_and_planned_days_say_so(planner, office):
    full = slot_on(office, START)
    SeatFactory(slot=full, number=1, taken=True)
    slot_on(office, START + timedelta(days=1), closed_at=START, closed_why="Listrik padam")
    HolidayFactory(
        office=None, day="2030-01-09", name="Hari Uji", state="CONFIRMED", decided_at=START
    )
    OpeningHoursFactory(office=office, weekday=3)
    SpecialDayFactory(office=office, day="2030-01-11", reason="Banjir")
    text = month(planner)
    assert "<small>penuh</small>" in text
    assert "Ditutup: Listrik padam" in text
    assert "Hari libur: Hari Uji" in text
    assert "Tutup: Banjir" in text
    assert "heat__cell--planned" in text
    assert "Tidak melayani" in text


@pytest.mark.parametrize("why", ["Listrik padam di gedung", "Listrik padam di gedung."])
def test_who_still_stands_in_a_closed_day_is_a_sentence_of_its_own(planner, office, why):
    slot = slot_on(office, START, closed_at=START, closed_why=why)
    SeatFactory(slot=slot, number=1, taken=True)
    assert "Ditutup: Listrik padam di gedung. 1 orang masih terjadwal." in month(planner)


def test_a_month_costs_the_same_however_full_it_is(planner, office, monday):
    planner.get(MONTH)
    with CaptureQueriesContext(connection) as few:
        planner.get(MONTH)
    for n in range(1, 12):
        slot_on(office, START + timedelta(days=n), capacity=2)
        OpeningHoursFactory(office=office, weekday=n % 7, valid_from=f"2029-01-{n:02d}")
    with CaptureQueriesContext(connection) as many:
        planner.get(MONTH)
    assert len(many) == len(few)


def test_a_day_shows_its_hours_by_channel(planner, monday):
    path = reverse("planning:day", args=["KANIM-LOKET", monday.day])
    text = month(planner, path)
    assert "Daring 0/15" in text
    assert "Loket 5/5" in text
    assert reverse("desk:close-day", args=["KANIM-LOKET", monday.day]) in text


def test_a_day_whose_extra_hours_were_taken_back_shows_none_and_is_not_closed_again(
    planner, office
):
    gone = slot_on(office, START + timedelta(days=5), closed_at=START, closed_why=DAY_GONE)
    path = reverse("planning:day", args=["KANIM-LOKET", gone.day])
    text = month(planner, path)
    assert "Tidak melayani" in text
    assert "ditutup" not in text
    assert reverse("desk:close-day", args=["KANIM-LOKET", gone.day]) not in text


def test_a_day_counts_what_the_counter_gave_back(planner, monday):
    for seats in (2, 3):
        AuditEventFactory(
            act="return_counter_seats",
            subject=f"day:KANIM-LOKET:{monday.day}",
            stream="KANIM-LOKET",
            detail={"seats": seats},
        )
    path = reverse("planning:day", args=["KANIM-LOKET", monday.day])
    assert "Dari loket kembali ke daring</dt><dd>5</dd>" in month(planner, path)


def test_a_day_lists_whom_nobody_could_write_to(planner, monday):
    booking = BookingFactory(slot=monday, account=None, made_by=UserFactory())
    PlaceFactory(booking=booking, applicant__account=None, ended_at=START, **CLOSED)
    path = reverse("planning:day", args=["KANIM-LOKET", monday.day])
    text = month(planner, path)
    assert "Perlu diberi tahu dengan cara lain" in text
    assert grouped(booking.code) in text


def test_a_day_names_whom_nobody_could_tell_of_another_place(planner, monday):
    fields = {"slot": monday, "relocations": 1}
    paper = BookingFactory(**fields, account=None, made_by=UserFactory())
    written = BookingFactory(**fields)
    for booking in (paper, written):
        PlaceFactory(booking=booking)

    page = month(planner, reverse("planning:day", args=["KANIM-LOKET", monday.day]))

    assert "1 janji temu tanpa akun perlu diberi tahu tempat yang baru" in page
    assert grouped(paper.code) in page
    assert grouped(written.code) not in page


def test_a_day_says_who_still_waits_for_another_appointment(planner, monday):
    path = reverse("planning:day", args=["KANIM-LOKET", monday.day])
    PlaceFactory(booking=BookingFactory(slot=monday))
    assert "menunggu jadwal pengganti" not in month(planner, path)
    Slot.objects.filter(pk=monday.pk).update(closed_at=START, closed_why="Jam berubah")
    assert "1 orang masih menunggu jadwal pengganti" in month(planner, path)
    Place.objects.update(ended_at=START, **CLOSED)
    assert "menunggu jadwal pengganti" not in month(planner, path)


@pytest.mark.parametrize("asked", ["2030-02", "1999-01", "9999-12", "besok", "2030-13"])
def test_months_are_leafed_within_bounds(planner, asked):
    assert planner.get(MONTH, {"bulan": asked}).status_code == 200


def day_of(office, day: date) -> str:
    return reverse("planning:day", args=[office.code, day])


def test_a_day_leads_to_those_beside_it(planner, office):
    page = month(planner, day_of(office, START.date()))

    assert f'href="{day_of(office, START.date() - DAY)}" rel="prev"' in page
    assert f'href="{day_of(office, START.date() + DAY)}" rel="next"' in page


def test_the_first_day_that_may_be_seen_has_none_before_it(planner, office):
    first = months_from(office.today(NOW))

    page = month(planner, day_of(office, first))

    assert 'rel="prev"' not in page
    assert 'rel="next"' in page


@pytest.mark.parametrize(("days", "told"), [(-1, True), (0, True), (1, False)])
def test_a_day_that_began_leads_to_its_overview(planner, office, days, told):
    day = office.today(NOW) + days * DAY

    page = month(planner, day_of(office, day))

    assert (f"/ringkasan/{office.code}/?tanggal={day}" in page) is told


@pytest.fixture
def since_december(office):
    """Hours from Tuesday, 4 December on; seats are kept from Monday the 31st on."""
    for weekday in range(5):
        OpeningHoursFactory(office=office, weekday=weekday, valid_from="2029-12-04")
    slot_on(office, START - 7 * DAY, capacity=20)


DECEMBER = {"bulan": "2029-12"}


def test_days_that_are_over_lead_to_their_figures(planner, office, since_december):
    HolidayFactory(
        office=None, day="2029-12-25", name="Hari Uji", state="CONFIRMED", decided_at=START
    )

    rows = {row["day"].day: row for row in planner.get(MONTH, DECEMBER).context["rows"]}

    # Before its hours began, and while they stood.
    assert rows[3]["is_gone"]
    assert rows[1]["is_gone"]
    assert rows[28]["is_gone"]
    # A holiday, a Sunday of a week with hours, and a day whose seats are kept.
    told = [(day, rows[day]["is_gone"], rows[day]["closed"]) for day in (25, 30, 31)]
    assert told == [
        (25, False, "Hari libur: Hari Uji"),
        (30, False, "Tidak melayani"),
        (31, False, ""),
    ]
    assert f'/ringkasan/{office.code}/?tanggal=2029-12-28">Ringkasan</a>' in month(
        planner, **DECEMBER
    )


def test_the_sums_of_a_month_say_what_they_leave_out(planner, office, since_december):
    december = month(planner, **DECEMBER)
    assert "Jumlah di atas mulai Senin, 31 Desember 2029; kursi hari-hari sebelumnya" in december
    assert f"/ringkasan/{office.code}/?rentang=bulan&amp;tanggal=2029-12-01" in december
    assert "Bulan ini sudah lewat" in month(planner, bulan="2029-11")
    assert "tidak disimpan lagi" not in month(planner, bulan="2030-02")
    slot_on(office, START - 6 * DAY)
    assert "tidak disimpan lagi" not in month(planner)


def test_a_day_of_rest_is_one_where_seats_of_its_time_are_kept(planner, office):
    """Also where the usual hours of that time are not."""
    slot_on(office, START - 7 * DAY)
    OpeningHoursFactory(office=office, weekday=0, valid_from="2030-01-07")
    rows = {row["day"].day: row for row in planner.get(MONTH).context["rows"]}
    assert rows[6]["closed"] == "Tidak melayani"
    rows = {row["day"].day: row for row in planner.get(MONTH, DECEMBER).context["rows"]}
    assert rows[30]["is_gone"]


def test_a_day_that_is_over_says_so_and_promises_no_seats(planner, office, since_december):
    friday = month(planner, day_of(office, date(2029, 12, 28)))
    assert "Sudah lewat" in friday
    assert "Kursinya tidak disimpan lagi; angkanya di Ringkasan." in friday
    assert "belum disiapkan" not in friday
    assert "Jam menurut kalender" not in friday


@pytest.mark.parametrize("day", ["besok", "2030-02-30", "1999-01-01", "9998-01-01"])
def test_a_day_that_is_none_is_not_found(planner, day):
    path = reverse("planning:day", args=["KANIM-LOKET", day])
    assert planner.get(path).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("HEAD", 200), ("SISTIK", 200), ("COUNTER", 404)])
def test_planner_head_and_sistik_plan(clock, officer, office, sign_in, role, status):
    client = sign_in(officer(role, None if role == "SISTIK" else office))
    assert client.get(MONTH).status_code == status


def test_another_office_is_not_found(planner):
    other = OfficeFactory()
    for name, args in (("month", []), ("day", ["2030-01-07"])):
        path = reverse(f"planning:{name}", args=[other.code, *args])
        assert planner.get(path).status_code == 404


def test_the_way_in_leads_to_the_only_office(planner):
    assert planner.get(reverse("planning:start")).headers["Location"] == MONTH


def test_ones_own_requests_are_those_that_wait_and_a_few_more(planner, office):
    officer = User.objects.get(posts__role="PLANNER")
    soon = {"asked_by": officer, "office": office, "expires_at": NOW + timedelta(days=1)}
    for n in range(9):
        ApprovalFactory(act="special_day", about={"day": f"2030-01-{10 + n}"}, **soon)
    second = {"second": UserFactory(), "decided_at": NOW}
    declined = {"about": {"day": "2030-01-20"}, "state": "DECLINED"} | second | soon
    ApprovalFactory(act="special_day", **declined)

    page = planner.get(MONTH)

    assert len(page.context["requests"]) == 6
    assert "Menunggu persetujuan" in page.context["requests"][0]["title"]
    assert "Semua permintaan (10)" in page.content.decode()


def asked(office, day="2030-01-10", act="special_day", **more):
    officer = User.objects.get(posts__role="PLANNER")
    times = {"asked_at": NOW, "expires_at": NOW + timedelta(days=1)}
    standing = {"asked_by": officer, "office": office} | times
    return ApprovalFactory(act=act, **{"about": {"day": day}} | standing | more)


DECIDED = {"decided_at": NOW, "state": "DECLINED"}


def put_away(client, approval):
    path = reverse("planning:put-away", args=["KANIM-LOKET", approval.code])
    return client.post(path, follow=True)


def test_a_request_is_withdrawn_by_whoever_asked(planner, office):
    approval, head = asked(office), OfficerPostFactory(office=office, role="HEAD").user
    assert "Tarik permintaan" in month(planner)

    page = put_away(planner, approval)

    assert f"Permintaan {approval.code} ditarik." in page.content.decode()
    assert page.context["requests"] == []
    with pytest.raises(ApprovalOver):
        approvals.grant(approval=approval, second=head, used_second_factor=True, now=timezone.now())
    assert "sudah diputuskan, terpakai, atau kedaluwarsa" in str(
        put_away(planner, approval).content
    )


def test_a_request_to_close_names_the_hours(planner, office):
    hours = {"day": "2030-01-10", "since": "10:00:00"}
    asked(office, about=hours, act="close_day", note="Listrik padam")
    assert "Tutup Kamis, 10 Januari 2030, mulai 10.00: Listrik padam" in month(planner)


def test_a_declined_request_says_when_and_goes_once_it_was_read(planner, office):
    approval = asked(office, second=UserFactory(), **DECIDED)
    text = month(planner)
    assert "Ditolak petugas kedua" in text
    assert "Diputuskan " in text

    page = put_away(planner, approval)

    assert page.context["requests"] == []
    assert "tidak ditampilkan lagi di Rencana" in page.content.decode()


def test_nobody_withdraws_what_another_asked(planner, office):
    approval = asked(office, asked_by=UserFactory())
    assert put_away(planner, approval).status_code == 404
    approval.refresh_from_db()
    assert approval.expires_at > timezone.now()


def test_what_was_asked_again_since_is_no_request_any_more(planner, office):
    early = {"asked_at": NOW - timedelta(hours=2)}
    asked(office, second=UserFactory(), **DECIDED | early)
    again = asked(office)
    asked(office, "2030-01-11", **early)
    used = {"state": "USED", "decided_at": NOW, "used_at": NOW, "second": UserFactory()}
    asked(office, "2030-01-11", **used)

    rows = planner.get(MONTH).context["requests"]

    assert [row["code"] for row in rows] == [again.code]


def test_what_a_drive_asked_for_is_one_row_that_leads_back_to_it(planner, office):
    for n in (8, 9, 10):
        hours = {"weekday": n - 7, "closes": time(10), "break_starts": None, "break_ends": None}
        OpeningHoursFactory(office=office, **hours)
    days = "&".join(f"hari=2030-01-{n:02}.10.1000" for n in (8, 9, 10))
    path = reverse("planning:drive-plan", args=["KANIM-LOKET"]) + f"?{days}"
    planner.post(path, {"reason": "demand", "note": "Tunggakan", "seen": 0})

    page = planner.get(MONTH)

    (row,) = page.context["requests"]
    assert row["href"] == path
    assert row["text"].startswith("Kejar tunggakan, 3 hari")


def test_a_request_names_its_day_in_words():
    wish = SpecialWish(date(2030, 1, 8), "Banjir")
    assert wishes.words_of_special(wish) == "Selasa, 8 Januari 2030: tutup; Banjir"
