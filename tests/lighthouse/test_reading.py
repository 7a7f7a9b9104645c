"""What is read from Lighthouse's report, and when a page misses its goals."""

import json
from pathlib import Path

import pytest

from paspor.dev.console import Trouble
from tests.lighthouse import program
from tests.lighthouse.command import _faults, _scores
from tests.lighthouse.program import CATEGORIES, _read

# Stands for Node: fails so often before it reports.
NODE = """#!/bin/sh
cd {folder}
echo asked >> asked
[ $(wc -l < asked) -gt {failures} ] && exec cat report
echo "{complaint}" >&2
exit 1
"""


def audit(score: float | None, **more: object) -> dict:
    return {
        "score": score,
        "scoreDisplayMode": "numeric",
        "title": "Judul",
        "numericValue": 0,
    } | more


def report(accessibility: float = 1, contrast: float = 1) -> dict:
    refs = [{"id": "color-contrast", "weight": 7}, {"id": "logical-tab-order", "weight": 0}]
    categories = {name: {"score": 0.97, "auditRefs": []} for name in CATEGORIES}
    categories["accessibility"] = {"score": accessibility, "auditRefs": refs}
    categories["best-practices"]["score"] = 1
    return {
        "categories": categories,
        "audits": {
            "color-contrast": audit(contrast, title="Contrast is too low"),
            "logical-tab-order": audit(None, scoreDisplayMode="manual"),
            "first-contentful-paint": audit(1, numericValue=1234),
            "largest-contentful-paint": audit(1, numericValue=1500),
            "cumulative-layout-shift": audit(1, numericValue=0.01),
        },
    }


def test_a_page_that_reaches_the_goals_has_no_faults():
    rated = _read(report())

    assert rated.scores["performance"] == 97
    assert rated.seconds == {"FCP": 1.234, "LCP": 1.5}
    assert rated.faults == ()
    assert _faults("beranda", [rated]) == []


def test_what_cost_the_goal_is_named():
    rated = _read(report(accessibility=0.95, contrast=0))

    (fault,) = _faults("beranda", [rated])
    assert fault == "beranda: accessibility 95; accessibility: Contrast is too low"


@pytest.mark.parametrize("others", [(1, 1), (1, 0.9), (0.9, 1)])
def test_the_median_of_three_counts(others):
    runs = [_read(report(accessibility=score)) for score in (0.95, *others)]

    assert _scores(runs)["accessibility"] == sorted([95, *(100 * one for one in others)])[1]


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    (tmp_path / "report").write_text(json.dumps(report()))

    def failing(times: int, complaint: str) -> Path:
        script = tmp_path / "node"
        script.write_text(NODE.format(folder=tmp_path, failures=times, complaint=complaint))
        script.chmod(0o755)
        return tmp_path / "asked"

    return failing


def test_a_page_whose_beginning_was_not_recorded_is_asked_again(node):
    asked = node(2, "Runtime error: NO_NAVSTART")

    assert program.rate("http://127.0.0.1/", browser="chromium").scores["performance"] == 97
    assert asked.read_text().count("asked") == 3


@pytest.mark.parametrize(
    ("complaint", "tries"), [("NO_NAVSTART", 3), ("ECONNREFUSED 127.0.0.1", 1)]
)
def test_what_cannot_be_rated_is_said(node, complaint, tries):
    asked = node(9, complaint)

    with pytest.raises(Trouble, match=complaint):
        program.rate("http://127.0.0.1/", browser="chromium")
    assert asked.read_text().count("asked") == tries
