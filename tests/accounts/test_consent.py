"""A new privacy notice: asked before anything is written, never in the way of reading."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, resolve

from accounts.errors import NoticeOutdated
from accounts.models import Applicant, Consent, User
from accounts.services import registration
from queueing.booking.models import Booking
from tests.accounts.entering import Phone, person_with_account, signed_in
from tests.factories import ApplicantFactory, PlaceFactory
from tests.paspor.routes import address, routes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
NEW = "2027-01"
PAGE = "/akun/persetujuan/"
# What may be sent without it: acts that lessen what is held, or keep the account safe.
FREE = {
    "akun/persetujuan/",
    "akun/pemohon/<slug:code>/hapus/",
    "akun/data/hapus/",
    "janji/<slug:code>/batal/",
    "janji/<slug:code>/lepas/",
    "janji/<slug:code>/tidak-perlu/",
    "cek/",
    # The link of a reminder signs nobody in: it says that one comes, or gives back.
    "kedatangan/<str:token>/",
    "i18n/setlang/",
    *("akun/signup/", "akun/login/", "akun/login/code/"),
    # That an address can be reached is the account's safety.
    *("akun/alamat/", "akun/alamat/kode/", "akun/alamat/kembali/<path:token>/"),
    *("akun/confirm-email/", "akun/password/reset/confirm/"),
    # So is its second step.
    *("akun/2fa/hilang/", "akun/2fa/hilang/kode/"),
    *("akun/2fa/tetap/", "akun/2fa/tetap/<path:token>/"),
    *("_allauth/app/v1/auth/2fa/lost", "_allauth/app/v1/auth/2fa/lost/confirm"),
    # Whoever waits for the code of a sign-up has just agreed.
    *("akun/kode/alamat/", "akun/kode/loket/", "_allauth/app/v1/auth/email/waiting"),
    *("akun/kode/teks/", "akun/kode/teks/kirim/"),
    *("_allauth/app/v1/auth/email/text", "_allauth/app/v1/auth/email/text/confirm"),
    "_allauth/app/v1/auth/signup",
    *("_allauth/app/v1/account/email", "_allauth/app/v1/auth/email/verify"),
}
FREE_API = {
    *("api-me-address-code", "api-me-address-confirm", "api-me-second-step-keep"),
    *("api-me-consent", "api-booking-cancel", "api-booking-decline", "api-booking-lookup"),
    # Whoever is wronged, or in trouble, may say so, whatever they have agreed to.
    "api-appeals",
    # A number in line says nothing about anybody.
    "api-turn",
    *("api-reports", "api-report-follow", "api-report-reply"),
}
PERSON = {"name": "Siti", "nik": "3171995708900001", "birth_date": "1990-08-17", "sex": "F"}


@pytest.fixture
def citizen() -> User:
    """Somebody with a person and a booked visit, who agreed to the notice of then."""
    user = person_with_account()
    applicant = ApplicantFactory(account=user, code="4T7KQ2M8XR9B")
    PlaceFactory(booking__account=user, booking__code="K7QX4M2P", applicant=applicant)
    return user


@pytest.fixture
def browser(citizen: User) -> Client:
    return signed_in(citizen)


@pytest.fixture
def phone(citizen: User) -> Phone:
    return Phone().sign_in(citizen)


@pytest.fixture
def renewed(browser: Client, phone: Phone, settings: Any) -> None:
    settings.PRIVACY_NOTICE_VERSION = NEW


@pytest.mark.usefixtures("renewed")
def test_what_is_sent_is_asked_for_consent_unless_it_lessens_what_is_held(browser: Client):
    unasked = set()
    for route, view in routes(get_resolver().url_patterns):
        if not view.__module__.startswith(("accounts.views", "queueing.booking.pages")):
            continue
        answer = browser.post(address(route))
        if answer.status_code != 405 and not answer.headers.get("Location", "").startswith(PAGE):
            unasked.add(route)
    assert unasked <= FREE


@pytest.mark.usefixtures("renewed")
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/janji/", "/janji/K7QX4M2P/", "/janji/K7QX4M2P/batal/", "/akun/"),
        *("/akun/pemohon/", "/akun/pesan/", "/akun/data/", "/akun/sessions/", "/akun/email/"),
    ],
)
def test_reading_goes_on(browser: Client, path: str):
    assert browser.get(path).status_code == 200


@pytest.mark.usefixtures("renewed")
def test_after_consent_the_visitor_is_where_they_wanted_to_be(browser: Client, citizen: User):
    asked = browser.get("/akun/pemohon/tambah/?next=/kantor/")
    page = browser.get(asked.url)
    assert NEW in page.content.decode()
    assert Applicant.objects.count() == 1

    done = browser.post(PAGE, {"version": NEW, "next": page.context["next"]})

    assert done.url == "/akun/pemohon/tambah/?next=/kantor/"
    assert browser.get(done.url).status_code == 200
    assert list(citizen.consents.order_by("pk").values_list("notice_version", flat=True)) == [
        "2026-11",
        NEW,
    ]


@pytest.mark.usefixtures("renewed")
def test_a_form_caught_by_the_change_leads_back_to_its_page(browser: Client):
    origin = {"Referer": "http://testserver/akun/?x=1"}

    answer = browser.post("/akun/", {"language": "id", "phone": ""}, headers=origin)

    assert answer.url == f"{PAGE}?next=%2Fakun%2F%3Fx%3D1"
    far = browser.post("/akun/", {"language": "id"}, headers={"Referer": "https://jahat.test/"})
    assert far.url == f"{PAGE}?next="


@pytest.mark.usefixtures("renewed")
def test_nobody_agrees_to_what_they_were_not_shown(browser: Client, citizen: User):
    answer = browser.post(PAGE, {"version": "2026-11"})

    assert answer.status_code == 422
    assert f'value="{NEW}"' in answer.content.decode()
    assert not Consent.objects.filter(user=citizen, notice_version=NEW).exists()


@pytest.mark.usefixtures("renewed")
def test_erasing_and_leaving_stay_possible(browser: Client):
    browser.post("/akun/reauthenticate/", {"password": "kopi-hitam-di-pagi-hari"})
    assert browser.get("/akun/data/unduh/").status_code == 200
    assert browser.get("/akun/data/hapus/").status_code == 200
    assert browser.post("/akun/logout/").url == "/"


def test_nobody_is_asked_twice(browser: Client):
    assert browser.get("/akun/pemohon/tambah/").status_code == 200
    assert "sudah menyetujui" in browser.get(PAGE).content.decode()


@pytest.mark.usefixtures("renewed")
def test_every_write_of_the_api_wants_it_unless_it_lessens_what_is_held(phone: Phone):
    asked, unasked = set(), set()
    for route, view in routes(get_resolver().url_patterns):
        path = address(route)
        name = resolve(path).url_name if route.startswith("api/v1/") else None
        for method in {"post", "put", "patch"} & set(vars(view.cls) if name else ()):
            answer = phone.send(method.upper(), path, {})
            wants = answer.status_code == 403 and answer.json()["code"] == "consent_needed"
            (asked if wants else unasked).add(name)
    assert unasked <= FREE_API
    assert {
        "api-me",
        "api-applicants",
        "api-applicant",
        "api-booking-list",
        "api-booking-confirm",
    } <= asked


@pytest.mark.usefixtures("renewed")
def test_the_app_reads_cancels_and_removes_without_it(phone: Phone):
    me = phone.send("GET", "/api/v1/me").json()
    assert (me["notice_version"], me["consent_needed"]) == ("2026-11", True)
    assert phone.send("GET", "/api/v1/bookings/K7QX4M2P").status_code == 200
    assert phone.send("GET", "/api/v1/me/export").status_code == 200
    assert phone.send("POST", "/api/v1/bookings/K7QX4M2P/cancel", {}).status_code == 200
    assert phone.send("DELETE", "/api/v1/applicants/4T7KQ2M8XR9B").status_code == 204
    assert Booking.objects.count() == 1


@pytest.mark.usefixtures("renewed")
def test_the_app_agrees_and_goes_on(phone: Phone):
    stale = phone.send("POST", "/api/v1/me/consent", {"version": "2026-11"})
    assert (stale.status_code, stale.json()["code"]) == (409, "notice_outdated")
    assert NEW in stale.json()["detail"]

    for _ in range(2):
        me = phone.send("POST", "/api/v1/me/consent", {"version": NEW}).json()
        assert (me["notice_version"], me["consent_needed"]) == (NEW, False)
    assert Consent.objects.filter(notice_version=NEW).count() == 1
    assert phone.send("POST", "/api/v1/applicants", PERSON).status_code == 201


def test_only_the_version_in_force_is_recorded(citizen: User):
    with pytest.raises(NoticeOutdated):
        registration.give_consent(user=citizen, version="2020-01", now=NOW)

    registration.give_consent(user=citizen, version=settings.PRIVACY_NOTICE_VERSION, now=NOW)
    assert citizen.consents.count() == 1
