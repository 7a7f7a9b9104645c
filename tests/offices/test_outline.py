"""The outline of the country, without a database."""

import csv
import re
from pathlib import Path

import pytest

from offices import outline

ROOT = Path(__file__).resolve().parents[2]
OUTLINE = ROOT / "static/img/indonesia.svg"


@pytest.mark.parametrize(
    ("latitude", "longitude", "at"),
    [(7.0, 94.0, (0, 0)), (0.0, 114.0, (400, 140)), (-6.125, 106.5, (250, 262.5))],
)
def test_a_degree_is_as_wide_as_it_is_high(latitude, longitude, at):
    assert outline.place(latitude, longitude) == at


def test_every_office_stands_on_the_map():
    with (ROOT / "offices/data/sites.csv").open() as file:
        places = [
            outline.place(float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
        ]
    assert len(places) > 150
    assert all(0 < x < outline.WIDTH and 0 < y < outline.HEIGHT for x, y in places)


def test_the_outline_is_drawn_by_the_same_numbers_and_stays_light():
    text = OUTLINE.read_text()
    assert f'viewBox="0 0 {outline.WIDTH} {outline.HEIGHT}"' in text
    assert len(text) < 12_000
    # Its ends: Aceh's northern tip and the border in Papua, to a tenth of a degree.
    starts = [tuple(map(float, pair)) for pair in re.findall(r"M(\S+?) (\S+?)l", text)]
    assert min(x for x, _y in starts) > outline.place(0, 95.0)[0] - 2
    assert max(x for x, _y in starts) <= outline.place(0, 141.1)[0]


@pytest.mark.parametrize(
    ("points", "view_box"),
    [
        ([], "0 0 960 376"),
        # One office alone: the piece around it that still shows a coast.
        ([(256, 264)], "156 224.8 200 78.3"),
        ([(10, 10), (950, 370)], "0 0 960 376"),
        # At the edge of the map the piece ends there, and still shows the office.
        ([(950, 370)], "760 297.7 200 78.3"),
        # A tall piece is as wide as its height asks for.
        ([(400, 100), (410, 200)], "236.5 84 337 132"),
    ],
)
def test_the_piece_around_some_offices_has_the_maps_shape(points, view_box):
    frame = outline.around(points)

    assert frame.view_box == view_box
    left, top, width, height = map(float, view_box.split())
    assert all(left <= x <= left + width and top <= y <= top + height for x, y in points)
    assert frame.scale == round(width / outline.WIDTH, 3)
