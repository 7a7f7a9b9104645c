"""A day that is closed in part says which hours, and why: to people and to programs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from paspor.kernel import formatting
from queueing.quota import rules
from queueing.quota.models import Slot
from queueing.quota.rules import ClosedPart, DayFacts, HourFacts
from tests.queueing.pages.visitors import near_day, near_hour, working_office

DAY = date(2030, 1, 7)
EIGHT = datetime(2030, 1, 7, 1, tzinfo=UTC)
POWER, FLOOD = "Listrik padam & gelap", "Banjir"


def facts(*closed: str, hours: tuple[int, ...] = (8, 9, 10, 11, 13, 14)) -> DayFacts:
    """A day whose hours, in order, are closed with these sentences; "" serves."""
    known = [
        HourFacts(str(hour), at(hour), at(hour + 1), EIGHT, why)
        for hour, why in zip(hours, closed, strict=True)
    ]
    return DayFacts(DAY, True, None, hours=known[::-1])


def at(hour: int) -> datetime:
    return EIGHT + timedelta(hours=hour - 8)


@pytest.mark.parametrize(
    ("closed", "parts"),
    [
        (("", "", "", "", "", ""), []),
        # A break parts nothing; an hour that serves does.
        (("", "", POWER, POWER, POWER, POWER), [(10, 15, POWER)]),
        ((POWER, "", POWER, "", "", ""), [(8, 9, POWER), (10, 11, POWER)]),
        (("", POWER, FLOOD, FLOOD, "", ""), [(9, 10, POWER), (10, 12, FLOOD)]),
        # What only the calendar took away was not closed by anybody.
        (("", rules.HOUR_GONE, POWER, "", "", ""), [(10, 11, POWER)]),
        # Of a day without an hour that serves its own state tells.
        ((POWER, POWER, POWER, POWER, POWER, rules.HOUR_GONE), []),
    ],
)
def test_the_parts_of_a_day_that_an_officer_closed(closed, parts):
    expected = tuple(ClosedPart(at(first), at(last), why) for first, last, why in parts)
    assert rules.closed_parts(facts(*closed)) == expected


def test_a_day_without_hours_has_no_parts():
    assert rules.closed_parts(facts(hours=())) == ()


@pytest.fixture
def slot(db) -> Slot:
    """At nine people are served; from ten to twelve the office is closed."""
    office = working_office()
    serving = near_hour(office)
    for hour in (10, 11):
        near_hour(office, hour=hour, closed_at=timezone.now(), closed_why=POWER)
    return serving


def text(page) -> str:
    return " ".join(page.content.decode().split())


def test_the_day_and_its_month_say_which_hours_are_closed_and_why(client, slot):
    path = f"/kantor/{slot.office.code}/"
    day, month = (
        text(client.get(f"{path}{slot.day}/")),
        text(client.get(f"{path}?bulan={slot.day:%Y-%m}")),
    )

    # As text() has it: no space is a special one.
    hours = formatting.unbroken("10.00–12.00 WIB").replace("\xa0", " ")
    for page in (day, month):
        assert "Sebagian jam ditutup" in page
        assert f"{hours}: Listrik padam &amp; gelap" in page
    assert f"/{slot.day}/" in month
    assert "sebagian jam ditutup" in month
    other = text(client.get(f"{path}{near_day(4)}/"))
    assert "Sebagian jam ditutup" not in other


def test_programs_read_it_too(client, slot):
    path = f"/api/v1/offices/{slot.office.code}/availability"
    body = client.get(path, {"from": near_day(3), "to": near_day(4)}).json()

    closed = [day["closed"] for day in body["days"]]
    assert closed == [
        [
            {
                "starts_at": f"{slot.day}T10:00:00+07:00",
                "ends_at": f"{slot.day}T12:00:00+07:00",
                "why": POWER,
            }
        ],
        [],
    ]
