"""How an office does and the limits, without a database."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from queueing.wall import rules
from queueing.wall.rules import Hour, Standing, Stop

ROOT = Path(__file__).resolve().parents[3]


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 28, hour, minute, tzinfo=UTC)


def day_of(closed: set[int], closed_at: datetime) -> list[Hour]:
    """A day of service from 8 to 12 o'clock."""
    return [Hour(at(h), at(h + 1), closed_at if h in closed else None) for h in range(8, 12)]


GONE, PART = Stop(at(8), None, serves=False), Stop(at(10), None, serves=True)


@pytest.mark.parametrize(
    ("troubled", "late", "stops", "serving", "is_"),
    [
        ({1}, {1}, {1: GONE}, {1}, Standing.TROUBLE),
        ({2}, {1}, {1: GONE}, {1}, Standing.LATE),
        ({2}, {2}, {1: GONE}, {1}, Standing.STOPPED),
        ({2}, {2}, {1: PART}, {1}, Standing.PARTLY),
        ({None}, set(), {}, {1}, Standing.SERVING),
        (set(), set(), {2: GONE}, {2}, Standing.CLOSED),
    ],
)
def test_the_worst_is_told_of_an_office(troubled, late, stops, serving, is_):
    known = {"troubled": troubled, "late": late, "stops": stops, "serving": serving}
    assert rules.standing(1, **known) == is_


@pytest.mark.parametrize(
    ("closed", "closed_at", "now", "is_"),
    [
        (set(), at(8), at(9), None),
        ({10, 11}, at(8, 36), at(8, 40), Stop(at(10), None, serves=True)),
        ({10, 11}, at(8, 36), at(10, 5), Stop(at(10), None, serves=False)),
        ({10, 11}, at(8, 36), at(15), Stop(at(10), None, serves=False)),
        ({9, 10}, at(9, 20), at(9, 30), Stop(at(9, 20), at(11), serves=True)),
        ({9, 10}, at(9, 20), at(11), None),
        ({8, 9, 10, 11}, at(7, 10), at(7, 20), Stop(at(7, 10), None, serves=False)),
    ],
)
def test_an_office_serves_until_the_hours_that_it_closed(closed, closed_at, now, is_):
    assert rules.stop(day_of(closed, closed_at), now) == is_


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Kantor Imigrasi Kelas I Khusus Non TPI Jakarta Selatan", "Kanim Jakarta Selatan"),
        ("Kantor Imigrasi Kelas II TPI Tanjung Balai Asahan", "Kanim Tanjung Balai Asahan"),
        (
            "Unit Layanan Paspor (ULP) Wilayah II Jakarta Selatan",
            "ULP Wilayah II Jakarta Selatan",
        ),
        ("Mal Paspor Uji", "Mal Paspor Uji"),
    ],
)
def test_an_office_is_named_in_one_line(name, short):
    assert rules.short_name(name) == short


def test_no_two_offices_share_a_short_name():
    with (ROOT / "offices/data/sites.csv").open() as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert len({rules.short_name(name) for name in names}) == len(names) > 100
    assert max(len(rules.short_name(name)) for name in names) <= 34


def test_what_is_not_known_is_not_called_too_much():
    assert not rules.is_too_much(None, 5)
    assert not rules.is_too_much(5, 5)
    assert rules.is_too_much(6, 5)


def test_the_wall_is_alarmed_when_the_alerts_are():
    alerts = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())
    exprs = {rule["alert"]: rule["expr"] for group in alerts["groups"] for rule in group["rules"]}

    def limit(alert: str) -> int:
        return int(exprs[alert].rpartition(">")[2])

    assert limit("MailWaits") == rules.OLDEST_MESSAGE_SECONDS
    assert limit("RegistrySilent") == rules.OLDEST_CHECK_SECONDS
    assert limit("LogNotChained") == rules.OLDEST_EVENT_SECONDS
    assert limit("TasksPileUp") == rules.MOST_TASKS
    assert limit("LedgerHeadNotTaken") == rules.MOST_SEAL_DAYS
