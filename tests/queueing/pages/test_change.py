"""Moving and cancelling on the pages: chosen people, one tap, nothing lost on a refusal."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services import suspension
from queueing.booking import documents
from queueing.booking.models import Booking, Place
from queueing.quota.models import Seat, Slot
from tests.factories import IncidentFactory, UserFactory
from tests.queueing.booking.visits import another_hour, states, taken
from tests.queueing.pages.visitors import browser_of, family_booking, near_hour, owner, token_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


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


def test_own_hour_of_a_move_is_shown_and_cannot_be_picked(booking):
    slot = booking.slot
    address = f"/kantor/{slot.office.code}/{slot.day}/?ganti={booking.code}&siapa="

    page = owner(booking).get(address + codes(booking)[0]).content.decode()

    assert "jam Anda sekarang" in page
    assert f"/ubah/{slot.code}/" not in page
    stranger = Client().get(address + codes(booking)[0]).content.decode()
    assert "jam Anda sekarang" not in stranger


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


def test_nobody_ticked_is_said_and_not_reloaded_in_silence(booking):
    page = owner(booking).get(f"/janji/{booking.code}/ubah/", {"ke": "sini"})

    assert page.status_code == 422
    assert "Pilih sedikitnya satu orang." in page.content.decode()


def test_move_may_look_at_all_offices_with_the_same_choice(booking):
    one, _other = codes(booking)

    answer = owner(booking).get(f"/janji/{booking.code}/ubah/", {"who": [one], "ke": "lain"})

    assert answer.headers["Location"].startswith("/kantor/?")
    assert f"ganti={booking.code}" in answer.headers["Location"]
    assert f"siapa={one}" in answer.headers["Location"]


def test_visit_may_be_moved_to_another_office(booking):
    slot = near_hour(days=4)
    query = f"?ganti={booking.code}&siapa={codes(booking)[0]}&siapa={codes(booking)[1]}"
    browser = owner(booking)

    listed = browser.get(f"/kantor/{query}").content.decode()
    path = f"/janji/{booking.code}/ubah/{slot.code}/"
    token = token_in(browser.get(path + query))
    browser.post(path, {"who": codes(booking), "token": token})

    assert f"/kantor/{slot.office.code}/?orang=2&amp;ganti={booking.code}" in listed
    assert Booking.objects.get(slot=slot).places.count() == 2


def aged(booking, *years):
    places = list(booking.places.order_by("pk"))
    for place, age in zip(places, years, strict=True):
        place.applicant.birth_date = booking.slot.day.replace(month=1, day=1) - 366 * age * DAY
        place.applicant.save(update_fields=["birth_date"])


@pytest.mark.parametrize(("ages", "is_warned"), [((40, 8), True), ((40, 38), False)])
def test_child_left_behind_alone_is_warned_of(booking, ages, is_warned):
    aged(booking, *ages)
    slot, one = another_hour(booking.slot), codes(booking)[0]

    page = owner(booking).get(
        f"/janji/{booking.code}/ubah/{slot.code}/?ganti={booking.code}&siapa={one}"
    )

    assert ("Anak akan datang tanpa orang dewasa" in page.content.decode()) is is_warned


def test_people_who_ended_apart_are_told_so(booking):
    slot, (one, other) = another_hour(booking.slot), codes(booking)
    browser = owner(booking)
    browser.post(f"/janji/{booking.code}/ubah/{slot.code}/", {"who": [one]})
    browser.post(f"/janji/{booking.code}/batal/", {"who": [other]})

    page = browser.get(f"/janji/{booking.code}/").content.decode()

    assert "Janji ini berakhir, tidak sama bagi setiap orang" in page
    assert "Jadwal ini sudah diganti" not in page
    assert "dibatalkan." in page
    assert "Berakhir, tidak semua sama" in page


@pytest.mark.parametrize("excuses", [True, False])
def test_while_something_is_broken_the_pages_say_that_a_move_does_not_count(booking, excuses):
    browser, text = owner(booking), "Karena gangguan, perubahan yang dilakukan sekarang"
    pages = (f"/janji/{booking.code}/", f"/janji/{booking.code}/ubah/")
    assert not any(text in browser.get(page).text for page in pages)
    IncidentFactory(office=booking.slot.office, excuses_visits=excuses)
    assert [text in browser.get(page).text for page in pages] == [excuses, excuses]


def test_what_people_come_for_is_told_anew_on_a_page_of_its_own(booking):
    browser, path = owner(booking), f"/janji/{booking.code}/keperluan/"
    one, other = codes(booking)
    said = {
        f"{one}-kind": "LOST",
        f"{other}-kind": "NEW",
        "token": token_in(browser.get(path)),
    }

    done = browser.post(path, said)
    ticket = browser.get(done.headers["Location"]).content.decode()

    assert [place.kind for place in booking.places.order_by("pk")] == ["LOST", "NEW"]
    assert documents.POLICE_REPORT in ticket
    assert "biaya beban Rp\u00a01.000.000" in ticket
    assert f'href="{path}"' in ticket
    assert states(booking) == [Place.State.BOOKED, Place.State.BOOKED]


def test_what_was_told_anew_survives_a_session_that_has_ended(booking):
    browser, path = owner(booking), f"/janji/{booking.code}/keperluan/"
    one, _other = codes(booking)
    browser.logout()

    asked = browser.post(path, {f"{one}-kind": "LOST"})
    browser.force_login(booking.account)
    page = browser.get(path)

    assert asked.headers["Location"] == f"/akun/login/?next={path}"
    assert page.context["form"][f"{one}-kind"].value() == "LOST"


def test_a_visit_that_has_begun_says_where_to_tell_it(booking):
    Slot.objects.filter(pk=booking.slot_id).update(starts_at=timezone.now() - timedelta(minutes=5))
    browser, path = owner(booking), f"/janji/{booking.code}/keperluan/"

    page = browser.get(path).content.decode()

    assert "Sesudahnya beritahukan di loket" in page
    assert path not in browser.get(f"/janji/{booking.code}/").content.decode()


APPEAL = 'href="/keberatan/"'
WHY = "Akun Anda ditangguhkan, jadi jadwal ini tidak dapat diubah."


@pytest.fixture
def suspended(booking):
    suspension.suspend(account=booking.account, now=timezone.now())
    return booking


def test_its_ticket_says_why_it_cannot_be_moved_and_leads_to_the_appeal(suspended):
    page = owner(suspended).get(f"/janji/{suspended.code}/").content.decode()

    assert WHY in page
    assert APPEAL in page
    assert f"/janji/{suspended.code}/ubah/" not in page
    assert f"/janji/{suspended.code}/batal/" in page
    assert "lagi, paling lambat" not in page


def test_other_reasons_than_suspension_are_told_first(suspended):
    Booking.objects.update(moves_used=1)

    page = owner(suspended).get(f"/janji/{suspended.code}/").content.decode()

    assert WHY not in page
    assert "sudah pernah diubah" in page


def test_it_is_refused_where_a_move_begins(suspended):
    browser, path = owner(suspended), f"/janji/{suspended.code}/ubah/"
    slot = another_hour(suspended.slot)

    first = browser.get(path, {"who": codes(suspended), "ke": "sini"})
    review = browser.get(f"{path}{slot.code}/")

    assert first.status_code == 200
    assert 'name="who"' not in first.content.decode()
    assert "Selama itu jadwal tidak dapat diubah." in first.content.decode()
    assert APPEAL in first.content.decode()
    assert (review.status_code, review["Location"]) == (302, path)


def test_whoever_is_suspended_on_the_way_is_led_to_the_appeal(booking):
    browser, slot = owner(booking), another_hour(booking.slot)
    path = f"/janji/{booking.code}/ubah/{slot.code}/"
    said = {"who": codes(booking), "token": token_in(browser.get(path))}
    suspension.suspend(account=booking.account, now=timezone.now())

    answer = browser.post(path, said)

    assert answer.status_code == 422
    assert APPEAL in answer.content.decode().split("<main", 1)[1]
    assert states(booking) == ["BOOKED", "BOOKED"]


def test_whoever_is_suspended_before_booking_what_is_held_is_led_to_the_appeal():
    held = family_booking(1, confirm=False)
    suspension.suspend(account=held.account, now=timezone.now())

    answer = owner(held).post(f"/janji/{held.code}/pesan/")

    assert answer.status_code == 409
    assert APPEAL in answer.content.decode()
    assert states(held) == ["HELD"]
