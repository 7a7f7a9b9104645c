"""What is read from Lighthouse's report, and when a page misses its goals."""

import pytest

from tests.lighthouse.command import _faults, _scores
from tests.lighthouse.program import CATEGORIES, _read


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
