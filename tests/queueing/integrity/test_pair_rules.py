"""When two officers always agree: all four limits at once, each seen to matter."""

from dataclasses import replace

import pytest

from queueing.integrity.rules.pairs import Pair, PairLimits, always_agrees
from queueing.integrity.rules.signal import Signal, score_of

LIMITS = PairLimits(requests=10, granted_percent=95, seconds=60, share_percent=80)
UNREAD = Pair(decided=20, granted=19, median_seconds=59.9, of_asker=25)


def test_many_unread_yeses_by_one_second_are_a_signal():
    signal = always_agrees(UNREAD, LIMITS, 30)

    assert (signal.code, signal.weight) == ("pair_agrees", 30)
    assert signal.params == {"decided": 20, "granted": 95, "seconds": 60, "share": 80}


@pytest.mark.parametrize(
    "other",
    [
        {"decided": 9, "granted": 9, "of_asker": 9},  # few
        {"granted": 18},  # one in ten declined
        {"median_seconds": 60.0},  # read for a minute
        {"of_asker": 26},  # others are asked as well
    ],
)
def test_each_limit_alone_keeps_a_pair_out(other: dict[str, float]):
    assert always_agrees(replace(UNREAD, **other), LIMITS, 30) is None


def test_a_pair_that_decided_nothing_is_none():
    assert always_agrees(Pair(0, 0, 0, 0), LIMITS, 30) is None


def test_a_score_has_a_top():
    assert score_of([Signal("a", 60), Signal("b", 30)]) == 90
    assert score_of([Signal("a", 60), Signal("b", 60)]) == 100
    assert score_of([]) == 0
