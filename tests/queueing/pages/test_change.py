"""Moving and cancelling on the pages: chosen people, one tap, nothing lost on a refusal."""

import pytest
from django.test import Client

from queueing.booking.models import Booking, Place
from queueing.quota.models import Seat
from tests.factories import UserFactory
from tests.queueing.booking.visits import another_hour, states, taken
from tests.queueing.pages.visitors import browser_of, family_booking, near_hour, owner, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    return family_booking(2)


def codes(booking):
    return [place.applicant.code for place in booking.places.order_by("pk")]


def test_move_leads_to_the_days_with_the_chosen_people(booking):
    one, _other = codes(booking)

    answer = owner(booking).get(f"/janji/{booking.code}/ubah/", {"who": [one]})

    assert answer.status_code == 302
    assert f"ganti={booking.code}" in answer.headers["Location"]
    assert f"siapa={one}" in answer.headers["Location"]
    assert "orang=" not in answer.headers["Location"]


def test_hours_of_a_move_lead_to_its_review(booking):
    slot = another_hour(booking.slot)
    both = "&".join(f"siapa={code}" for code in codes(booking))

    page = owner(booking).get(f"/kantor/{slot.office.code}/{slot.day}/?ganti={booking.code}&{both}")

    assert f"/janji/{booking.code}/ubah/{slot.code}/?" in page.content.decode()


def test_moving_makes_a_new_visit_once(booking):
    slot = another_hour(booking.slot)
    browser, path = owner(booking), f"/janji/{booking.code}/ubah/{slot.code}/"
    token = token_in(browser.get(path))

    first, second = (
        browser.post(path, {"who": codes(booking), "token": token}) for _tap in range(2)
    )

    new = Booking.objects.get(slot=slot)
    assert first.headers["Location"] == second.headers["Location"] == f"/janji/{new.code}/"
    assert states(booking) == [Place.State.MOVED, Place.State.MOVED]
    assert taken(slot) == 2


def test_some_may_move_while_others_stay(booking):
    slot = another_hour(booking.slot)
    one, _other = codes(booking)

    owner(booking).post(
        f"/janji/{booking.code}/ubah/{slot.code}/?ganti={booking.code}&siapa={one}", {"who": [one]}
    )

    assert states(booking) == [Place.State.MOVED, Place.State.BOOKED]


def test_full_hour_leaves_the_old_visit_as_it_was(booking):
    slot = another_hour(booking.slot, capacity=2)
    Seat.objects.filter(slot=slot).update(taken=True)

    page = owner(booking).post(f"/janji/{booking.code}/ubah/{slot.code}/", {"who": codes(booking)})

    assert page.status_code == 422
    assert "Kuota jam ini tidak cukup lagi" in page.content.decode()
    assert states(booking) == [Place.State.BOOKED, Place.State.BOOKED]


def test_second_move_is_refused_and_says_why(booking):
    slot = another_hour(booking.slot)
    browser = owner(booking)
    browser.post(f"/janji/{booking.code}/ubah/{slot.code}/", {"who": codes(booking)})
    new = Booking.objects.get(slot=slot)

    page = browser.get(f"/janji/{new.code}/ubah/").content.decode()

    assert "sudah pernah diubah" in page


@pytest.mark.parametrize("page", ["ubah", "batal"])
def test_visit_that_was_replaced_says_so_and_leads_to_the_new_one(booking, page):
    slot = another_hour(booking.slot)
    browser = owner(booking)
    browser.post(f"/janji/{booking.code}/ubah/{slot.code}/", {"who": codes(booking)})
    new = Booking.objects.get(slot=slot)

    text = browser.get(f"/janji/{booking.code}/{page}/").content.decode()

    assert "sudah diganti" in text
    assert f'href="/janji/{new.code}/"' in text
    assert "hanya sampai" not in text


@pytest.mark.parametrize("page", ["ubah", "batal"])
def test_visit_that_was_cancelled_says_so(booking, page):
    browser = owner(booking)
    browser.post(f"/janji/{booking.code}/batal/", {"who": codes(booking)})

    text = browser.get(f"/janji/{booking.code}/{page}/").content.decode()

    assert "tidak berlaku lagi" in text
    assert "hanya sampai" not in text


def test_asking_about_cancelling_changes_nothing(booking):
    page = owner(booking).get(f"/janji/{booking.code}/batal/")

    assert page.status_code == 200
    assert states(booking) == [Place.State.BOOKED, Place.State.BOOKED]


def test_chosen_people_are_cancelled_once(booking):
    one, _other = codes(booking)
    browser, path = owner(booking), f"/janji/{booking.code}/batal/"
    token = token_in(browser.get(path))

    answers = [browser.post(path, {"who": [one], "token": token}) for _tap in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert states(booking) == [Place.State.CANCELLED, Place.State.BOOKED]


def test_last_person_cancelled_twice_gets_the_same_answer():
    booking = family_booking(1)
    browser, path = owner(booking), f"/janji/{booking.code}/batal/"
    said = {"who": codes(booking), "token": token_in(browser.get(path))}

    answers = [browser.post(path, said) for _tap in range(2)]

    assert [answer.headers.get("Location") for answer in answers] == [f"/janji/{booking.code}/"] * 2


def test_nobody_chosen_cancels_nobody(booking):
    page = owner(booking).post(f"/janji/{booking.code}/batal/", {"token": "a"})

    assert page.status_code == 422
    assert states(booking) == [Place.State.BOOKED, Place.State.BOOKED]


@pytest.mark.parametrize("path", ["batal/", "ubah/{slot}/"])
def test_only_its_account_may_act(booking, path):
    slot = near_hour(booking.slot.office, hour=14)
    address = f"/janji/{booking.code}/{path.format(slot=slot.code)}"

    stranger = browser_of(UserFactory()).post(address, {"who": codes(booking)})
    nobody = Client().post(address, {"who": codes(booking)})

    assert stranger.status_code == 404
    assert "/akun/login/" in nobody.headers["Location"]
    assert states(booking) == [Place.State.BOOKED, Place.State.BOOKED]


def test_move_to_an_hour_that_does_not_exist_is_404(booking):
    assert owner(booking).get(f"/janji/{booking.code}/ubah/abc/").status_code == 404
