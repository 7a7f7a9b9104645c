"""The list of offices, an office's days, a day's hours: public, told in words, quick."""

from datetime import timedelta
from time import monotonic

import pytest
from django.test import Client
from django.utils import timezone

from offices.models import Holiday
from paspor.kernel import formatting, sharing
from queueing.booking.models import Booking
from queueing.quota.models import Seat
from tests.factories import OfficeFactory, UserFactory
from tests.queueing.pages.visitors import announced, browser_of, near_day, near_hour, working_office

pytestmark = pytest.mark.django_db


def text(page):
    return " ".join(page.content.decode().split())


def test_first_page_asks_and_tells_the_next_opening(client):
    office = working_office(name="Kantor Uji Satu")
    opening = timezone.now() + timedelta(days=2)
    announced(office, opening)

    page = text(client.get("/"))

    assert "Pesan janji temu paspor" in page
    assert f'datetime="{opening.isoformat()}"' in page


def test_list_tells_first_day_with_room_for_all(client):
    office = working_office()
    near_hour(office, days=2, capacity=1)
    near_hour(office, days=4, capacity=3)

    alone, together = text(client.get("/kantor/")), text(client.get("/kantor/?orang=2"))

    assert "sisa 1 tempat</span>" in alone
    assert "sisa 3 tempat</span>" in together


def test_list_of_all_offices_asks_a_bounded_number_of_questions(
    client, django_assert_max_num_queries
):
    for _number in range(30):
        near_hour(working_office(), capacity=1)
    client.get("/kantor/")

    with django_assert_max_num_queries(8):
        client.get("/kantor/?orang=2&provinsi=DKI+Jakarta&page=2")


def test_full_office_tells_when_it_opens_next(client):
    slot = near_hour(capacity=1)
    Seat.objects.filter(slot=slot).update(taken=True)

    page = text(client.get("/kantor/"))

    assert "Penuh" in page
    assert "Kuota berikutnya" in page


def test_passport_type_that_is_not_issued_is_not_called_full(client):
    slot = near_hour(working_office(passport_types=["REGULAR"]))

    listed = text(client.get("/kantor/?paspor=ELECTRONIC"))
    office = text(client.get(f"/kantor/{slot.office.code}/?paspor=ELECTRONIC"))

    assert "Jenis paspor ini tidak dilayani di sini; yang dilayani: paspor biasa." in listed
    assert "Penuh" not in listed
    assert "Tidak dilayani di sini" in office


def test_ltsp_is_marked(client):
    parent = OfficeFactory()
    working_office(kind="LTSP", parent=parent, needs_referral=True, name="LTSP Uji")

    assert "perlu kode rujukan" in text(client.get("/kantor/?tipe=LTSP"))


def test_list_near_a_town_is_in_order_of_distance(client):
    far = near_hour(working_office(name="A Jauh", latitude="-8.650", longitude="115.200"))
    near = near_hour(working_office(name="B Dekat", latitude="-6.300", longitude="106.800"))

    page = text(client.get(f"/kantor/?dekat={near.office.code}"))

    assert page.index("B Dekat") < page.index("A Jauh")
    assert "km" in page
    assert far.office.code in page


@pytest.mark.parametrize(
    "query",
    ["orang=abc&jenis=X&sebelum=besok&urut=?&page=x", "q=%00%27&provinsi=%00", "orang=99&tipe=Z"],
)
def test_address_that_was_cut_or_made_up_still_opens(client, query):
    near_hour()

    assert client.get(f"/kantor/?{query}").status_code == 200


def test_month_says_why_each_day_cannot_be_picked(client):
    office = working_office()
    full = near_hour(office, days=2, capacity=1)
    Seat.objects.filter(slot=full).update(taken=True)
    Holiday.objects.create(
        day=near_day(3), name="Hari Uji", state="CONFIRMED", decided_at=timezone.now()
    )

    pages = "".join(
        text(client.get(f"/kantor/{office.code}/?bulan={day:%Y-%m}"))
        for day in {near_day(ahead).replace(day=1) for ahead in (2, 3, 4)}
    )

    assert "Semua tempat pada hari itu sudah terisi." in pages
    assert "Hari libur: Hari Uji." in pages
    assert "Kuota hari itu belum dibuka. Dibuka" in pages
    assert f"/kantor/{office.code}/{near_day(2)}/" in pages


def test_calendar_opens_where_there_is_room_unless_a_month_is_asked_for(client):
    office, empty = near_hour(days=40).office, working_office()
    this_month = near_day(0).replace(day=1)

    def first(address):
        return client.get(address).context["month"].first

    assert first(f"/kantor/{office.code}/") == near_day(40).replace(day=1)
    assert first(f"/kantor/{office.code}/?bulan={this_month:%Y-%m}") == this_month
    assert first(f"/kantor/{empty.code}/") == near_day(7).replace(day=1)


def test_list_has_a_map_of_the_offices_shown_which_nobody_needs(client):
    near_hour(working_office(latitude="-6.2", longitude="106.8"))
    working_office(latitude="-8.65", longitude="115.2")

    page = client.get("/kantor/")
    alone = client.get("/kantor/?q=tidak-ada")

    signs = [(point["at"], point["sign"]) for point in page.context["map"]["points"]]
    assert signs == [("424 313", "closed"), ("256 264", "serving")]
    figure = page.content.decode().partition(
        '<figure class="stack stack--tight" aria-hidden="true">'
    )
    assert "img/indonesia" in figure[2].partition("</figure>")[0]
    assert "img/indonesia" not in alone.content.decode()


def test_day_lists_hours_in_the_zone_of_the_office(client):
    office = working_office(timezone="Asia/Makassar")
    slot = near_hour(office, hour=9, capacity=2)

    page = text(client.get(f"/kantor/{office.code}/{slot.day}/?orang=2"))

    assert "09.00–10.00 WITA" in page
    assert f"/pesan/{slot.code}/?orang=2" in page


def test_hour_with_too_few_seats_cannot_be_picked(client):
    office = working_office()
    slot = near_hour(office, hour=9, capacity=1)
    near_hour(office, hour=10, capacity=2)

    page = text(client.get(f"/kantor/{office.code}/{slot.day}/?orang=2"))

    assert "kurang untuk 2 orang" in page
    assert f"/pesan/{slot.code}/" not in page


def test_full_day_names_offices_with_room(client):
    slot = near_hour(capacity=1)
    Seat.objects.filter(slot=slot).update(taken=True)
    other = near_hour(working_office(name="Kantor Tetangga"))

    page = text(client.get(f"/kantor/{slot.office.code}/{slot.day}/"))

    assert "Kantor Tetangga" in page
    assert f"/kantor/{other.office.code}/" in page


@pytest.mark.parametrize("path", ["TIDAK-ADA/", "X/2026-02-31/", "X/kemarin/"])
def test_what_does_not_exist_is_404(client, path):
    assert client.get(f"/kantor/{path}").status_code == 404


@pytest.mark.parametrize("day", ["2099-01-01", "2026-02-31", "besok"])
def test_day_out_of_sight_is_404(client, day):
    office = working_office()

    assert client.get(f"/kantor/{office.code}/{day}/").status_code == 404


def test_a_day_that_is_over_says_so_and_leads_to_the_calendar(client):
    office = working_office()

    page = text(client.get(f"/kantor/{office.code}/2020-01-01/?orang=3"))

    assert "Rabu, 1 Januari 2020 sudah lewat" in page
    assert f"/kantor/{office.code}/?orang=3" in page


def test_a_last_day_that_is_over_is_answered_once(client):
    page = text(client.get(f"/kantor/?sebelum=2020-01-01&q={near_hour().office.code}"))

    assert "Tanggal itu sudah lewat." in page
    assert "sampai Rabu, 1 Januari 2020" not in page


def test_priority_lane_is_not_asked_of_a_small_office(client):
    mall = working_office(kind="MPP", parent=OfficeFactory())
    slot = near_hour(mall)

    page = text(client.get(f"/kantor/{mall.code}/{slot.day}/?jalur=PRIORITY"))

    assert f"/pesan/{slot.code}/" in page
    assert "jalur prioritas" not in page


def test_pages_of_availability_may_be_kept_by_the_reader_alone():
    slot = near_hour()
    for browser in (Client(), browser_of(UserFactory())):
        answer = browser.get(f"/kantor/{slot.office.code}/{slot.day}/")

        assert "private" in answer.headers["Cache-Control"]
        assert "max-age=2" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("page", ["/", "/kantor/", "/kantor/{office}/", "/kantor/{office}/{day}/"])
def test_the_second_reader_of_a_page_costs_no_query(
    client, django_assert_num_queries, monkeypatch, page
):
    both_come_at = monotonic()
    monkeypatch.setattr(sharing, "monotonic", lambda: both_come_at)
    slot = near_hour()
    path = page.format(office=slot.office.code, day=slot.day)
    client.get(path)

    with django_assert_num_queries(0):
        assert client.get(path).status_code == 200


def test_looking_holds_nothing(client):
    slot = near_hour()

    client.get(f"/kantor/{slot.office.code}/{slot.day}/")

    assert not Booking.objects.exists()
    assert not Seat.objects.filter(taken=True).exists()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("orang=6", "Jumlah orang “6” tidak dapat dipakai (1 sampai 5): yang tampil untuk 5 orang"),
        ("orang=abc", "yang tampil untuk 1 orang"),
        ("sebelum=2026-02-31", "Tanggal “2026-02-31” tidak ada"),
        ("sebelum=2020-01-01", "Tanggal itu sudah lewat."),
        ("sebelum=9999-12-31", "Tanggal paling jauh adalah"),
        ("jenis=ZZ", "Keperluan “ZZ” tidak dikenal: yang tampil untuk paspor baru"),
        ("paspor=ZZ", "Jenis paspor “ZZ” tidak dikenal"),
        ("jalur=COUNTER", "Jalur “COUNTER” tidak dikenal"),
        ("dekat=NOPE", "Kota “NOPE” tidak dikenal"),
        ("tipe=ZZ", "Jenis kantor “ZZ” tidak dikenal"),
    ],
)
def test_value_that_cannot_be_used_is_named_with_what_is_shown_instead(client, query, told):
    near_hour()

    page = client.get(f"/kantor/?{query}")

    assert page.status_code == 200
    assert told in text(page)


def test_usual_search_has_nothing_to_complain_of(client):
    slot = near_hour()
    query = f"orang=2&jenis=LOST&jalur=ONLINE&sebelum={near_day(9)}&dekat={slot.office.code}&tipe="

    assert "tidak dapat dipakai" not in text(client.get(f"/kantor/?{query}"))


@pytest.mark.parametrize("month", ["2026-13", "1999-01"])
def test_month_that_is_not_shown_is_named(client, month):
    office = near_hour().office

    page = text(client.get(f"/kantor/{office.code}/?bulan={month}"))

    assert f"Bulan “{month}” tidak dapat ditampilkan" in page


def test_last_day_puts_offices_in_time_first_and_tells_the_late_ones(client):
    near_hour(working_office(name="A Sesudahnya"), days=9)
    near_hour(working_office(name="B Pada Waktunya"), days=3)

    page = text(client.get(f"/kantor/?sebelum={near_day(5)}"))

    assert page.index("B Pada Waktunya") < page.index("A Sesudahnya")
    assert page.count("Sesudah tanggal Anda.") == 1
    assert "Belum ada tempat yang cocok" not in page


def test_last_day_that_no_office_meets_is_said(client):
    office = near_hour(days=9).office

    listed = text(client.get(f"/kantor/?sebelum={near_day(5)}"))
    alone = text(client.get(f"/kantor/{office.code}/?sebelum={near_day(5)}"))

    assert "Tidak ada tempat untuk 1 orang sampai" in listed
    assert f"Hari terdekat sesudahnya {formatting.day(near_day(9))}, di {office.name}." in listed
    assert "Sesudah tanggal Anda: paling lambat" in alone


def test_within_a_radius_the_soonest_day_comes_first_and_the_rest_is_left_out(client):
    town = near_hour(working_office(name="A Kota", latitude="-6.2", longitude="106.8"), days=6)
    near_hour(working_office(name="B Tetangga", latitude="-6.5", longitude="106.8"), days=3)
    near_hour(working_office(name="C Jauh", latitude="-8.6", longitude="115.2"), days=2)

    page = text(client.get(f"/kantor/?dekat={town.office.code}&radius=100"))

    assert page.index("B Tetangga</span>") < page.index("A Kota</span>")
    assert "C Jauh</span>" not in page
    assert "dalam 100 km dari" in page


def test_where_nothing_is_within_reach_the_page_says_why_and_what_is_nearest(client):
    town = near_hour(working_office(latitude="-6.2", longitude="106.8"), capacity=1)
    far = near_hour(working_office(name="C Jauh", latitude="-8.6", longitude="115.2"), days=2)
    query = f"dekat={town.office.code}&radius=100&orang=2&sebelum={near_day(5)}"

    page = text(client.get(f"/kantor/?{query}"))

    assert f"Tidak ada tempat untuk 2 orang bersama sampai {formatting.day(near_day(5))}." in page
    assert f"Yang sudah dibuka, sampai {formatting.day(town.day)}, penuh." in page
    assert "Kuota berikutnya dibuka" in page
    assert page.index("Terdekat dengan tempat, di luar jarak itu") < page.index(far.office.code)


@pytest.mark.parametrize(("query", "said"), [("radius=7", "Jarak “7”"), ("radius=50", "kotanya")])
def test_a_radius_that_cannot_be_used_is_said(client, query, said):
    near_hour()

    assert said in text(client.get(f"/kantor/?{query}"))


def test_whoever_names_a_last_day_sees_the_soonest_day_first(client):
    later = near_hour(working_office(name="A Nanti"), days=9)
    near_hour(working_office(name="B Segera"), days=3)
    until = later.day + timedelta(days=1)

    by_name = text(client.get("/kantor/"))
    by_day = text(client.get(f"/kantor/?sebelum={until}"))

    assert by_name.index("A Nanti") < by_name.index("B Segera")
    assert by_day.index("B Segera") < by_day.index("A Nanti")
