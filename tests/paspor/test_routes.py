"""Every route says who may use it, and the public ones are written down here."""

from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver
from rest_framework.permissions import AllowAny

from tests.paspor.routes import address, plain, routes

# What anybody may open without signing in. A route that is neither here nor refuses
# strangers fails the test: adding to this list is a decision.
PUBLIC = {
    "": "the first page",
    "bantuan/": "help",
    "manifest.webmanifest": "how the app is installed",
    "sw.js": "what keeps tickets on a phone",
    "luring/": "the page where there is no line",
    "laporan/": "reporting trouble, limited",
    "laporan/status/": "a report by number and secret, limited",
    "surat/laporan/": "a mail provider's reports, signed; 404 until one is configured",
    "teks/laporan/": "reports of the gateway of texts, by a token; 404 until one is configured",
    "status": "what is broken",
    "status/": "the same, as people type it",
    "status.json": "the same for programs",
    "privasi/": "the privacy notice",
    "api/docs/": "the API's page",
    "i18n/setlang/": "the language",
    "panduan/": "guided questions; their answers tell nothing of anybody",
    "kantor/": "offices",
    "kantor/<slug:code>/": "an office and its days",
    "kantor/<slug:code>/<slug:day>/": "hours of a day",
    "kantor/<slug:code>/angka/": "what became of an office's quota, in sums",
    "angka/": "the same of the nation, and the log's heads",
    "kedatangan/<str:token>/": "the reminder's link: what the letter told, and an answer to it",
    "layar/": "a code for a television that belongs to no office yet, limited",
    "layar/kode.json": "which code that is, or where a paired one goes",
    "akun/alamat/kembali/<path:token>/": "the link to a former address: taking the account back",
    "akun/2fa/tetap/<path:token>/": "a letter's link: keeping a second step that is to go",
    "kabar/berhenti/<str:token>/": "a letter's link: what its account waits for, and stopping it",
    "cek/": "a ticket by code and birth date, limited",
    "cek/tiket/": "the ticket that was asked for there",
    "cek/tiket/pengganti/": "what its office gave instead of it",
    "akun/signup/": "sign-up",
    "akun/kode/": "whether the code's mail is on its way",
    "akun/kode/alamat/": "another address for the sign-up that waits in this browser",
    "akun/kode/loket/": "a code for the counter, for the sign-up that waits in this browser",
    "akun/kode/teks/": "a code to a phone, for the sign-up that waits in this browser, limited",
    "akun/kode/teks/kirim/": "the same",
    "akun/kode/teks/keadaan/": "whether that text is on its way",
    "akun/kode/domain/": "what a mistyped mail domain was meant to be",
}
# allauth's own doors: who stands before them has not signed in yet. Patterns as it has them.
ENTRANCE = (
    *("akun/login/", "akun/logout/", "akun/inactive/", "akun/confirm-email/"),
    *("akun/password/reset/", "akun/2fa/authenticate/"),
)
# Read by POST, so that a birth date or a secret stands in no address; and whoever cannot
# sign in must be able to say so.
OPEN_POSTS = {"LookupView", "ReportView", "ReportReplyView", "ReportFollowView"}


ALL = list(routes(get_resolver().url_patterns))
API = [(route, view) for route, view in ALL if route.startswith("api/") and "docs" not in route]
# allauth and the admin guard their own; the admin has a test of its own for each page.
WEB = [
    (route, view)
    for route, view in ALL
    if not route.startswith(("api/v1", "api/schema", "_allauth/", "admin/"))
]


def test_there_are_routes():
    assert len(API) > 15
    assert len(WEB) > 20


def test_every_api_view_is_named_a_view():
    # Else it shadows the service or the model of the same name.
    assert [name for _, view in API if not (name := view.cls.__name__).endswith("View")] == []


def test_every_api_view_declares_its_permissions_itself():
    words = {"permission_classes", "get_permissions"}
    assert [route for route, view in API if not words & set(vars(view.cls))] == []


def test_the_api_is_open_for_reading_only():
    open_views = {view.cls for _, view in API if AllowAny in view.cls.permission_classes}
    writing = {"post", "put", "patch", "delete"}
    assert {view.__name__ for view in open_views if writing & set(vars(view))} == OPEN_POSTS


def test_every_api_view_is_limited():
    assert [route for route, view in API if not view.cls.throttle_classes] == []


@pytest.mark.django_db
def test_a_page_is_public_by_decision_or_refuses_strangers():
    browser = Client(raise_request_exception=False)
    unguarded = []
    for route, _ in WEB:
        if route in PUBLIC or plain(route).startswith(ENTRANCE):
            continue
        response = browser.get(address(route))
        if response.status_code == 405:
            response = browser.post(address(route))
        if not refuses(response):
            unguarded.append((route, response.status_code))
    assert unguarded == []


def refuses(response: Any) -> bool:
    location = response.headers.get("Location", "")
    return "login" in location or response.status_code in {401, 403}


@pytest.mark.django_db
def test_a_stranger_gets_401_from_the_api():
    browser = Client(raise_request_exception=False)
    wrong = []
    for route, view in API:
        if AllowAny in view.cls.permission_classes:
            continue
        response = browser.get(address(route))
        if response.status_code not in {401, 405}:
            wrong.append((route, response.status_code))
    assert wrong == []


def test_the_public_list_names_only_what_exists():
    known = [plain(route) for route, _ in WEB]
    assert set(PUBLIC) - set(known) == set()
    assert [door for door in ENTRANCE if not any(name.startswith(door) for name in known)] == []


def test_no_route_takes_a_database_id():
    # allauth's page of one's own security keys is not ours.
    mine = [route for route, _ in [*API, *WEB] if not route.startswith("akun/2fa/")]
    assert [route for route in mine if "<int:" in route or "<pk>" in route] == []


@pytest.mark.parametrize("name", ["home", "help", "privacy", "api-docs", "api-schema"])
def test_what_every_page_links_to_exists(name):
    try:
        get_resolver().reverse(name)
    except NoReverseMatch:
        pytest.fail(name)
