"""The character that PostgreSQL cannot keep is answered as unreadable, at every door."""

import pytest
from django.test import Client

from tests.factories import OfficerPostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_counter(settings):
    settings.DEMO = True
    post = OfficerPostFactory(role="HEAD")
    browser = Client()
    browser.force_login(post.user)
    return browser, post.office.code


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/loket/{}/?q=%00", 400),
        ("/loket/{}/cari/?q=%00", 400),
        ("/admin/offices/office/?province=%00", 400),
        ("/admin/offices/office/?province__exact=%00", 400),
        ("/admin/queueing/booking/?q=%00", 200),
    ],
)
def test_officers_pages_do_not_break(at_counter, address, status):
    browser, office = at_counter
    assert browser.get(address.format(office)).status_code == status


@pytest.mark.parametrize("row", ["abc", "\x00", "１", "-1"])
def test_action_on_rows_that_cannot_be_is_unreadable(at_counter, row):
    browser, _office = at_counter
    chosen = {"action": "check_in", "_selected_action": row}
    assert browser.post("/admin/queueing/booking/", chosen).status_code == 400


def test_own_pages_do_not_break():
    browser = Client()
    browser.force_login(UserFactory())
    assert browser.get("/akun/pemohon/%00/").status_code == 404
