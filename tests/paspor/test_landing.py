"""Where somebody comes to who has just signed in."""

import pytest

from tests.accounts.entering import PASSWORD, person_with_account
from tests.factories import OfficerPostFactory

pytestmark = pytest.mark.django_db


def test_citizens_come_to_their_visits_and_officers_to_their_room(client):
    citizen, officer = person_with_account(), person_with_account()
    OfficerPostFactory(user=officer)

    for user, room in ((citizen, "/janji/"), (officer, "/admin/")):
        answer = client.post("/akun/login/", {"login": user.email, "password": PASSWORD})
        assert answer.headers["Location"] == "/masuk/"
        assert client.get("/masuk/").headers["Location"] == room
        client.logout()
