"""Availability over HTTP."""

from datetime import datetime, time, timedelta
from time import monotonic
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from offices.models import Office
from paspor.kernel import sharing
from queueing.quota.api import serializers
from queueing.quota.models import Release, Seat, Slot
from queueing.quota.services import releases
from tests.cache_prefix import new_cache_prefix
from tests.factories import LONG_AGO, HolidayFactory, SpecialDayFactory
from tests.queueing.quota.conftest import make_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    sharing.forget()


@pytest.fixture
def office() -> Office:
    """Open every day of the coming two weeks, by the real clock."""
    office = make_office()
    for hours in list(office.opening_hours.all()[:2]):
        hours.pk, hours.weekday = None, 5 + (hours.weekday % 2)
        hours.save()
    now = timezone.now()
    release = releases.open_now(office=office, days=14, now=now)
    # The database's clock stands still within a test.
    Release.objects.update(opens_at=LONG_AGO)
    releases.prepare(release=release, now=now)
    return office


def get(client: Client, path: str, **query: Any) -> Any:
    return client.get(f"/api/v1/{path}", query, headers={"Accept-Language": "id"})


def availability(client: Client, office: Office, **query: Any) -> Any:
    return get(client, f"offices/{office.code}/availability", **query)


def day(ahead: int) -> str:
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


def test_anyone_may_ask_what_is_free(client: Client, office: Office) -> None:
    answer = availability(client, office, **{"from": day(3), "to": day(3)}, people=2)

    body = answer.json()
    assert answer.status_code == 200
    assert (body["office"], body["zone_name"]) == (office.code, "WIB")
    [only] = body["days"]
    assert (only["day"], only["state"]) == (day(3), "open")
    hour = only["hours"][0]
    assert hour["starts_at"] == f"{day(3)}T08:00:00+07:00"
    assert hour["free"] == 16
    assert Slot.objects.filter(code=hour["slot"]).exists()


def test_a_special_days_place_and_note_are_told(client: Client, office: Office) -> None:
    hours = {"opens": time(8), "closes": time(16), "stations": 2, "minutes": 15}
    own = {"kind": "EXTRA", "place": "Mal Uji", "reason": "Lantai 2"}
    SpecialDayFactory(office=office, day=day(3), **own, **hours)

    body = availability(client, office, **{"from": day(3), "to": day(4)}).json()

    assert [(each["place"], each["note"]) for each in body["days"]] == [
        ("Mal Uji", "Lantai 2"),
        ("", ""),
    ]


def test_a_holiday_on_which_the_office_opens_is_named(client: Client, office: Office) -> None:
    hours = {"opens": time(8), "closes": time(16), "stations": 2, "minutes": 15}
    SpecialDayFactory(office=office, day=day(3), kind="EXTRA", **hours)
    confirmed = {"state": "CONFIRMED", "decided_at": LONG_AGO, "name": "Hari Raya Uji"}
    for ahead in (3, 4):
        HolidayFactory(office=None, day=day(ahead), **confirmed)

    days = availability(client, office, **{"from": day(3), "to": day(5)}).json()["days"]

    assert [each["holiday"] for each in days] == ["Hari Raya Uji", "", ""]


def test_without_dates_a_month_is_shown(client: Client, office: Office) -> None:
    days = availability(client, office).json()["days"]

    assert (days[0]["day"], len(days)) == (day(0), 31)
    assert {each["state"] for each in days} >= {"open", "not_open"}


def test_the_answer_may_be_kept_for_two_seconds(client: Client, office: Office) -> None:
    answer = availability(client, office)

    told = set(answer["Cache-Control"].split(", "))
    assert told == {"public", "max-age=2", "s-maxage=1", "stale-while-revalidate=2"}
    assert set(answer["Vary"].split(", ")) <= {"Accept-Language", "Accept-Encoding"}
    assert "Set-Cookie" not in answer


def test_the_language_is_the_headers_and_no_cookies(client: Client, office: Office) -> None:
    client.cookies["django_language"] = "en"
    path = f"/api/v1/offices/{office.code}/availability"

    said = {
        asked: client.get(path, {"to": day(30)}, headers={"Accept-Language": asked})
        for asked in ("id", "en-GB,id;q=0.7", "fr", "de, en;q=0.1")
    }

    spoken = {asked: answer["Content-Language"] for asked, answer in said.items()}
    assert list(spoken.values()) == ["id", "en", "id", "en"]
    whys = {asked: {each["why"] for each in said[asked].json()["days"]} for asked in said}
    assert whys["id"] == whys["fr"] != whys["en-GB,id;q=0.7"] == whys["de, en;q=0.1"]


def test_an_unchanged_answer_is_304(client: Client, office: Office) -> None:
    first = availability(client, office)

    def again() -> Any:
        sharing.forget()
        return client.get(
            f"/api/v1/offices/{office.code}/availability",
            headers={"If-None-Match": first["ETag"], "Accept-Language": "id"},
        )

    same = again()
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])

    Seat.objects.filter(slot=Slot.objects.earliest("starts_at")).update(taken=True)
    Seat.objects.filter(slot=Slot.objects.latest("starts_at")).update(taken=True)
    new_cache_prefix()
    changed = again()
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"people": "0"}, "people"),
        ({"people": "6"}, "people"),
        ({"people": "dua"}, "people"),
        ({"channel": "COUNTER"}, "channel"),
        ({"channel": "KILAT"}, "channel"),
        ({"passport_type": "EMAS"}, "passport_type"),
        ({"from": "2026-02-31"}, "from"),
        ({"from": "besok"}, "from"),
        ({"from": "2020-01-01"}, "from"),
        ({"to": "2999-01-01"}, "to"),
        ({"to": "2020-01-01"}, "to"),
        ({"warna": "merah"}, "warna"),
    ],
)
def test_a_bad_question_is_422_and_names_the_field(
    client: Client, office: Office, query: dict[str, str], field: str
) -> None:
    answer = availability(client, office, **query)

    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("application/problem+json")
    assert field in answer.json()["fields"]


def test_sixty_two_days_are_the_most(client: Client, office: Office) -> None:
    assert availability(client, office, **{"from": day(0), "to": day(61)}).status_code == 200
    answer = availability(client, office, **{"from": day(0), "to": day(62)})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_days")


def test_an_unknown_or_closed_office_is_404(client: Client, office: Office) -> None:
    assert get(client, "offices/TIDAK-ADA/availability").status_code == 404
    Office.objects.update(is_active=False)
    sharing.forget()
    new_cache_prefix()
    answer = availability(client, office)
    assert (answer.status_code, answer.json()["code"]) == (404, "office_unknown")


def test_only_reading_is_offered(client: Client, office: Office) -> None:
    assert client.post(f"/api/v1/offices/{office.code}/availability").status_code == 405


def test_the_second_reader_costs_no_query(
    client: Client, office: Office, django_assert_num_queries: Any
) -> None:
    availability(client, office)

    with django_assert_num_queries(0):
        availability(client, office, people=4)
        unchanged = {"If-None-Match": availability(client, office)["ETag"]}
        path = f"/api/v1/offices/{office.code}/availability"
        assert client.get(path, headers=unchanged | {"Accept-Language": "id"}).status_code == 304


def test_answers_are_as_described_though_no_serializer_makes_them(
    client: Client, office: Office
) -> None:
    nearest = get(client, "availability/nearest", lat="-6.9", lon="107.6").json()
    assert nearest["results"]
    assert serializers.NearestOutput(nearest).data == nearest
    month = availability(client, office).json()
    assert any(day["hours"] for day in month["days"])
    assert serializers.AvailabilityOutput(month).data == month


def test_an_answer_is_no_older_than_what_it_was_made_from(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two seconds on, the same question is counted anew and says so."""
    clock = [monotonic()]
    monkeypatch.setattr(sharing, "monotonic", lambda: clock[0])
    first = availability(client, office).json()
    Seat.objects.filter(slot=Slot.objects.earliest("starts_at")).update(taken=True)
    Seat.objects.filter(slot=Slot.objects.latest("starts_at")).update(taken=True)
    assert availability(client, office).json() == first

    clock[0] += sharing.LIVELY.copy
    new_cache_prefix()  # whose second is over too

    assert availability(client, office).json()["days"] != first["days"]


def test_the_nearest_office_with_room_is_named(client: Client, office: Office) -> None:
    answer = get(client, "availability/nearest", lat="-6.9", lon="107.6", people=2)

    [found] = answer.json()["results"]
    assert answer.status_code == 200
    assert abs(datetime.fromisoformat(answer.json()["as_of"]) - timezone.now()) < timedelta(
        seconds=10
    )
    assert found["office"]["code"] == office.code
    assert found["distance_km"] == pytest.approx(117.9, abs=1)
    assert found["free"] >= 2


def test_where_there_is_none_the_answer_says_why_and_what_is_nearest(
    client: Client, office: Office
) -> None:
    query = {"lat": "-6.9", "lon": "107.6", "radius_km": 50, "sort": "day"}

    answer = get(client, "availability/nearest", **query).json()

    assert (answer["results"], answer["why_code"]) == ([], "too_far")
    assert "117 km" in answer["why"] or "118 km" in answer["why"]
    assert answer["elsewhere"]["office"]["code"] == office.code
    assert serializers.NearestOutput(answer).data == answer


def test_one_may_look_from_an_office(client: Client, office: Office) -> None:
    other = make_office()

    answer = get(client, "availability/nearest", **{"from": other.code})

    assert [each["office"]["code"] for each in answer.json()["results"]] == [office.code]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "lat"),
        ({"lat": "-6"}, "lon"),
        ({"lat": "nan", "lon": "107"}, "lat"),
        ({"lat": "91", "lon": "107"}, "lat"),
        ({"lat": "-6", "lon": "107", "from": "X"}, "from"),
        ({"lat": "-6", "lon": "107", "limit": "21"}, "limit"),
        ({"lat": "-6", "lon": "107", "before": "2020-01-01"}, "before"),
        ({"lat": "-6", "lon": "107", "before": "9999-12-31"}, "before"),
        ({"lat": "-6", "lon": "107", "radius": "5"}, "radius"),
    ],
)
def test_a_bad_search_is_422_and_names_the_field(
    client: Client, query: dict[str, str], field: str
) -> None:
    answer = get(client, "availability/nearest", **query)

    assert answer.status_code == 422
    assert field in answer.json()["fields"]


def test_looking_from_an_unknown_office_is_404(client: Client) -> None:
    assert get(client, "availability/nearest", **{"from": "TIDAK-ADA"}).status_code == 404


@pytest.mark.parametrize("last", ["9999-12-31", "9999-12-02"])
def test_the_end_of_all_calendars_is_too_far(client: Client, office: Office, last: str) -> None:
    answer = availability(client, office, **{"from": last})
    assert (answer.status_code, answer.json()["code"]) == (422, "day_too_far")


def test_digits_of_another_script_are_no_date(client: Client, office: Office) -> None:
    refused = availability(client, office, **{"from": "２030-11-27"})

    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == ["from"]


def test_whose_clock_is_behind_learns_which_day_it_is_there(client: Client, office: Office) -> None:
    answer = availability(client, office, **{"from": day(-1), "to": day(3)})
    assert (answer.status_code, answer.json()["code"]) == (422, "day_past")
    assert answer.json()["today"] == day(0)
