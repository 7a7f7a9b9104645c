"""A family in two neighbouring hours, from the month to the tickets."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from paspor.kernel import formatting
from queueing.booking.actors import Actor
from queueing.booking.beside import beside_of
from queueing.booking.models import Booking
from queueing.booking.selectors import booking_by_id
from queueing.booking.services import changing, together
from tests.factories import ApplicantFactory
from tests.page_text import text_of_page
from tests.queueing.booking.visits import another_day, states, wish
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
    return re.sub(r"\s+", " ", text_of_page(response).replace("\xa0", " "))


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
    assert answer["days"][0]["state"] == "two_hours"
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
    beside = beside_of(booking_by_id(first.pk)).booking
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


@pytest.fixture
def parents_and_children():
    account = ApplicantFactory().account
    account.applicants.update(removed_at=timezone.now())
    adults = ApplicantFactory.create_batch(2, account=account)
    born = timezone.localdate() - timedelta(days=3000)
    return adults + ApplicantFactory.create_batch(2, account=account, birth_date=born)


def test_at_first_an_adult_comes_in_each_hour_with_a_child(pair, parents_and_children):
    people = parents_and_children
    near = near_hour(pair[0].office, hour=14, capacity=2), near_hour(pair[0].office, hour=15)
    browser = browser_of(account_of(people))

    page = browser.get(f"/pesan/{near[0].code}/?orang=4&lanjut={near[1].code}")

    form = page.context["form"]
    chosen = [form[f"{person.code}-hour"].initial for person in people]
    assert chosen == [near[0].code, near[1].code, near[0].code, near[1].code]


@pytest.mark.parametrize(("order", "is_told"), [([0, 1, 2, 3], True), ([0, 2, 1, 3], False)])
def test_looking_over_says_which_hour_has_children_only(pair, parents_and_children, order, is_told):
    people = [parents_and_children[number] for number in order]
    browser = browser_of(account_of(people))
    address = f"/pesan/{pair[0].code}/?orang=4&lanjut={pair[1].code}"
    said = who(*people) | by_hour(people, pair, 2) | {"token": token_in(browser.get(address))}

    review = text(browser.get(browser.post(address, said)["Location"]))

    assert ("Hanya anak pada 10.00–11.00 WIB" in review) is is_told
    assert (f"{people[2].name}, {people[3].name} datang tanpa" in review) is is_told
    assert "Hanya anak pada 09.00" not in review


def test_all_in_one_of_the_hours_is_one_booking(pair, people):
    browser = browser_of(account_of(people))
    address = f"/pesan/{pair[0].code}/?orang=4&lanjut={pair[1].code}"
    two = people[:2]

    said = who(*two) | by_hour(two, pair, 0) | {"token": token_in(browser.get(address))}
    browser.post(address, said)

    (booking,) = Booking.objects.all()
    assert booking.slot == pair[1]
    assert booking.beside_id is None


def test_a_visit_that_moves_is_offered_one_hour_only(client, pair):
    office, day = pair[0].office, pair[0].day
    moving = "?orang=5&ganti=ABCDEFGH"

    month = text(client.get(f"/kantor/{office.code}/{moving}"))
    page = text(client.get(f"/kantor/{office.code}/{day}/{moving}"))

    assert "2 jam" not in month
    assert "Dua jam" not in page
    assert "Tidak dapat dipilih" in page


def test_two_hours_wait_for_the_errand_to_be_told(client, pair):
    office, day = pair[0].office, pair[0].day

    page = text(client.get(f"/kantor/{office.code}/{day}/?orang=5&jenis="))

    assert "09.00–11.00" in page
    assert "lanjut=" not in page


def test_too_many_in_one_hour_are_told_at_the_hour_how_many_fit(pair, people):
    browser = browser_of(account_of(people))
    address = f"/pesan/{pair[0].code}/?orang=4&lanjut={pair[1].code}"
    page = browser.get(address)

    said = who(*people) | by_hour(people, pair, 4) | {"token": token_in(page)}
    answer = browser.post(address, said)

    form = answer.context["form"]
    assert "09.00–10.00 WIB, sisa 3 tempat" in page.content.decode()
    assert answer.status_code == 422
    assert set(form.errors) == {"__all__", f"{people[3].code}-hour"}
    assert form.errors[f"{people[3].code}-hour"] == ["Cukup untuk 3 orang; pindahkan orang ini."]
    assert "Jam 09.00–10.00 WIB cukup untuk 3 orang; Anda memilih 4." in form.errors["__all__"][0]
    assert not Booking.objects.exists()


@pytest.fixture
def booked(pair, people):
    """The first of two hours, in which two of four come; and the second."""
    account = account_of(people)
    wishes = (wish(pair[0], people[:2]), wish(pair[1], people[2:]))
    with transaction.atomic():
        made = together.hold_within(
            account=account, wishes=wishes, actor=Actor.citizen(account), now=timezone.now()
        )
    first = booking_by_id(made.booking_id)
    return first.booking, beside_of(first).booking


@pytest.mark.parametrize("page", ["batal/", "ubah/", "ubah/{slot}/"])
def test_changing_one_hour_tells_of_the_other(booked, page):
    one, other = booked
    slot = near_hour(one.slot.office, hour=14)

    page = text(browser_of(one.account).get(f"/janji/{one.code}/{page.format(slot=slot.code)}"))

    assert "Keluarga Anda datang pada dua jam" in page
    assert f'href="/janji/{other.code}/"' in page
    assert other.places.first().applicant.name in page


def test_the_hour_that_was_moved_and_the_other_tell_of_each_other_with_the_day(booked):
    one, other = booked
    browser = browser_of(one.account)
    slot = another_day(one.slot)
    new = changing.reschedule(
        account=one.account,
        code=one.code,
        slot_code=slot.code,
        actor=Actor.citizen(one.account),
        now=timezone.now(),
    ).booking

    tickets = [text(browser.get(f"/janji/{visit.code}/")) for visit in (new, other)]

    assert all("Sebagian keluarga Anda datang pada waktu lain" in ticket for ticket in tickets)
    assert f'href="/janji/{other.code}/"' in tickets[0]
    assert f'href="/janji/{new.code}/"' in tickets[1]
    assert f"datang {formatting.day(slot.day)}, 09.00–10.00 WIB" in tickets[1]
    assert "beside" in browser.get(f"/janji/{new.code}/batal/").context["form"].fields


def test_the_ticket_alone_names_the_other_hour(booked, people):
    one, other = booked
    browser = browser_of(one.account)

    ticket = text(browser.get(f"/janji/{one.code}/tiket/"))

    names = ", ".join(person.name for person in people[2:])
    assert "Keluarga Anda datang pada dua jam" in ticket
    assert f"{names} datang 10.00–11.00 WIB, dengan tiketnya sendiri: kode " in ticket
    assert f"{other.code[:4]}-{other.code[4:]}" in ticket


def test_both_hours_may_be_cancelled_at_once(booked, people):
    one, other = booked
    browser, path = browser_of(one.account), f"/janji/{one.code}/batal/"
    form = browser.get(path).context["form"]
    said = {"who": [people[0].code, people[1].code], "beside": [people[3].code], "token": "a"}

    answers = [browser.post(path, said) for _tap in range(2)]

    assert form["beside"].initial is None
    assert [answer.headers.get("Location") for answer in answers] == [f"/janji/{one.code}/"] * 2
    assert states(one) == ["CANCELLED", "CANCELLED"]
    assert states(other) == ["BOOKED", "CANCELLED"]


def test_where_one_of_both_cannot_be_cancelled_neither_is(booked, people):
    one, other = booked
    gone = people[3].code
    browser = browser_of(one.account)
    other.places.filter(applicant=people[3]).update(state="CHECKED_IN")

    said = {"who": [people[0].code], "beside": [people[2].code, gone], "token": "a"}
    answer = browser.post(f"/janji/{one.code}/batal/", said)

    assert answer.status_code == 422
    assert states(one) == ["BOOKED", "BOOKED"]


def test_cancelling_one_hour_leaves_the_other(booked, people):
    one, other = booked
    path = f"/janji/{one.code}/batal/"

    browser_of(one.account).post(path, {"who": [person.code for person in people[:2]]})
    alone = browser_of(one.account).get(f"/janji/{other.code}/batal/")

    assert states(other) == ["BOOKED", "BOOKED"]
    assert "dua jam" not in text(alone)


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
