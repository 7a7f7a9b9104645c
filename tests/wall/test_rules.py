"""How an office does and the limits, without a database."""

import csv
from pathlib import Path

import pytest
import yaml

from paspor.wall import rules
from paspor.wall.rules import Standing

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("troubled", "late", "stopped", "serving", "is_"),
    [
        ({1}, {1}, {1}, {1}, Standing.TROUBLE),
        ({2}, {1}, {1}, {1}, Standing.LATE),
        ({2}, {2}, {1}, {1}, Standing.STOPPED),
        ({None}, set(), set(), {1}, Standing.SERVING),
        (set(), set(), {2}, {2}, Standing.CLOSED),
    ],
)
def test_the_worst_is_told_of_an_office(troubled, late, stopped, serving, is_):
    known = {"troubled": troubled, "late": late, "stopped": stopped, "serving": serving}
    assert rules.standing(1, **known) == is_


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
