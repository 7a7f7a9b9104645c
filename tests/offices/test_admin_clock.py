"""Officers read and type moments by the clock of their own office."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Message
from queueing.quota.models import Release
from tests.factories import (
    MessageFactory,
    OfficeFactory,
    OfficerPostFactory,
    ReleaseFactory,
    UserFactory,
)
from tests.reasons import WHY_FIELDS

pytestmark = pytest.mark.django_db

NOON_IN_JAKARTA = datetime(2030, 1, 4, 5, tzinfo=UTC)


def room_of(zone: str, role: str = "PLANNER") -> tuple[Client, OfficerPostFactory]:
    post = OfficerPostFactory(office=OfficeFactory(timezone=zone), role=role)
    browser = Client()
    browser.force_login(post.user)
    return browser, post


@pytest.fixture(autouse=True)
def _demo(settings) -> None:
    settings.DEMO = True


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Jakarta", "12.00 WIB"),
        ("Asia/Makassar", "13.00 WITA"),
        ("Asia/Jayapura", "14.00 WIT"),
    ],
)
def test_moment_is_shown_by_the_office_clock_with_its_zone(zone, shown):
    browser, post = room_of(zone)
    ReleaseFactory(office=post.office, opens_at=NOON_IN_JAKARTA)
    assert shown in browser.get("/admin/queueing/release/").content.decode()


def test_moment_is_typed_by_the_office_clock():
    browser, post = room_of("Asia/Jayapura")
    page = browser.get("/admin/queueing/release/add/").content.decode()
    assert "Menurut jam WIT." in page

    day = timezone.localdate() + timedelta(days=60)
    typed = {"first_day": day, "last_day": day} | WHY_FIELDS
    moment = {"opens_at_0": day - timedelta(days=30), "opens_at_1": "14:00"}
    answer = browser.post(
        "/admin/queueing/release/add/", {"office": post.office_id} | typed | moment
    )
    assert answer.status_code == 302, answer.context["errors"]

    opens_at = Release.objects.get(first_day=day).opens_at
    assert opens_at.astimezone(UTC).time() == NOON_IN_JAKARTA.time()


def test_the_clock_does_not_stay_with_the_thread():
    browser, _post = room_of("Asia/Jayapura")
    browser.get("/admin/queueing/release/")
    elsewhere, post = room_of("Asia/Jakarta")
    ReleaseFactory(office=post.office, opens_at=NOON_IN_JAKARTA)
    assert "12.00 WIB" in elsewhere.get("/admin/queueing/release/").content.decode()


def test_officer_of_two_zones_reads_the_capital_s():
    browser, post = room_of("Asia/Jayapura")
    OfficerPostFactory(user=post.user, office__timezone="Asia/Makassar", role="PLANNER")
    ReleaseFactory(office=post.office, opens_at=NOON_IN_JAKARTA)
    assert "12.00 WIB" in browser.get("/admin/queueing/release/").content.decode()


def test_an_officers_own_letters_have_the_clock_of_their_office():
    browser, post = room_of("Asia/Makassar")
    citizen = UserFactory()
    for user in (post.user, citizen):
        MessageFactory(user=user)
    Message.objects.update(created_at=NOON_IN_JAKARTA)

    assert "13.00 WITA" in browser.get("/akun/pesan/").content.decode()
    browser.force_login(citizen)
    assert "12.00 WIB" in browser.get("/akun/pesan/").content.decode()
