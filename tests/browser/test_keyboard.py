"""From the first page to the ticket without a mouse; the counter's keys are in test_counter."""

import re

import pytest
from playwright.sync_api import Locator, expect

from queueing.booking.models import Place
from tests.browser.visitor import Visitor
from tests.factories import ApplicantFactory
from tests.queueing.pages.visitors import near_hour, working_office

MOST = 60  # keys to reach anything on a page
RING = """one => {
  const drawn = (part) => part && getComputedStyle(part);
  const rings = [drawn(one), drawn(one.closest("label"))].filter(Boolean);
  return rings.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none");
}"""


@pytest.fixture
def person(portal):
    near_hour(working_office(name="Kantor Imigrasi Uji Bandung"), days=3, hour=9)
    return ApplicantFactory()


def reach(visitor: Visitor, target: Locator) -> None:
    """By the Tab key, and it can be seen where one is."""
    for _ in range(MOST):
        visitor.page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            assert target.evaluate(RING), target
            return
    raise AssertionError(f"Not reached with {MOST} keys: {target}")


def follow(visitor: Visitor, target: Locator) -> None:
    reach(visitor, target)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def test_a_ticket_without_a_mouse(visit, person):
    visitor = visit(width=1280, user=person.account)
    page = visitor.page
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    reach(visitor, page.locator("input[name=jenis]").first)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Penggantian")).to_be_checked()
    reach(visitor, page.get_by_role("button", name="Cari tempat"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(visitor, page.get_by_role("link", name=re.compile("Kantor Imigrasi Uji Bandung")))
    follow(visitor, page.get_by_role("link", name=re.compile("Lihat jamnya")))
    follow(visitor, page.get_by_role("link", name=re.compile("09.00–10.00 WIB")))
    expect(page.locator("input[name$=-comes]")).to_be_checked()
    follow(visitor, page.get_by_role("button", name="Tahan tempat dan periksa").last)
    follow(visitor, page.get_by_role("button", name="Pesan sekarang"))

    expect(page.get_by_role("heading", name="Tiket Anda")).to_be_visible()
    place = Place.objects.get()
    assert (place.applicant, place.kind, place.state) == (person, "REPLACEMENT", "BOOKED")
