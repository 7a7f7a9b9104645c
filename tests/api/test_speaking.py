"""Each answer of the API is in one language: the one asked for, else the account's."""

import pytest
from rest_framework.test import APIClient

from tests.factories import BookingFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db
WORDS = {
    "id": ("Isian perlu diperbaiki", "Isian ini tidak dikenal."),
    "en": ("Answers need correcting", "This field is not known."),
}
OWN, SHARED = "/api/v1/bookings", "/api/v1/offices"


def caller(*, account: str = "", cookie: str = "") -> APIClient:
    client = APIClient()
    if account:
        client.force_authenticate(UserFactory(language=account))
    if cookie:
        client.cookies["django_language"] = cookie
    return client


def refused_in(client: APIClient, path: str, asked: str = "") -> str:
    """The language of a refusal: of its title, of its fields and of its head alike."""
    headers = {"Accept-Language": asked} if asked else {}
    answer = client.get(path, {"bukan_isian": "1"}, headers=headers)
    body, language = answer.json(), answer["Content-Language"]
    assert (body["title"], body["fields"]["bukan_isian"][0]) == WORDS[language]
    return language


@pytest.mark.parametrize("cookie", ["", "id", "en"])
@pytest.mark.parametrize(
    ("path", "account", "asked", "answered"),
    [
        (OWN, "en", "", "en"),
        (OWN, "id", "", "id"),
        (OWN, "en", "id", "id"),
        (OWN, "id", "en-GB,id;q=0.5", "en"),
        (OWN, "en", "fr", "en"),
        # What everybody reads goes by nobody's account.
        (SHARED, "en", "", "id"),
        (SHARED, "id", "en", "en"),
        (SHARED, "", "fr", "id"),
    ],
)
def test_a_refusal_is_in_one_language_whatever_a_cookie_says(
    path: str, account: str, asked: str, answered: str, cookie: str
):
    assert refused_in(caller(account=account, cookie=cookie), path, asked) == answered


def test_what_is_told_is_in_the_accounts_language_too():
    client = caller(account="en")
    booking = BookingFactory(account=client.handler._force_user)
    PlaceFactory(booking=booking, state="BOOKED")
    [told] = client.get(OWN).json()["results"]
    assert told["state_label"] == "booked"


def test_who_is_not_signed_in_is_told_so_in_the_language_asked_for():
    answer = caller(cookie="id").get(OWN, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["title"]) == (401, "Not signed in")


def test_an_address_that_is_none_is_told_so_in_the_language_asked_for():
    answer = caller(cookie="id").get("/api/v1/bukan", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["title"]) == (404, "Not found")
