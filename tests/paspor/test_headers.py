"""Headers that protect every answer, and a policy without unsafe-inline anywhere."""

import pytest
from django.test import override_settings

from tests.factories import UserFactory

PAGES = [
    "/",
    "/bantuan/",
    "/privasi/",
    "/akun/login/",
    "/akun/signup/",
    "/admin/login/",
    "/api/docs/",
    "/api/schema/",
    "/tidak-ada/",
    "/api/v1/tidak-ada",
]


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_every_answer_carries_them(client, page):
    response = client.get(page)
    headers = response.headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Request-ID"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=(self)" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_pages_are_not_kept_unless_their_view_says_so(client):
    client.force_login(UserFactory())
    assert "no-store" in client.get("/tidak-ada/").headers["Cache-Control"]
    assert "max-age" in client.get("/api/schema/").headers["Cache-Control"]


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=60, SESSION_COOKIE_SECURE=True)
def test_over_https_it_stays_there(client):
    assert client.get("/").headers["Location"].startswith("https://")
    assert client.get("/", secure=True).headers["Strict-Transport-Security"]


@pytest.mark.django_db
def test_the_language_changes_by_a_form(client):
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert response.status_code == 302
    assert client.get("/").headers["Content-Language"] == "en"


@pytest.mark.django_db
def test_the_api_page_brings_its_own_files(client):
    text = client.get("/api/docs/").text
    assert "/static/vendor/swagger-ui/swagger-ui-bundle.js" in text
    assert "//cdn" not in text
    assert "<script>" not in text
