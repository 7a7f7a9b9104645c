"""A family in two neighbouring hours, from the month to the tickets."""

import re

import pytest

from queueing.booking.beside import beside_of
from queueing.booking.models import Booking
from tests.factories import ApplicantFactory
from tests.queueing.pages.visitors import (
    account_of,
    browser_of,
    near_hour,
    token_in,
    who,
    working_office,
)

pytestmark = pytest.mark.django_db


def text(response):
    assert response.status_code == 200, response.headers
    return re.sub(r"\s+", " ", response.content.decode().replace("\xa0", " "))


@pytest.fixture
def pair():
    office = working_office()
    return near_hour(office, hour=9, capacity=3), near_hour(office, hour=10, capacity=2)


@pytest.fixture
def people():
    return ApplicantFactory.create_batch(5, account=ApplicantFactory().account)[:4]


def by_hour(people, pair, first):
    """Their hours on the form: so many in the first."""
    return {
        f"{person.code}-hour": pair[0 if number < first else 1].code
        for number, person in enumerate(people)
    }


def test_a_family_is_offered_two_hours_of_a_day(client, pair):
    office, day = pair[0].office, pair[0].day

    month = text(client.get(f"/kantor/{office.code}/?orang=5"))
    page = text(client.get(f"/kantor/{office.code}/{day}/?orang=5"))
    small = text(client.get(f"/kantor/{office.code}/{day}/?orang=2"))
    answer = client.get(
        f"/api/v1/offices/{office.code}/availability",
        {"from": day, "to": day, "people": 5, "passport_type": "REGULAR"},
    ).json()

    assert "2 jam" in month
    assert f"/pesan/{pair[0].code}/?orang=5&amp;lanjut={pair[1].code}" in page
    assert "09.00–11.00" in page
    assert "lanjut=" not in small
    (told,) = answer["days"][0]["neighbours"]
    assert [hour["slot"] for hour in told["hours"]] == [slot.code for slot in pair]
    assert told["free"] == 5


def test_it_is_held_looked_over_and_booked_as_one(pair, people):
    browser = browser_of(account_of(people))
    address = f"/pesan/{pair[0].code}/?orang=4&lanjut={pair[1].code}"
    page = browser.get(address)
    assert page.content.decode().count('-hour"') >= 4

    said = who(*people) | by_hour(people, pair, 2) | {"token": token_in(page)}
    sent = browser.post(address, said)
    review = text(browser.get(sent["Location"]))
    assert "09.00–10.00" in review
    assert "10.00–11.00" in review
    assert all(person.name in review for person in people)

    booked = browser.post(sent["Location"].replace("periksa", "pesan"))
    ticket = text(browser.get(booked["Location"]))

    first = Booking.objects.get(slot=pair[0])
    beside = beside_of(first)
    assert {place.state for visit in (first, beside) for place in visit.places.all()} == {"BOOKED"}
    assert [place.applicant for place in beside.places.order_by("pk")] == people[2:]
    assert "Keluarga Anda datang pada dua jam" in ticket
    assert f"/janji/{beside.code}/" in ticket
    assert people[3].name in ticket
    begins = []
    for visit in (first, beside):
        calendar = browser.get(f"/janji/{visit.code}/kalender.ics").content.decode()
        begins += re.findall(r"DTSTART:(\S+)", calendar)
    assert begins == [f"{slot.starts_at:%Y%m%dT%H%M%SZ}" for slot in pair]


def test_all_in_one_of_the_hours_is_one_booking(pair, people):
    browser = browser_of(account_of(people))
    address = f"/pesan/{pair[0].code}/?orang=4&lanjut={pair[1].code}"
    two = people[:2]

    said = who(*two) | by_hour(two, pair, 0) | {"token": token_in(browser.get(address))}
    browser.post(address, said)

    (booking,) = Booking.objects.all()
    assert booking.slot == pair[1]
    assert booking.beside_id is None


def test_letting_go_lets_both_go(pair, people):
    browser = browser_of(account_of(people))
    address = f"/pesan/{pair[0].code}/?orang=4&lanjut={pair[1].code}"
    said = who(*people) | by_hour(people, pair, 2) | {"token": token_in(browser.get(address))}
    sent = browser.post(address, said)

    back = browser.post(sent["Location"].replace("periksa", "lepas"))

    assert "orang=4" in back["Location"]
    assert {place.state for b in Booking.objects.all() for place in b.places.all()} == {"CANCELLED"}


def test_hours_that_are_no_neighbours_lead_back_to_the_day(pair, people):
    far = near_hour(pair[0].office, hour=14)
    answer = browser_of(account_of(people)).get(f"/pesan/{pair[0].code}/?lanjut={far.code}")

    assert answer.status_code == 302
    assert answer["Location"] == f"/kantor/{pair[0].office.code}/{pair[0].day}/"
