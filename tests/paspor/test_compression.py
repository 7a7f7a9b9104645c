"""Pages go compressed over the wire; what has not changed still is not sent at all."""

import gzip
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db
GZIP = {"Accept-Encoding": "gzip", "Accept-Language": "id"}


@pytest.fixture(autouse=True)
def _offices() -> None:
    call_command("load_offices", stdout=StringIO())


def ask(client: Client, path: str, **headers: str) -> Any:
    return client.get(path, headers=GZIP | headers)


def test_the_list_of_offices_fits_into_fifteen_kilobytes(client: Client):
    answer = ask(client, "/kantor/")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert len(answer.content) < 15_000
    assert "<h1" in gzip.decompress(answer.content).decode()


def test_who_asks_for_no_compression_gets_none(client: Client):
    assert "Content-Encoding" not in client.get("/kantor/").headers


@pytest.mark.parametrize("path", ["/api/v1/offices", "/api/v1/offices/KANIM-X"])
def test_the_api_too(client: Client, path: str):
    answer = ask(client, path.replace("KANIM-X", an_office(client)))
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).startswith(b"{")


@pytest.mark.parametrize("path", ["", "/availability"])
def test_an_unchanged_answer_is_304_compressed_or_not(client: Client, path: str):
    address = f"/api/v1/offices/{an_office(client)}{path}"
    first, plain = ask(client, address), client.get(address)
    assert first.headers["ETag"].startswith('W/"')
    assert first.headers["ETag"] == plain.headers["ETag"]

    again = ask(client, address, **{"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Encoding" not in again.headers


def test_the_length_tells_nothing_of_what_is_inside(client: Client):
    """The same page twice: padding differs, so guesses cannot be read off its length."""
    lengths = {len(ask(client, "/akun/login/").content) for _time in range(12)}
    assert len(lengths) > 1


def an_office(client: Client) -> str:
    return client.get("/api/v1/offices?page_size=1").json()["results"][0]["code"]
