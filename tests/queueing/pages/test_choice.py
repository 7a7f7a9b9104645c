"""What is chosen travels in the address, and the month grid says it in words. No database."""

import datetime as dt
from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from django.utils import translation

from offices.models import Office
from offices.rules import WeeklyHours, WorkingHours
from paspor.kernel import formatting
from queueing.booking.pages import picker
from queueing.booking.pages.week import week_in_words
from queueing.booking.presentation.choice import Choice
from queueing.quota.rules import DayState, Why
from queueing.quota.selectors import Availability, Day, Hour

OFFICE = Office(code="X", name="X", timezone="Asia/Jayapura", passport_types=["ELECTRONIC"])
AT = datetime(2026, 11, 24, 23, tzinfo=UTC)


def hour(free):
    return Hour("S", AT, AT + dt.timedelta(hours=1), free)


def day(state, **more):
    usual = {"day": dt.date(2026, 11, 24), "why_code": "", "why": "", "opens_at": None, "hours": ()}
    return Day(**(usual | {"state": state} | more))


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice(people=4, kind="LOST", passport_type="ELECTRONIC", channel="PRIORITY"),
        Choice(people=5, beside="8KQ2M7XR4T"),
        Choice(people=4, passport_type="ELECTRONIC", kind_open=True),
        Choice(people=2, before=dt.date(2026, 12, 1), moving="K7MN4TQX", who=("A2", "B3")),
    ],
)
def test_choice_survives_its_address(choice):
    assert Choice.of(QueryDict(choice.query.lstrip("?"))) == choice


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("orang=0", Choice()),
        ("orang=6", Choice(people=5)),
        ("orang=%C2%B2&jenis=x&paspor=y&jalur=COUNTER&sebelum=31-02", Choice()),
        ("siapa=A2", Choice()),
        ("ganti=%27%3B--&siapa=A2", Choice()),
    ],
)
def test_what_is_not_understood_is_as_usual(query, expected):
    assert Choice.of(QueryDict(query)) == expected


def test_open_passport_type_asks_for_one_that_is_issued():
    assert Choice().asked_type(OFFICE) == "ELECTRONIC"
    assert Choice(passport_type="REGULAR").asked_type(OFFICE) == "REGULAR"


@pytest.mark.parametrize(
    ("shown", "people", "load", "word"),
    [
        (day(DayState.OPEN, hours=(hour(40),)), 1, "free", "sisa 40"),
        (day(DayState.OPEN, hours=(hour(12),)), 1, "some", "sisa 12"),
        (day(DayState.OPEN, hours=(hour(1), hour(3))), 2, "few", "sisa 3"),
        (day(DayState.OPEN, hours=(hour(1200),)), 1, "free", "ada"),
        (day(DayState.FULL), 1, "full", "penuh"),
        (day(DayState.CLOSED, why_code=Why.HOLIDAY), 1, "closed", "libur"),
        (day(DayState.CLOSED, why_code=Why.CLOSURE), 1, "closed", "tutup"),
        (day(DayState.NOT_OPEN), 1, "not-open", "belum"),
        (day(DayState.NOT_OFFERED), 1, "not-offered", "tak ada"),
    ],
)
def test_cell_has_a_word_of_eight_letters_at_most(shown, people, load, word):
    with translation.override("id"):
        assert picker.day_word(shown, people) == (load, word)
    for language in ("id", "en"):
        with translation.override(language):
            assert len(picker.day_word(shown, people)[1]) <= 8


def test_reason_tells_the_opening_in_the_zone_of_the_office():
    with translation.override("id"):
        reason = picker.day_reason(day(DayState.NOT_OPEN, why="Belum.", opens_at=AT), OFFICE, 1)

    assert reason == "Belum. Dibuka Rabu, 25 November 2026, pukul 08.00 WIT."


def test_month_leaves_out_weeks_that_are_over_and_links_every_known_day():
    known = day(DayState.FULL)
    month = picker.Month(
        first=dt.date(2026, 11, 1),
        availability=Availability(OFFICE, AT, (known,)),
        people=1,
        today=dt.date(2026, 11, 24),
        hrefs={known.day: "/x/"},
    )

    cells = [cell for week in month.weeks for cell in week if cell]

    assert [cell["number"] for cell in cells] == [*range(23, 31)]
    assert [cell.get("href") for cell in cells if cell["number"] == 24] == ["/x/"]
    assert all(cell["label"] for cell in cells)


def test_neighbouring_days_with_the_same_hours_are_said_once():
    usual = WorkingHours(
        dt.time(8), dt.time(15), 5, 15, break_starts=dt.time(12), break_ends=dt.time(13)
    )
    short = WorkingHours(dt.time(8), dt.time(11, 30), 5, 15)
    rows = [WeeklyHours(n, dt.date(2020, 1, 1), None, usual) for n in range(4)]
    rows.append(WeeklyHours(4, dt.date(2020, 1, 1), None, short))

    with translation.override("id"):
        said = week_in_words(rows, dt.date(2026, 11, 24))

    assert [line.replace("\u2060", "") for line in said] == [
        "Senin–Kamis 08.00–12.00, 13.00–15.00",
        "Jumat 08.00–11.30",
    ]


@pytest.mark.parametrize(
    ("minutes", "id_words", "en_words"),
    [
        (45, "sekitar 45 menit", "about 45 minutes"),
        (60, "sekitar 1 jam", "about 1 hour"),
        (75, "sekitar 1 jam 15 menit", "about 1 hour 15 minutes"),
        (135, "sekitar 2 jam 15 menit", "about 2 hours 15 minutes"),
    ],
)
def test_length_of_a_visit_in_words(minutes, id_words, en_words):
    for language, expected in (("id", id_words), ("en", en_words)):
        with translation.override(language):
            assert formatting.about(minutes) == expected
