"""The measurement in small, so that it does not rot: `make bench` runs it in full."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections

from tests.bench import checks, growth, plans, stage, town
from tests.bench.checks import Expected, Faults
from tests.bench.command import Goal, Measured, main
from tests.bench.growth import Ground

FIRST = "(SELECT min(id) FROM queueing_place)"
SEAT_OF_FIRST = "(SELECT min(seat_id) FROM queueing_place)"
ROWS = ("claim-view", "claim", "book-hot", "hold-confirm", "reschedule")


def test_a_tiny_measurement_writes_its_table(
    template_database: str,
    django_db_blocker: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    monkeypatch.setenv("WEB_WORKERS", "1")
    out = tmp_path / "bench.json"

    with django_db_blocker.unblock():
        code = main(["--tiny", "--out", str(out), *ROWS], template=template_database)

    told = json.loads(out.read_text())
    assert code == 0
    assert told["checks"] == {"oversold": 0, "lost": 0, "half_written": 0}
    assert set(told["rows"]) == set(ROWS)
    for name, row in told["rows"].items():
        assert set(row["answers"]) == {"200" if name == "hold-confirm" else "201"}, name
        assert 0 < row["p50_ms"] <= row["p99_ms"]
        assert row["per_second"] > 0


def test_goals_are_of_rows_that_were_run():
    fast = Measured("fast", 100, 1, 2, 1, 1, Counter(), "own", {})
    slow = replace(fast, name="slow", per_second=40)
    goal = Goal("slow", "fast", 0.5)

    assert goal.reached({"slow": slow}) is None
    reached = goal.reached({"slow": slow, "fast": fast})
    assert reached == 0.4
    assert "NOT MET" in goal.as_text(reached)
    assert "NOT MET" not in Goal("slow", None, 40).as_text(slow.per_second)


def test_a_country_is_set_against_the_town_that_was_measured_before_or_after(tmp_path: Path):
    town_ground, country = Ground(0, 3, 8), Ground(1_000_000, 3, 8)
    out = tmp_path / "bench.json"
    assert growth.other_of(out, country) is None

    small = {"ground": town_ground.as_json(), "rows": {"echo": {"per_second": 200.0}}}
    out.write_text(json.dumps(small))
    other = growth.other_of(out, country)
    assert other == small
    reached = growth.ratios(country, {"echo": 150.0, "ticket": 9.0}, other)
    assert reached == {"echo": 0.75}
    assert "NOT MET" in growth.as_text("echo", reached["echo"])

    # The country's own run keeps the town's, so a second one has it again.
    large = {"ground": country.as_json(), "rows": {"echo": {"per_second": 150.0}}, "other": other}
    out.write_text(json.dumps(large))
    assert growth.other_of(out, country) == small
    assert growth.ratios(town_ground, {"echo": 100.0}, growth.other_of(out, town_ground)) == {
        "echo": 1.5
    }
    assert growth.other_of(out, Ground(0, 1, 2)) is None  # a run of another length


@pytest.fixture
def booked_town(committed_db: str, tmp_path: Path) -> list[str]:
    """Everybody has a place; the codes that they were told."""
    people = town.build(town.TINY)
    stage.book_everyone(stage.Stage(people, committed_db, tmp_path))
    return [plans.code_of(home) for home in people.singles]


def test_the_checks_see_what_must_never_be(booked_town: list[str]):
    bare = Expected(0, mails=False, keys=False)
    assert _look(bare, booked_town) == Faults()

    assert _look(bare, [*booked_town, "NOBODY22"]) == Faults(lost=1)
    people = len(booked_town)
    assert _look(Expected(0, keys=False), booked_town) == Faults(half_written=people)
    assert _look(Expected(0, mails=False), booked_town) == Faults(half_written=people)
    family = Expected(0, people=2, mails=False, keys=False)
    assert _look(family, booked_town) == Faults(half_written=people)
    had_places = replace(bare, mark=checks.last_booking()[0], keeps_places=True)
    assert _look(had_places, []) == Faults()

    _as_owner("ALTER TABLE queueing_bookingevent DISABLE TRIGGER USER")
    _as_owner(f"DELETE FROM queueing_bookingevent WHERE place_id = {FIRST}")
    assert _look(bare, booked_town) == Faults(half_written=1)

    _as_owner(f"UPDATE queueing_seat SET taken = false WHERE id = {SEAT_OF_FIRST}")
    assert _look(bare, booked_town) == Faults(half_written=1, oversold=1)

    _as_owner(
        "UPDATE queueing_place SET state = 'MOVED', live_person_id = NULL, live_seat_id = NULL,"
        f" ended_at = '2020-01-01' WHERE id = {FIRST}"
    )
    assert _look(had_places, []).lost == 1


def _look(expected: Expected, codes: list[str]) -> Faults:
    return checks.look(expected, codes, since="infinity")


def _as_owner(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
