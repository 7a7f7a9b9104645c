"""Both doors of citizens: who waits is told so at once, loses nothing, and gets in by itself."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from paspor.kernel import counting
from paspor.kernel.permits import Permits
from queueing.admission import room, rules, selectors, tokens
from queueing.admission.rules import State
from queueing.admission.services import announcing, entering, pressure, turns
from queueing.booking.models import Booking
from tests.accounts.entering import Phone, person_with_account
from tests.factories import ApplicantFactory, ReleaseFactory
from tests.queueing.admission.lining import share
from tests.queueing.pages.visitors import browser_of, near_hour, who

pytestmark = pytest.mark.django_db
REFRESH = re.compile(r'http-equiv="refresh" content="(\d+);url=/antrean/"')


@pytest.fixture
def me():
    return ApplicantFactory(account=person_with_account())


@pytest.fixture
def crowded():
    """An opening just now, and one pass, which somebody else has."""
    opened = rules.wave_of(timezone.now()) - 5
    room = share(passes=1, waves=(opened,))
    turns.take("SOMEBODY", now=timezone.now())
    return room


@pytest.fixture
def no_permit(monkeypatch):
    monkeypatch.setattr(entering, "bookings", permits := Permits(1))
    with permits.tried():
        yield


def wish(slot, applicant, **more):
    place = {"applicant": applicant.code, "kind": "NEW", "passport_type": "REGULAR"}
    return {"slot": slot.code, "places": [place]} | more


def book_by_phone(phone, slot, me, key="k1", **headers):
    return phone.client.post(
        "/api/v1/bookings",
        wish(slot, me, confirm=True),
        content_type="application/json",
        headers={"X-Session-Token": phone.token, "Idempotency-Key": key, **headers},
    )


def somebody_leaves():
    turns.leave("SOMEBODY", now=timezone.now())


@pytest.mark.usefixtures("crowded")
def test_app_is_told_its_turn_and_books_when_it_has_come(me):
    phone, slot = Phone().sign_in(me.account), near_hour()

    refused = book_by_phone(phone, slot, me)

    assert (refused.status_code, refused.json()["code"]) == (503, "in_line")
    assert rules.SOONEST_SECONDS <= int(refused.headers["Retry-After"]) <= rules.LATEST_SECONDS
    turn = refused.json()["turn"]
    assert (turn["state"], turn["position"], turn["ahead"]) == ("waiting", 1, 0)
    assert turn["wait_seconds"] == 0
    somebody_leaves()
    assert book_by_phone(phone, slot, me, **{"X-Turn": turn["token"]}).status_code == 201
    # The pass is given back with the booking.
    assert turns.take("NEXT", now=timezone.now()).state == State.PASS


@pytest.mark.usefixtures("crowded")
def test_a_refusal_is_no_error_in_the_log(me, caplog):
    phone, slot = Phone().sign_in(me.account), near_hour()
    token = book_by_phone(phone, slot, me).json()["turn"]["token"]
    assert book_by_phone(phone, slot, me, **{"X-Turn": token}).status_code == 503
    assert [line for line in caplog.records if line.levelname == "ERROR"] == []


@pytest.mark.usefixtures("crowded")
def test_token_of_a_turn_is_answered_without_asking_who_that_is(me, django_assert_num_queries):
    phone, slot = Phone().sign_in(me.account), near_hour()
    token = book_by_phone(phone, slot, me).json()["turn"]["token"]
    with django_assert_num_queries(0):
        again = book_by_phone(phone, slot, me, **{"X-Turn": token})
        asked = phone.client.get("/api/v1/turn", headers={"X-Turn": token})
    assert (again.status_code, again.json()["code"]) == (503, "in_line")
    assert "Retry-After" in again.headers
    assert (asked.status_code, asked.json()["position"]) == (200, 1)


@pytest.mark.usefixtures("crowded")
def test_an_invented_token_gains_nothing(me):
    phone, slot = Phone().sign_in(me.account), near_hour()
    token = tokens.issue(tokens.Token("SOMEBODY"))
    # The pass of another account lets nobody in; a forged one is nothing at all.
    assert book_by_phone(phone, slot, me, **{"X-Turn": token}).status_code == 503
    assert book_by_phone(phone, slot, me, **{"X-Turn": token[:-2] + "xx"}).status_code == 503


def test_whoever_asks_again_for_what_was_done_needs_no_turn(me):
    phone, slot = Phone().sign_in(me.account), near_hour()
    assert book_by_phone(phone, slot, me).status_code == 201
    share(passes=1, waves=(rules.wave_of(timezone.now()) - 5,))
    turns.take("SOMEBODY", now=timezone.now())
    again = book_by_phone(phone, slot, me)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")


@pytest.mark.usefixtures("no_permit")
def test_app_is_refused_at_once_where_there_is_no_permit(
    me, django_assert_num_queries, monkeypatch
):
    share()
    counted = []
    monkeypatch.setattr(counting, "refused", counted.append)
    phone, slot = Phone().sign_in(me.account), near_hour()
    with django_assert_num_queries(0):
        refused = book_by_phone(phone, slot, me)
        held = phone.client.post("/api/v1/bookings/K7QX4M2P/confirm", {})
    assert (held.status_code, held.json()["code"]) == (503, "at_capacity")
    assert counted == ["at_capacity"] * 2  # for /metrics
    assert (refused.status_code, refused.json()["code"]) == (503, "at_capacity")
    assert 1 <= int(refused.headers["Retry-After"]) <= 6
    assert int(refused.headers["Content-Length"]) == len(refused.content)
    # Nobody waits, so there is no turn to have.
    assert (refused.json()["turn"]["state"], refused.json()["turn"]["token"]) == ("none", "")
    assert not Booking.objects.exists()


@pytest.mark.usefixtures("no_permit")
def test_who_comes_again_too_soon_costs_no_account_and_no_database(me, django_assert_num_queries):
    share(pressure=2)
    phone, slot = Phone().sign_in(me.account), near_hour()
    token = phone.send("POST", "/api/v1/turn").json()["token"]
    with django_assert_num_queries(0):
        for _ in range(2):
            again = book_by_phone(phone, slot, me, **{"X-Turn": token})
    assert (again.status_code, again.json()["code"]) == (503, "at_capacity")
    assert again.json()["turn"]["state"] == "pass"
    room.forget()
    assert room.current().is_pressed  # both were counted


def test_a_booking_takes_one_permit_on_its_way_in(me, monkeypatch):
    phone, slot = Phone().sign_in(me.account), near_hour()
    monkeypatch.setattr(entering, "bookings", Permits(1))
    assert book_by_phone(phone, slot, me).status_code == 201
    assert not entering.bookings.are_out


@pytest.mark.usefixtures("no_permit")
def test_refusals_of_nobody_known_are_counted_here_and_told_now_and_then(me, monkeypatch):
    share(pressure=4)
    monkeypatch.setattr(pressure, "TOLD_SECONDS", 0)
    phone, slot = Phone().sign_in(me.account), near_hour()
    book_by_phone(phone, slot, me)
    monkeypatch.setattr(pressure, "TOLD_SECONDS", 60)
    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(type(turns.cache), "run", lambda *_: asked.append(1), raising=False)
        book_by_phone(phone, slot, me)
        book_by_phone(phone, slot, me)
    room.forget()
    assert (asked, room.current().is_pressed) == ([], False)
    monkeypatch.setattr(pressure, "TOLD_SECONDS", 0)
    book_by_phone(phone, slot, me)  # tells of three
    room.forget()
    assert room.current().is_pressed


@pytest.mark.usefixtures("crowded", "no_permit")
def test_who_is_new_gets_a_place_while_others_wait_though_there_is_no_permit(me):
    turns.take("SOMEBODY-ELSE", now=timezone.now())
    room.forget()
    phone, slot = Phone().sign_in(me.account), near_hour()
    refused = book_by_phone(phone, slot, me).json()
    assert (refused["code"], refused["turn"]["position"]) == ("in_line", 2)


def test_app_takes_a_turn_before_an_opening_and_gives_it_up(me):
    share(waves=(rules.wave_of(timezone.now()) + 300,))
    phone = Phone().sign_in(me.account)
    turn = phone.send("POST", "/api/v1/turn").json()
    assert (turn["state"], turn["position"]) == ("early", None)
    assert turn["drawn_at"] > timezone.now().isoformat()
    assert phone.send("GET", "/api/v1/turn").json()["state"] == "early"
    assert phone.send("DELETE", "/api/v1/turn").status_code == 204
    assert phone.send("GET", "/api/v1/turn").json()["state"] == "none"


@pytest.mark.usefixtures("crowded")
def test_page_waits_without_session_or_database_and_leads_back(me, django_assert_num_queries):
    slot = near_hour()
    browser = browser_of(me.account)
    page = f"/pesan/{slot.code.lower()}/?orang=2"
    sent = browser.get(page)
    assert (sent.status_code, sent.url) == (302, "/antrean/")

    stranger = Client()  # nothing but the cookie of the turn
    stranger.cookies[tokens.COOKIE] = browser.cookies[tokens.COOKIE].value
    with django_assert_num_queries(0):
        waits = stranger.get("/antrean/")
    text = waits.content.decode()
    assert waits.status_code == 200
    assert "Anda dalam antrean" in text
    assert "sessionid" not in waits.cookies
    assert rules.SOONEST_SECONDS <= int(REFRESH.search(text)[1]) <= rules.LATEST_SECONDS
    assert "no-store" in waits.headers["Cache-Control"]
    somebody_leaves()
    assert browser.get("/antrean/").url == page
    assert browser.get(page).status_code == 200


@pytest.mark.usefixtures("crowded")
def test_the_wait_in_english_and_for_htmx(me):
    browser = browser_of(me.account)
    browser.get(f"/pesan/{near_hour().code.lower()}/")
    english = browser.get("/antrean/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="en">' in english
    assert "You are in line" in english
    somebody_leaves()
    live = browser.get("/antrean/", headers={"HX-Request": "true"})
    assert (live.status_code, live.headers["HX-Redirect"][:7]) == (200, "/pesan/")


@pytest.mark.usefixtures("no_permit")
def test_what_was_typed_is_there_again_after_a_moment(me):
    slot = near_hour()
    browser = browser_of(me.account)
    page = f"/pesan/{slot.code.lower()}/"
    sent = browser.post(page, who(me, kind="LOST", token="satu"))
    assert sent.url == "/antrean/"
    assert "Sebentar lagi" in browser.get("/antrean/").content.decode()
    back = browser.get(page).content.decode()
    assert re.search(r'value="LOST" selected', back)
    assert not Booking.objects.exists()


def test_a_held_visit_is_confirmed_without_a_turn_but_not_without_a_permit(me, monkeypatch):
    slot = near_hour()
    browser = browser_of(me.account)
    browser.post(f"/pesan/{slot.code.lower()}/", who(me, token="satu"))
    booking = Booking.objects.get()
    share(passes=1, waves=(rules.wave_of(timezone.now()) - 5,))
    turns.take("SOMEBODY", now=timezone.now())
    monkeypatch.setattr(entering, "bookings", permits := Permits(1))

    with permits.tried():
        sent = browser.post(f"/janji/{booking.code}/pesan/")
    assert sent.url == "/antrean/"
    assert "Sebentar lagi" in browser.get("/antrean/").content.decode()
    assert browser.post(f"/janji/{booking.code}/pesan/").status_code == 302
    assert booking.places.get().state == "BOOKED"


def test_a_turn_is_taken_on_the_page_and_found_on_another_device(me):
    share(waves=(rules.wave_of(timezone.now()) + 300,))
    browser = browser_of(me.account)
    assert "Ambil giliran" in browser.get("/antrean/").content.decode()
    taken = browser.post("/antrean/ambil/", {"next": "/kantor/"})
    assert taken.url == "/antrean/"
    assert "Anda ikut undian" in browser.get("/antrean/").content.decode()
    other = browser_of(me.account)
    assert "Anda ikut undian" in other.get("/antrean/").content.decode()
    assert other.post("/antrean/keluar/").url == "/kantor/"
    assert "Ambil giliran" in browser.get("/antrean/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test/", "/\\evil.test"])
def test_a_turn_leads_to_no_other_site(me, target):
    share()
    browser = browser_of(me.account)
    browser.post("/antrean/ambil/", {"next": target})
    assert browser.get("/antrean/").url == "/kantor/"


def test_a_stranger_signs_in_to_take_a_turn(client):
    assert "/akun/login/" in client.get("/antrean/").url
    assert "/akun/login/" in client.post("/antrean/ambil/").url


@pytest.mark.usefixtures("crowded")
def test_a_lost_turn_is_told_kindly_and_may_be_taken_again(me):
    browser = browser_of(me.account)
    browser.get(f"/pesan/{near_hour().code.lower()}/")
    turns.leave(me.account.code, now=timezone.now())
    assert "Giliran Anda belum ada" in browser.get("/antrean/").content.decode()
    browser.post("/antrean/ambil/")
    assert "Anda dalam antrean" in browser.get("/antrean/").content.decode()
    somebody_leaves()
    assert browser.get("/antrean/").url.startswith("/pesan/")  # still knows where to


def test_without_a_line_a_booking_asks_the_cache_and_the_database_nothing_of_it(me, monkeypatch):
    share()
    phone, slot = Phone().sign_in(me.account), near_hour()
    monkeypatch.setattr(type(turns.cache), "run", lambda *_: pytest.fail("asked"), raising=False)
    monkeypatch.setattr(selectors, "opening_moments", lambda *_: pytest.fail("asked"))
    assert book_by_phone(phone, slot, me).status_code == 201


def test_the_worker_tells_of_openings_and_figures():
    now = timezone.now()
    soon = now + timedelta(minutes=20)
    ReleaseFactory(opens_at=soon, prepared_at=now)
    ReleaseFactory(opens_at=now - timedelta(days=3), prepared_at=now)
    assert announcing.announce(now).waves == (rules.wave_of(soon),)
