"""A planner closes a day with thirty people: said first, agreed to, everybody told."""

from collections import Counter

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Message
from queueing.booking.models import Place
from queueing.quota.models import Slot
from tests.browser.visitor import Visitor
from tests.factories import OfficerPostFactory
from tests.queueing.booking.visits import check_books
from tests.queueing.pages.visitors import family_booking, near_hour


@pytest.fixture
def slot(portal) -> Slot:
    """Ten families of three fill the day; the next has room for seven of them."""
    slot = near_hour(days=3, capacity=30)
    near_hour(slot.office, days=4, capacity=21)
    for _ in range(10):
        family_booking(3, slot)
    Message.objects.all().delete()
    return slot


@pytest.fixture
def officers(visit, slot) -> list[Visitor]:
    posts = [OfficerPostFactory(office=slot.office, role=role) for role in ("PLANNER", "HEAD")]
    return [visit(officer=post.user) for post in posts]


def ask_to_close(visitor, slot) -> None:
    page = visitor.page
    page.goto(reverse("desk:close", args=[slot.office.code]))
    expect(page.get_by_text("30 orang terjadwal")).to_be_visible()
    day = reverse("desk:close-day", args=[slot.office.code, slot.day])
    visitor.press(page.locator(f"a[href='{day}']"))
    expect(page.get_by_text("30 orang sudah terjadwal")).to_be_visible()
    visitor.check()
    page.get_by_label("Alasan").select_option("utilities")
    page.get_by_label("Keterangan untuk masyarakat").fill("Listrik padam")
    visitor.press(page.get_by_role("button", name="Tutup untuk 30 orang"))


def test_a_day_with_thirty_people_is_closed_by_two_officers(officers, slot):
    planner, head = officers
    ask_to_close(planner, slot)
    expect(planner.page.get_by_text("Menunggu persetujuan petugas kedua")).to_be_visible()
    assert Counter(Place.objects.values_list("state", flat=True)) == {"BOOKED": 30}

    head.page.goto(reverse("insiders:approvals"))
    expect(head.page.get_by_text("30 orang")).to_be_visible()
    head.press(head.page.get_by_role("button", name="Setujui"))
    head.check()

    ask_to_close(planner, slot)
    done = "7 janji temu mendapat jadwal pengganti. 3 janji temu belum mendapat tempat"
    expect(planner.page.get_by_text(done)).to_be_visible()
    planner.check()

    # Seven families have another day, three come first when the next one opens.
    states = Counter(Place.objects.values_list("state", flat=True))
    assert states == {"CLOSED_BY_OFFICE": 30, "BOOKED": 21}
    assert Place.objects.filter(first_right_until__isnull=False).count() == 9
    kinds = Counter(Message.objects.values_list("kind", flat=True))
    assert kinds == {"closed_with_alternative": 7, "closed_with_first_right": 3}
    assert Message.objects.values("to").distinct().count() == 10
    check_books()
