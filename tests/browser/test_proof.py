"""A proof of work in a real browser: done by itself, or waited for where no script runs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from accounts.policies import SIGN_UPS_PER_ADDRESS
from paspor.kernel.policies import PROOF_WAIT_SECONDS
from paspor.kernel.proof import Purpose
from paspor.kernel.waiting import begin
from queueing.booking.models import Booking
from queueing.integrity.policies.proof import PROOF_FROM_HOLDS
from tests.accounts.entering import newest
from tests.browser.visitor import IN_TURN
from tests.factories import ApplicantFactory, TraceFactory
from tests.paspor.proving import set_figure
from tests.queueing.pages.visitors import near_hour

ADDRESS = "sukarti@contoh.test"
PASSWORD = "kopi-hitam-di-pagi-hari"


@pytest.fixture
def crowd(portal):
    """So many have signed up from this address that the next is asked."""
    set_figure(SIGN_UPS_PER_ADDRESS, 5)
    TraceFactory.create_batch(5, what="SIGN_UP", device="", address="127.0.0.1")


def fill_in(visitor):
    page = visitor.page
    page.goto("/akun/signup/")
    page.get_by_label("Alamat e-mail").fill(ADDRESS)
    page.get_by_label("Kata sandi", exact=False).first.fill(PASSWORD)
    page.get_by_label(re.compile("pemberitahuan privasi")).check()
    visitor.press(page.get_by_role("button", name="Buat akun"))


@pytest.mark.usefixtures("crowd")
def test_device_solves_and_the_form_is_sent_by_itself(visit):
    visitor = visit()

    fill_in(visitor)

    visitor.page.wait_for_url("**/akun/confirm-email/")
    assert User.objects.filter(email=ADDRESS).exists()
    assert visitor.troubles == []


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("first", IN_TURN)
def test_page_that_computes_is_clean_and_alive(visit, first):
    visitor = visit()
    visitor.take(first)
    visitor.page.route("**/proof-worker*.js", lambda route: None)  # it never comes

    fill_in(visitor)

    expect(visitor.page.get_by_role("progressbar")).to_be_visible()
    expect(visitor.page.locator("[data-proof-said]")).to_contain_text("dikirim dengan sendirinya")
    visitor.page.get_by_role("button", name="Buat akun").click()  # loses nothing
    visitor.check()


@pytest.mark.usefixtures("crowd")
def test_device_that_cannot_is_shown_the_other_way(visit):
    visitor = visit()
    visitor.page.route("**/proof-worker*.js", lambda route: route.fulfill(status=404))

    fill_in(visitor)

    expect(visitor.page.locator("[data-proof-said]")).to_contain_text("tidak dapat menghitungnya")
    expect(visitor.page.get_by_text("Tunggu 60 detik, lalu tekan")).to_be_visible()


@pytest.mark.usefixtures("crowd")
def test_without_a_script_one_waits_and_presses_again(visit):
    visitor = visit(javascript=False)
    page = visitor.page
    fill_in(visitor)
    expect(page.get_by_text("Tunggu 60 detik, lalu tekan")).to_be_visible()
    visitor.check()

    # A minute ago, as the server would have signed it then.
    past = timezone.now() - timedelta(seconds=PROOF_WAIT_SECONDS.default)
    wait = begin(purpose=Purpose.SIGN_UP, about=ADDRESS, now=past)
    ticket = page.locator("input[name=proof_ticket]")
    ticket.evaluate("(field, signed) => field.value = signed", wait.ticket)
    visitor.press(page.get_by_role("button", name="Buat akun"))

    page.wait_for_url("**/akun/confirm-email/")
    assert User.objects.filter(email=ADDRESS).exists()


@pytest.fixture
def rush(portal):
    """Every hold is one too many."""
    set_figure(PROOF_FROM_HOLDS, 1)


def choose(visitor, slot):
    visitor.page.goto(f"/pesan/{slot.code}/")
    visitor.press(visitor.page.get_by_role("button", name="Tahan tempat dan periksa"))


@pytest.mark.usefixtures("rush")
def test_hold_is_taken_when_the_device_has_computed(visit):
    person, slot = ApplicantFactory(), near_hour()
    visitor = visit(user=person.account)

    choose(visitor, slot)

    visitor.page.wait_for_url("**/periksa/")
    visitor.check()
    assert Booking.objects.count() == 1


@pytest.mark.usefixtures("rush")
def test_hold_without_a_script_takes_a_wait_and_a_mailed_code(visit):
    set_figure(PROOF_WAIT_SECONDS, 0)
    person, slot = ApplicantFactory(), near_hour()
    visitor = visit(user=person.account, javascript=False)
    page = visitor.page
    choose(visitor, slot)
    visitor.check()
    visitor.press(page.get_by_role("button", name="Kirim kode ke e-mail saya"))
    visitor.check()

    code = re.search(r"^\w{4}-\w{4}$", newest(person.account.email).text, re.MULTILINE)[0]
    page.get_by_label("Kode dari e-mail").fill(code)
    visitor.press(page.get_by_role("button", name="Tahan tempat dan periksa"))

    page.wait_for_url("**/periksa/")
    assert Booking.objects.count() == 1
