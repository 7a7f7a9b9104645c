"""The counter's page opened from disk: no server, a real browser, real files."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from offices.services import office_keys
from queueing.booking import tickets
from queueing.booking.actors import Actor
from queueing.booking.models import Place
from queueing.booking.services import events
from queueing.desk.models import DayList
from queueing.desk.pages import offline
from queueing.desk.services import day_lists, taking_in
from tests.browser.visitor import Visitor
from tests.factories import (
    BookingFactory,
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    SlotFactory,
)
from tests.queueing.booking.visits import read
from tests.queueing.desk.conftest import NOW, START

pytestmark = pytest.mark.django_db
PASSPHRASE = "kuda baterai staples benar"


@pytest.fixture
def place() -> Place:
    office = OfficeFactory(code="KANIM-LOKET", name="Kantor Imigrasi Uji Loket")
    slot = SlotFactory(release__office=office, starts_at=START)
    booking = BookingFactory(slot=slot)
    name = "I Gusti Ayu Made Kusumawardhani Prameswari"
    made = PlaceFactory(
        booking=booking, applicant__name=name, applicant__warnings=["nik_sex_differs"]
    )
    events.record(booking, "BOOKED", actor=Actor.system(), places=[made], why=events.Why("coming"))
    return made


@pytest.fixture
def visitor(phones, tmp_path):
    """A laptop at 360 px with the page on its disk, and no network."""
    (tmp_path / offline.NAME).write_text(offline.page(), encoding="utf-8")
    found = Visitor(phones, "http://localhost")
    found.context.set_offline(True)
    found.page.clock.set_fixed_time(NOW)
    found.page.goto((tmp_path / offline.NAME).as_uri())
    yield found
    found.close()


def made_key(page: Page, folder: Path) -> str:
    """The public key; the file with the private one lies in the folder then."""
    page.get_by_text("Kunci kantor", exact=True).click()
    page.get_by_label("Frasa sandi baru").fill(PASSPHRASE)
    page.get_by_label("Ketik sekali lagi").fill(PASSPHRASE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Buat kunci").click()
    download.value.save_as(folder / "kunci")
    return page.locator("#public-key").inner_text()


def unlock(page: Page, folder: Path, passphrase: str = PASSPHRASE) -> None:
    page.get_by_label("Berkas daftar hari").set_input_files(folder / "daftar")
    page.get_by_label("Berkas kunci kantor").set_input_files(folder / "kunci")
    page.get_by_label("Frasa sandi kunci").fill(passphrase)
    page.get_by_role("button", name="Buka").click()


def scan(page: Page, text: str) -> str:
    """As a scanner does: types into what has the focus, then Enter."""
    page.locator("#found").evaluate("box => box.replaceChildren()")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.locator("#found p").wait_for()
    return page.locator("#found").inner_text()


def with_a_bit_turned(token: str) -> str:
    """Another letter in the payload, as a pencil or a cracked screen would have it."""
    head, payload, signature = token.rsplit(".", 2)
    other = chr(ord(payload[5]) ^ 1)
    return f"{head}.{payload[:5]}{other}{payload[6:]}.{signature}"


def open_the_list(visitor: Visitor, place: Place, folder: Path) -> DayList:
    """Make a key in the page, set it at the portal, and open the list of the day with it."""
    page, office = visitor.page, place.booking.slot.office
    public = made_key(page, folder)
    visitor.check()
    head = OfficerPostFactory(office=office, role="HEAD").user
    before = START - timedelta(hours=12)
    office_keys.set_key(officer=head, office=office, public=public, now=before)
    made = day_lists.make(officer=head, office=office, day=START.date(), now=before)

    other = "B" if made.content[-9] == "A" else "A"
    (folder / "daftar").write_text(made.content[:-9] + other + made.content[-8:])
    unlock(page, folder)
    page.get_by_text("Berkas daftar ini tidak dibuat portal").wait_for()
    (folder / "daftar").write_text(made.content)
    unlock(page, folder, "frasa sandi yang keliru")
    page.get_by_text("Frasa sandi keliru").wait_for()
    unlock(page, folder)
    page.get_by_text("I Gusti Ayu").wait_for()
    return made


def check_tickets(page: Page, place: Place) -> None:
    token = tickets.sign(tickets.ticket_of(read(place.booking)))
    assert "Tiket asli: I Gusti" in scan(page, token)
    assert "TIDAK asli" in scan(page, with_a_bit_turned(token))
    # The last letter of a signature has bits that say nothing: another spelling is refused too.
    assert "TIDAK asli" in scan(page, token[:-1] + chr(ord(token[-1]) + 1))
    elsewhere = PlaceFactory(booking__slot=SlotFactory(starts_at=START)).booking
    assert "kantor lain" in scan(page, tickets.sign(tickets.ticket_of(read(elsewhere))))
    late = PlaceFactory(booking=BookingFactory(slot=place.booking.slot)).booking
    assert "tidak ada di daftar" in scan(page, tickets.sign(tickets.ticket_of(read(late))))


def test_a_morning_without_the_portal(visitor, place, tmp_path):
    page = visitor.page
    made = open_the_list(visitor, place, tmp_path)
    visitor.check()
    check_tickets(page, place)

    assert "1 menyatakan datang" in page.locator("#counts").inner_text()
    # What takes words is not marked without them.
    page.get_by_label("Tidak dapat dilayani: I Gusti").select_option("Lainnya")
    page.get_by_text("alasan lain memerlukan kata-kata").wait_for()
    assert page.get_by_role("button", name="Urungkan: I Gusti").count() == 0
    visitor.check()
    page.get_by_role("button", name="Hadir: I Gusti").click()
    assert "0 menyatakan datang" in page.locator("#counts").inner_text()
    page.get_by_role("button", name="Datang langsung").click()
    page.get_by_text("Nomor 1 untuk").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Simpan berkas catatan").click()
    download.value.save_as(tmp_path / "catatan")
    visitor.check()

    page.reload()
    unlock(page, tmp_path)
    page.get_by_role("button", name="Selesai dilayani: I Gusti").wait_for()
    assert page.get_by_text("Nomor 1 · 08.10").is_visible()

    text = (tmp_path / "catatan").read_text()
    taken = taking_in.take_in(officer=made.made_by, office=made.office, text=text, now=NOW)
    place.refresh_from_db()
    assert (place.state, place.checked_in_at) == ("CHECKED_IN", NOW)
    assert (taken.counted.count(), [mark.result for mark in taken.marks.all()]) == (1, ["DONE"])


def test_a_browser_that_cannot_says_so(visitor):
    page = visitor.page
    assert not page.get_by_text("Peramban ini tidak dapat").is_visible()
    page.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new Error())")
    page.reload()
    page.get_by_text("Chrome, Edge atau Chromium versi 137").wait_for()
    assert not page.get_by_role("button", name="Buka").is_visible()
