"""An officer's morning: forty are booked, two counters call at once, each in a browser."""

from collections import Counter
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from queueing.booking.models import Booking, BookingEvent, Place
from queueing.desk import errors
from queueing.desk.models import QueueNumber
from queueing.desk.services import attendance, calling
from queueing.desk.services.attendance import Visit
from tests.browser.counter import desk, scan
from tests.browser.counter import office as office
from tests.browser.counter import slot as slot
from tests.browser.visitor import Visitor
from tests.factories import BookingFactory, OfficerPostFactory, PlaceFactory, invented_nik


@pytest.fixture
def booked(slot) -> list[Booking]:
    bookings = BookingFactory.create_batch(40, slot=slot)
    for booking in bookings:
        PlaceFactory(booking=booking)
    return bookings


@pytest.fixture
def counters(visit, office) -> list[Visitor]:
    """Two officers, each at a counter of their own."""
    posts = OfficerPostFactory.create_batch(2, office=office, role="COUNTER")
    visitors = [visit(width=1280, officer=post.user) for post in posts]
    for number, visitor in enumerate(visitors, start=1):
        visitor.page.goto(desk("calling"))
        visitor.page.get_by_label("Nomor loket").fill(str(number))
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
    return visitors


def receive(counters, booked) -> None:
    """Two with the scanner and one from the list; the others came to colleagues."""
    for visitor, booking in zip(counters, booked[:2], strict=True):
        page = visitor.page
        page.goto(desk("today"))
        scan(page, booking.code)
        page.locator("button:focus").wait_for()
        page.keyboard.press("Enter")
        page.get_by_text("Nomor antrean:").wait_for()
    page.goto(desk("today"))
    expect(page.get_by_text("38 belum datang")).to_be_visible()
    page.get_by_role("button", name="Terima").first.click()
    page.get_by_text("diterima.").wait_for()
    left = [each for each in booked if each.places.get().state == "BOOKED"]
    for booking in left[:34]:
        visit = Visit(booking.slot.office, booking.code)
        attendance.check_in(officer=counters[0].officer, visit=visit, now=timezone.now())


def walk_in(visitor) -> None:
    page = visitor.page
    page.goto(desk("walk-in"))
    page.get_by_label("Nama sesuai KTP").fill("Sari")
    page.get_by_label("NIK").fill(invented_nik(900))
    page.get_by_label("Tanggal lahir").fill("1990-08-17")
    page.get_by_label("Laki-laki").check()
    page.get_by_label("Alasan").select_option("walk_in")
    page.get_by_label("Keterangan").fill("Datang bersama saudaranya")
    page.get_by_role("button", name="Pesan dan cetak tiket").last.click()
    page.get_by_text("L001").wait_for()


def press(counters, key: str) -> list[str]:
    """At every counter before one of them has its answer; the numbers they then show."""
    with ExitStack() as answers:
        for visitor in counters:
            answers.enter_context(visitor.page.expect_navigation())
        for visitor in counters:
            visitor.page.keyboard.press(key)
    return [number for each in counters for number in each.page.locator("#nomor").all_inner_texts()]


def call_all_others(counters, office) -> list[str]:
    """The rest of the morning, turn by turn."""
    called = []
    while True:
        for visitor in counters:
            here = {"officer": visitor.officer, "office": office, "now": timezone.now()}
            try:
                label = calling.call_next(**here).label
            except errors.NobodyWaits:
                return called
            calling.start(**here, label=label)
            calling.finish(**here, label=label)
            called.append(label)


def test_forty_people_at_two_counters_are_called_once_each(counters, booked, slot):
    receive(counters, booked)
    walk_in(counters[1])
    for visitor in counters:
        visitor.page.goto(desk("calling"))

    first, second = counters
    called = press(counters, "1")  # the next
    press([first], "2")  # nobody comes, however often called
    press([first], "2")
    # Two minutes go by.
    QueueNumber.objects.filter(calls=3).update(awaited_at=timezone.now() - timedelta(minutes=2))
    assert press([first], "5") == []
    assert press([second], "1") == called[1:]  # is there
    assert press([second], "1") == []  # was served
    for _ in range(2):
        called += press(counters, "1")
        press(counters, "1")
        press(counters, "1")
    assert len(set(called)) == 6
    called += call_all_others(counters, slot.office)

    assert len(called) == len(set(called)) == 38
    assert BookingEvent.objects.filter(what="CALLED").count() == 38 + 2
    states = Counter(QueueNumber.objects.values_list("state", flat=True))
    assert states == {"DONE": 37, "GONE": 1}
    first.page.goto(desk("today"))
    expect(first.page.get_by_text("4 belum datang")).to_be_visible()
    first.check()
    attendance.close_hour(slot=slot, now=slot.ends_at + timedelta(hours=8))
    assert Counter(Place.objects.values_list("state", flat=True)) == {"SERVED": 37, "NO_SHOW": 4}
