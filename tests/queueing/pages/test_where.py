"""A day held elsewhere than at the office: every page, file and mail sends people there."""

from datetime import time

import pytest
from django.test import Client
from django.utils import timezone

from queueing.booking import laying_out, selectors, where
from tests.factories import LONG_AGO, HolidayFactory, SpecialDayFactory
from tests.queueing.booking_api.conftest import Phone
from tests.queueing.pages.visitors import family_booking, near_hour, owner

pytestmark = pytest.mark.django_db

PLACE, NOTE = "Mal Uji lantai 2", "Bawa kartu antrean mal"
HOME = "Jalan Kantor Uji 1"


@pytest.fixture
def mall_hour():
    hour = near_hour()
    hour.office.address = HOME
    hour.office.save()
    hours = {"opens": time(8), "closes": time(16), "stations": 2, "minutes": 15}
    own = {"kind": "EXTRA", "place": PLACE, "reason": NOTE}
    SpecialDayFactory(office=hour.office, day=hour.day, **own, **hours)
    return hour


@pytest.mark.parametrize("path", ["", "tiket/"])
def test_ticket_sends_people_to_the_days_place(mall_hour, path):
    booking = family_booking(1, slot=mall_hour)

    page = owner(booking).get(f"/janji/{booking.code}/{path}").content.decode()

    assert PLACE in page
    assert NOTE in page
    assert HOME not in page
    assert "openstreetmap" not in page
    assert "geo:" not in page


def test_answers_of_the_api_send_people_there(mall_hour, django_assert_num_queries):
    booking = family_booking(1, slot=mall_hour)
    phone = Phone(booking.account)

    (listed,) = phone.get("/api/v1/bookings").json()["results"]
    looked_up = phone.get(f"/api/v1/bookings/{booking.code}").json()

    for answer in (listed, looked_up):
        assert (answer["place"], answer["note"]) == (PLACE, NOTE)
    found = selectors.booking_by_id(booking.pk)
    with django_assert_num_queries(0):
        assert where.where_of(found).place == PLACE


def test_calendar_and_mail_send_people_there_too(mall_hour):
    booking = selectors.booking_by_id(family_booking(1, slot=mall_hour).pk)

    file = owner(booking.booking).get(f"/janji/{booking.code}/kalender.ics").content.decode()

    assert f"LOCATION:{PLACE}\\, " in file
    assert "GEO:" not in file
    told = dict(laying_out._facts(selectors.visit_facts(booking)))
    assert (told["Tempat"], told["Keterangan"]) == (PLACE, NOTE)
    assert not {"Alamat", "Peta"} & told.keys()


def test_the_way_to_a_booking_says_it(mall_hour):
    held = family_booking(1, slot=mall_hour, confirm=False)
    browser = owner(held)
    day = timezone.localtime(mall_hour.starts_at, mall_hour.office.zone).date().isoformat()

    month = browser.get(f"/kantor/{mall_hour.office.code}/?bulan={day[:7]}").content.decode()
    assert f": {PLACE}" in month
    for path in (
        f"/kantor/{mall_hour.office.code}/{day}/",
        f"/pesan/{mall_hour.code}/",
        f"/janji/{held.code}/periksa/",
    ):
        page = browser.get(path).content.decode()
        assert PLACE in page, path
        assert NOTE in page, path
        assert HOME not in page, path
        assert "openstreetmap" not in page, path


def test_a_holiday_on_which_the_office_opens_is_called_one(mall_hour):
    confirmed = {"state": "CONFIRMED", "decided_at": LONG_AGO, "name": "Hari Raya Uji"}
    HolidayFactory(office=None, day=mall_hour.day, **confirmed)
    browser, office = Client(), f"/kantor/{mall_hour.office.code}/"

    month = browser.get(f"{office}?bulan={mall_hour.day:%Y-%m}").content.decode()
    day = browser.get(f"{office}{mall_hour.day}/").content.decode()
    english = browser.get(f"{office}{mall_hour.day}/", headers={"Accept-Language": "en"})

    assert "Buka khusus pada hari libur" in month
    assert ". Hari libur: Hari Raya Uji, buka khusus" in month  # said of its cell
    assert "Hari libur: Hari Raya Uji, buka khusus" in day
    assert "Holiday: Hari Raya Uji, open specially" in english.content.decode()


def test_usual_day_is_at_the_office():
    hour = near_hour()
    booking = family_booking(1, slot=hour)

    file = owner(booking).get(f"/janji/{booking.code}/kalender.ics").content.decode()

    assert "GEO:-6.20000;106.80000" in file
