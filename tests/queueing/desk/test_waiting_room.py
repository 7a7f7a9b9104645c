"""The screen on the wall: who may open it, what it shows, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from paspor.kernel.models import AuditEvent
from queueing.desk import screen_pictures, screen_tokens
from queueing.desk.models import WaitingScreen
from queueing.desk.services import calling, screens, sittings
from tests.cache_prefix import new_cache_prefix
from tests.factories import BookingFactory, OfficeFactory, OfficerPostFactory, PlaceFactory
from tests.factories import QueueNumberFactory as Turns
from tests.queueing.desk.conftest import NOW, START

pytestmark = pytest.mark.django_db
PAGE = "/layar/KANIM-LOKET/"
CALLS = "/layar/KANIM-LOKET/panggilan.json"
LINKS = "/loket/KANIM-LOKET/layar/"


@pytest.fixture(autouse=True)
def _nothing_kept():
    new_cache_prefix()


@pytest.fixture
def screen(office, head) -> WaitingScreen:
    return screens.make(officer=head, office=office, name="Lantai 1", now=NOW)


@pytest.fixture
def wall(clock, screen) -> Client:
    """A television in which the link was opened: no account, no session."""
    client = Client()
    client.get(link(screen))
    return client


@pytest.fixture
def desk(office, head):
    sittings.sit(officer=head, office=office, counter=7, now=NOW)
    return {"officer": head, "office": office, "now": NOW}


def link(screen: WaitingScreen, office: str = "KANIM-LOKET") -> str:
    return reverse("screen:enter", args=[office, screen_tokens.link_token_of(screen.code)])


def wait(slot, name="Sari Dewi", **fields):
    booking = BookingFactory(slot=slot)
    PlaceFactory(booking=booking, state="CHECKED_IN", applicant__name=name)
    return Turns(booking=booking, **fields)


def test_without_its_link_a_screen_shows_nothing(clock, office, screen):
    for client in (Client(), Client(headers={"cookie": "paspor_layar=karangan"})):
        assert [client.get(path).status_code for path in (PAGE, CALLS)] == [403, 403]
    assert Client().get("/layar/KANIM-LOKET/buka/karangan/").status_code == 403


def test_the_link_opens_one_office_only(clock, screen):
    OfficeFactory(code="KANIM-ASING")
    client = Client()
    assert client.get(link(screen, "KANIM-ASING")).status_code == 403
    assert client.get(link(screen), follow=True).status_code == 200
    assert client.get("/layar/KANIM-ASING/").status_code == 403


def test_the_link_is_remembered_and_not_shown(wall, screen):
    page = wall.get(PAGE)
    assert page.cookies["paspor_layar"]["httponly"]
    assert page.cookies["paspor_layar"]["path"] == "/layar/"
    assert screen.code not in page.content.decode()


def test_a_revoked_link_shows_nothing_from_then_on(
    wall, screen, office, head, django_capture_on_commit_callbacks
):
    assert wall.get(CALLS).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        screens.revoke(officer=head, office=office, code=screen.code, now=NOW)
    assert [wall.get(path).status_code for path in (PAGE, CALLS)] == [403, 403]
    acts = AuditEvent.objects.filter(act__startswith="screen.").values_list("act", flat=True)
    assert sorted(acts) == ["screen.made", "screen.revoked"]


def test_it_shows_numbers_and_counters_and_nobody(wall, slot, desk):
    queued = wait(slot, name="Kusumawardhani")
    calling.call_next(**desk)
    calling.call_again(**desk, label=queued.label)
    assert wall.get(CALLS).json()["called"] == [[queued.label, 7, 2]]
    page = wall.get(PAGE).content.decode()
    assert queued.label in page
    assert "Kusumawardhani" not in page
    assert queued.booking.code not in page


def test_each_counter_shows_whom_it_has_now_the_newest_call_first(wall, office, slot, desk):
    seats = []
    for number in range(8):
        wait(slot, number=number + 1, arrived_at=START + timedelta(seconds=number))
        officer = OfficerPostFactory(office=office).user
        at = {"officer": officer, "office": office, "now": NOW + timedelta(seconds=number)}
        sittings.sit(**at, counter=number + 11)
        calling.call_next(**at)
        seats.append(at)
    calling.put_back(**seats[7], label="A008")
    calling.finish(**seats[6], label="A007")
    shown = [label for label, _counter, _calls in wall.get(CALLS).json()["called"]]
    assert shown == ["A006", "A005", "A004", "A003", "A002", "A001"]


def test_who_has_come_to_a_counter_is_no_longer_called(wall, office, slot, desk):
    at_two = {"officer": OfficerPostFactory(office=office).user, "office": office, "now": NOW}
    sittings.sit(**at_two, counter=2)
    wait(slot, number=1)
    wait(slot, number=2, arrived_at=START + timedelta(seconds=1))
    calling.call_next(**desk)
    calling.start(**desk, label="A001")
    later = at_two | {"now": NOW + timedelta(minutes=30)}
    calling.call_next(**later)
    assert _large(wall) == "A002"
    calling.start(**later, label="A002")
    calling.finish(**later, label="A002")
    new_cache_prefix()
    picture = wall.get(CALLS).json()
    assert (picture["called"], picture["serving"]) == ([], [["A001", 7, 1]])
    # Without JavaScript the page says the same: no number of half an hour ago as if just called.
    page = wall.get(PAGE).content.decode()
    assert _large(wall) == ""
    assert '<p class="wall__none" data-none>' in page
    assert page.index(">A001<") > page.index("Di loket")
    assert page.count("is-called") == 0


def test_beside_the_newest_call_stand_the_other_calls_first(wall, office, slot, desk):
    for number in range(7):
        wait(slot, number=number + 1, arrived_at=START + timedelta(seconds=number))
        officer = OfficerPostFactory(office=office).user
        at = {"officer": officer, "office": office, "now": NOW + timedelta(seconds=number)}
        sittings.sit(**at, counter=number + 11)
        calling.call_next(**at)
        if number not in (0, 6):
            calling.start(**at, label=f"A00{number + 1}")
    page = wall.get(PAGE).content.decode()
    beside = re.findall(
        r'wall__row( is-called)?" data-row><span class="nums" data-number>(\w+)', page
    )
    assert _large(wall) == "A007"
    assert beside == [
        (" is-called", "A001"),
        *(("", label) for label in ("A006", "A005", "A004", "A003")),
    ]


def test_what_has_no_room_on_the_screen_is_counted(wall, office, slot, desk):
    for number in range(8):
        wait(slot, number=number + 1, arrived_at=START + timedelta(seconds=number))
        at = {"officer": OfficerPostFactory(office=office).user, "office": office, "now": NOW}
        sittings.sit(**at, counter=number + 11)
        calling.call_next(**at)
        new_cache_prefix()
        page = wall.get(PAGE).content.decode()
        # One is large, five stand beside it.
        assert ("nomor lain di loket</p>" in page) is (number >= 6)
    assert ">+ 2 nomor lain di loket</p>" in page


def _large(wall) -> str:
    new_cache_prefix()
    page = wall.get(PAGE).content.decode()
    return re.search(r'wall__number nums" data-number[^>]*>([^<]*)<', page)[1]


def test_yesterdays_numbers_are_gone(wall, clock, slot, desk):
    wait(slot)
    calling.call_next(**desk)
    clock(NOW + timedelta(days=1))
    assert wall.get(CALLS).json() == {
        "layout": screen_pictures.LAYOUT,
        "day": "2030-01-08",
        "called": [],
        "serving": [],
    }


def test_an_answer_that_has_not_changed_is_not_sent_again(wall, slot, desk):
    before = wall.get(CALLS)
    tag = {"if-none-match": before["ETag"]}
    assert wall.get(CALLS, headers=tag).status_code == 304
    wait(slot)
    calling.call_next(**desk)
    new_cache_prefix()
    assert wall.get(CALLS, headers=tag).status_code == 200
    assert before["Cache-Control"] == "private, no-cache"


def test_a_screen_costs_nothing_while_nothing_changes(
    wall, office, screen, django_assert_num_queries
):
    with django_assert_num_queries(1):
        wall.get(CALLS)
    with django_assert_num_queries(0):
        wall.get(CALLS)
    other = Client()
    other.cookies["paspor_layar"] = screen_tokens.link_token_of(screen.code)
    with django_assert_num_queries(0):
        other.get(CALLS)


@pytest.mark.parametrize("path", [PAGE, "/layar/", "/layar/KANIM-ASING/"])
def test_the_hall_reads_indonesian_whatever_a_television_asks_for(wall, path):
    if path != PAGE:
        wall = Client()
    asked = {"accept-language": "en-US,en"}
    page = wall.get(path, headers=asked)
    assert '<html lang="id"' in page.content.decode()
    assert page["Content-Language"] == "id"
    wall.cookies["django_language"] = "en"
    assert '<html lang="en"' in wall.get(path, headers=asked).content.decode()


def test_a_head_makes_a_link_once_and_revokes_it(clock, sign_in, head, office):
    client = sign_in(head)
    said = {"name": "Ruang tunggu", "token": "satu"}
    for _tap in range(2):
        page = client.post(f"{LINKS}buat/", said, follow=True).content.decode()
    assert "Ruang tunggu" in page
    screen = WaitingScreen.objects.get()
    assert link(screen) in page
    page = client.post(f"{LINKS}{screen.code}/cabut/", follow=True).content.decode()
    assert "Ruang tunggu dicabut" in page
    assert "Belum ada layar" in page


def test_a_screen_needs_a_name(clock, sign_in, head, office):
    response = sign_in(head).post(f"{LINKS}buat/", {"name": ""})
    assert (response.status_code, WaitingScreen.objects.count()) == (422, 0)


@pytest.mark.parametrize(("role", "status"), [("COUNTER", 404), ("PLANNER", 200), ("HEAD", 200)])
def test_links_are_for_planners_and_heads(clock, officer, office, sign_in, screen, role, status):
    client = sign_in(officer(role, office))
    assert client.get(LINKS).status_code == status
    if status == 404:
        assert client.post(f"{LINKS}{screen.code}/cabut/").status_code == 404


def test_another_office_revokes_nothing(stranger, screen):
    assert stranger.post(f"{LINKS}{screen.code}/cabut/").status_code == 404
    foreign = stranger.post(f"/loket/KANIM-ASING/layar/{screen.code}/cabut/", follow=True)
    assert "tidak lagi terpasang" in foreign.content.decode()
    screen.refresh_from_db()
    assert screen.revoked_at is None
