"""The menu of every page knows officers from citizens, and asks little."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from offices.models import OfficerPost
from tests.factories import OfficerPostFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_menu_leads_officers_to_their_room(client):
    post = OfficerPostFactory()
    client.force_login(post.user)
    assert "Ruang petugas" in client.get("/janji/").content.decode()

    OfficerPost.objects.update(ends_at=timezone.now())
    assert "Ruang petugas" not in client.get("/janji/").content.decode()


@pytest.mark.parametrize(("is_signed_in", "times"), [(False, 0), (True, 1)])
def test_the_menu_asks_once_about_the_signed_in_and_never_about_others(client, is_signed_in, times):
    if is_signed_in:
        client.force_login(UserFactory())

    with CaptureQueriesContext(connection) as asked:
        page = client.get("/bantuan/").content.decode()

    assert "Ruang petugas" not in page
    assert sum("officerpost" in query["sql"] for query in asked) == times
