"""A backlog drive from question to saved days; each day that needs a second officer waits."""

import html
import re
from datetime import date, time, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from offices.models import Approval, SpecialDay
from tests.factories import (
    HolidayFactory,
    OfficeFactory,
    OpeningHoursFactory,
    SlotFactory,
    SpecialDayFactory,
)
from tests.queueing.desk.conftest import START, slot_on

pytestmark = pytest.mark.django_db
ASK = reverse("planning:drive", args=["KANIM-LOKET"])
PLAN = reverse("planning:drive-plan", args=["KANIM-LOKET"])
WISH = {
    # 60 more than the four days will have: their seats are still to be made.
    "people": 220,
    "first_day": "2030-01-08",
    "last_day": "2030-01-13",
    "most_stations": 6,
    "closes_latest": "10:00",
    "with_saturdays": "on",
    "told": "Layanan akhir tahun",
    "periksa": 1,
}
WHY = {"reason": "demand", "note": "Tunggakan", "seen": 0}


@pytest.fixture
def usual(office):
    """Monday to Friday five stations of 15 minutes from 08.00 to 10.00: 40 seats a day, and
    none of them made yet.
    """
    for weekday in range(5):
        OpeningHoursFactory(
            office=office, weekday=weekday, closes=time(10), break_starts=None, break_ends=None
        )


def shown(response) -> str:
    return " ".join(response.content.decode().split())


def proposed(client, **changed: object) -> str:
    response = client.get(f"{ASK}?{urlencode(WISH | changed)}")
    assert response.status_code == 302, shown(response)
    return response.headers["Location"]


def test_the_form_knows_the_stations_that_exist(planner, usual):
    text = shown(planner.get(ASK))
    assert 'name="most_stations" value="5"' in text
    assert 'name="first_day" value="2030-01-08"' in text


def test_a_proposal_shows_each_day_and_the_sum_and_saves_nothing(planner, usual):
    text = shown(planner.get(proposed(planner)))
    # Four days of 8 seats more by a sixth station, then 32 of a Saturday.
    assert text.count("+8<") == 4
    assert "Sabtu, 12 Januari 2030" in text
    assert "+64<" in text
    assert "Tidak ada pemohon yang terdampak" in text
    assert not SpecialDay.objects.exists()


def test_a_plan_of_many_days_asks_as_little_as_one_of_one(planner, office, usual):
    days = "&".join(f"hari=2030-01-{day:02}.6.1000" for day in range(8, 32))
    planner.get(f"{PLAN}?hari=2030-01-08.6.1000")
    counts = []
    for asked in ("hari=2030-01-08.6.1000", days):
        with CaptureQueriesContext(connection) as queries:
            assert planner.get(f"{PLAN}?{asked}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_the_bounds_lack_is_said(planner, usual):
    path = proposed(planner, people=3000)
    text = shown(planner.get(path))
    assert "Masih kurang 2.760 kursi" in text
    # 2,840 more: 8 of each station beyond five on four days, and of each on Saturday.
    assert ">75 loket</a>" in text
    assert "Dalam batas yang sama, sampai" not in text


def ways(client, path: str) -> dict[str, str]:
    found = re.findall(r'<li><a href="([^"]+periksa=1[^"]*)">([^<]+)</a>', shown(client.get(path)))
    return {text: html.unescape(href) for href, text in found}


def test_what_would_be_enough_is_one_press_and_enough(planner, usual):
    path = proposed(planner, people=300, with_saturdays="")
    found = ways(planner, path)
    assert list(found) == [
        "10 loket",
        "Tutup pukul 12.00",
        "Dalam batas yang sama, sampai Rabu, 16 Januari 2030",
    ]
    for href in found.values():
        plan = planner.get(href)
        assert "Masih kurang" not in shown(planner.get(plan.headers["Location"]))


def test_a_day_that_was_left_out_is_said_to_be_what_lacks(planner, usual):
    path = proposed(planner)
    short = re.sub("&hari=2030-01-12[^&]*", "", path)
    assert short != path
    ((text, href),) = ways(planner, short).items()
    assert text.startswith("Batas yang disebut cukup")
    assert planner.get(href).headers["Location"] == path


def test_other_proposals_begin_from_what_was_asked(planner, usual):
    text = shown(planner.get(proposed(planner)))
    again = html.unescape(re.search(r'class="desk-back" href="([^"]+)"', text)[1])
    form = shown(planner.get(again))
    assert 'name="people" value="220"' in form
    assert 'name="most_stations" value="6"' in form
    assert "Layanan akhir tahun" in form


def test_seats_that_are_free_already_are_counted_first(planner, office, usual):
    slot_on(office, START + timedelta(days=1), capacity=5)
    slot_on(office, START + timedelta(days=2), capacity=50, closed_at=START, closed_why="Listrik")
    path = proposed(planner, people=101, last_day="2030-01-11")
    assert path.count("hari=") == 2
    text = shown(planner.get(path))
    assert "pada hari-hari itu 5 kursi masih kosong dan 80 kursi biasa baru dibuka nanti;" in text
    assert "+16<" in text
    assert "Masih kurang" not in text


def test_enough_free_seats_are_good_news(planner, office, usual):
    slot_on(office, START + timedelta(days=1), capacity=5)

    enough = planner.get(f"{ASK}?{urlencode(WISH | {'people': 5})}")
    assert enough.status_code == 200
    told = "Pada hari-hari itu 5 kursi masih kosong dan 120 kursi biasa baru dibuka nanti, untuk 5"
    assert told in shown(enough)
    assert "alert--success" in shown(enough)
    assert "alert--error" not in shown(enough)


def test_usual_seats_of_days_that_are_not_made_yet_are_not_asked_for_again(planner, usual):
    enough = planner.get(f"{ASK}?{urlencode(WISH | {'people': 160})}")
    assert "Pada hari-hari itu 160 kursi biasa baru dibuka nanti, untuk 160" in shown(enough)

    path = proposed(planner, people=168)
    assert path.count("hari=") == 1
    assert "biasa=160" in path
    assert "Masih kurang" not in shown(planner.get(path))


def test_a_refusal_says_what_there_is_what_lacks_and_what_would_help(planner, usual):
    asked = WISH | {"people": 5000, "most_stations": 5, "with_saturdays": ""}
    text = shown(planner.get(f"{ASK}?{urlencode(asked)}"))
    assert "160 kursi biasa baru dibuka nanti; untuk 5.000 orang masih kurang 4.840." in text
    assert "Sabtu boleh dibuka (sampai +40 kursi); 6 loket (sampai +32 kursi); tutup" in text
    assert "tutup pukul 11.00 (sampai +80 kursi); atau hari-hari lain." in text
    # 4,840 more: 8 of each station beyond five on four days.
    assert ">157 loket</a>" in text


def test_where_no_day_may_change_other_days_are_asked_for(planner, usual):
    asked = WISH | {"first_day": "2030-01-13"}
    text = shown(planner.get(f"{ASK}?{urlencode(asked)}"))
    assert "Pada hari-hari itu tidak ada kursi yang kosong; untuk 220 orang" in text
    assert "Pilih hari-hari lain, atau rentang yang lebih panjang." in text


def test_holidays_closures_and_days_somebody_planned_stay(planner, office, usual):
    HolidayFactory(office=None, day="2030-01-08", state="CONFIRMED", decided_at=START)
    SpecialDayFactory(office=office, day="2030-01-09", reason="Banjir")
    SpecialDayFactory(
        office=office,
        day="2030-01-10",
        kind="EXTRA",
        opens=time(8),
        closes=time(9),
        stations=2,
        minutes=15,
    )
    SlotFactory(
        release__office=office,
        starts_at=START.replace(day=11),
        closed_at=START,
        closed_why="Listrik padam",
    )
    path = proposed(planner, people=3000)
    assert path.count("hari=") == 1
    assert "hari=2030-01-12" in path


def test_saving_needs_no_second_for_a_little_more_and_leaves_no_rest(planner, office, usual):
    path = proposed(planner)
    planner.post(path, WHY)
    days = SpecialDay.objects.filter(office=office)
    assert days.count() == 5
    assert set(days.values_list("reason", "kind")) == {("Layanan akhir tahun", "EXTRA")}
    assert days.get(day=date(2030, 1, 8)).stations == 6
    text = shown(planner.get(path))
    assert text.count("Disimpan") == 5
    assert "Simpan 5 hari" not in text


def test_a_drive_that_was_shown_with_other_people_is_shown_anew(planner, usual):
    response = planner.post(proposed(planner), WHY | {"seen": 99})
    assert response.status_code == 409
    assert "99 orang terdampak, sekarang 0" in shown(response)
    assert not SpecialDay.objects.exists()


def test_a_day_with_hours_of_its_own_since_is_left_alone(planner, office, usual):
    path = proposed(planner, last_day="2030-01-09", people=96)
    own = {"kind": "EXTRA", "opens": time(8), "closes": time(12), "stations": 6, "minutes": 15}
    SpecialDayFactory(office=office, day="2030-01-08", **own)

    text = shown(planner.get(path))
    assert "sudah punya jam sendiri" in text
    assert text.count("Tidak diubah") == 1
    assert "Masih kurang 8 kursi" in text
    planner.post(path, WHY)
    days = dict(SpecialDay.objects.values_list("day", "closes"))
    assert days == {date(2030, 1, 8): time(12), date(2030, 1, 9): time(10)}


def test_a_plan_from_before_lowers_no_day(planner, usual):
    path = f"{PLAN}?hari=2030-01-08.2.1000&hari=2030-01-09.5.1000&people=10"
    text = shown(planner.get(path))
    assert text.count("sudah punya kursi sebanyak itu atau lebih") == 2
    assert "+-" not in text
    assert "Simpan" not in text
    planner.post(path, WHY)
    assert not SpecialDay.objects.exists()


def test_days_that_need_a_second_officer_wait_and_hold_up_no_other(
    planner, officer, office, sign_in, usual
):
    path = proposed(planner, people=360, most_stations=10, last_day="2030-01-12")
    planner.post(path, WHY)
    # A Saturday from nothing is ordinary planning; the weekdays doubled.
    assert list(SpecialDay.objects.values_list("day", flat=True)) == [date(2030, 1, 12)]
    asked = Approval.objects.get()
    assert (asked.people, asked.seats_before, asked.seats_after) == (0, 160, 320)
    assert "Rabu, 9 Januari 2030: 08.00–10.00, 10 loket, 40 → 80" in asked.told
    assert shown(planner.get(path)).count("Menunggu petugas kedua") == 4
    month = shown(planner.get(reverse("planning:month", args=["KANIM-LOKET"])))
    assert path.replace("&", "&amp;") in month

    sign_in(officer("HEAD", office)).post(
        reverse("admin:offices_approval_changelist"),
        {"action": "grant", "_selected_action": [asked.pk], "why": ""},
    )
    # A yes to this drive is none to a larger one.
    planner.post(path.replace("2030-01-09.10", "2030-01-09.11"), WHY)
    assert SpecialDay.objects.count() == 1
    planner.post(path, WHY)
    assert SpecialDay.objects.count() == 5
    asked.refresh_from_db()
    assert asked.state == "USED"


def change(client, path: str, **fields: object):
    return client.post(path, fields | {"ubah": 1})


def test_days_of_a_proposal_are_changed_or_left_out(planner, usual):
    path = proposed(planner, people=96, last_day="2030-01-09")
    tuesday = {"2030-01-08-stations": 6, "2030-01-08-closes": "10:00"}
    wednesday = {"2030-01-09-stations": 7, "2030-01-09-closes": "11:00", "2030-01-09-keep": "on"}

    changed = change(planner, path, **tuesday, **wednesday).headers["Location"]

    assert changed.count("hari=") == 1
    assert "hari=2030-01-09.7.1100" in changed
    assert "7 loket" in shown(planner.get(changed))


def test_reason_and_note_stay_when_the_days_are_counted_again(planner, usual):
    path = proposed(planner, people=96, last_day="2030-01-09")
    typed = {"reason": "event", "note": "Pekan paspor", "seen": 0}
    days = {
        f"2030-01-{day}-{name}": value
        for day in ("08", "09")
        for name, value in (("stations", 7), ("closes", "11:00"), ("keep", "on"))
    }
    again = change(planner, path, **typed, **days).headers["Location"]
    text = planner.get(again).content.decode()
    assert '<option value="event" selected>' in text
    assert "Pekan paspor" in text

    refused = change(planner, again, **typed, **days | {"2030-01-08-closes": "07:00"})
    text = refused.content.decode()
    assert (refused.status_code, "Pekan paspor" in text) == (422, True)
    # At the top under its day, and at the field.
    assert text.count("Jam tutup harus sesudah jam buka.") == 2


def test_days_changed_without_counting_again_are_not_saved_as_they_were(planner, usual):
    path = proposed(planner, people=56, most_stations=7, last_day="2030-01-08")
    days = {"2030-01-08-stations": 6, "2030-01-08-closes": "10:00", "2030-01-08-keep": "on"}
    answer = planner.post(path, WHY | {"note": "Pekan paspor"} | days, follow=True)
    assert not SpecialDay.objects.exists()
    assert "dihitung ulang dahulu" in shown(answer)
    assert "Pekan paspor" in answer.content.decode()
    planner.post(answer.redirect_chain[-1][0], WHY | days)
    assert SpecialDay.objects.get().stations == 6


BAD_CHANGES = [
    {"2030-01-08-stations": 0, "2030-01-08-closes": "10:00"},
    {"2030-01-08-stations": 6, "2030-01-08-closes": "07:00"},
    {"2030-01-08-stations": 6},
]


@pytest.mark.parametrize("fields", BAD_CHANGES)
def test_a_day_that_no_office_can_keep_is_not_proposed(planner, usual, fields):
    path = proposed(planner, people=48, last_day="2030-01-08")
    response = change(planner, path, **fields, **{"2030-01-08-keep": "on"})
    assert response.status_code == 422
    assert response.content.decode().count('class="disclosure" open') == 1


def test_a_proposal_keeps_at_least_one_day(planner, usual):
    path = proposed(planner, people=48, last_day="2030-01-08")
    fields = {"2030-01-08-stations": 6, "2030-01-08-closes": "10:00"}
    changed = change(planner, path, **fields)
    assert changed.headers["Location"].endswith("hari=2030-01-08.6.1000")


BROKEN = [
    {"people": 0},
    {"people": "x"},
    {"first_day": "2030-01-07"},
    {"last_day": "2030-01-01"},
    {"last_day": "2030-03-01"},
    {"first_day": "2031-07-31", "last_day": "2031-08-01"},
    {"first_day": "9999-12-31", "last_day": "9999-12-31"},
    {"most_stations": 201},
    {"most_stations": 5, "with_saturdays": ""},
]


@pytest.mark.parametrize("fields", BROKEN)
def test_what_cannot_be_proposed_is_said(planner, usual, fields):
    response = planner.get(f"{ASK}?{urlencode(WISH | fields)}")
    assert response.status_code == 422
    assert "Ada yang perlu diperbaiki" in shown(response)


ADDRESSES = [
    "",
    "hari=besok",
    "hari=2030-01-07.6.1000",
    "hari=2030-01-08.x.1000",
    "hari=2030-01-08.6.1000%2B07",
    "hari=2031-08-04.6.1000",
    "hari=9999-12-31.6.1000",
    "hari=2030-01-08.6.1000&hari=2099-01-01.6.1000",
]


@pytest.mark.parametrize("query", ADDRESSES)
def test_an_address_that_we_did_not_write_is_not_found(planner, usual, query):
    assert planner.get(f"{PLAN}?{query}").status_code == 404
    assert planner.post(f"{PLAN}?{query}", WHY).status_code == 404


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2030-01-08.6.0700", "Jam tutup harus sesudah jam buka."),
        ("2030-01-08.900.1000", "Jumlah loket harus 0 sampai 200."),
    ],
)
@pytest.mark.parametrize("send", ["get", "post"])
def test_a_day_that_cannot_be_computed_leads_back_to_its_question_with_the_reason(
    planner, usual, day, why, send
):
    query = f"people=90&first_day=2030-01-07&last_day=2030-01-18&hari={day}"

    page = getattr(planner, send)(f"{PLAN}?{query}", WHY if send == "post" else {}, follow=True)

    assert page.redirect_chain[0][0].endswith("?people=90&first_day=2030-01-07&last_day=2030-01-18")
    assert why in page.content.decode()
    assert not SpecialDay.objects.exists()


def test_without_a_reason_nothing_is_saved(planner, usual):
    assert planner.post(proposed(planner), WHY | {"note": ""}).status_code == 422
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize("name", ["drive", "drive-plan"])
def test_other_offices_and_counter_officers_find_nothing(planner, officer, office, sign_in, name):
    other = reverse(f"planning:{name}", args=[OfficeFactory().code])
    assert planner.get(other).status_code == 404
    counter = sign_in(officer("COUNTER", office))
    assert counter.get(reverse(f"planning:{name}", args=[office.code])).status_code == 404
