"""Looking over a hold, booking it, letting it go, and finding it lapsed."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from queueing.booking import words
from queueing.booking.models import Place
from tests.factories import ApplicantFactory, UserFactory
from tests.queueing.booking.visits import lapse, states, taken
from tests.queueing.pages.visitors import book, browser_of, family_booking, near_hour, owner

pytestmark = pytest.mark.django_db


def held(size=2, **more):
    return family_booking(size, confirm=False, **more)


def test_review_shows_clock_people_rules_and_price():
    booking = held()
    names = [place.applicant.name for place in booking.places.all()]

    answer = owner(booking).get(f"/janji/{booking.code}/periksa/")

    page = answer.content.decode()
    assert "data-clock-until" in page
    assert all(name in page for name in names)
    assert "Rp\u00a0700.000 sampai Rp\u00a01.300.000" in page
    assert "no-store" in answer.headers["Cache-Control"]


def test_child_pays_for_five_years_only():
    child = ApplicantFactory(birth_date=timezone.localdate() - dt.timedelta(days=3000))
    booking = book(near_hour(), [child], confirm=False)

    page = owner(booking).get(f"/janji/{booking.code}/periksa/").content.decode()

    assert "10 tahun)" not in page


def test_one_button_books(mailoutbox):
    booking = held()

    answer = owner(booking).post(f"/janji/{booking.code}/pesan/")

    assert answer.headers["Location"] == f"/janji/{booking.code}/"
    assert states(booking) == [Place.State.BOOKED, Place.State.BOOKED]


def test_booking_twice_is_booking_once():
    booking = held()
    browser = owner(booking)

    answers = [browser.post(f"/janji/{booking.code}/pesan/") for _tap in range(2)]

    assert {answer.headers["Location"] for answer in answers} == {f"/janji/{booking.code}/"}


def test_letting_go_frees_the_places_and_returns_to_the_day():
    booking = held()

    answer = owner(booking).post(f"/janji/{booking.code}/lepas/")

    assert answer.headers["Location"].startswith(
        f"/kantor/{booking.slot.office.code}/{booking.slot.day}/?orang=2"
    )
    assert taken(booking.slot) == 0


def test_lapsed_hold_says_so_and_leads_back():
    booking = held()
    lapse(booking)
    browser = owner(booking)

    answer = browser.post(f"/janji/{booking.code}/pesan/", follow=True)

    page = answer.content.decode()
    assert "Waktu menahan tempat sudah habis" in page
    assert f"/pesan/{booking.slot.code}/?orang=2" in page


def test_booked_visit_has_no_review():
    booking = family_booking()

    answer = owner(booking).get(f"/janji/{booking.code}/periksa/")

    assert answer.headers["Location"] == f"/janji/{booking.code}/"


@pytest.mark.parametrize("path", ["periksa/", "pesan/", "lepas/"])
def test_somebody_elses_hold_is_404(path):
    booking = held()
    stranger = browser_of(UserFactory())
    ask = stranger.get if path == "periksa/" else stranger.post

    assert ask(f"/janji/{booking.code}/{path}").status_code == 404
    assert states(booking) == [Place.State.HELD, Place.State.HELD]


@pytest.mark.parametrize("path", ["periksa/", "pesan/", "lepas/"])
def test_stranger_is_asked_to_sign_in(path):
    booking = held()
    ask = Client().get if path == "periksa/" else Client().post

    assert "/akun/login/" in ask(f"/janji/{booking.code}/{path}").headers["Location"]


@pytest.mark.parametrize("path", ["pesan/", "lepas/"])
def test_whose_session_has_ended_comes_back_to_the_held_places(path):
    """An address that takes a POST alone would be an empty page after signing in."""
    booking = held()

    answer = Client().post(f"/janji/{booking.code}/{path}")

    assert answer.headers["Location"] == f"/akun/login/?next=/janji/{booking.code}/periksa/"


@pytest.mark.parametrize("path", ["pesan/", "lepas/"])
def test_acts_take_a_post(path):
    booking = held()

    assert owner(booking).get(f"/janji/{booking.code}/{path}").status_code == 405


def test_review_asks_to_come_as_early_as_the_ticket():
    booking = family_booking(1, confirm=False)

    page = owner(booking).get(f"/janji/{booking.code}/periksa/").content.decode()

    assert words.arrive_early() in page
