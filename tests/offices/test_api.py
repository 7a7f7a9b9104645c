"""The list of offices over HTTP: who finds what, what is refused, what may be cached."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from offices.api import serializers
from offices.models import Office
from tests.factories import OfficeFactory, OpeningHoursFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices():
    palembang = OfficeFactory(
        code="KANIM-P", name="Kantor Palembang", regency="Kota Palembang",
        province="Sumatera Selatan", latitude="-3.012", longitude="104.774",
    )  # fmt: skip
    OfficeFactory(
        code="ULP-P", kind="ULP", grade="", parent=palembang, name="ULP Ilir",
        province="Sumatera Selatan", latitude="-2.900", longitude="104.700",
        passport_types=["REGULAR"],
    )  # fmt: skip
    OfficeFactory(
        code="KANIM-J", name="Kantor Jayapura", province="Papua", timezone="Asia/Jayapura",
        latitude="-2.533", longitude="140.717", passport_types=["REGULAR"],
    )  # fmt: skip
    OfficeFactory(code="KANIM-X", is_active=False)


def codes(client: Client, **query: object) -> list[str]:
    response = client.get("/api/v1/offices", query)
    assert response.status_code == 200, response.content
    return [office["code"] for office in response.json()["results"]]


def test_offices_are_listed_by_name_without_signing_in(client: Client, offices):
    assert codes(client) == ["KANIM-J", "KANIM-P", "ULP-P"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"province": "papua"}, ["KANIM-J"]),
        ({"kind": "ULP"}, ["ULP-P"]),
        ({"q": "kota palem"}, ["KANIM-P"]),
        ({"q": "tidak ada"}, []),
        ({"passport_type": "ELECTRONIC"}, ["KANIM-P"]),
        ({"near": "-2.5,140.7"}, ["KANIM-J", "KANIM-P", "ULP-P"]),
        ({"near": " -2.9 , 104.7 ", "kind": "KANIM"}, ["KANIM-P", "KANIM-J"]),
        ({"page_size": 1, "page": 2}, ["KANIM-P"]),
        ({"page_size": 500}, ["KANIM-J", "KANIM-P", "ULP-P"]),
    ],
)
def test_offices_are_narrowed(client: Client, offices, query: dict, found: list[str]):
    assert codes(client, **query) == found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("province", "Atlantis"),
        ("province", "Papua\0"),
        ("kind", "KIOS"),
        ("kind", "kanim"),
        ("q", "x" * 101),
        ("passport_type", "DIPLOMATIC"),
        ("near", "sini"),
        ("near", "1"),
        ("near", "1,2,3"),
        ("near", "nan,1"),
        ("near", "inf,1"),
        ("near", "91,1"),
        ("page_size", "501"),
        ("page_size", "0"),
        ("page_size", "banyak"),
        ("colour", "red"),
    ],
)
def test_unknown_query_value_is_refused_by_name(client: Client, offices, name: str, value: str):
    response = client.get("/api/v1/offices", {name: value})

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert name in response.json()["fields"]


def test_office_tells_its_usual_week(client: Client, offices, kanim):
    OpeningHoursFactory(office=kanim, weekday=4)
    OpeningHoursFactory(office=kanim, weekday=0)
    OpeningHoursFactory(office=kanim, weekday=5, stations=0)

    body = client.get(f"/api/v1/offices/{kanim.code}").json()

    assert [day["weekday"] for day in body["opening_hours"]] == [0, 4]
    assert body["opening_hours"][0]["opens"] == "08:00:00"
    assert (body["zone_name"], body["parent"]) == ("WIB", None)
    assert "id" not in body


def test_branch_names_its_kanim(client: Client, offices):
    assert client.get("/api/v1/offices/ULP-P").json()["parent"] == "KANIM-P"


@pytest.mark.parametrize("code", ["KANIM-X", "TIADA", "%00", "kanim-p", "1"])
def test_office_that_does_not_serve_is_not_found(client: Client, offices, code: str):
    response = client.get(f"/api/v1/offices/{code}")

    assert response.status_code == 404
    assert response.json()["code"] == "office_unknown"


@pytest.mark.parametrize("path", ["/api/v1/offices", "/api/v1/offices/KANIM-P"])
def test_answer_is_cacheable_and_conditional(client: Client, offices, path: str):
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert {"public", "max-age=300"} <= set(first["Cache-Control"].split(", "))
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_offices_are_only_read(client: Client, method: str):
    assert getattr(client, method)("/api/v1/offices").status_code == 405


def test_distance_is_told_only_near_a_point(client: Client, offices):
    near = client.get("/api/v1/offices", {"near": "-3.012,104.774"}).json()["results"][0]
    plain = client.get("/api/v1/offices").json()["results"][0]

    assert near["distance_km"] == 0.0
    assert "distance_km" not in plain


def test_permission_is_written_on_the_view():
    for path in ("/api/v1/offices", "/api/v1/offices/X"):
        assert "permission_classes" in vars(resolve(path).func.view_class)


def test_list_takes_one_query_and_the_next_readers_none(
    client: Client, offices, django_assert_num_queries
):
    with django_assert_num_queries(1):
        first = client.get("/api/v1/offices")
    unchanged = {"If-None-Match": first["ETag"]}
    with django_assert_num_queries(0):
        codes(client, province="Papua")
        codes(client, near="-2.5,140.7")
        assert client.get("/api/v1/offices", headers=unchanged).status_code == 304


def test_an_office_is_told_as_described(client: Client, offices):
    [office] = client.get("/api/v1/offices", {"q": "ULP-P"}).json()["results"]
    assert office == dict(serializers.OfficeFactsOutput(Office.objects.get(code="ULP-P")).data)


def test_a_cdn_may_hold_the_list_for_everyone(client: Client, offices):
    client.force_login(UserFactory())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    answer = client.get("/api/v1/offices", headers={"Accept-Language": "en;q=0.5,id"})

    told = set(answer["Cache-Control"].split(", "))
    assert told == {"public", "max-age=300", "s-maxage=60", "stale-while-revalidate=600"}
    assert (answer["Content-Language"], "Set-Cookie" in answer) == ("id", False)
    assert "Cookie" not in answer["Vary"]
    assert {"Accept-Language", "Accept-Encoding"} >= set(answer["Vary"].split(", "))
