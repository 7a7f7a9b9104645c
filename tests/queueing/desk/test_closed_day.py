"""The counter's list of a day that is closed: what it says, and where its people stand."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from offices.reasons import Why
from queueing.booking.models import Place
from queueing.booking.services.closing import close_day
from queueing.desk import closure_selectors
from tests.factories import (
    BookingFactory,
    HolidayFactory,
    OfficeFactory,
    OfficerPostFactory,
    OpeningHoursFactory,
    PlaceFactory,
)
from tests.queueing.desk.conftest import NOW, START, slot_on

pytestmark = pytest.mark.django_db
LIST = "/loket/KANIM-LOKET/"
BLACKOUT = Why("utilities", "Listrik padam.")


@pytest.fixture
def tomorrow(office):
    return slot_on(office, START + timedelta(days=1))


@pytest.fixture
def later(office):
    return slot_on(office, START + timedelta(days=2), capacity=3)


@pytest.fixture
def booked(tomorrow):
    def booked(name: str, slot=tomorrow, **fields) -> Place:
        return PlaceFactory(booking=BookingFactory(slot=slot), applicant__name=name, **fields)

    return booked


@pytest.fixture
def close(office, monkeypatch):
    """As with a second officer's yes, which other tests are about."""
    monkeypatch.setattr("offices.services.approvals.use_where_needed", lambda **_said: None)

    def close(slot, since=None):
        head = OfficerPostFactory(office=office, role="HEAD").user
        return close_day(
            office=office, day=slot.day, why=BLACKOUT, officer=head, now=NOW, since=since
        )

    return close


def page_of(client, slot, **asked) -> str:
    return client.get(LIST, {"hari": slot.day.isoformat()} | asked).content.decode()


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(page))


def test_a_closed_day_says_since_when_why_and_what_became_of_people(
    counter, booked, tomorrow, later, close
):
    booked("Sari Dewi")
    close(tomorrow)
    text = text_of(page_of(counter, tomorrow))
    assert "Selasa, 8 Januari 2030 ditutup" in text
    assert "Masyarakat membaca: “Listrik padam”." in text
    assert "Ditutup pada Senin, 7 Januari 2030, pukul 08.10 WIB." in text
    assert "1 orang dipindahkan." in text


def test_who_was_moved_is_folded_and_not_among_those_to_come(
    counter, booked, tomorrow, later, close
):
    place = booked("Sari Dewi")
    close(tomorrow)
    page = page_of(counter, tomorrow)
    before, fold = page.split("Dipindahkan: 1 orang")
    assert "Sari Dewi" not in before
    assert "Sari Dewi" in fold
    assert "Sekarang Rabu, 9 Januari 2030, 08.00–09.00 WIB" in text_of(fold)
    assert reverse("desk:booking", args=["KANIM-LOKET", place.booking.code]) in fold
    assert "0 belum datang" in text_of(page)


def test_whom_the_closing_has_not_reached_yet_is_not_expected_either(counter, booked, tomorrow):
    booked("Sari Dewi")
    type(tomorrow).objects.filter(pk=tomorrow.pk).update(closed_at=NOW, closed_why="Banjir")
    text = text_of(page_of(counter, tomorrow))
    assert "0 belum datang" in text
    assert "menyusul dalam beberapa menit" in text
    assert "1 orang menyusul." in text


def test_whoever_is_here_stays_in_the_list(counter, office, slot, place):
    Place.objects.update(state="CHECKED_IN", checked_in_at=NOW)
    type(slot).objects.filter(pk=slot.pk).update(closed_at=NOW, closed_why="Banjir")
    page = counter.get(LIST).content.decode()
    assert "1 hadir" in text_of(page)
    assert "Dipindahkan:" not in page


def test_a_day_closed_in_part_names_its_hours_and_keeps_the_others(
    counter, booked, tomorrow, later, close
):
    afternoon = slot_on_same_day(tomorrow)
    booked("Sari Dewi")
    booked("Budi Utomo", slot=afternoon)
    close(tomorrow, since=afternoon.hour)
    text = text_of(page_of(counter, tomorrow))
    assert "Sebagian ditutup: 13.00" in text
    assert "1 belum datang" in text
    assert "Dipindahkan: 1 orang" in text


def slot_on_same_day(slot):
    return type(slot).objects.create(
        office=slot.office,
        release=slot.release,
        day=slot.day,
        hour=slot.hour.replace(hour=13),
        starts_at=slot.starts_at + timedelta(hours=5),
        ends_at=slot.ends_at + timedelta(hours=5),
    )


def test_nobody_free_elsewhere_comes_first_at_the_next_opening(counter, booked, tomorrow, close):
    booked("Sari Dewi")
    close(tomorrow)
    text = text_of(page_of(counter, tomorrow))
    assert "1 orang didahulukan." in text
    assert "didahulukan pada pembukaan berikutnya, sampai" in text


def test_people_without_an_account_were_not_written_to(counter, booked, tomorrow, later, close):
    place = booked("Sari Dewi")
    officer = OfficerPostFactory().user
    type(place.booking).objects.update(account=None, made_by=officer)
    close(tomorrow)
    assert "1 orang tanpa akun, tidak diberi tahu lewat e-mail." in text_of(
        page_of(counter, tomorrow)
    )


def test_a_search_finds_those_who_were_moved(counter, booked, tomorrow, later, close):
    booked("Sari Dewi")
    booked("Budi Utomo")
    close(tomorrow)
    page = page_of(counter, tomorrow, q="budi")
    assert "Dipindahkan: 1 orang" in page
    assert "Sari Dewi" not in page


def test_who_was_moved_twice_stands_where_they_go_now(office, booked, tomorrow, later):
    first = booked("Sari Dewi", state="CLOSED_BY_OFFICE", **ended())
    second = booked("", slot=later, applicant=first.applicant, state="MOVED", **ended())
    third = booked("", slot=slot_on(office, START + timedelta(days=3)), applicant=first.applicant)
    Place.objects.filter(pk=first.pk).update(moved_to=second, reason="office_closed")
    Place.objects.filter(pk=second.pk).update(moved_to=third)
    (away,) = closure_selectors.away(office, tomorrow.day)
    assert away.now == third.booking


def ended() -> dict:
    return {"live_person": None, "live_seat": None, "ended_at": NOW}


def test_another_offices_hours_are_not_told(counter, booked, tomorrow):
    place = booked("Sari Dewi", state="MOVED", **ended())
    elsewhere = slot_on(OfficeFactory(name="Kantor Imigrasi Rahasia"), START + timedelta(days=4))
    after = booked("", slot=elsewhere, applicant=place.applicant)
    Place.objects.filter(pk=place.pk).update(moved_to=after)
    type(tomorrow).objects.filter(pk=tomorrow.pk).update(closed_at=NOW, closed_why="Banjir")
    page = page_of(counter, tomorrow)
    assert "Dipindahkan pemohonnya ke kantor lain." in page
    assert "11 Januari" not in page


def test_only_whoever_may_close_is_led_to_its_page(counter, sign_in, office, officer, tomorrow):
    type(tomorrow).objects.filter(pk=tomorrow.pk).update(closed_at=NOW, closed_why="Banjir")
    address = reverse("desk:close-day", args=["KANIM-LOKET", tomorrow.day])
    assert address not in page_of(counter, tomorrow)
    assert address in page_of(sign_in(officer("HEAD", office)), tomorrow)


def test_a_day_that_serves_says_nothing(counter, place):
    text = text_of(counter.get(LIST).content.decode())
    assert "ditutup" not in text.lower()
    assert "Dipindahkan:" not in text


def rest_of(counter, day: date) -> str:
    return text_of(counter.get(LIST, {"hari": day.isoformat()}).content.decode())


def test_a_day_without_service_says_why_and_leads_to_the_next(counter, office):
    OpeningHoursFactory(office=office, weekday=0)
    monday, sunday = date(2030, 1, 14), date(2030, 1, 13)
    page = counter.get(LIST, {"hari": sunday.isoformat()}).content.decode()
    assert "Tidak melayani Hari layanan berikutnya: Senin, 14 Januari 2030." in text_of(page)
    assert f'href="{LIST}?hari={monday}"' in page


def test_a_holiday_is_named(counter, office):
    OpeningHoursFactory(office=office, weekday=0)
    monday = date(2030, 1, 14)
    HolidayFactory(office=None, day=monday, name="Hari Uji", state="CONFIRMED", decided_at=NOW)
    told = rest_of(counter, monday)
    assert "Hari libur: Hari Uji Hari layanan berikutnya: Senin, 21 Januari" in told


def test_a_day_that_serves_but_has_nobody_says_that_nobody_is_booked(counter, office):
    OpeningHoursFactory(office=office, weekday=0)
    assert "Tidak ada yang terjadwal" in rest_of(counter, date(2030, 1, 14))


def test_an_office_that_never_serves_is_led_nowhere(counter, office):
    assert "Hari layanan berikutnya" not in rest_of(counter, date(2030, 1, 14))
