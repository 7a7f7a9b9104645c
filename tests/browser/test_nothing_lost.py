"""Back, reload, two tabs, a session that has ended: nobody loses work or books twice."""

import pytest
from playwright.sync_api import expect

from queueing.booking.models import Booking
from tests.accounts.entering import PASSWORD, person_with_account
from tests.factories import ApplicantFactory
from tests.queueing.pages.visitors import near_hour


@pytest.fixture
def people(portal) -> list:
    account = person_with_account(email="sukarti@contoh.test")
    return [ApplicantFactory(account=account, name=name) for name in ("Sukarti", "Bagus Prakoso")]


@pytest.fixture
def form(portal) -> str:
    return f"/pesan/{near_hour().code}/?orang=2"


def choose(page, person, *, kind: str = "LOST") -> None:
    """Only this one comes."""
    for box in page.locator("input[name$=-comes]").all():
        box.set_checked(box.get_attribute("name").startswith(person.code))
    page.locator(f"select[name='{person.code}-kind']").select_option(kind)


def hold(page):
    return page.get_by_role("button", name="Tahan tempat dan periksa").last


def test_back_and_reload_lead_to_the_one_booking(visit, people, form):
    visitor = visit(user=people[0].account)
    page = visitor.page
    page.goto(form)
    choose(page, people[0])
    visitor.press(hold(page))
    page.reload()
    review = page.url

    page.go_back()
    expect(page.get_by_text("Anda masih menahan tempat")).to_be_visible()
    visitor.press(page.get_by_role("link", name="Periksa tempat itu").first)
    assert page.url == review
    visitor.press(page.get_by_role("button", name="Pesan sekarang"))
    ticket = page.url
    page.reload()
    expect(page.get_by_role("heading", name="Tiket Anda")).to_be_visible()

    page.go_back()
    page.wait_for_url(ticket)  # there is nothing left to confirm
    page.goto(form)
    expect(page.locator(f"select[name='{people[0].code}-kind']")).to_have_count(0)
    visitor.press(page.locator("main").get_by_role("link", name="Buka janji itu"))
    assert page.url == ticket
    assert Booking.objects.count() == 1


def test_two_tabs_hold_and_book_once(visit, people, form):
    visitor = visit(user=people[0].account)
    tabs = [visitor.page, visitor.context.new_page()]
    for page in tabs:
        page.goto(form)
        choose(page, people[0])
    for page in tabs:  # the second is pressed before the first has its answer
        hold(page).evaluate("button => button.click()")
    tabs[0].wait_for_load_state()
    for page in tabs:
        page.locator("main [role=alert], main form[action$='/pesan/']").first.wait_for()
    assert Booking.objects.count() == 1

    booking = Booking.objects.get()
    for page in tabs:
        page.goto(f"/janji/{booking.code}/periksa/")
    for page in tabs:
        with page.expect_navigation():
            page.get_by_role("button", name="Pesan sekarang").click()
        expect(page.get_by_role("heading", name="Tiket Anda")).to_be_visible()
    assert booking.places.get().state == "BOOKED"


def test_a_form_sent_after_the_session_has_ended_is_there_again_and_filled(visit, people, form):
    visitor = visit(user=people[0].account)
    page = visitor.page
    page.goto(form)
    choose(page, people[1])
    visitor.context.clear_cookies(name="sessionid")

    visitor.press(hold(page))
    visitor.check()
    page.get_by_label("Alamat e-mail").fill(people[0].account.email)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    visitor.press(page.locator("main form button[type=submit]").first)

    assert page.url.endswith(form)
    ticked = page.locator("input[name$=-comes]:checked")
    assert ticked.get_attribute("name") == f"{people[1].code}-comes"
    expect(page.locator(f"select[name='{people[1].code}-kind']")).to_have_value("LOST")
    visitor.press(hold(page))
    visitor.press(page.get_by_role("button", name="Pesan sekarang"))
    assert Booking.objects.get().places.get().applicant == people[1]
