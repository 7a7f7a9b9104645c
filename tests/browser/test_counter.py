"""The counter on a phone: every screen, and a walk-in without JavaScript."""

import base64
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from offices.models import Office, OfficerPost
from queueing.booking import tickets
from queueing.booking.models import Place
from queueing.desk import screen_tokens
from queueing.desk.models import QueueNumber
from queueing.desk.services import calling, screens, sittings
from queueing.quota.models import Slot
from tests.browser.counter import desk, scan
from tests.browser.counter import office as office
from tests.browser.counter import slot as slot
from tests.browser.visitor import IN_TURN, Visitor
from tests.factories import (
    BookingFactory,
    OfficerPostFactory,
    PlaceFactory,
    QueueNumberFactory,
    ReferralFactory,
    invented_nik,
)
from tests.queueing.booking.visits import read
from tests.screens.acts import send


@pytest.fixture
def place(slot: Slot) -> Place:
    name = "I Gusti Ayu Made Kusumawardhani Prameswari"
    booking = BookingFactory(slot=slot)
    PlaceFactory(booking=booking, applicant__warnings=["nik_sex_differs"])
    return PlaceFactory(booking=booking, applicant__name=name)


@pytest.fixture
def enter(visit, office: Office) -> Callable[..., Visitor]:
    def enter(**how: object) -> Visitor:
        head = OfficerPostFactory(office=office, role="HEAD").user
        return visit(officer=head, **how)

    return enter


def paths(place: Place) -> list[str]:
    booking = place.booking
    ReferralFactory(office=booking.slot.office)
    admin = [
        reverse("admin:queueing_booking_changelist"),
        reverse("admin:queueing_booking_change", args=[booking.pk]),
        reverse("admin:queueing_slot_changelist"),
        reverse("admin:queueing_slot_change", args=[booking.slot_id]),
        reverse("admin:queueing_release_changelist"),
        reverse("admin:queueing_release_add"),
        reverse("admin:queueing_referral_changelist"),
        reverse("admin:queueing_referral_add"),
        reverse("admin:queueing_bookingevent_changelist"),
    ]
    return [
        desk("today"),
        desk("calling"),
        desk("screens"),
        desk("screen-pair"),
        desk("booking", booking.code),
        desk("ticket", booking.code),
        desk("nik", booking.code, place.applicant.code),
        desk("walk-in"),
        desk("close"),
        desk("close-day", booking.slot.day),
        desk("day-list"),
        desk("day-list-key"),
        desk("day-list-print", booking.slot.day),
        *admin,
    ]


@pytest.mark.parametrize("first", IN_TURN)
def test_every_screen_keeps_its_promises(enter, place, first):
    enter().tour(paths(place), first=first)


def test_a_family_is_received_from_the_list(enter, place):
    page = enter().page
    page.goto(desk("today"))
    page.get_by_role("button", name="Terima").click()
    page.get_by_text("diterima.").wait_for()
    # In place: the list is where it was, and the search has the focus for the next.
    page.locator("#q:focus").wait_for()
    assert page.url.endswith(desk("today"))
    assert set(Place.objects.values_list("state", flat=True)) == {"CHECKED_IN"}


def test_a_scanner_types_a_code_and_enter(enter, place):
    page = enter().page
    page.goto(desk("today"))
    scan(page, place.booking.code)
    page.wait_for_url(f"**{desk('booking', place.booking.code)}?pindai=1")


def test_a_walk_in_without_javascript(enter, slot):
    visitor = enter(javascript=False)
    page = visitor.page
    page.goto(desk("walk-in"))
    page.get_by_role("button", name="Tambah orang").click()
    page.get_by_role("button", name="Hapus orang 2").click()
    page.get_by_role("button", name="Pesan dan cetak tiket").click()
    assert page.get_by_text("Orang 1: ada yang perlu diperbaiki").is_visible()
    visitor.check()

    page.get_by_label("Nama sesuai KTP").fill("Sari")
    page.get_by_label("NIK").fill(invented_nik(7))
    page.get_by_label("Tanggal lahir").fill("1990-08-17")
    page.get_by_label("Laki-laki").check()
    page.get_by_label("Alasan").select_option("walk_in")
    page.get_by_label("Keterangan").fill("Datang bersama saudaranya")
    page.get_by_role("button", name="Pesan dan cetak tiket").click()

    assert page.get_by_role("heading", name="Tiket kertas").is_visible()
    assert page.get_by_text("L001").is_visible()
    assert Place.objects.get().state == "CHECKED_IN"
    visitor.check()


def test_what_is_wrong_comes_before_the_first_field(enter, slot):
    visitor = enter()
    visitor.page.goto(desk("walk-in"))
    send(visitor)
    visitor.page.locator("[role=alert]:focus").wait_for()
    visitor.check()


def test_a_nik_proposes_what_it_says_and_what_was_typed_stays(enter, slot):
    page = enter(width=1280).page
    page.goto(desk("walk-in"))
    page.locator("[data-nik]:focus").wait_for()
    page.keyboard.type(invented_nik(7, date(1990, 8, 17), female=True))
    assert page.get_by_label("Tanggal lahir").input_value() == "1990-08-17"
    assert page.get_by_label("Perempuan").is_checked()
    page.get_by_label("Tanggal lahir").fill("1991-01-02")
    page.get_by_label("NIK").fill(invented_nik(7, date(1985, 3, 4)))
    assert page.get_by_label("Tanggal lahir").input_value() == "1991-01-02"
    assert page.get_by_label("Laki-laki").is_checked()


def test_errors_of_the_form_are_open_to_all(enter, slot):
    visitor = enter()
    visitor.page.goto(desk("walk-in"))
    visitor.page.get_by_role("button", name="Pesan dan cetak tiket").click()
    visitor.page.get_by_text("Orang 1: ada yang perlu diperbaiki").wait_for()
    visitor.check()


@pytest.fixture
def queue(slot: Slot) -> list[QueueNumber]:
    """Two who wait, one after the other."""
    numbers = []
    for name in ("Sari Dewi", "Budi Santoso"):
        booking = BookingFactory(slot=slot)
        PlaceFactory(booking=booking, state="CHECKED_IN", applicant__name=name)
        at = slot.starts_at + timedelta(seconds=len(numbers))
        numbers.append(QueueNumberFactory(booking=booking, arrived_at=at, number=len(numbers) + 1))
    return numbers


def test_an_officers_way_with_one_hand(enter, queue):
    """Keys only: call, they come, served, the next, put aside, and back again."""
    visitor = enter(width=1280)
    page = visitor.page
    page.goto(desk("calling"))
    visitor.check()
    page.get_by_label("Nomor loket").fill("3")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Loket 3").wait_for()
    # At the counter itself: who waits is named beside it too.
    counter, told = page.locator("#loket-saya"), page.locator("main")
    for key, there, seen in [
        ("1", counter, "Dipanggil"),
        ("1", counter, "Sedang dilayani"),
        ("1", told, "A001 selesai dilayani."),
        ("1", counter, "Budi Santoso"),
        ("3", told, "A002 ditunda."),
    ]:
        page.keyboard.press(key)
        there.get_by_text(seen, exact=True).first.wait_for()
    # A visit that has ended comes back by no bare digit.
    page.get_by_role("button", name="Urungkan A001").press("Enter")
    page.get_by_text("Langkah terakhir untuk A001 diurungkan.", exact=True).wait_for()
    visitor.check()
    states = dict(QueueNumber.objects.values_list("number", "state"))
    assert states == {1: "SERVING", 2: "HELD"}


def test_digits_are_only_digits_while_somebody_types(enter, queue):
    page = enter(width=1280).page
    page.goto(desk("calling"))
    page.get_by_label("Nomor loket").press_sequentially("1", delay=100)
    assert page.get_by_label("Nomor loket").input_value() == "1"
    page.get_by_role("button", name="Matikan tombol pintas").click()
    assert page.get_by_role("button", name="Nyalakan tombol pintas").is_visible()
    assert page.locator("kbd:visible").count() == 0


def test_a_scan_opens_the_ticket_wherever_the_focus_is(enter, place):
    """In the middle of another field, and the field keeps what was in it."""
    page = enter(width=1280).page
    page.goto(desk("today"))
    page.get_by_label("Lihat hari lain").focus()
    scan(page, tickets.sign(tickets.ticket_of(read(place.booking))))
    page.wait_for_url(f"**{desk('booking', place.booking.code)}?pindai=1")
    page.locator("button:focus").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("Nomor antrean: A001.").wait_for()


def test_a_slow_scanner_presses_nothing_and_opens_the_ticket(enter, queue, place):
    page = enter(width=1280).page
    page.clock.install()
    page.goto(desk("calling"))
    page.get_by_label("Nomor loket").fill("3")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Loket 3").wait_for()
    page.clock.pause_at(timezone.now() + timedelta(minutes=1))
    scan(page, tickets.sign(tickets.ticket_of(read(place.booking))), gap=0.11, is_clock_held=True)
    page.wait_for_url(f"**{desk('booking', place.booking.code)}?pindai=1")
    assert set(QueueNumber.objects.values_list("state", flat=True)) == {"WAITING"}


def test_a_scan_is_whole_though_the_page_takes_the_focus_in_its_middle(enter, place):
    """As a page does that has just come: its first key was typed beside the field."""
    page = enter(width=1280).page
    page.goto(desk("today"))
    page.evaluate("""() => {
        document.activeElement.blur();
        addEventListener("keyup", () => document.getElementById("q").focus(), {once: true});
    }""")

    scan(page, place.booking.code)

    page.wait_for_url(f"**{desk('booking', place.booking.code)}?pindai=1")


def test_half_a_scan_presses_nothing_and_is_told(enter, place):
    page = enter(width=1280).page
    page.goto(f"{desk('booking', place.booking.code)}?pindai=1")
    page.locator("button:focus").wait_for()
    scan(page, tickets.sign(tickets.ticket_of(read(place.booking)))[-30:], gap=0.11)
    page.get_by_text("Bukan tiket, atau tidak terbaca utuh").wait_for()
    assert set(Place.objects.values_list("state", flat=True)) == {"BOOKED"}


def test_a_slow_scan_in_the_search_field_is_received_with_one_key(enter, place):
    page = enter(width=1280).page
    page.goto(desk("today"))
    scan(page, tickets.sign(tickets.ticket_of(read(place.booking))), gap=0.2)
    page.wait_for_url(f"**{desk('booking', place.booking.code)}?pindai=1")
    page.locator("button:focus").wait_for()


def test_a_second_scan_and_enter_ends_no_visit(enter, place):
    page = enter(width=1280).page
    token = tickets.sign(tickets.ticket_of(read(place.booking)))
    for waits_for in ("button:focus", ".desk-queued"):
        page.goto(desk("today"))
        scan(page, token)
        page.wait_for_url(f"**{desk('booking', place.booking.code)}?pindai=1")
        page.locator(waits_for).wait_for()
        page.keyboard.press("Enter")
        page.get_by_text("A001").first.wait_for()
    assert set(Place.objects.values_list("state", flat=True)) == {"CHECKED_IN"}


def test_a_scan_throws_nothing_away_that_was_typed(enter, slot, place):
    page = enter().page
    page.goto(desk("walk-in"))
    name = page.get_by_label("Nama sesuai KTP")
    name.press_sequentially("Sari", delay=80)
    scan(page, place.booking.code)
    page.get_by_text("Isian di halaman ini belum disimpan.").wait_for()
    assert name.input_value() == "Sari"


def test_the_list_says_loudly_when_it_hears_nothing(enter, place):
    page = enter().page
    page.goto(desk("today"))
    assert page.get_by_text("Terputus sejak").is_hidden()
    page.context.set_offline(True)
    page.get_by_text(re.compile(r"Terputus sejak pukul \d\d\.\d\d WIB\.")).wait_for()
    page.context.set_offline(False)
    page.get_by_text("Terputus sejak").wait_for(state="hidden")


def test_what_is_pressed_without_a_line_is_held_back_and_said(enter, place):
    page = enter().page
    page.goto(desk("today"))
    act = page.get_by_role("button", name="Terima").first
    page.context.set_offline(True)

    act.click()

    page.get_by_text("Belum terkirim").wait_for()
    assert page.locator("#daftar").is_visible()
    page.context.set_offline(False)
    page.get_by_text("Belum terkirim").wait_for(state="hidden")
    act.click()
    page.get_by_text("diterima.").wait_for()
    place.refresh_from_db()
    assert place.state == "CHECKED_IN"


def test_a_list_is_not_swapped_for_the_page_of_a_sign_in(enter, place):
    page = enter().page
    page.goto(desk("today"))
    page.context.clear_cookies(name="sessionid")
    page.evaluate("htmx.trigger('#daftar', 'live')")
    page.get_by_text("Sesi Anda berakhir.").wait_for()
    assert page.locator("#daftar").is_visible()

    # What is pressed now was not done: that is said, and this page is what the sign-in leads to.
    with page.expect_navigation():
        page.get_by_role("button", name="Terima").first.click()
    assert page.get_by_text("yang baru Anda kirim belum dilakukan").is_visible()
    assert page.url.endswith(f"next={desk('today')}")
    place.refresh_from_db()
    assert place.state == "BOOKED"


@pytest.mark.parametrize("screen", ["today", "calling"])
def test_a_post_that_ends_is_no_broken_line(enter, place, screen):
    page = enter().page
    page.goto(desk(screen))
    region = page.locator("[data-live]")
    OfficerPost.objects.update(ends_at=timezone.now())
    page.evaluate("htmx.trigger('[data-live]', 'live')")
    page.get_by_text("Penugasan Anda sudah berakhir").wait_for()
    assert page.get_by_text(re.compile("Penugasan Anda sebagai .* berakhir .* WIB")).is_visible()
    assert page.get_by_text("Terputus sejak").is_hidden()
    assert region.is_visible()

    if screen == "calling":
        page.get_by_label("Nomor loket").fill("3")
    with page.expect_navigation():
        page.locator("main form[method=post] button").first.click()
    page.get_by_role("heading", name="Penugasan Anda sudah berakhir").wait_for()
    place.refresh_from_db()
    assert place.state == "BOOKED"


def test_approvals_stay_where_the_session_ends(enter, office):
    page = enter().page
    page.goto(reverse("insiders:approvals"))
    page.context.clear_cookies(name="sessionid")
    page.evaluate("htmx.trigger('#antrean', 'live')")
    page.get_by_text("Sesi Anda berakhir.").wait_for()
    assert page.locator("#antrean").is_visible()


@pytest.fixture
def head_at_7(office) -> dict[str, object]:
    head = OfficerPostFactory(office=office, role="HEAD").user
    here = {"officer": head, "office": office, "now": timezone.now()}
    sittings.sit(**here, counter=7)
    return here


@pytest.fixture
def wall(visit, head_at_7, queue) -> Visitor:
    """A screen of the waiting room with its sound on, and a clock that the test moves."""
    code = screens.make(**head_at_7, name="Lantai 1").code
    visitor = visit()
    visitor.page.clock.install()
    visitor.page.goto(
        reverse("screen:enter", args=["KANIM-LOKET", screen_tokens.link_token_of(code)])
    )
    visitor.page.get_by_role("button", name="Nyalakan suara").click()
    return visitor


NOBODY_CALLED = "Tidak ada nomor yang sedang dipanggil"


def test_the_wall_follows_the_counter_and_says_when_it_cannot(wall, head_at_7):
    page = wall.page
    assert page.get_by_text(NOBODY_CALLED).is_visible()
    wall.check()
    elements = page.locator("*").count()

    calling.call_next(**head_at_7)
    page.clock.run_for(6_000)
    page.get_by_text("A001", exact=True).wait_for()
    assert page.get_by_text("Loket 7").first.is_visible()
    assert page.locator(".is-new").count() == 1
    wall.check()
    # Nothing is made, so nothing piles up in a page that stays open for days.
    assert page.locator("*").count() <= elements + 5

    page.context.set_offline(True)
    page.clock.run_for(13_000)
    page.get_by_text("Terputus sejak").wait_for()
    page.context.set_offline(False)
    page.clock.run_for(3_000)
    page.get_by_text("Terputus sejak").wait_for(state="hidden")


def test_the_wall_shows_large_only_who_is_still_expected(wall, head_at_7):
    page = wall.page
    large, beside = page.locator(".wall__number"), page.locator(".wall__row:visible")
    calling.call_next(**head_at_7)
    page.clock.run_for(6_000)
    expect(large).to_have_text("A001")
    # Who has come to the counter stands beside, and a service that is taken back comes back there.
    for act, shown in ((calling.start, 1), (calling.finish, 0), (calling.take_back, 1)):
        _forget_the_sound(page)
        act(**head_at_7, label="A001")
        page.clock.run_for(6_000)
        expect(beside).to_have_count(shown)
        expect(large).to_be_hidden()
        assert page.get_by_text(NOBODY_CALLED).is_visible()
        assert not page.locator(".is-new").count()
    assert beside.inner_text().split() == ["A001", "Loket", "7", "sedang", "dilayani"]
    wall.check()


def test_the_wall_makes_a_sound_for_new_calls_only(wall, head_at_7):
    page = wall.page
    calling.call_next(**head_at_7)
    page.clock.run_for(6_000)
    page.locator(".is-new").wait_for()
    for state in ("SERVING", "CALLED"):
        _forget_the_sound(page)
        QueueNumber.objects.filter(counter=7).update(state=state)
        page.clock.run_for(6_000)
        page.get_by_text("A001", exact=True).wait_for()
    expect(page.locator(".wall__number")).to_have_text("A001")
    assert not page.locator(".is-new").count()

    calling.call_again(**head_at_7, label="A001")
    page.clock.run_for(6_000)
    page.locator(".is-new").wait_for()


def _forget_the_sound(page: Page) -> None:
    page.evaluate("document.querySelector('[data-now]').classList.remove('is-new')")


def test_a_television_pairs_by_its_code_and_shows_one_again_when_revoked(visit, enter, office):
    visitor = visit()
    wall = visitor.page
    wall.clock.install()
    wall.goto("/layar/")
    visitor.check()
    shown = wall.locator(".wall__code").inner_text()
    page = enter().page
    page.goto(desk("screen-pair"))
    page.get_by_label("Kode di layar").fill(shown)
    page.get_by_label("Nama layar").fill("Lantai 1")
    page.get_by_role("button", name="Pasangkan").click()
    page.get_by_text("Lantai 1 terpasang").wait_for()
    wall.clock.run_for(4_000)
    wall.get_by_text(NOBODY_CALLED).wait_for()

    page.get_by_role("button", name="Cabut").click()
    page.get_by_text("Lantai 1 dicabut").wait_for()
    wall.clock.run_for(3_000)
    wall.get_by_text("Layar ini dilepas oleh kantornya").wait_for()
    assert wall.locator(".wall__code").inner_text() != shown


# A camera that sees one picture: {svg} is put in.
CAMERA = """
navigator.mediaDevices.getUserMedia = async () => {
  const picture = new Image();
  picture.src = "data:image/svg+xml;base64,{svg}";
  await picture.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [800, 600];
  const paper = canvas.getContext("2d");
  setInterval(() => {
    paper.fillStyle = "white";
    paper.fillRect(0, 0, 800, 600);
    paper.drawImage(picture, 200, 100, 400, 400);
  }, 50);
  return canvas.captureStream(20);
};
"""


def test_a_ticket_is_read_by_the_camera(enter, place):
    visitor = enter()
    page = visitor.page
    svg = base64.b64encode(tickets.qr_svg(read(place.booking)).encode()).decode()
    # On loopback a browser has a camera to ask for; this one sees the ticket.
    page.add_init_script(CAMERA.replace("{svg}", svg))
    page.goto(desk("today"))
    page.get_by_role("button", name="Pindai dengan kamera").click()
    page.wait_for_url(f"**{desk('booking', place.booking.code)}?pindai=1")
    assert visitor.troubles == []
