"""From how many on each signal about an officer speaks."""

import pytest

from queueing.integrity import insider_words
from queueing.integrity.policies.insiders import WATCHED
from queueing.integrity.rules.officers import CODES, Count, Limit, signals, with_usual

LIMITS = {code: Limit(n, weight) for code, n, weight, _help in WATCHED}
LIMITS["other_reason"] = Limit(15, 10, percent=50)


def codes(counts: dict[str, Count]) -> list[str]:
    return [signal.code for signal in signals(counts, LIMITS, days=30)]


@pytest.mark.parametrize("code", CODES)
def test_a_signal_speaks_from_its_limit_on_and_not_before(code: str):
    limit = LIMITS[code]

    assert codes({code: Count(limit.n - 1)}) == []
    assert codes({code: Count(limit.n)}) == [code]


@pytest.mark.parametrize(("of", "spoken"), [(30, ["other_reason"]), (31, [])])
def test_other_reasons_are_a_signal_where_they_are_half_of_all(of: int, spoken: list[str]):
    assert codes({"other_reason": Count(15, of)}) == spoken


@pytest.mark.parametrize(("usual", "spoken"), [(5, ["verified"]), (6, [])])
def test_what_busy_officers_do_is_a_signal_where_it_is_thrice_the_usual(usual: int, spoken):
    limits = LIMITS | {"verified": Limit(15, 20, times=3)}

    found = signals({"verified": Count(15, usual=usual)}, limits, days=30)

    assert [signal.code for signal in found] == spoken


def test_usual_is_the_median_of_colleagues_and_of_the_nation_where_there_are_too_few():
    here = {(n, "KANIM-A"): Count(count) for n, count in enumerate((40, 2, 4, 9))}
    alone = {(9, "KANIM-B"): Count(50)}

    usual = {key: count.usual for key, count in with_usual(here | alone).items()}

    assert usual == {
        (0, "KANIM-A"): 4,
        (1, "KANIM-A"): 9,
        (2, "KANIM-A"): 9,
        (3, "KANIM-A"): 4,
        (9, "KANIM-B"): 6,
    }
    assert with_usual(alone) == alone


def test_a_signal_carries_its_weight_and_numbers():
    (signal,) = signals({"one_account": Count(30)}, LIMITS, days=14)

    assert signal.weight == LIMITS["one_account"].weight
    assert signal.params == {"n": 30, "of": 0, "usual": 0, "limit": 10, "days": 14}


@pytest.mark.parametrize("code", CODES)
def test_every_signal_has_a_sentence_with_its_numbers(code: str):
    (signal,) = signals({code: Count(1234)}, LIMITS, days=30)

    assert "1234" in insider_words.sentence(signal)


def test_every_code_is_watched_and_every_figure_has_a_rule():
    assert {row[0] for row in WATCHED} == set(CODES)
