"""The map and the limits, without a database."""

import csv
import re
from pathlib import Path

import pytest
import yaml

from paspor.wall import rules
from paspor.wall.rules import Standing

ROOT = Path(__file__).resolve().parents[2]
OUTLINE = ROOT / "static/img/indonesia.svg"


@pytest.mark.parametrize(
    ("latitude", "longitude", "at"),
    [(7.0, 94.0, (0, 0)), (0.0, 114.0, (400, 140)), (-6.125, 106.5, (250, 262.5))],
)
def test_a_degree_is_as_wide_as_it_is_high(latitude, longitude, at):
    assert rules.place(latitude, longitude) == at


def test_every_office_stands_on_the_map():
    with (ROOT / "offices/data/sites.csv").open() as file:
        places = [
            rules.place(float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
        ]
    assert len(places) > 150
    assert all(0 < x < rules.WIDTH and 0 < y < rules.HEIGHT for x, y in places)


def test_the_outline_is_drawn_by_the_same_numbers_and_stays_light():
    text = OUTLINE.read_text()
    assert f'viewBox="0 0 {rules.WIDTH} {rules.HEIGHT}"' in text
    assert len(text) < 12_000
    # Its ends: Aceh's northern tip and the border in Papua, to a tenth of a degree.
    starts = [tuple(map(float, pair)) for pair in re.findall(r"M(\S+?) (\S+?)l", text)]
    assert min(x for x, _y in starts) > rules.place(0, 95.0)[0] - 2
    assert max(x for x, _y in starts) <= rules.place(0, 141.1)[0]


@pytest.mark.parametrize(
    ("troubled", "late", "serving", "is_"),
    [
        ({1}, {1}, {1}, Standing.TROUBLE),
        ({2}, {1}, {1}, Standing.LATE),
        ({None}, set(), {1}, Standing.SERVING),
        (set(), set(), {2}, Standing.CLOSED),
    ],
)
def test_the_worst_is_told_of_an_office(troubled, late, serving, is_):
    assert rules.standing(1, troubled=troubled, late=late, serving=serving) == is_


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
