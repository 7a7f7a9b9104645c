"""Which counts are signals, what they weigh together, and how they are told."""

from dataclasses import fields
from pathlib import Path

import pytest

from queueing.integrity import score_words
from queueing.integrity.policies import scoring as policies
from queueing.integrity.rules.accounts import NOTHING, Facts, Measure, judge
from queueing.integrity.rules.series import Numbered, longest_within, runs

MEASURES = tuple(
    Measure(row.code, row.least, row.weight, row.times, row.is_shared) for row in policies.MEASURES
)
DOCS = Path(__file__).resolve().parents[3] / "docs" / "integrity.md"


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.code)
def test_a_signal_begins_at_its_threshold(measure):
    below = Facts(**{measure.code: measure.least - 1})
    at = Facts(days=90, **{measure.code: measure.least})

    assert measure.signal(below) is None
    assert measure.signal(at).weight == measure.weight
    assert measure.signal(at).params == {"count": measure.least, "days": 90}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.code)
def test_a_signal_grows_by_whole_multiples_and_ends(measure):
    almost = Facts(**{measure.code: measure.least * (measure.times + 1) - 1})
    far = Facts(**{measure.code: measure.least * 1000})

    assert measure.signal(almost).weight == measure.weight * measure.times
    assert measure.signal(far).weight == measure.weight * measure.times


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        # 2017: one account, 4,000 people.
        (Facts(volume=4000), 100),
        # A family that books, cancels and books again, twice.
        (Facts(volume=5, churn=2, let_go=1), 0),
        # One typing error in a NIK, and nothing else.
        (Facts(not_found=1), 20),
        # The same with everything shared that can be: at most twice its own.
        (Facts(not_found=1, device=500, phone=50, burst=500, address=40), 40),
        # A quick hand at the opening, on the phone of a village helper.
        (Facts(first_second=1, device=60), 20),
        # A machine with one invented NIK.
        (Facts(first_second=1, speed=2, series=9), 60),
    ],
)
def test_points_of_some_accounts(facts, points):
    assert judge(facts, MEASURES).points == points


def test_sharing_alone_is_nothing():
    shared = {measure.code: 100_000 for measure in MEASURES if measure.is_shared}
    assert judge(Facts(**shared), MEASURES) == NOTHING


def test_a_score_never_passes_100():
    everything = Facts(**{measure.code: 100_000 for measure in MEASURES})
    judged = judge(everything, MEASURES)
    assert judged.points == judged.own == 100
    assert len(judged.signals) == len(MEASURES)


def test_a_weight_of_nothing_switches_a_signal_off():
    assert judge(Facts(volume=100), [Measure("volume", 8, 0, 4)]) == NOTHING


def test_each_fact_has_a_line_in_the_table_and_two_sentences():
    codes = {measure.code for measure in MEASURES}
    assert codes == {field.name for field in fields(Facts)} - {"days"}
    assert codes == set(score_words.SIGNALS) == set(score_words.OF_ACCOUNTS)


def test_the_page_shows_the_table_as_it_is():
    for row in policies.MEASURES:
        line = f"| `{row.code}` | {row.least} | {row.weight} | {row.times} |"
        assert line in DOCS.read_text(), line


def test_a_signal_kept_as_data_is_told_in_words():
    [signal] = judge(Facts(days=90, volume=12), MEASURES).signals
    kept = {"code": signal.code, "weight": signal.weight, "params": signal.params}
    assert score_words.sentence(kept) == "Memesankan 12 orang berbeda dalam 90 hari."


def numbered(*serials, account=1, stem="a"):
    return [Numbered(stem, serial, account) for serial in serials]


@pytest.mark.parametrize(
    ("rows", "lengths"),
    [
        (numbered(1), []),
        (numbered(1, 2), [2]),
        (numbered(1, 1, 1), []),
        (numbered(1, 3, 5), []),
        (numbered(9, 1, 3, 2, 10), [3, 2]),
        (numbered(1, 2) + numbered(3, stem="b"), [2]),
    ],
)
def test_runs_are_serials_without_a_gap(rows, lengths):
    assert [run.length for run in runs(rows)] == lengths


def test_a_run_over_accounts_is_no_run_of_one():
    rows = [row for n in range(6) for row in numbered(n, account=n)] + numbered(6, 7, account=9)
    [run] = runs(rows)
    assert (run.length, run.accounts) == (8, (0, 1, 2, 3, 4, 5, 9))
    assert longest_within(rows) == {9: 2}
