"""Nothing is saved before its effect was shown: who is affected, and whose yes it takes."""

import re
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from offices.models import Approval, OpeningHours, SpecialDay
from queueing.planning import effects
from queueing.quota.models import Release
from tests.factories import (
    BookingFactory,
    HolidayFactory,
    OfficeFactory,
    OpeningHoursFactory,
    PlaceFactory,
    ReleaseFactory,
    SpecialDayFactory,
)
from tests.queueing.desk.conftest import START, slot_on
from tests.queueing.planning.changes import DAY, SATURDAY, WHY, at, shown, special

pytestmark = pytest.mark.django_db
TUESDAY = date(2030, 1, 8)
NAMED = {"name": "Hari Raya Uji"}


@pytest.fixture
def tuesday(office):
    """20 seats an hour from 08.00 to 10.00; one person comes at nine."""
    OpeningHoursFactory(
        office=office, weekday=1, closes=time(10), break_starts=None, break_ends=None
    )
    slot = slot_on(office, START + timedelta(days=1, hours=1), capacity=19)
    PlaceFactory(booking=BookingFactory(slot=slot))
    return slot


def weekday(**changed: object) -> str:
    return at("weekday", "selasa", **DAY | {"valid_from": "2030-01-08", "valid_to": ""} | changed)


def test_the_week_says_hours_stations_and_seats(planner, tuesday):
    text = shown(planner.get(at("week")))
    assert "08.00–10.00 · 5 loket, 15 menit per pemohon · 40 kursi" in text
    assert at("weekday", "selasa") in text


def test_a_form_begins_with_the_hours_that_stand(planner, tuesday):
    text = shown(planner.get(at("weekday", "selasa")))
    assert 'name="closes" value="10:00"' in text
    assert 'name="valid_from" value="2030-01-08"' in text


def test_hours_that_cost_nobody_are_saved_after_a_look(planner, tuesday):
    path = weekday(closes="11:00", stations=4)
    text = shown(planner.get(path))
    assert "Tidak ada pemohon yang terdampak" in text
    assert "Perlu persetujuan" not in text
    assert OpeningHours.objects.count() == 1

    planner.post(path, WHY | {"seen": 0})

    new = OpeningHours.objects.get(valid_from=TUESDAY)
    assert (new.closes, new.stations) == (time(11), 4)


@pytest.mark.parametrize("wish", [weekday(stations=4), special(stations=4)])
def test_looking_at_another_wish_keeps_what_was_typed(planner, tuesday, wish):
    typed = {"reason": "demand", "note": "Permintaan <tinggi>", "seen": 0}

    form = planner.post(wish, typed | {"lagi": 1})

    assert form.status_code == 302
    assert not SpecialDay.objects.exists()
    address = form.headers["Location"]
    assert 'name="stations" value="4"' in shown(planner.get(address))
    text = shown(planner.get(f"{address}&periksa=1".replace("stations=4", "stations=3")))
    assert 'name="note" value="Permintaan &lt;tinggi&gt;"' in text
    assert re.search(r'<option value="demand" selected', text)


def test_who_is_affected_is_said_first_and_a_second_officer_agrees(
    planner, officer, office, sign_in, tuesday
):
    path = weekday(closes="09:00")
    text = shown(planner.get(path))
    assert "1 orang sudah memesan di jam yang hilang atau diperpendek" in text
    assert "jadwal pengganti yang terdekat" in text
    assert "Perlu persetujuan petugas kedua" in text

    again = planner.post(path, WHY | {"seen": 1})
    approval = Approval.objects.get()
    assert again.headers["Location"] == path
    assert (approval.people, approval.note) == (1, "Permintaan tinggi")
    assert (approval.seats_before, approval.seats_after) == (40, 20)
    assert "Menunggu persetujuan petugas kedua" in shown(planner.get(path))
    month = shown(planner.get(at("month")))
    assert path.replace("&", "&amp;") in month
    assert not OpeningHours.objects.filter(closes=time(9)).exists()

    sign_in(officer("HEAD", office)).post(
        reverse("admin:offices_approval_changelist"),
        {"action": "grant", "_selected_action": [approval.pk], "why": ""},
    )
    text = shown(planner.get(path))
    assert "Sudah disetujui petugas kedua" in text
    assert 'value="Permintaan tinggi"' in text
    planner.post(path, WHY | {"seen": 1})
    assert OpeningHours.objects.filter(closes=time(9)).exists()


@pytest.mark.parametrize("page", [weekday, special])
@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"break_starts": "08:00", "break_ends": "10:00"}, "Istirahat menghabiskan seluruh jam"),
        ({"minutes": 121}, "Lebih lama daripada jam layanan hari itu."),
    ],
)
def test_hours_in_which_nobody_can_be_served_are_refused_at_the_field(
    planner, tuesday, page, wish, told
):
    response = planner.get(page(**wish))
    assert response.status_code == 422
    (field,) = response.context["form"].errors
    assert field in wish
    assert told in shown(response)


def test_more_people_than_the_new_number_holds_are_named(planner, tuesday):
    PlaceFactory(booking=BookingFactory(slot=tuesday))
    text = shown(planner.get(weekday(stations=1, minutes=60)))
    assert "Lebih banyak orang daripada kursi" in text
    assert "2 orang, 1 kursi di 09.00" in text


def test_everybody_booked_on_a_day_that_moves_is_counted(planner, tuesday):
    moves = "1 orang yang sudah memesan datang ke tempat lain"

    page = planner.get(special(TUESDAY, place="Mal Uji"))

    assert moves in shown(page)
    assert "Tidak ada pemohon yang terdampak" not in shown(page)
    assert "Mereka diberi tahu lewat e-mail" in shown(page)
    assert moves not in shown(planner.get(special(TUESDAY)))


def test_a_day_elsewhere_says_that_the_office_itself_does_not_serve(planner, tuesday):
    warning = "Kantor sendiri tidak melayani hari itu"
    assert warning in shown(planner.get(special(TUESDAY, place="Mal Uji")))
    assert warning not in shown(planner.get(special(TUESDAY)))
    assert warning not in shown(planner.get(special(SATURDAY, place="Mal Uji")))


def test_a_day_opened_on_a_holiday_is_called_one(planner, officer, office):
    HolidayFactory(office=None, day=SATURDAY, state="CONFIRMED", decided_at=START, **NAMED)
    words = "Hari libur: Hari Raya Uji, buka khusus"
    assert words in shown(planner.get(special(place="Mal Uji")))
    assert words not in shown(planner.get(special(kind="CLOSURE")))

    planner.post(special(place="Mal Uji"), WHY | {"seen": 0})
    month = shown(planner.get(reverse("planning:month", args=[office.code]) + "?bulan=2030-01"))
    assert f"{words} · Mal Uji" in month
    assert words in shown(planner.get(reverse("planning:day", args=[office.code, SATURDAY])))


def test_whoever_loses_their_hour_is_not_counted_as_coming_elsewhere(planner, tuesday):
    text = shown(planner.get(special(TUESDAY, closes="09:00", place="Mal Uji")))

    assert "1 orang sudah memesan di jam yang hilang" in text
    assert "datang ke tempat lain" not in text


def test_a_day_that_comes_back_to_the_office_moves_its_people_too(planner, office, tuesday):
    hours = {"opens": time(8), "closes": time(10), "stations": 5, "minutes": 15}
    there = {"kind": "EXTRA", "place": "Mal Uji", **hours}
    row = SpecialDayFactory(office=office, day=TUESDAY, **there)

    effect = effects.of_lifting(row, now=START)
    same = planner.get(special(TUESDAY, place="Mal Uji"))

    assert effect.elsewhere == 1
    assert "datang ke tempat lain" not in shown(same)


@pytest.mark.parametrize("seen", [0, 99])
def test_other_people_than_were_shown_are_told_of_first(planner, tuesday, seen):
    response = planner.post(weekday(closes="09:00"), WHY | {"seen": seen})
    assert response.status_code == 409
    assert f"{seen} orang terdampak, sekarang 1" in shown(response)
    assert 'name="seen" value="1"' in shown(response)
    assert not Approval.objects.exists()


def test_a_rise_of_a_quarter_asks_for_a_second_officer(planner, tuesday):
    assert "Perlu persetujuan petugas kedua" in shown(planner.get(weekday(stations=7)))
    assert "Perlu persetujuan petugas kedua" not in shown(planner.get(weekday(stations=6)))


def test_seats_set_by_hand_are_told_and_asked_about(planner, tuesday):
    tuesday.by_hand_at = START
    tuesday.save()
    path = weekday(stations=4)
    assert "pernah diatur petugas" in shown(planner.get(path))
    assert planner.post(path, WHY | {"seen": 0}).status_code == 422
    planner.post(path, WHY | {"seen": 0, "by_hand": "keep"})
    assert OpeningHours.objects.filter(stations=4).exists()


BROKEN = [
    {"closes": "07:00"},
    {"opens": "x"},
    {"stations": 201},
    {"online_share": 50},
    {"break_starts": "09:00"},
    {"valid_from": "2020-01-01"},
    {"valid_to": "2030-01-01"},
    {"valid_to": "9999-12-30"},
    {"valid_to": "9999-12-31"},
    {"valid_from": "9999-12-31"},
    {"valid_from": "2031-08-01"},
]


@pytest.mark.parametrize("fields", BROKEN)
def test_what_no_office_can_keep_is_refused_at_its_field(planner, office, fields):
    response = planner.get(weekday(**fields))
    assert response.status_code == 422
    assert "Ada yang perlu diperbaiki" in shown(response)
    assert planner.post(weekday(**fields), WHY | {"seen": 0}).status_code == 422
    assert not OpeningHours.objects.exists()


def test_an_extra_saturday_at_a_mall(planner, office):
    path = special(place="Mal Uji, lantai 2")
    text = shown(planner.get(path))
    assert "Mal Uji, lantai 2" in text
    assert "40 kursi" in text
    planner.post(path, WHY | {"seen": 0})
    day = SpecialDay.objects.get()
    assert (day.day, day.kind, day.place) == (SATURDAY, "EXTRA", "Mal Uji, lantai 2")


@pytest.mark.parametrize("rest", [("12:00", "13:00"), ("12:30", "13:30")])
def test_half_a_day_does_not_keep_the_break_of_a_whole_one(planner, office, rest):
    starts, ends = rest
    text = shown(planner.get(special(closes="12:00", break_starts=starts, break_ends=ends)))
    assert "08.00–12.00 · 5 loket" in text
    assert "Istirahat" not in text


def test_a_break_across_the_closing_is_still_refused(planner, office):
    page = planner.get(special(closes="12:00", break_starts="11:30", break_ends="12:30"))
    assert "Istirahat harus di dalam jam buka." in shown(page)


def test_a_saturday_within_a_release_says_that_its_seats_open_once_saved(planner, office):
    later = "Kursi hari-hari itu belum disiapkan"
    assert later in shown(planner.get(special()))
    release = {"first_day": SATURDAY, "last_day": SATURDAY}
    row = ReleaseFactory(office=office, prepared_at=START, opens_at=START, **release)
    text = shown(planner.get(special()))
    assert "40 kursi langsung dibuka untuk masyarakat begitu disimpan" in text
    assert later not in text
    Release.objects.filter(pk=row.pk).update(opens_at=START + timedelta(days=2))
    assert "40 kursi dibuka untuk masyarakat Rabu, 9 Januari 2030" in shown(planner.get(special()))


def test_a_closed_day_needs_no_hours_and_tells_whom_it_meets(planner, tuesday):
    path = at("special", TUESDAY, kind="CLOSURE", reason="Banjir")
    page = shown(planner.get(path))
    assert "1 orang sudah memesan" in page
    assert "Tidak ada tempat; didahulukan di pembukaan berikut" in page
    planner.post(path, {"reason": "disaster", "note": "Air masuk", "seen": 1})
    assert Approval.objects.get().people == 1


def test_a_special_day_becomes_usual_again(planner, office):
    SpecialDayFactory(office=office, day=SATURDAY)
    path = at("usual", SATURDAY)
    assert "Kembali ke jadwal biasa" in shown(planner.get(path))
    planner.post(path, WHY | {"reason": "correction", "seen": 0})
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize("why", [{"reason": ""}, {"reason": "none"}, {"note": ""}, {"seen": ""}])
def test_without_a_reason_nothing_is_saved(planner, office, why):
    assert planner.post(special(), WHY | {"seen": 0} | why).status_code == 422
    assert not SpecialDay.objects.exists()


def test_a_weekday_that_is_none_is_not_found(planner):
    assert planner.get(at("weekday", "besok")).status_code == 404


UNPLANNABLE = ["2030-01-07", "2030-01-06", "besok", "2031-08-01", "9000-06-01", "9999-12-31"]


@pytest.mark.parametrize("day", UNPLANNABLE)
def test_today_what_is_past_and_what_is_too_far_are_not_changed_here(planner, office, day):
    assert planner.get(at("special", day)).status_code == 404
    assert planner.get(at("usual", day)).status_code == 404
    assert planner.post(special(day), WHY | {"seen": 0}).status_code == 404
    assert not SpecialDay.objects.exists()


def test_the_last_day_that_may_be_planned_is_saved_and_then_shown(planner, office):
    day = date(2031, 7, 31)
    saved = planner.post(special(day), WHY | {"seen": 0})
    assert planner.get(saved.headers["Location"]).status_code == 200
    assert SpecialDay.objects.get().day == day


PLACES = [("week",), ("weekday", "selasa"), ("special", SATURDAY), ("usual", SATURDAY)]


@pytest.mark.parametrize("place", PLACES)
def test_other_offices_and_counter_officers_find_nothing(planner, officer, office, sign_in, place):
    name, *args = place
    other = OfficeFactory()
    SpecialDayFactory(office=other, day=SATURDAY)
    SpecialDayFactory(office=office, day=SATURDAY)
    path = reverse(f"planning:{name}", args=[other.code, *args])
    assert planner.get(path).status_code == 404
    counter = sign_in(officer("COUNTER", office))
    assert counter.get(at(*place)).status_code == 404
