"""The officers' admin on a phone and on a desk: axe, nothing sideways, no error in the console."""

from datetime import date, time, timedelta
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from offices.models import Office
from queueing.desk.services import calling, sittings
from queueing.planning.models import OrderOffice
from queueing.quota.models import Release
from tests.browser.officers import enter as enter
from tests.browser.officers import office as office
from tests.browser.visitor import IN_TURN, SIDEWAYS
from tests.factories import (
    LONG_AGO,
    ApprovalFactory,
    AuditEventFactory,
    BookingFactory,
    HolidayFactory,
    NationalOrderFactory,
    OfficerPostFactory,
    OpeningHoursFactory,
    PlaceFactory,
    PolicyValueFactory,
    QueueNumberFactory,
    SlotFactory,
    SpecialDayFactory,
)
from tests.offices.admin_pages import address


@pytest.fixture
def rows(office: Office) -> list[object]:
    return [
        office,
        OpeningHoursFactory(office=office),
        SpecialDayFactory(office=office),
        HolidayFactory(office=office),
        OfficerPostFactory(office=office),
        ApprovalFactory(office=office),
        PolicyValueFactory(scope=office.code),
        AuditEventFactory(stream=office.code),
    ]


def planning(office: Office) -> list[str]:
    """A month of which one day has quota, that day, and a change tried before it is saved."""
    soon = timezone.now() + timedelta(days=2)
    slot = SlotFactory(release__office=office, starts_at=soon.replace(hour=2), capacity=3)
    month = reverse("planning:month", args=[office.code])
    day = reverse("planning:day", args=[office.code, slot.day])
    wish = {"kind": "CLOSURE", "reason": "Banjir", "periksa": 1}
    weekday = reverse("planning:weekday", args=[office.code, "selasa"])
    trial = f"{day}ubah/?{urlencode(wish)}"
    week = reverse("planning:week", args=[office.code])
    drive = reverse("planning:drive", args=[office.code])
    plan = f"{drive}rencana/?people=90&hari={_a_monday(office)}.7.1500"
    return [month, day, week, weekday, f"{day}ubah/", trial, drive, plan]


def _a_monday(office: Office) -> date:
    """The day that the office's hours are for; never today."""
    today = office.today(timezone.now())
    return today + timedelta(days=7 - today.weekday())


def pages(rows: list[object]) -> list[str]:
    paths = ["/admin/", "/admin/offices/", *planning(rows[0])]
    for row in rows:
        paths += [address(row, "changelist"), address(row, "change", row.pk)]
        if admin.site.get_model_admin(type(row)).act_behind("add"):
            paths.append(address(row, "add"))
    return paths


@pytest.mark.parametrize("first", IN_TURN)
def test_every_page_fits_and_keeps_its_contrast(enter, rows, first):
    enter().tour(pages(rows), first=first)


# A box in its label, or a link within a sentence, is not what a thumb aims at.
SMALL = """least => [
    ...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary"),
  ]
  .filter(one => !one.closest("label, .checkbox, p, .skip-to-content-link, .skip"))
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width && box.height && Math.min(box.width, box.height) < least - 0.5)
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""


def test_what_is_hit_is_large_enough_and_the_menu_stays_in_its_line(enter, rows):
    page = enter().page
    special_day = next(row for row in rows if row._meta.model_name == "specialday")
    for path in (
        "/admin/",
        address(special_day, "changelist"),
        address(special_day, "add"),
    ):
        for width, least in ((1280, 24), (360, 44)):
            page.set_viewport_size({"width": width, "height": 740})
            page.goto(path)
            assert page.evaluate(SMALL, least) == [], (path, width)

    page.set_viewport_size({"width": 1280, "height": 740})
    page.goto(f"/loket/{special_day.office.code}/")
    assert page.locator(".header").bounding_box()["height"] < 80
    more = page.locator(".nav__more > details")
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.locator("h1").click()):
        more.locator("summary").click()
        expect(more).to_have_attribute("open", "")
        close()
        expect(more).not_to_have_attribute("open", "")


TALL = "document.documentElement.scrollHeight"


def test_the_wall_fits_a_phone_and_one_screen_and_is_never_old_in_silence(visit, rows):
    sistik = OfficerPostFactory(office=None, role="SISTIK").user
    visitor = visit(officer=sistik)
    page = visitor.page
    page.clock.install()
    page.goto("/sistik/")
    visitor.check()
    assert page.locator("#dinding .map__point").count() >= 1
    page.set_viewport_size({"width": 1920, "height": 1080})
    assert page.evaluate(TALL) == 1080
    page.set_viewport_size({"width": 360, "height": 740})

    before = page.locator("#dinding *").count()
    for _ in range(2):
        with page.expect_response("**/sistik/bagian/"):
            page.evaluate("htmx.trigger('#dinding', 'ask')")
    assert page.locator("#dinding *").count() == before
    lost = page.locator("#putus")
    expect(lost).to_be_hidden()

    # A server that takes the question and never answers.
    page.route("**/sistik/bagian/", lambda route: None)
    page.clock.fast_forward(25_000)
    expect(lost).to_be_hidden()
    page.clock.fast_forward(10_000)
    expect(lost).to_contain_text("Terputus. Angka di bawah ini dari pukul")
    page.unroute_all()
    page.reload()
    expect(lost).to_be_hidden()

    visitor.context.clear_cookies()
    page.evaluate("htmx.trigger('#dinding', 'ask')")
    expect(lost).to_contain_text("Sesi berakhir. Angka di bawah ini dari pukul")
    expect(page.get_by_role("link", name="Masuk lagi")).to_be_visible()
    visitor.check()


@pytest.mark.parametrize("first", IN_TURN)
def test_the_overview_fits_with_its_charts(enter, visit, office, first):
    now = timezone.now()
    for week in range(5):
        for hour in (9, 10):
            day = now - timedelta(weeks=week)
            starts_at = day.astimezone(office.zone).replace(hour=hour, minute=0)
            release, _ = Release.objects.get_or_create(
                office=office,
                first_day=starts_at.date(),
                defaults={"last_day": starts_at.date(), "opens_at": LONG_AGO},
            )
            booking = PlaceFactory(
                booking__slot=SlotFactory(release=release, starts_at=starts_at)
            ).booking
            told = {"state": "DONE", "calls": 1, "counter": hour, "ended_at": starts_at}
            waited = {"arrived_at": starts_at, "called_at": starts_at + timedelta(minutes=hour)}
            QueueNumberFactory(booking=booking, **told, **waited)
    own = reverse("integrity:office-overview", args=[office.code])

    enter().tour([own, f"{own}?rentang=bulan"], first=first)

    sistik = visit(officer=OfficerPostFactory(role="SISTIK", office=None).user)
    sistik.tour([reverse("integrity:overview")], first=first)


def test_text_of_twice_its_size_fits_an_officers_phone(visit, office):
    """The counter with a family at it and others who wait, the day's list, and the overview."""
    now = timezone.now()
    today = office.today(now)
    release, _ = Release.objects.get_or_create(
        office=office, first_day=today, defaults={"last_day": today, "opens_at": LONG_AGO}
    )
    slot = SlotFactory(release=release, starts_at=now, day=today)
    for number, names in ((1, ("Sari Kusumawardhani Prameswari", "Budi")), (123, ("Wulan",))):
        booking = BookingFactory(slot=slot)
        for name in names:
            PlaceFactory(booking=booking, state="CHECKED_IN", applicant__name=name)
        arrived = now + timedelta(seconds=number)
        QueueNumberFactory(booking=booking, number=number, arrived_at=arrived)
    head = OfficerPostFactory(office=office, role="HEAD").user
    visitor = visit(officer=head)
    visitor.take(0)  # with reduced motion the new size would come a moment after it is measured
    page, found = visitor.page, {}

    def look(path: str, what: str = "") -> None:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found[f"{path} {what}"] = page.evaluate(SIDEWAYS)

    desk, own = f"/loket/{office.code}/", f"/ringkasan/{office.code}/"
    look(f"{desk}panggil/", "without a counter")
    sittings.sit(officer=head, office=office, counter=12, now=now)
    look(f"{desk}panggil/", "before a call")
    label = calling.call_next(officer=head, office=office, now=now).label
    look(f"{desk}panggil/", "called")
    calling.start(officer=head, office=office, label=label, now=now)
    look(f"{desk}panggil/", "serving")
    for path in (desk, own, f"{own}?rentang=bulan"):
        look(path)

    assert {path: pixels for path, pixels in found.items() if pixels > 0} == {}


@pytest.mark.parametrize("first", IN_TURN)
def test_national_orders_fit_with_their_form_and_progress(visit, office, first):
    sistik = OfficerPostFactory(role="SISTIK", office=None).user
    now = timezone.now()
    order = NationalOrderFactory(
        kind="DEADLINE", amount=2, state="DONE", prepared_by=sistik, ended_at=now, counted_at=now
    )
    OrderOffice.objects.create(
        order=order, office=office, own_days=2, outcome="DONE", days_done=1, waiting=7, done_at=now
    )
    start = reverse("orders:list")

    pages = [start, f"{start}baru/", f"{start}{order.code}/", f"{start}{order.code}/cabut/"]
    visit(officer=sistik).tour(pages, first=first)


@pytest.mark.parametrize("first", IN_TURN)
def test_saturdays_of_an_order_fit_with_what_is_left_alone(visit, office, first):
    sistik = OfficerPostFactory(role="SISTIK", office=None).user
    now = timezone.now()
    order = NationalOrderFactory(
        kind="SATURDAY",
        amount=50,
        opens=time(8),
        closes=time(12),
        state="DONE",
        prepared_by=sistik,
        ended_at=now,
    )
    told = {"opens": "08:00:00", "closes": "12:00:00", "stations": 6, "hours": 4, "seats": 96}
    OrderOffice.objects.create(
        order=order,
        office=office,
        plan=[told | {"day": f"2030-01-{day}", "made": ""} for day in (12, 19, 26)],
        left=[{"day": "2030-02-02", "why": "holiday", "people": 0}],
        seats_after=288,
        outcome="DONE",
        days_done=3,
        seats_added=288,
        done_at=now,
    )
    start = reverse("orders:list")
    visitor = visit(officer=sistik)
    visitor.tour([f"{start}{order.code}/", f"{start}{order.code}/cabut/"], first=first)
    visitor.page.goto(f"{start}baru/")
    opens = visitor.page.get_by_label("Buka pada hari Sabtu")
    expect(opens).to_be_hidden()
    visitor.page.get_by_label("Layanan Sabtu").check()
    expect(opens).to_be_visible()
    visitor.check()
