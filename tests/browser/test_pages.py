"""Every page of the citizen, light and dark: axe, 320 px, 1280 px, no error in the console."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Applicant
from queueing.booking.models import Booking
from queueing.quota.models import Seat
from tests.browser.visitor import IN_TURN, SIDEWAYS
from tests.factories import ApplicantFactory, OfficeFactory
from tests.queueing.booking.visits import lapse
from tests.queueing.pages.visitors import book, near_hour, working_office

BORN = "1990-08-17"
MINUTES = timedelta(minutes=9, seconds=50)
# How many pixels of what is focused lie under the bar of buttons that stays at the foot.
UNDER_THE_BAR = """() => {
    const bar = document.querySelector(".actions--sticky"), at = document.activeElement;
    if (!bar || !at || at === document.body || bar.contains(at)) return 0;
    const [over, under] = [bar.getBoundingClientRect(), at.getBoundingClientRect()];
    return Math.max(0, Math.min(over.bottom, under.bottom) - Math.max(over.top, under.top));
}"""


@pytest.fixture
def family(portal):
    """Someone with four people, one of them under age, and a visit in each state."""
    account = ApplicantFactory(name="Sukarti").account
    named = ["Bagus Prakoso", "Nadia", "I Gusti Ayu Agung Istri Mirah Kencana Dewi"]
    people = [
        account.applicants.get(),
        *(ApplicantFactory(account=account, name=name) for name in named),
    ]
    people[2].birth_date = "2015-10-25"
    people[1].warnings = ["nik_birth_date_differs", "kk_date_odd"]
    Applicant.objects.bulk_update(people, ["birth_date", "warnings"])
    return people


@pytest.fixture
def pages(family):
    """Addresses by what they show."""
    office = working_office(name="Kantor Imigrasi Kelas I Khusus TPI Uji Soekarno-Hatta")
    slot = near_hour(office, days=3, hour=9, capacity=20)
    later = near_hour(office, days=3, hour=10, capacity=1)
    full = near_hour(office, days=4, hour=9, capacity=1)
    Seat.objects.filter(slot=full).update(taken=True)
    referral = near_hour(
        working_office(kind="LTSP", parent=OfficeFactory(), needs_referral=True), days=3
    )
    booked = book(slot, family[:2])
    held = book(slot, family[2:3], confirm=False)
    lapsed = book(slot, family[3:4], confirm=False)
    lapse(lapsed)
    at = f"/kantor/{office.code}/"
    return [
        *("/", "/bantuan/", "/privasi/", "/cek/", "/tiket/klaim/", "/janji/", "/status"),
        *("/laporan/", "/laporan/status/"),
        *("/panduan/", "/panduan/?tanya=usia", "/panduan/?usia=dewasa&punya=belum"),
        "/panduan/?usia=anak&punya=ya&keadaan=hilang&sebab=bukan&orangtua=satu&paspor=BELUM",
        *("/kantor/", f"/kantor/?dekat={office.code}&orang=2", "/kantor/?q=tidak-ada"),
        *("/angka/", f"{at}angka/", f"{at}angka/?rentang=30-hari-lalu"),
        *(at, f"{at}?orang=5&jalur=PRIORITY", f"{at}?paspor=POLYCARBONATE"),
        *(f"{at}{slot.day}/", f"{at}{slot.day}/?orang=2", f"{at}{full.day}/"),
        *(f"/pesan/{later.code}/", f"/pesan/{slot.code}/?jalur=PRIORITY&orang=4"),
        f"/pesan/{referral.code}/",
        f"/janji/{held.code}/periksa/",
        f"/janji/{lapsed.code}/periksa/",
        f"/janji/{booked.code}/",
        f"/janji/{lapsed.code}/",
        f"/janji/{booked.code}/ubah/",
        f"{at}?ganti={booked.code}&siapa={family[0].code}",
        f"/janji/{booked.code}/ubah/{later.code}/?ganti={booked.code}&siapa={family[0].code}",
        f"/janji/{booked.code}/batal/",
        f"/janji/{booked.code}/keperluan/",
        *("/akun/pemohon/", f"/akun/pemohon/{family[1].code}/"),
        *("/janji/TIDAKADA/", "/kantor/tidak-ada/"),
    ]


@pytest.mark.parametrize("first", IN_TURN)
def test_every_page_is_accessible_and_fits(visit, pages, family, first):
    visit(user=family[0].account).tour(pages, first=first, may_miss=True)


# A number that is cut is another number.
CUT = """[...document.querySelectorAll(".day__word")]
    .filter(word => word.scrollWidth > word.clientWidth).map(word => word.textContent)"""


def test_text_of_twice_its_size_fits_a_small_phone(visit, pages, family):
    """Nothing sideways at 320 px, and whatever is focused stands clear of the bar at the foot."""
    visitor = visit(user=family[0].account)
    visitor.take(0)  # with reduced motion the new size would come a moment after it is measured
    page, booking = visitor.page, Booking.objects.get(places__applicant=family[0])
    at, mine = f"/kantor/{booking.slot.office.code}/", f"/janji/{booking.code}/"
    paths = ["/kantor/", at, f"{at}{booking.slot.day}/", f"{at}angka/", "/bantuan/", "/janji/"]
    paths += [mine, f"{mine}batal/", f"{mine}ubah/", f"{mine}keperluan/", f"{mine}tiket/"]
    paths += ["/akun/pemohon/tambah/"]
    family[1].name = "Bagus Suryodiningratkusumo Prakoso"
    family[1].save()

    found = {}
    for path in paths:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found[path] = [page.evaluate(SIDEWAYS), page.evaluate(CUT)]
        for _stop in range(12):
            page.keyboard.press("Tab")
            found[path].append(page.evaluate(UNDER_THE_BAR))

    assert {path: seen for path, seen in found.items() if any(seen)} == {}


@pytest.mark.parametrize("first", IN_TURN)
def test_errors_and_the_looked_up_ticket_are_accessible_too(visit, pages, family, first):
    visitor = visit()
    visitor.take(first)
    page = visitor.page
    booking = Booking.objects.get(places__applicant=family[0])

    page.goto("/cek/")
    visitor.press(page.locator("main form button"))
    visitor.check()
    page.get_by_label("Kode pemesanan").fill(f"{booking.code[:4]} {booking.code[4:]}".lower())
    page.get_by_label("Tanggal lahir").fill(BORN)
    visitor.press(page.locator("main form button"))
    visitor.check()

    assert "Sukarti" not in page.content()
    assert booking.code[:4] in page.content()


def test_location_picks_a_town_and_stays_on_the_phone(visit, portal):
    near = working_office(regency="Kota Dekat", latitude="-8.650", longitude="115.200")
    working_office(regency="Kota Jauh", latitude="3.500", longitude="98.600")
    visitor = visit(width=360)
    visitor.context.grant_permissions(["geolocation"])
    visitor.context.set_geolocation({"latitude": -8.7, "longitude": 115.1})
    page = visitor.page

    page.goto("/")
    page.get_by_role("button", name="Gunakan lokasi saya").click()
    page.wait_for_function("document.querySelector('[data-towns]').value !== ''")
    visitor.press(page.get_by_role("button", name="Cari tempat"))

    assert f"dekat={near.code}" in page.url
    assert "8.7" not in page.url
    visitor.check()


@pytest.mark.parametrize("javascript", [True, False])
def test_what_a_script_shows_has_its_room_before_it_comes(visit, portal, javascript):
    working_office()
    page = visit(width=360, javascript=javascript).page
    page.route("**/nearest-town*.js", lambda route: route.abort())

    page.goto("/")

    assert page.get_by_text("Gunakan lokasi saya").is_visible() is javascript
    assert page.get_by_text("Lokasi Anda hanya dipakai").is_visible() is javascript


@pytest.mark.parametrize("page", ["", "tiket/"])
def test_printed_ticket_of_three_is_one_sheet_of_a4(visit, family, page):
    """Each has a list of their own, the third a child's."""
    visitor = visit(width=1280, user=family[0].account)
    booking = book(near_hour(capacity=3), family[:3])
    booking.places.filter(applicant=family[1]).update(kind="LOST")

    visitor.page.goto(f"/janji/{booking.code}/{page}")
    sheet = visitor.page.pdf(prefer_css_page_size=True)

    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") == 1


def test_second_tap_books_once(visit, pages, family):
    """On a slow line, with the guard of the page switched off: the server decides."""
    visitor = visit(width=360, javascript=False, user=family[0].account)
    lapsed = Booking.objects.get(places__applicant=family[3])
    before = Booking.objects.count()
    page = visitor.page

    page.goto(f"/pesan/{lapsed.slot.code}/")
    for box in page.locator("input[name$=-comes]").all():
        box.set_checked(box.get_attribute("name").startswith(family[3].code))
    page.get_by_role("button", name="Tahan tempat dan periksa").dblclick()
    page.wait_for_url("**/periksa/")

    assert Booking.objects.count() == before + 1


def test_what_differs_in_a_nik_is_told_while_it_is_typed(visit, family):
    visitor = visit(width=320, user=family[0].account)
    page = visitor.page

    page.goto("/akun/pemohon/tambah/")
    page.get_by_label("NIK").fill("3171 9917 0890 0001")
    page.get_by_label("Tanggal lahir").fill("1990-08-18")
    said = page.get_by_text("Tanggal lahir di NIK berbeda")
    said.wait_for()
    visitor.check()
    page.get_by_label("Tanggal lahir").fill(BORN)
    said.wait_for(state="detached")

    assert "/akun/pemohon/tambah/" in page.url


def test_the_clock_of_a_hold_counts_hours_once_it_has_any(visit, family):
    """A place that was won by a claim is held for a day."""
    held = book(near_hour(days=3), family[:1], confirm=False)
    visitor = visit(width=360, user=family[0].account)
    clock = visitor.page.locator("[data-clock-left]")

    for left, shown in ((timedelta(hours=23, minutes=50), r"23:49:\d\d"), (MINUTES, r"9:\d\d")):
        Booking.objects.filter(pk=held.pk).update(held_until=timezone.now() + left)
        visitor.page.goto(f"/janji/{held.code}/periksa/")
        expect(clock).to_have_text(re.compile(f"^{shown}$"))
