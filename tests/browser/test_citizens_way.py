"""The whole way of a family in a real browser at 360 px, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from queueing.booking.models import Booking, Place
from tests.accounts.entering import code_for
from tests.queueing.booking.visits import check_books
from tests.queueing.pages.visitors import near_hour, working_office

ADDRESS = "sukarti@contoh.test"
PASSWORD = "kopi-hitam-di-pagi-hari"


@pytest.fixture
def office(portal):
    """Room at nine and ten in three days; the neighbour is full."""
    site = working_office(name="Kantor Imigrasi Uji Bandung", regency="Kota Bandung")
    near_hour(site, days=3, hour=9)
    near_hour(site, days=3, hour=10)
    near_hour(working_office(name="Kantor Imigrasi Uji Cirebon"), days=3, capacity=0)
    return site


def find_an_hour(visitor):
    """Steps 1 to 3: nobody asks who they are."""
    page = visitor.page
    page.goto("/")
    visitor.check()
    page.get_by_label("Penggantian").check()
    page.locator("[name=orang]").select_option("2")
    visitor.press(page.get_by_role("button", name="Cari tempat"))
    visitor.check()
    visitor.press(page.get_by_role("link", name=re.compile("Kantor Imigrasi Uji Bandung")))
    visitor.check()
    visitor.press(page.get_by_role("link", name=re.compile("Lihat jamnya")))
    visitor.check()
    visitor.press(page.get_by_role("link", name=re.compile("09.00–10.00 WIB")))


def sign_up(visitor):
    """Asked for at the fourth step; the code is in the outbox."""
    page = visitor.page
    visitor.check()
    visitor.press(
        page.locator("main").get_by_role("link", name=re.compile("akun", re.IGNORECASE)).first
    )
    visitor.check()
    page.get_by_label("Alamat e-mail").fill(ADDRESS)
    page.get_by_label("Kata sandi", exact=False).first.fill(PASSWORD)
    page.get_by_label(re.compile("pemberitahuan privasi")).check()
    visitor.press(page.locator("main form button[type=submit]").first)
    visitor.check()
    page.locator("input[name=code]").fill(code_for(ADDRESS))
    visitor.press(page.locator("main form:has(input[name=code]) button[type=submit]").first)


def add(visitor, name, nik, born, sex):
    page = visitor.page
    visitor.press(page.get_by_role("button", name=re.compile("Tambah orang")))
    page.get_by_label("Nama sesuai KTP").fill(name)
    page.get_by_label("NIK").fill(nik)
    page.get_by_label("Tanggal lahir").fill(born)
    page.get_by_label(sex).check()
    visitor.press(page.locator("main form:has(input[name=nik]) button[type=submit]"))


def book(visitor):
    page = visitor.page
    visitor.check()
    expect(page.locator("input[name$=-comes]:checked")).to_have_count(2)
    for kind in page.locator("select[name$=-kind]").all():
        expect(kind).to_have_value("REPLACEMENT")
    visitor.press(page.get_by_role("button", name="Tahan tempat dan periksa").last)
    visitor.check()
    visitor.press(page.get_by_role("button", name="Pesan sekarang"))
    visitor.check()
    expect(page.get_by_role("heading", name="Tiket Anda")).to_be_visible()
    for name in ("Sukarti", "Bagus Prakoso"):
        expect(page.locator(".ticket")).to_contain_text(name)


def move(visitor):
    page = visitor.page
    visitor.press(page.get_by_role("link", name="Ubah jadwal"))
    visitor.check()
    visitor.press(page.get_by_role("button", name="Pilih hari dan jam"))
    visitor.check()
    visitor.press(page.get_by_role("link", name=re.compile("Lihat jamnya")))
    visitor.press(page.get_by_role("link", name=re.compile("10.00–11.00 WIB")))
    visitor.check()
    visitor.press(page.get_by_role("button", name="Ubah jadwal sekarang"))
    visitor.check()
    expect(page.locator(".ticket__when")).to_contain_text("10.00–11.00 WIB")


def cancel(visitor):
    page = visitor.page
    visitor.press(page.get_by_role("link", name="Batalkan"))
    visitor.check()
    visitor.press(page.get_by_role("button", name="Batalkan"))
    visitor.check()
    expect(page.locator(".ticket")).to_contain_text("Dibatalkan")
    page.goto("/janji/")
    visitor.check()


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_from_the_first_page_to_a_ticket_moved_and_cancelled(visit, office, javascript):
    visitor = visit(width=360, javascript=javascript)

    find_an_hour(visitor)
    sign_up(visitor)
    visitor.check()
    add(visitor, "Sukarti", "3273995408880011", "1988-08-14", "Perempuan")
    add(visitor, "Bagus Prakoso", "3273991703850012", "1985-03-17", "Laki-laki")
    book(visitor)
    move(visitor)
    cancel(visitor)

    states = sorted(Place.objects.values_list("state", flat=True))
    assert states == ["CANCELLED", "CANCELLED", "MOVED", "MOVED"]
    assert Booking.objects.count() == 2
    check_books()
