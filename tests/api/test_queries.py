"""A query that says what nobody understands is refused, not dropped."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from rest_framework.views import APIView

from paspor.kernel.strict_view import StrictView
from tests.accounts.entering import Phone, person_with_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone() -> Phone:
    return Phone().sign_in(person_with_account())


def refused(answer: Any) -> list[str]:
    """The parameters at fault."""
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.content
    return sorted(answer.json()["fields"])


@pytest.mark.parametrize(
    "path", ["bookings", "messages", "me", "applicants", "bookings/K7QX4M2P", "applicants/X"]
)
def test_an_unknown_parameter_is_named(phone: Phone, path: str):
    answer = phone.send("GET", f"/api/v1/{path}?status=BOOKED&page_siz=3")
    assert refused(answer) == ["page_siz", "status"]


@pytest.mark.parametrize("path", ["config", "offices", "offices/KANIM-X", "availability/nearest"])
def test_whoever_asks(client: Client, path: str):
    assert "bogus" in refused(client.get(f"/api/v1/{path}?bogus=1"))


@pytest.mark.parametrize("path", ["bookings", "messages", "offices"])
@pytest.mark.parametrize("name", ["page", "page_size"])
def test_a_parameter_given_twice_is_refused(phone: Phone, path: str, name: str):
    assert refused(phone.send("GET", f"/api/v1/{path}?{name}=1&{name}=2")) == [name]
    assert phone.send("GET", f"/api/v1/{path}?{name}=1").status_code == 200


def test_what_writes_takes_no_query(phone: Phone):
    assert refused(phone.send("PATCH", "/api/v1/me?page=1", {"language": "en"})) == ["page"]
    assert refused(phone.send("DELETE", "/api/v1/me?sure=1")) == ["sure"]


def test_a_stranger_is_asked_to_sign_in_first(client: Client):
    assert client.get("/api/v1/bookings?x=1").status_code == 401


def views_of(resolver: URLResolver) -> Iterator[tuple[str, type]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views_of(entry)
        elif kind := getattr(entry.callback, "cls", None):
            yield entry.name or "", kind


def test_every_view_of_the_api_is_strict():
    ours = {name: kind for name, kind in views_of(get_resolver()) if issubclass(kind, APIView)}
    lax = {name for name, kind in ours.items() if not issubclass(kind, StrictView)}
    assert len(ours) > 15
    assert lax == {"api-schema"}
