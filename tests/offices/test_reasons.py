"""Acts outside the queue say why; the lists and their words belong together."""

from contextlib import nullcontext as does_not_raise

import pytest

from offices import reasons, words
from offices.errors import ReasonNeeded
from offices.reasons import REASONS, Why
from offices.rules import Act


@pytest.mark.parametrize("act", REASONS, ids=str)
def test_every_reason_of_a_list_with_words_is_enough(act: Act):
    for code in REASONS[act]:
        with does_not_raise():
            reasons.check(act, Why(code, "Genset kantor rusak"))


@pytest.mark.parametrize(
    ("why", "named"),
    [
        (Why(), {"reason", "note"}),
        (Why("", "Genset rusak"), {"reason"}),
        (Why("utilities", ""), {"note"}),
        (Why("utilities", " \n"), {"note"}),
        (Why("traffic", "Genset rusak"), {"reason"}),  # of another act's list
        (Why("UTILITIES", "Genset rusak"), {"reason"}),
    ],
)
def test_without_code_or_words_both_fields_at_fault_are_named(why: Why, named: set[str]):
    with pytest.raises(ReasonNeeded) as refusal:
        reasons.check(Act.CLOSE_DAY, why)

    assert set(refusal.value.fields) == named


def test_what_happens_every_day_takes_no_words_and_another_reason_always_does():
    for act, codes in reasons.WORDLESS.items():
        assert set(codes) <= set(REASONS[act]) - {reasons.OTHER}
        for code in codes:
            reasons.check(act, Why(code))
        with pytest.raises(ReasonNeeded):
            reasons.check(act, Why(reasons.OTHER))


def test_every_code_has_a_word_and_every_word_a_code():
    used = {code for codes in REASONS.values() for code in codes}

    assert used == set(words.REASONS)


def test_codes_fit_the_log():
    assert all(len(code) <= 60 and code.isidentifier() for code in words.REASONS)


@pytest.mark.parametrize("act", REASONS, ids=str)
def test_every_list_ends_with_another_reason_and_names_none_twice(act: Act):
    assert REASONS[act][-1] == reasons.OTHER
    assert len(set(REASONS[act])) == len(REASONS[act])
