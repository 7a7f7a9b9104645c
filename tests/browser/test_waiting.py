"""The page that waits for a code, on a phone of 360 px, from state to state."""

from playwright.sync_api import expect

from accounts import policies
from accounts.models import Message, User
from tests.accounts.entering import PASSWORD
from tests.browser.visitor import Visitor
from tests.factories import OfficeFactory, OfficerPostFactory, UserFactory
from tests.paspor.proving import set_figure

TYPED = "warga@gamil.com"


def sign_up(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/akun/signup/")
    page.locator("main input[name=email]").fill(TYPED)
    page.locator("main input[name=password1]").fill(PASSWORD)
    page.get_by_label("pemberitahuan privasi", exact=False).check()
    visitor.press(page.locator("main form button[type=submit]"))


def test_the_page_follows_the_message_and_counts_until_another(visit):
    visitor = visit(width=360)
    visitor.page.clock.install()
    sign_up(visitor)
    page = visitor.page
    region = page.locator("[data-waiting]")
    again = page.get_by_role("button", name="Kirim kode baru")
    expect(again).to_be_disabled()
    expect(page.get_by_text("Kode baru dapat diminta dalam", exact=False)).to_be_visible()
    expect(page.get_by_text("Kode baru dapat diminta setiap")).to_be_hidden()
    expect(page.get_by_text("Muat ulang untuk melihat")).to_be_hidden()
    visitor.check()

    Message.objects.filter(to=TYPED).update(state="ACCEPTED")
    page.clock.run_for(5_000)
    expect(region).to_contain_text("Spam")
    visitor.check()
    page.clock.run_for(31_000)
    expect(again).to_be_enabled()
    expect(page.get_by_text("Kode baru dapat diminta setiap")).to_be_visible()

    set_figure(policies.OTHER_WAYS_MINUTES, 0)
    Message.objects.filter(to=TYPED).update(state="REFUSED")
    page.clock.run_for(5_000)
    expect(region).to_contain_text("ditolak server penerima")
    expect(region).to_contain_text("Laporkan kendala")
    visitor.check()

    visitor.press(page.get_by_role("button", name="Ganti ke warga@gmail.com"))
    expect(page.locator("main .lead")).to_contain_text("warga@gmail.com")
    assert User.objects.filter(email="warga@gmail.com").exists()


def test_a_slip_is_pointed_out_at_the_field_and_nothing_is_forced(visit):
    visitor = visit(width=360)
    page = visitor.page
    page.goto("/akun/signup/")
    email = page.locator("main input[name=email]")
    email.fill("siti@gmal.com")
    page.locator("main input[name=password1]").focus()
    expect(page.get_by_text("Mungkin maksud Anda siti@gmail.com.")).to_be_visible()
    visitor.check()

    page.get_by_role("button", name="Pakai alamat itu").click()
    expect(email).to_have_value("siti@gmail.com")
    expect(page.get_by_text("Mungkin maksud Anda")).to_be_hidden()


def test_without_a_script_the_page_is_loaded_anew(visit):
    visitor = visit(width=360, javascript=False)
    sign_up(visitor)
    page = visitor.page
    expect(page.get_by_role("button", name="Kirim kode baru")).to_be_enabled()
    Message.objects.filter(to=TYPED).update(state="ACCEPTED", claim="")
    visitor.press(page.get_by_role("link", name="Muat ulang"))
    expect(page.locator("[data-waiting]")).to_contain_text("Spam")
    visitor.check()
    visitor.press(page.get_by_role("link", name="Ganti alamat e-mail"))
    visitor.check()
    page.locator("main input[name=email]").fill("warga@contoh.test")
    visitor.press(page.get_by_role("button", name="Kirim kode ke alamat ini"))
    expect(page.locator("main .lead")).to_contain_text("warga@contoh.test")


def test_a_code_for_the_counter_and_the_counters_page(visit, portal):
    office = OfficeFactory()
    officer = OfficerPostFactory(user=UserFactory(), role="COUNTER", office=office).user
    set_figure(policies.OTHER_WAYS_MINUTES, 0)
    waits = visit(width=360)
    waits.page.clock.install()
    sign_up(waits)
    waits.check()
    waits.press(waits.page.get_by_role("button", name="Minta kode loket"))
    waits.check()
    code = waits.page.locator("main .code--large").inner_text()

    counter = visit(width=360, officer=officer)
    counter.page.goto(f"/loket/{office.code}/verifikasi/")
    counter.check()
    counter.page.get_by_label("Kode loket").fill(code)
    counter.page.get_by_label("NIK di KTP").fill("3271994501900001")
    counter.page.get_by_label("Alasan").select_option("mail_lost")
    counter.page.get_by_label("Keterangan").fill("Tiga kali dikirim")
    counter.page.get_by_label("Saya melihat KTP asli", exact=False).check()
    counter.press(counter.page.get_by_role("button", name="Verifikasi akun ini"))
    expect(counter.page.get_by_text("sudah diverifikasi", exact=False)).to_be_visible()
    counter.check()

    waits.page.clock.run_for(5_000)
    region = waits.page.locator("[data-waiting]")
    expect(region).to_contain_text("sudah diverifikasi di loket")
    waits.check()
    waits.press(region.get_by_role("button", name="Masuk"))
    assert waits.page.url.endswith("/akun/login/")
