"""The whole portal with its Redis away: slower, and right."""

import pytest
from django.test import Client

from tests.factories import UserFactory

PASSWORD = "sebuah-sandi-yang-panjang"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dead_cache")]


@pytest.fixture
def browser(settings):
    settings.RATELIMIT_ENABLE = True
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    "page",
    ["/", "/kantor/", "/bantuan/", "/akun/login/", "/akun/signup/", "/cek/", "/api/v1/offices"],
)
def test_pages_are_served(browser, page):
    assert browser.get(page).status_code == 200


def test_someone_signs_in_and_stays_so(browser):
    user = UserFactory(email="siti@contoh.test", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)

    response = browser.post("/akun/login/", {"login": user.email, "password": PASSWORD})

    assert response.status_code == 302
    assert browser.get("/janji/").status_code == 200
    assert browser.get("/akun/").status_code == 200


def test_the_app_signs_in_and_is_known_by_its_token(browser):
    user = UserFactory(email="siti@contoh.test", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)

    answer = browser.post(
        "/_allauth/app/v1/auth/login",
        {"email": user.email, "password": PASSWORD},
        content_type="application/json",
    )
    token = answer.json()["meta"]["session_token"]

    other = Client(raise_request_exception=False)
    assert other.get("/api/v1/me").status_code == 401
    assert other.get("/api/v1/me", headers={"X-Session-Token": token}).status_code == 200


def test_a_wrong_password_is_refused_without_an_error(browser):
    UserFactory(email="siti@contoh.test", password=PASSWORD)
    for _ in range(8):
        response = browser.post("/akun/login/", {"login": "siti@contoh.test", "password": "salah"})
        assert response.status_code == 200
