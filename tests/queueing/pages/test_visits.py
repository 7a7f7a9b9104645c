"""The list of visits, the ticket, the calendar file."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.test import Client

from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import words
from queueing.booking.models import Place
from tests.factories import UserFactory
from tests.page_text import text_of_page
from tests.queueing.booking.closing_days import close, follow_up
from tests.queueing.booking.visits import another_day
from tests.queueing.pages.visitors import browser_of, family_booking, near_hour, owner

pytestmark = pytest.mark.django_db


def test_ticket_shows_code_qr_people_and_what_to_bring():
    booking = family_booking(2)

    answer = owner(booking).get(f"/janji/{booking.code}/")

    page = answer.content.decode()
    assert f"{booking.code[:4]}-{booking.code[4:]}" in page
    assert "<svg" in page
    assert "Kartu keluarga (KK) asli" in page
    assert "NIK ••••••••••••0001" in page
    assert "3171" not in page
    assert "no-store" in answer.headers["Cache-Control"]


def test_ended_visit_shows_no_ticket():
    booking = family_booking(1)
    browser = owner(booking)
    who = [place.applicant.code for place in booking.places.all()]
    browser.post(f"/janji/{booking.code}/batal/", {"who": who})

    page = browser.get(f"/janji/{booking.code}/")

    assert page.context["qr"] == ""
    assert "Dibatalkan" in page.content.decode()
    calendar = browser.get(f"/janji/{booking.code}/kalender.ics").content
    assert b"METHOD:CANCEL" in calendar
    assert b"STATUS:CANCELLED" in calendar


def closed_visit(*, with_room: bool):
    booking = family_booking(2)
    if with_room:
        another_day(booking.slot)
    close(booking.slot)
    return booking


def test_visit_that_the_office_closed_says_why_and_leads_to_the_replacement():
    booking = closed_visit(with_room=True)

    page = text_of_page(owner(booking).get(f"/janji/{booking.code}/"))

    given = follow_up(booking)
    new, when = given.code, f"{formatting.day(given.slot.day)}, {words.hours_of(given.slot)}"
    assert "Kantor menutup jam ini; Anda mendapat jadwal pengganti" in page
    assert f"Datanglah pada {when}. Kode janji penggantinya {grouped(new)};" in page
    assert "<p>Alasannya: Banjir.</p>" in page
    assert "Kantor menutup layanan pada jam itu: Banjir" in page
    assert re.search(
        rf'<a class="button" href="/janji/{new}/"[^>]*>[^<]*(<[^>]+>)*Buka janji', page
    )
    assert "Pesan janji baru" not in page


def test_replacement_says_which_hour_it_stands_for_and_why():
    booking = closed_visit(with_room=True)
    new = follow_up(booking).code

    page = text_of_page(owner(booking).get(f"/janji/{new}/"))

    hours = f"{formatting.day(booking.slot.day)}, {words.hours_of(booking.slot)}"
    assert f"Kantor menutup jam Anda yang semula: {hours} (kode {grouped(booking.code)})." in page
    assert "<p>Alasannya: Banjir.</p>" in page
    assert "<p>Anda boleh memindahkan atau membatalkan janji ini tanpa batas.</p>" in page


def test_replacement_that_was_moved_still_says_which_hour_it_stands_for():
    booking = closed_visit(with_room=True)
    new = follow_up(booking)
    browser = owner(booking)
    slot = another_day(booking.slot, days=2)
    who = [place.applicant.code for place in new.places.all()]
    browser.post(f"/janji/{new.code}/ubah/{slot.code}/", {"who": who})

    page = text_of_page(browser.get(f"/janji/{follow_up(new).code}/"))
    old = text_of_page(browser.get(f"/janji/{booking.code}/"))

    assert f"(kode {grouped(booking.code)})." in page
    assert f"Janji penggantinya berkode {grouped(new.code)}." in old
    assert "Datanglah pada" not in old


def test_visit_that_was_closed_without_a_replacement_says_why():
    booking = closed_visit(with_room=False)

    page = owner(booking).get(f"/janji/{booking.code}/").content.decode()

    assert "Anda didahulukan" in page
    assert "<p>Alasannya: Banjir.</p>" in page


def test_a_visit_that_its_account_moved_tells_no_reason_of_the_office():
    booking = family_booking(1)
    slot = another_day(booking.slot)
    browser = owner(booking)
    who = [booking.places.get().applicant.code]
    browser.post(f"/janji/{booking.code}/ubah/{slot.code}/", {"who": who})

    page = browser.get(f"/janji/{booking.code}/").content.decode()

    assert "Jadwal ini sudah diganti" in page
    assert "Alasannya" not in page
    assert "Pesan janji baru" not in page


def test_held_visit_has_no_calendar_file():
    booking = family_booking(confirm=False)

    assert owner(booking).get(f"/janji/{booking.code}/kalender.ics").status_code == 404


def test_ticket_leads_to_a_map_and_keeps_its_code_out_of_what_is_shared():
    booking = family_booking(1)

    page = owner(booking).get(f"/janji/{booking.code}/").content.decode()

    assert 'href="geo:-6.20000,106.80000?q=-6.20000,106.80000(Kantor%20' in page
    assert "<small>-6.20000, 106.80000</small>" in page
    link = re.search(r'<a href="https://www.openstreetmap.org/[^"]+" rel="noreferrer">', page)
    assert link
    code = f"{booking.code[:4]}-{booking.code[4:]}"
    assert 'data-share="/cek/"' in page
    assert f'data-share-text="Janji temu paspor {code}: ' in page


def test_held_visit_is_looked_over_first():
    booking = family_booking(confirm=False)

    answer = owner(booking).get(f"/janji/{booking.code}/")

    assert answer.headers["Location"] == f"/janji/{booking.code}/periksa/"


def test_calendar_file_is_for_the_phone():
    booking = family_booking(1)

    answer = owner(booking).get(f"/janji/{booking.code}/kalender.ics")

    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.content.startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize("path", ["", "kalender.ics", "ubah/", "batal/"])
def test_somebody_elses_visit_is_404(path):
    booking = family_booking()

    assert browser_of(UserFactory()).get(f"/janji/{booking.code}/{path}").status_code == 404


def test_list_has_upcoming_first_and_history_after():
    booking = family_booking(1)
    browser = owner(booking)

    page = browser.get("/janji/")

    assert [row["href"] for row in page.context["coming"]] == [f"/janji/{booking.code}/"]
    assert page.context["history"] == []


def test_list_is_bounded_in_queries(django_assert_max_num_queries):
    slot = near_hour(capacity=20)
    booking = family_booking(3, slot)
    browser = owner(booking)
    browser.get("/janji/")

    with django_assert_max_num_queries(10):
        browser.get("/janji/")


def test_empty_list_says_what_comes_here():
    page = browser_of(UserFactory()).get("/janji/").content.decode()

    assert "Belum ada janji yang akan datang" in page


def test_ticket_says_what_to_bring_a_ktp_for_and_only_to_its_owner():
    booking = family_booking(1)
    person = booking.places.get().applicant
    person.warnings = ["nik_sex_differs"]
    person.save()

    page = owner(booking).get(f"/janji/{booking.code}/").content.decode()
    looked_up = Client().post(
        "/cek/", {"code": booking.code, "birth_date": person.birth_date}, follow=True
    )

    assert "Jenis kelamin menurut NIK berbeda" in page
    assert "Jenis kelamin menurut NIK berbeda" not in looked_up.content.decode()


def test_history_is_told_in_words():
    booking = family_booking(1)

    page = owner(booking).get(f"/janji/{booking.code}/").content.decode()

    assert "Janji temu dipesan" in page
    assert booking.places.get().state == Place.State.BOOKED


def test_the_full_ticket_says_until_when_it_may_be_kept():
    booking = family_booking(2)

    answer = owner(booking).get(f"/janji/{booking.code}/tiket/")

    slot, page = booking.slot, answer.content.decode()
    midnight = datetime.combine(
        slot.day + timedelta(days=1), time(), tzinfo=slot.release.office.zone
    )
    assert answer.headers["Paspor-Keep-Until"] == str(int(midnight.timestamp()))
    assert "no-store" in answer.headers["Cache-Control"]
    assert f"<title>{booking.code[:4]}-{booking.code[4:]}: " in page
    assert 'role="img"' in page
    # What is kept on a phone holds nothing that could act.
    assert "csrfmiddlewaretoken" not in page
    assert "<form" not in page
    assert page.count("data-kept hidden") == 1


def test_a_visit_that_ended_or_is_anothers_is_not_kept():
    booking = family_booking(1)
    browser, path = owner(booking), f"/janji/{booking.code}/tiket/"
    who = [place.applicant.code for place in booking.places.all()]
    browser.post(f"/janji/{booking.code}/batal/", {"who": who})

    ended = browser.get(path)

    assert ended.headers["Location"] == f"/janji/{booking.code}/"
    assert "Paspor-Keep-Until" not in ended.headers
    assert browser_of(UserFactory()).get(path).status_code == 404
    assert f'data-keep="{path}"' not in browser.get("/janji/").content.decode()


def test_the_list_names_what_may_be_kept():
    booking, held = family_booking(1), family_booking(1, confirm=False)

    page = owner(booking).get("/janji/").content.decode()

    assert f'data-keep="/janji/{booking.code}/tiket/"' in page
    assert "data-keep" not in owner(held).get("/janji/").content.decode()
