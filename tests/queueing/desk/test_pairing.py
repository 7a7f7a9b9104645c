"""A television pairs by a code: what it shows, who may type it, and how it ends."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client

from paspor.kernel import ratelimit
from paspor.kernel.models import AuditEvent
from queueing.desk.errors import ScreenCodeUnknown
from queueing.desk.models import ScreenCode, WaitingScreen
from queueing.desk.services import screens
from tests.cache_prefix import new_cache_prefix
from tests.factories import OfficeFactory
from tests.queueing.desk.conftest import NOW

pytestmark = pytest.mark.django_db
START = "/layar/"
STATE = "/layar/kode.json"
PAGE = "/layar/KANIM-LOKET/"
PAIR = "/loket/KANIM-LOKET/layar/pasang/"
COOKIE = "paspor_layar"


@pytest.fixture(autouse=True)
def _nothing_kept():
    new_cache_prefix()


@pytest.fixture
def television(clock) -> Client:
    """No account and no session; it was turned on and has opened the address."""
    client = Client()
    client.get(START)
    return client


@pytest.fixture
def paired(television, head, office) -> WaitingScreen:
    return screens.pair(officer=head, office=office, code=code_on(television), name="TV", now=NOW)


def code_on(television: Client) -> str:
    shown = re.search(r'data-code="([A-Z0-9]{3}-[A-Z0-9]{3})"', body(television.get(START)))
    assert shown
    return shown[1]


def body(response) -> str:
    return response.content.decode()


def test_a_code_is_typed_and_the_television_shows_the_office(television, sign_in, head, office):
    assert television.get(PAGE).status_code == 403
    said = {"code": code_on(television).lower(), "name": "Lantai 1"}
    page = body(sign_in(head).post(PAIR, said, follow=True))

    assert "Lantai 1 terpasang" in page
    assert television.get(STATE).json()["at"] == PAGE
    assert office.name in body(television.get(START, follow=True))
    page = body(sign_in(head).get("/loket/KANIM-LOKET/layar/"))
    assert "Lantai 1" in page
    assert "Menyala" in page
    (event,) = AuditEvent.objects.filter(act__startswith="screen.")
    assert (event.act, event.actor_id) == ("screen.paired", head.pk)


def test_the_television_keeps_a_token_of_its_own_and_we_only_its_digest(television, paired):
    page = television.get(PAGE)
    cookie = page.cookies[COOKIE]
    assert (cookie["httponly"], cookie["path"]) == (True, "/layar/")
    assert cookie["max-age"] > 300 * 24 * 3600
    assert bytes(paired.device) == sha256(cookie.value.encode()).digest()
    assert cookie.value not in body(page)


def test_a_code_stands_until_it_ends_and_serves_once(television, head, office, clock):
    shown = code_on(television)
    assert code_on(television) == shown
    late = NOW + screens.CODE_LASTS
    with pytest.raises(ScreenCodeUnknown):
        screens.pair(officer=head, office=office, code=shown, name="TV", now=late)
    clock(late)
    fresh = code_on(television)
    assert fresh != shown
    screens.pair(officer=head, office=office, code=fresh, name="TV", now=late)
    with pytest.raises(ScreenCodeUnknown):
        screens.pair(officer=head, office=office, code=fresh, name="TV", now=late)
    assert WaitingScreen.objects.count() == 1


def test_without_scripts_the_pages_load_themselves_anew(television, paired):
    for page in (Client().get(START), television.get(PAGE)):
        assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in body(page)


def test_a_wrong_code_is_told_at_its_field(sign_in, head, clock):
    page = sign_in(head).post(PAIR, {"code": "AAA-AAA", "name": "TV"})
    assert page.status_code == 422
    assert "Kode itu tidak berlaku" in page.context["form"].errors["code"][0]


def test_one_cannot_try_codes_one_after_the_other(sign_in, head, clock, settings):
    settings.RATELIMIT_ENABLE = True
    most, _seconds = ratelimit.split_rate(ratelimit.LIMITS["screen_pair"]["account"])
    client = sign_in(head)
    tried = [client.post(PAIR, {"code": "AAAAAA", "name": "x"}).status_code for _ in range(most)]
    assert tried == [422] * most
    assert client.post(PAIR, {"code": "AAAAAA", "name": "x"}).status_code == 429


def test_codes_for_one_address_are_bounded_and_said_calmly(clock, settings):
    settings.RATELIMIT_ENABLE = True
    most, _seconds = ratelimit.split_rate(ratelimit.LIMITS["screen_code"]["address"])
    television = Client()
    shown = code_on(television)
    for _browser in range(most - 1):
        assert Client().get(START).status_code == 200
    refused = Client().get(START)
    assert (refused.status_code, ScreenCode.objects.count()) == (429, most)
    assert "mencoba lagi sendiri" in body(refused)
    assert code_on(television) == shown


def test_a_token_that_we_did_not_give_out_is_replaced(clock):
    client = Client()
    client.cookies[COOKIE] = "karangan"
    assert client.get(START).cookies[COOKIE].value != "karangan"


def test_a_revoked_television_says_so_with_a_code_for_another_token(
    television, paired, head, office, django_capture_on_commit_callbacks
):
    assert television.get(PAGE).status_code == 200
    old = television.cookies[COOKIE].value
    with django_capture_on_commit_callbacks(execute=True):
        screens.revoke(officer=head, office=office, code=paired.code, now=NOW)

    assert television.get(f"{PAGE}panggilan.json").status_code == 403
    closed = television.get(PAGE)
    assert closed.status_code == 403
    assert 'content="0; url=/layar/"' in body(closed)
    assert "dilepas oleh kantornya" in body(television.get(START, follow=True))
    assert television.cookies[COOKIE].value != old
    again = {"officer": head, "office": office, "now": NOW}
    screens.pair(**again, code=code_on(television), name="TV")
    assert television.get(PAGE).status_code == 200
    television.cookies[COOKIE] = old
    assert television.get(PAGE).status_code == 403


def test_a_television_that_moves_shows_its_new_office(television, paired):
    OfficeFactory(code="KANIM-ASING")
    assert television.get("/layar/KANIM-ASING/").status_code == 403
    assert television.get(START).headers["Location"] == PAGE


def test_it_is_seen_now_and_then_not_with_each_look(television, paired, clock):
    seen = []
    for minutes in (0, 3, 7):
        new_cache_prefix()
        clock(NOW + timedelta(minutes=minutes))
        television.get(f"{PAGE}panggilan.json")
        paired.refresh_from_db()
        seen.append(paired.seen_at - NOW)
    assert seen == [timedelta(0), timedelta(0), timedelta(minutes=7)]


def test_a_look_costs_no_query_while_nothing_changes(television, paired, django_assert_num_queries):
    television.get(f"{PAGE}panggilan.json")
    with django_assert_num_queries(0):
        television.get(f"{PAGE}panggilan.json")


def test_a_screen_that_is_dark_is_told(sign_in, head, television, paired, clock):
    television.get(PAGE)
    clock(NOW + timedelta(minutes=30))
    page = body(sign_in(head).get("/loket/KANIM-LOKET/layar/"))
    assert "Tidak menyala" in page
    assert "08.10 WIB" in page


def test_codes_are_forgotten_after_a_day(television):
    assert screens.forget_codes(now=NOW + timedelta(hours=23)) == 0
    assert screens.forget_codes(now=NOW + timedelta(hours=25)) == 1


@pytest.mark.parametrize(
    ("role", "status"), [("COUNTER", 302), ("PLANNER", 302), ("HEAD", 302), (None, 404)]
)
def test_who_may_pair(television, officer, office, sign_in, stranger, role, status):
    client = sign_in(officer(role, office)) if role else stranger
    answer = client.post(PAIR, {"code": code_on(television), "name": "TV"})
    assert (answer.status_code, WaitingScreen.objects.count()) == (status, int(status == 302))


def test_whoever_works_at_the_counter_pairs_but_sees_no_list(counter, television):
    page = counter.post(PAIR, {"code": code_on(television), "name": "TV"}, follow=True)
    assert page.redirect_chain == [(PAIR, 302)]
    assert "TV terpasang" in body(page)
