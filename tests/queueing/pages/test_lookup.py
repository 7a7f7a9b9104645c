"""A ticket by its code, without an account; a paper ticket taken into one."""

import pytest
from django.test import Client, override_settings

from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking.models import Booking, Place
from tests.factories import LONG_AGO, ApplicantFactory, UserFactory
from tests.page_text import text_of_page
from tests.queueing.booking.closing_days import close
from tests.queueing.booking.visits import another_day, another_hour
from tests.queueing.pages.visitors import browser_of, family_booking, near_hour, owner

pytestmark = pytest.mark.django_db
BORN = "1990-08-17"  # as in the factory


@pytest.fixture
def booking():
    return family_booking(1)


@pytest.fixture
def paper(booking):
    """As made at a counter: no account yet."""
    officer = UserFactory()
    Booking.objects.filter(pk=booking.pk).update(account=None, made_by=officer)
    booking.refresh_from_db()
    return booking


def test_code_and_birth_date_show_the_ticket_with_masked_names(client, booking):
    name = booking.places.get().applicant.name

    answer = client.post(
        "/cek/", {"code": f"{booking.code[:4]}-{booking.code[4:]}", "birth_date": BORN}
    )
    page = client.get(answer.headers["Location"])

    assert answer.headers["Location"] == "/cek/tiket/"
    assert booking.code[:4] in page.content.decode()
    assert name not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_looked_up_visit_that_moved_says_so_without_the_new_code(client, booking):
    slot = another_hour(booking.slot)
    owner(booking).post(
        f"/janji/{booking.code}/ubah/{slot.code}/",
        {"who": [booking.places.get().applicant.code]},
    )
    new = Booking.objects.get(slot=slot)

    page = client.post("/cek/", {"code": booking.code, "birth_date": BORN}, follow=True)

    assert "Jadwal ini sudah diganti" in page.content.decode()
    assert new.code not in page.content.decode().replace("-", "")


def given_instead(old, days=2):
    """What the office gives instead: the old day is closed, another has room."""
    new = another_day(old.slot, days=days)
    close(old.slot)
    return Booking.objects.get(slot=new)


def test_paper_ticket_of_a_closed_day_leads_to_its_replacement(client, paper):
    middle = given_instead(paper)
    last = given_instead(middle, days=3)

    page = client.post("/cek/", {"code": paper.code, "birth_date": BORN}, follow=True)
    text = page.content.decode()
    new = client.get("/cek/tiket/pengganti/")

    assert grouped(last.code) in text
    assert formatting.day(last.slot.day) in text
    assert 'href="/cek/tiket/pengganti/"' in text
    assert (new.status_code, new.context["booking"].code) == (200, last.code)
    assert new.context["qr"]


def test_replacement_of_a_paper_ticket_says_what_it_stands_for(client, paper):
    given_instead(paper)
    client.post("/cek/", {"code": paper.code, "birth_date": BORN})

    page = text_of_page(client.get("/cek/tiket/pengganti/"))

    assert f"(kode {grouped(paper.code)})" in page


def test_paper_ticket_that_waits_for_the_next_opening_says_so(client, paper):
    close(paper.slot)

    page = client.post("/cek/", {"code": paper.code, "birth_date": BORN}, follow=True)

    assert "Anda didahulukan" in page.content.decode()
    assert page.context["may_claim"]


def test_replacement_is_asked_for_by_code_first(client, booking):
    assert client.get("/cek/tiket/pengganti/").headers["Location"] == "/cek/"


def test_claiming_an_old_paper_ticket_hands_over_what_stands_instead(paper):
    new = given_instead(paper)
    user = UserFactory()
    said = {"code": paper.code, "birth_date": BORN, "token": "a"}

    answer = browser_of(user).post("/tiket/klaim/", said)

    assert answer.headers["Location"] == f"/janji/{new.code}/"
    assert set(Booking.objects.filter(account=user)) == {paper, new}
    again = browser_of(UserFactory()).post("/tiket/klaim/", said)
    assert again.status_code == 422


def test_paper_ticket_that_is_over_is_not_offered_to_an_account(client, paper):
    Place.objects.update(state="SERVED", live_person=None, live_seat=None, ended_at=LONG_AGO)

    page = client.post("/cek/", {"code": paper.code, "birth_date": BORN}, follow=True)

    assert "Simpan tiket ini" not in page.content.decode()
    assert "Masuk untuk mengubah" not in page.content.decode()


@pytest.mark.parametrize(
    ("code", "born"), [("K7MN4TQX", BORN), (None, "1990-08-18"), ("'; --", BORN)]
)
def test_wrong_pair_gets_one_and_the_same_answer(client, booking, code, born):
    page = client.post("/cek/", {"code": code or booking.code, "birth_date": born})

    assert page.status_code == 422
    assert "tidak ditemukan" in page.content.decode()


def test_what_is_not_a_date_is_told_at_its_field(client):
    page = client.post("/cek/", {"code": "K7MN4TQX", "birth_date": "31/02/1990"})

    assert page.status_code == 422
    assert page.context["form"]["birth_date"].errors


def test_ticket_page_alone_asks_for_the_code(client, booking):
    assert client.get("/cek/tiket/").headers["Location"] == "/cek/"


@override_settings(RATELIMIT_ENABLE=True)
def test_guessing_is_limited(client, booking):
    answers = [
        client.post("/cek/", {"code": booking.code, "birth_date": f"1990-01-{day:02}"}).status_code
        for day in range(1, 13)
    ]

    assert answers[0] == 422
    assert answers[-1] == 429


def test_paper_ticket_is_taken_into_an_account_once(paper):
    user = UserFactory()
    browser = browser_of(user)
    said = {"code": paper.code, "birth_date": BORN, "token": "a"}

    answers = [browser.post("/tiket/klaim/", said) for _tap in range(2)]

    paper.refresh_from_db()
    assert paper.account == user
    assert {answer.headers.get("Location") for answer in answers} == {f"/janji/{paper.code}/"}


def test_a_ticket_that_one_has_already_is_shown_and_no_riddle(paper):
    user = UserFactory()
    browser = browser_of(user)
    said = {"code": paper.code, "birth_date": BORN}
    browser.post("/tiket/klaim/", said | {"token": "a"})

    again = browser.post("/tiket/klaim/", said | {"token": "b"}, follow=True)

    assert again.redirect_chain[0][0] == f"/janji/{paper.code}/"
    assert "Tiket ini sudah ada di akun Anda." in again.content.decode()
    wrong = browser.post("/tiket/klaim/", said | {"token": "c", "birth_date": "1990-08-18"})
    assert wrong.status_code == 422
    new = given_instead(paper)
    later = browser.post("/tiket/klaim/", said | {"token": "d"})
    assert later.headers["Location"] == f"/janji/{new.code}/"


def test_ticket_of_an_account_cannot_be_claimed(booking):
    page = browser_of(UserFactory()).post(
        "/tiket/klaim/", {"code": booking.code, "birth_date": BORN}
    )

    assert page.status_code == 422


def test_claiming_asks_for_a_sign_in():
    assert "/akun/login/" in Client().get("/tiket/klaim/").headers["Location"]


@pytest.mark.parametrize("path", ["/bantuan/", "/privasi/", "/cek/"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_pages_of_words_open_in_both_languages(client, path, language):
    near_hour()
    ApplicantFactory()
    client.cookies["django_language"] = language

    page = client.get(path)

    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.content.decode()
