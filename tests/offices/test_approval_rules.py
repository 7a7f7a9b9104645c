"""What a request is about, kept as JSON; and what older rows said, made into it."""

from datetime import date, time
from importlib import import_module

import pytest

from offices.approval_rules import Matter

FILLING = import_module("offices.migrations.0016_fill_approval_about")
DAY = date(2026, 12, 24)


@pytest.mark.parametrize(
    "matter",
    [
        Matter(),
        Matter(day=DAY),
        Matter(day=DAY, since=time(10, 30)),
        Matter(weekday=0),
        Matter(slot="K7QX4M", channel="ONLINE", seats=0),
        Matter(figure="hold_minutes", value="20"),
        Matter(officer="A:B:C"),
        Matter(case="CASE", bulk_act="ACT"),
        Matter(is_walk_in=True),
    ],
)
def test_a_matter_is_read_as_it_was_written(matter: Matter):
    assert Matter.from_json(matter.to_json()) == matter


def test_only_what_is_known_is_written():
    assert Matter(day=DAY, weekday=0).to_json() == {"day": "2026-12-24", "weekday": 0}


@pytest.mark.parametrize(
    ("kept", "error"),
    [({"hour": "10:00"}, TypeError), ({"day": "24-12-2026"}, ValueError)],
)
def test_a_fact_that_there_is_not_is_refused(kept: dict[str, str], error: type[Exception]):
    with pytest.raises(error):
        Matter.from_json(kept)


@pytest.mark.parametrize(
    ("act", "subject", "matter"),
    [
        ("close_day", "KANIM-X:2026-12-24", Matter(day=DAY)),
        ("close_day", "KANIM-X:2026-12-24:all:abc", Matter(day=DAY)),
        ("close_day", "KANIM-X:2026-12-24:1030:abc", Matter(day=DAY, since=time(10, 30))),
        ("special_day", "KANIM-X:2026-12-24:120:abc", Matter(day=DAY)),
        ("special_day", "KANIM-X:2026-12-24:2026-12-31:drive:abc", Matter(day=DAY)),
        ("holiday", "nasional:2026-12-24", Matter(day=DAY)),
        ("hours", "KANIM-X:0:2026-12-24:120:abc", Matter(weekday=0)),
        ("change_capacity", "SLOT:ONLINE:26", Matter(slot="SLOT", channel="ONLINE", seats=26)),
        ("policy", 'hours="a:b"@KANIM-X:abc', Matter(figure="hours", value='"a:b"')),
        ("grant_head", "USER:HEAD:KANIM-X:abc", Matter(officer="USER")),
        ("reset_second", "USER:second", Matter(officer="USER")),
        ("evidence", "evidence:CASE:abc", Matter(case="CASE")),
        ("suspend", "suspend:CASE:ACT:0123456789abcdef", Matter(case="CASE", bulk_act="ACT")),
        ("no_show", "no_show:VISIT", Matter(booking="VISIT")),
        ("book_for", "book_for:VISIT", Matter(booking="VISIT")),
        ("book_for", "KANIM-X:2026-12-24:SLOT:COUNTER:5:abc", Matter(is_walk_in=True)),
        ("undo", "day_list:LIST:abc", Matter()),
        ("close_day", "of another shape", Matter()),
    ],
)
def test_older_requests_keep_what_their_subject_said(act: str, subject: str, matter: Matter):
    assert FILLING.matter(act, subject, "KANIM-X") == matter.to_json()
