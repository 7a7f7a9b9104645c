"""What everybody reads is given again without a route, a session or a view, and is no different."""

import gzip
from typing import Any

import pytest
from django.test import Client

from offices.models import Office
from paspor.kernel import device, ratelimit, sharing
from paspor.kernel.public_view import PublicView
from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db
OFFICES = "/api/v1/offices"


@pytest.fixture(autouse=True)
def _an_office() -> Office:
    sharing.forget()
    return OfficeFactory()


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each time that a view has to write an answer."""
    views: list[Any] = []
    say = PublicView.say
    monkeypatch.setattr(PublicView, "say", lambda *args: views.append(args[0]) or say(*args))
    return views


def headers_of(response: Any) -> dict[str, str]:
    """But for the request's own, and one that DRF adds to all of its own."""
    own = {"X-Request-ID", "Allow"}
    return {name: value for name, value in response.headers.items() if name not in own}


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_the_second_answer_is_the_first_again_with_every_header(
    client: Client, seen: list[Any], encoding: str
):
    asked = {"Accept-Language": "en", "Accept-Encoding": encoding}
    first, second = (client.get(OFFICES, headers=asked) for _ in range(2))

    assert len(seen) == 1
    assert headers_of(second) == headers_of(first)
    assert second.content == first.content
    assert second.headers["X-Frame-Options"] == "DENY"
    assert second.headers.get("Content-Encoding", "") == encoding
    body = gzip.decompress(second.content) if encoding else second.content
    assert body.startswith(b'{"count":1')
    assert second.resolver_match.route == first.resolver_match.route == "api/v1/offices"


def test_an_unchanged_answer_is_304_from_here_too(client: Client, seen: list[Any]):
    etag = client.get(OFFICES).headers["ETag"]
    again = client.get(OFFICES, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, len(seen)) == (304, b"", 1)


@pytest.mark.parametrize(
    "other",
    [
        {"headers": {"Accept-Language": "en"}},
        {"headers": {"Host": "localhost"}},
        {"query_params": {"page": "1"}},
    ],
)
def test_another_question_has_another_answer(client: Client, seen: list[Any], other: dict):
    client.get(OFFICES)
    client.get(OFFICES, **other)
    assert len(seen) == 2


def test_a_new_source_is_written_anew(client: Client, seen: list[Any]):
    client.get(OFFICES)
    sharing.forget()
    sharing.cache.delete("offices:directory")
    client.get(OFFICES)
    assert len(seen) == 2


def test_a_host_that_is_not_ours_gets_nothing(client: Client):
    client.get(OFFICES)
    assert client.get(OFFICES, headers={"Host": "evil.test"}).status_code == 400


def test_who_reads_what_is_known_is_counted(client: Client, settings: Any, monkeypatch: Any):
    settings.RATELIMIT_ENABLE = True
    monkeypatch.setitem(ratelimit.LIMITS, "public", {"device": "3/h"})
    headers = {device.HEADER: device.issue()}
    told = [client.get(OFFICES, headers=headers).status_code for _ in range(5)]
    assert told == [200, 200, 200, 429, 429]


def test_writing_is_no_reading(client: Client):
    client.get(OFFICES)
    assert client.post(OFFICES).status_code == 405
