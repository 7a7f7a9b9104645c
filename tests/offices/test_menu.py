"""The menu of every page knows officers from citizens, and asks little."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from offices.models import OfficerPost
from tests.factories import ApprovalFactory, OfficerPostFactory, UserFactory

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


WIDE, PHONE = 'class="header__wide"', 'class="header__panel"'
LINE_HOLDS = 7


def ways(html: str) -> list[str]:
    return re.findall(r'<a href="([^"]+)"', html)


def menus(page: str) -> tuple[list[str], list[str], list[str]]:
    """The ways in the line, those behind "Lainnya", and all of the phone's."""
    wide, phone = (page.partition(mark)[2].partition("</nav>")[0] for mark in (WIDE, PHONE))
    line, _, more = wide.partition("<details>")
    return ways(line), ways(more), ways(phone)


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER", "HEAD", "SISTIK"])
def test_the_menu_and_the_first_page_lead_only_where_the_role_may_go(officer, sign_in, kanim, role):
    browser = sign_in(officer(role, None if role == "SISTIK" else kanim))
    first = browser.get("/admin/")
    line, more, phone = menus(browser.get("/petugas/persetujuan/").text)

    assert 1 < len(line) <= LINE_HOLDS
    assert set(phone) == {*line, *more}
    shortcuts = {each["url"] for each in first.context["shortcuts"]}
    assert shortcuts
    opened = {way: browser.get(way, follow=True).status_code for way in {*phone, *shortcuts}}
    assert opened == dict.fromkeys(opened, 200)
    assert ("/sistik/" in shortcuts) == ("/sistik/" in line) == (role == "SISTIK")
    assert ("/loket/" in shortcuts) == (role in {"COUNTER", "HEAD"})


def counted(browser) -> str:
    page = browser.get("/ringkasan/", follow=True).text.partition(WIDE)[2]
    found = re.search(r'class="nav__count nums"[^>]*>(\d+)<', page.partition("</nav>")[0])
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("role", "count"), [("HEAD", "2"), ("PLANNER", "1"), ("COUNTER", ""), ("SISTIK", "1")]
)
def test_the_menu_counts_what_waits_for_this_officer(officer, sign_in, kanim, role, count):
    """Closing is a planner's act too, voiding only a head's; the nation has its own."""
    ApprovalFactory(office=kanim, act="close_day")
    ApprovalFactory(office=kanim, act="void")
    ApprovalFactory(act="close_day")  # elsewhere
    ApprovalFactory(office=kanim, act="close_day", expires_at=timezone.now())
    ApprovalFactory(office=None, act="order")

    assert counted(sign_in(officer(role, None if role == "SISTIK" else kanim))) == count


def test_ones_own_request_waits_for_another(officer, sign_in, kanim):
    head = officer("HEAD", kanim)
    ApprovalFactory(office=kanim, act="close_day", asked_by=head)
    assert counted(sign_in(head)) == ""
