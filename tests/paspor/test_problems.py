"""Refusals at both doors: problem details for programs, pages for people."""

import json
import re
from datetime import time

import psycopg
import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils import translation
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from paspor.kernel import problems, refusals
from paspor.kernel.errors import Busy, Conflict, DomainError, Invalid, NotAllowed, NotFound
from paspor.urls import handler400, handler403, handler404, handler500, urlpatterns

HANDLERS = (handler400, handler403, handler404, handler500)  # this module is a ROOT_URLCONF


class Full(Conflict):
    code = "slot_full"
    message = "Jam %(hour)s sudah penuh."


def database_error(cause=None):
    error = OperationalError("connection to 10.0.0.9 lost; Key (name)=(Siti)")
    error.__cause__ = cause
    return error


RAISED = {
    "full-with-more": lambda: Full(hour="09.00", extras={"ends_at": "10.00", "code": "invented"}),
    "full": lambda: Full(hour="09.00", fields={"slot": ["Jam %(hour)s."]}, retry_after=3),
    "busy": Busy,
    "not-found": NotFound,
    "not-allowed": NotAllowed,
    "http404": Http404,
    "forbidden": PermissionDenied,
    "locked": lambda: database_error(psycopg.errors.LockNotAvailable()),
    "away": database_error,
    "bug": lambda: ValueError("Siti Aminah"),
    "integrity": lambda: IntegrityError("Key (name)=(Siti)"),
    "too-big": lambda: RequestDataTooBig("x"),
}


class PlaceInput(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["NEW"])


class BookingInput(serializers.Serializer):
    slot = serializers.CharField()
    places = PlaceInput(many=True)


class Raising(APIView):
    permission_classes = [AllowAny]
    authentication_classes = []

    def get(self, request, what):
        raise RAISED[what]()

    def post(self, request, what):
        BookingInput(data=request.data).is_valid(raise_exception=True)
        return Response({})


class SignedIn(APIView):
    permission_classes = [IsAuthenticated]


def raising_page(request, what):
    raise RAISED[what]()


urlpatterns = [
    path("api/v1/raise/<what>", Raising.as_view()),
    path("api/v1/signed-in", SignedIn.as_view()),
    path("raise/<what>", raising_page),
    *urlpatterns,
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


def ask(client, path, method="get", **kwargs):
    response = getattr(client, method)(f"/api/v1/{path}", **kwargs)
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["instance"] == response.headers["X-Request-ID"]
    assert {"type", "title", "detail", "code"} <= set(body)
    assert "Siti" not in response.text
    return response, body


def test_a_refusal_says_everything(client):
    response, body = ask(client, "raise/full")

    assert response.status_code == 409
    assert body["code"] == "slot_full"
    assert body["detail"] == "Jam 09.00 sudah penuh."
    assert body["fields"] == {"slot": ["Jam 09.00."]}
    assert body["retry_after"] == 3
    assert response.headers["Retry-After"] == "3"


def test_a_refusal_may_say_more_and_never_something_else(client):
    _response, body = ask(client, "raise/full-with-more")

    assert (body["ends_at"], body["code"]) == ("10.00", "slot_full")


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("busy", 409, "busy"),
        ("not-found", 404, "not_found"),
        ("not-allowed", 403, "not_allowed"),
        ("http404", 404, "not_found"),
        ("forbidden", 403, "not_allowed"),
        ("locked", 409, "busy"),
        ("away", 503, "unavailable"),
        ("bug", 500, "internal_error"),
        ("integrity", 500, "internal_error"),
        ("too-big", 413, "too_large"),
    ],
)
def test_each_error_has_its_status_and_code(client, what, status, code):
    response, body = ask(client, f"raise/{what}")
    assert (response.status_code, body["code"]) == (status, code)


@pytest.mark.django_db
def test_what_drf_refuses_has_the_same_shape(client):
    def code(path, method="post", **kwargs):
        return ask(client, path, method, **kwargs)[1]["code"]

    json_type = "application/json"
    assert code("raise/x", "delete") == "method_not_allowed"
    assert code("raise/x", data="{", content_type=json_type) == "malformed"
    assert code("raise/x", data="[" * 100_000, content_type=json_type) == "malformed"
    assert code("raise/x", data=b'"\\ud800"', content_type=json_type) == "malformed"
    assert code("raise/x", data="x", content_type="text/plain") == "unsupported_media_type"
    big = "x" * 300_000
    assert code("raise/x", data=big, content_type=json_type) == "too_large"
    assert code("signed-in", "get") == "not_signed_in"
    assert code("nothing", "get") == "not_found"


def test_a_missing_session_is_401_and_says_how_to_sign_in(client):
    response, _ = ask(client, "signed-in")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"]


def test_bad_fields_are_named_by_their_path(client):
    data = {"places": [{"kind": "NEW"}, {"kind": "x"}]}
    response, body = ask(
        client, "raise/x", "post", data=json.dumps(data), content_type="application/json"
    )

    assert response.status_code == 422
    assert body["code"] == "invalid"
    assert set(body["fields"]) == {"slot", "places.1.kind"}


def test_a_body_that_is_not_an_object_is_named_too(client):
    _, body = ask(client, "raise/x", "post", data="[]", content_type="application/json")
    assert set(body["fields"]) == {"_"}


def test_a_drf_throttle_becomes_429():
    refusal = problems.as_domain_error(exceptions.Throttled(wait=7.5))
    assert (refusal.status, refusal.code, refusal.retry_after) == (429, "too_many_requests", 8)


def test_an_unknown_error_is_no_refusal():
    assert problems.as_domain_error(ValueError()) is None
    assert problems.as_domain_error(InterfaceError()).status == 503


def test_every_status_has_a_title_in_indonesian():
    with translation.override("id"):
        for error in (NotFound, NotAllowed, Invalid, Busy, problems.Unavailable, problems.Broken):
            assert error.status in problems.TITLES


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("full", 409),
        ("not-found", 404),
        ("not-allowed", 403),
        ("http404", 404),
        ("forbidden", 403),
        ("locked", 409),
        ("away", 503),
        ("bug", 500),
    ],
)
def test_a_page_says_what_was_refused(client, what, status):
    response = client.get(f"/raise/{what}")

    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html")
    assert "Content-Security-Policy" in response.headers
    assert "Siti" not in response.text


@pytest.mark.django_db
def test_a_page_tells_away_from_busy(client):
    assert "sedang tidak tersedia" in client.get("/raise/away").text
    assert "sedang sibuk" in client.get("/raise/locked").text
    assert "sibuk" not in client.get("/raise/away").text


@pytest.mark.django_db
def test_a_page_fills_in_the_sentence_and_when_to_come_back(client):
    response = client.get("/raise/full")
    assert "Jam 09.00 sudah penuh." in response.text
    assert response.headers["Retry-After"] == "3"


@pytest.mark.django_db
def test_a_script_gets_the_main_part_of_the_page(client):
    response = client.get("/raise/full", headers={"HX-Request": "true"})
    assert response.headers["HX-Retarget"] == "#isi"


@pytest.mark.django_db
def test_too_many_requests_as_a_page():
    request = RequestFactory().get("/")
    response = refusals.too_many(request)
    assert response.status_code == 429
    assert "60 detik lagi" in response.text


@pytest.mark.parametrize(("language", "said"), [("id", "07.05"), ("en", "07:05")])
def test_hours_of_a_refusal_are_written_as_its_reader_does(language, said):
    class TooEarly(DomainError):
        message = "%(from)s"

    with translation.override(language):
        assert problems.sentence(TooEarly(**{"from": time(7, 5)})) == said


# Written into the log, read from a form, or Django's own formats of a language.
OTHERWISE = {
    "offices/models/places.py",
    "paspor/formats/id/formats.py",
    "paspor/kernel/formatting.py",
    "queueing/planning/forms.py",
    "queueing/quota/services/days.py",
    "queueing/quota/services/walk_ins.py",
}


def test_an_hour_is_never_put_with_a_dot_whatever_the_language():
    root = settings.BASE_DIR
    sources = [
        path
        for app in ("accounts", "offices", "paspor", "queueing", "templates")
        for path in (root / app).rglob("*.*")
        if path.suffix in (".py", ".html", ".txt")
    ]
    dotted = {
        str(path.relative_to(root))
        for path in sources
        if re.search(r"%H\.%M|\bH\.i\b", path.read_text())
    }
    assert dotted == OTHERWISE


@override_settings(ALLOWED_HOSTS=["paspor.example"])
def test_a_foreign_host_gets_a_plain_page(client):
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil" not in response.text


@pytest.mark.django_db
def test_a_form_without_its_token_is_explained(client):
    client.handler.enforce_csrf_checks = True
    response = client.post("/i18n/setlang/", {"language": "en"})
    assert response.status_code == 403
    assert "kuki" in response.text


def test_a_domain_error_without_values_may_hold_a_percent_sign():
    class Half(DomainError):
        message = "Isi 50% dari ini."

    assert problems.sentence(Half()) == "Isi 50% dari ini."


class OneForm(forms.Form):
    nik = forms.CharField(required=False)
    sex = forms.CharField(required=False)


@pytest.mark.parametrize(
    ("fields", "more", "errors"),
    [
        ({}, {}, {"__all__": ["Tidak bisa."]}),
        ({"nik": ["Salah."]}, {}, {"nik": ["Salah."]}),
        ({"nik": []}, {}, {"nik": ["Tidak bisa."]}),
        ({"nik": ["Salah."], "kk": ["Kurang."]}, {}, {"nik": ["Salah."], "__all__": ["Kurang."]}),
        ({"kk": ["Kurang."], "no": ["Kurang."]}, {}, {"__all__": ["Kurang."]}),
        ({"kk": []}, {}, {"__all__": ["Tidak bisa."]}),
        ({"kk": ["Kurang."]}, {"names": {"kk": "sex"}}, {"sex": ["Kurang."]}),
        ({"nik": ["Salah."]}, {"names": {"nik": "sex"}}, {"nik": ["Salah."]}),
        (
            {"nik": ["Salah."]},
            {"with_sentence": True},
            {"nik": ["Salah."], "__all__": ["Tidak bisa."]},
        ),
        ({"nik": ["Tidak bisa."]}, {"with_sentence": True}, {"nik": ["Tidak bisa."]}),
    ],
)
def test_a_refusal_is_shown_where_its_reader_looks(fields, more, errors):
    class CannotBe(DomainError):
        message = "Tidak bisa."

    form = OneForm({})
    problems.put_on(form, CannotBe(fields=fields), **more)
    assert form.errors == errors
