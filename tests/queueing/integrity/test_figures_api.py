"""The public figures and the log's heads over HTTP."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from paspor.kernel import heads, ledger
from queueing.integrity.rules.figures import NAMES
from tests.factories import OfficeFactory, PlaceFactory
from tests.paspor.ledger import DAY, NIGHT, OFFICE, write
from tests.queueing.pages.visitors import near_hour

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    """Three of five seats are booked, three days from now."""
    slot = near_hour(days=3, capacity=2)
    PlaceFactory.create_batch(3, booking__slot=slot)
    return slot.office


def ask(client, office, **query):
    return client.get(
        f"/api/v1/offices/{office.code}/figures", query, headers={"Accept-Language": "id"}
    )


def days_from_now(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_anyone_may_ask_and_gets_each_number_with_its_meaning(client, office):
    answer = ask(client, office)

    body = answer.json()
    assert answer.status_code == 200
    assert (body["office"], body["zone_name"]) == (office.code, "WIB")
    assert tuple(body["definitions"]) == NAMES
    assert "dikonfirmasi" in body["definitions"]["booked"]
    [day] = body["days"]
    assert (day["day"], day["is_over"]) == (days_from_now(3), False)
    assert {name: day[name] for name in NAMES if day[name]} == {
        "released": 5,
        "free": 2,
        "booked": 3,
    }


def test_definitions_are_in_the_readers_language(client, office):
    answer = client.get(f"/api/v1/offices/{office.code}/figures", headers={"Accept-Language": "en"})
    assert "confirmed" in answer.json()["definitions"]["booked"]


def test_only_the_days_asked_for(client, office):
    beside = {"from": days_from_now(4), "to": days_from_now(5)}
    assert ask(client, office, **beside).json()["days"] == []
    assert len(ask(client, office, **{"from": days_from_now(3)}).json()["days"]) == 1
    assert len(ask(client, office, to=days_from_now(3)).json()["days"]) == 1


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"from": "2026-11-02", "to": "2026-11-01"}, "days_out_of_order", "to"),
        ({"from": "2026-01-01", "to": "2026-04-03"}, "too_many_days", "to"),
        ({"from": "kemarin"}, "invalid", "from"),
        ({"to": "2026-13-01"}, "invalid", "to"),
        ({"from": ""}, "invalid", "from"),
        ({"since": "2026-11-01"}, "invalid", "since"),
    ],
)
def test_a_bad_span_is_refused_at_its_field(client, office, query, code, field):
    answer = ask(client, office, **query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert list(answer.json()["fields"]) == [field]


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-01-01", "to": "2026-04-02"},
        {"from": "0001-01-01"},
        {"to": "0001-01-01"},
        {"from": "9999-12-31"},
        {"to": "9999-12-31"},
    ],
)
def test_a_span_at_the_edge_is_answered(client, office, query):
    assert ask(client, office, **query).json()["days"] == []


def test_an_unknown_office_is_not_found(client):
    for code in ("KANIM-TIDAK-ADA", "%00", "é"):
        answer = client.get(f"/api/v1/offices/{code}/figures")
        assert (answer.status_code, answer.json()["code"]) == (404, "office_unknown")


def test_an_unchanged_answer_is_304(client, office):
    first = ask(client, office)
    again = client.get(
        f"/api/v1/offices/{office.code}/figures",
        headers={"If-None-Match": first["ETag"], "Accept-Language": "id"},
    )
    assert again.status_code == 304
    assert "max-age=60" in first["Cache-Control"]


def test_an_answer_takes_two_statements(client, office):
    with CaptureQueriesContext(connection) as asked:
        ask(client, office)
    assert len(asked) == 2  # the office; its figures


@pytest.fixture
def taken():
    """Heads of two days."""
    write(2)
    ledger.sequence(timezone.now())
    heads.take(NIGHT)
    write(1)
    ledger.sequence(timezone.now())
    heads.take(NIGHT + timedelta(days=1))


def test_heads_come_by_day_the_newest_first(client, taken):
    body = client.get("/api/v1/ledger/heads").json()

    assert (body["count"], body["next"]) == (2, None)
    newest, before = body["results"]
    assert (newest["day"], before["day"]) == ("2026-11-25", "2026-11-24")
    assert before["taken_at"] == "2026-11-25T00:30:00+07:00"
    assert [(head["stream"], head["seq"]) for head in newest["heads"]] == [(OFFICE, 3)]
    assert newest["digest"] == heads.heads_of_days([date(2026, 11, 25)])[0].digest


def test_what_is_downloaded_is_what_verify_ledger_reads(client, taken):
    text = client.get("/api/v1/ledger/heads").content.decode()
    read = [(day.day, day.heads) for day in heads.read_copy(text)]
    assert read == [(day.day, day.heads) for day in heads.heads_of_days(heads.days())]


def test_heads_are_paged_and_can_be_asked_for_by_day(client, taken):
    second = client.get("/api/v1/ledger/heads?page=2&page_size=1").json()
    assert [day["day"] for day in second["results"]] == ["2026-11-24"]
    only = client.get("/api/v1/ledger/heads?day=2026-11-24").json()
    assert [day["day"] for day in only["results"]] == [DAY.isoformat()]
    assert client.get("/api/v1/ledger/heads?page=3").status_code == 404
    for query in ("page_size=32", "day=x", "from=2026-11-24"):
        assert client.get(f"/api/v1/ledger/heads?{query}").status_code == 422


@pytest.mark.parametrize("more", [0, 5])
def test_heads_take_the_same_statements_however_many_chains(client, taken, more):
    for n in range(more):
        write(1, f"KANIM-LAIN-{n}")
    ledger.sequence(timezone.now())
    heads.take(NIGHT + timedelta(days=2))
    with CaptureQueriesContext(connection) as asked:
        client.get("/api/v1/ledger/heads")
    assert len(asked) == 3


def test_offices_without_quota_have_no_days(client):
    assert ask(client, OfficeFactory()).json()["days"] == []
