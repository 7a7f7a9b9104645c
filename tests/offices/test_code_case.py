"""Codes of offices as people type them."""

import pytest
from django.test import Client

from tests.factories import OfficeFactory
from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory(code="KANIM-UJI")


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("/kantor/kanim-uji/?orang=2", "/kantor/KANIM-UJI/?orang=2"),
        ("/kantor/Kanim-Uji/2030-01-07/", "/kantor/KANIM-UJI/2030-01-07/"),
        ("/kantor/kanim-uji/angka/", "/kantor/KANIM-UJI/angka/"),
        ("/loket/kanim-uji/", "/loket/KANIM-UJI/"),
        ("/rencana/kanim-uji/jam/", "/rencana/KANIM-UJI/jam/"),
        ("/ringkasan/kanim-uji/", "/ringkasan/KANIM-UJI/"),
    ],
)
def test_small_letters_lead_to_the_right_address(client: Client, office, typed, right):
    assert client.get(typed)["Location"] == right


def test_what_is_no_office_is_still_not_found(client: Client, office):
    for path in ("/kantor/kanim-lain/", "/api/v1/offices/kanim-uji"):
        assert client.get(path).status_code == 404
    OfficeFactory(code="KANIM-TUTUP", is_active=False)
    assert client.get("/kantor/kanim-tutup/").status_code == 404


def test_who_may_not_look_finds_nothing_there_either(office, officer, sign_in):
    stranger = sign_in(officer("COUNTER", OfficeFactory()))
    assert stranger.get("/loket/kanim-uji/", follow=True).status_code == 404


def test_what_is_sent_is_not_led_elsewhere(client: Client, office):
    assert client.post("/loket/kanim-uji/cari/", {"q": "x"}).status_code != 301
    assert "KANIM-UJI" not in client.post("/loket/kanim-uji/cari/").headers.get("Location", "")
