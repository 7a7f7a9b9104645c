"""The guided questions and what their answers settle. No database."""

import itertools
import re

import pytest

from queueing.booking import documents, guide
from queueing.booking.models import Place

ADULT = {"usia": "dewasa", "punya": "belum", "paspor": "REGULAR"}


def all_ways(answers=None):
    """Every way through the questions, by its answers."""
    answers = answers or {}
    question = guide.next_question(answers)
    if question is None:
        yield answers
        return
    for option in question.options:
        yield from all_ways(guide.read({**answers, question.name: option.value}))


WAYS = list(all_ways())


def test_every_way_ends_and_every_kind_is_reached():
    assert {guide.kind(answers) for answers in WAYS} == set(Place.Kind.values)
    assert max(len(answers) for answers in WAYS) <= len(guide.QUESTIONS) - 1


def test_no_answer_leaves_a_document_that_says_what_if():
    unsure = {documents.OLD_ISSUE, documents.BOTH_PARENTS}
    for answers in WAYS:
        items = documents.exactly(
            guide.kind(answers),
            is_child=guide.is_child(answers),
            told=guide.told(answers),
            by_disaster=guide.by_disaster(answers),
        )
        assert not unsure & set(items), answers
        assert len(set(items)) == len(items)


def test_every_document_of_any_case_names_its_regulation():
    cases = itertools.product(
        Place.Kind.values, (True, False), (None, *documents.EXACTLY), (True, False)
    )
    for kind, is_child, told, by_disaster in cases:
        items = documents.exactly(
            kind, is_child=is_child, told=[told] if told else [], by_disaster=by_disaster
        )
        assert all(each["source"] for each in documents.with_sources(items))


@pytest.mark.parametrize(
    ("kind", "is_child", "told", "disaster", "there", "missing"),
    [
        ("REPLACEMENT", False, "PLAIN", False, "OLD_PASSPORT", "FAMILY_CARD"),
        ("REPLACEMENT", False, "OTHER", False, "FAMILY_CARD", "OLD_ISSUE"),
        ("LOST", False, None, True, "DISASTER_PROOF", "OLD_PASSPORT"),
        ("NEW", False, None, True, "KTP", "DISASTER_PROOF"),
        ("NEW", True, "ONE", False, "POWER_OF_ATTORNEY", "PARENTS_COME"),
        ("NEW", True, "CUSTODY", False, "CUSTODY_RULING", "PARENTS_STATEMENT"),
        ("NEW", True, "CUSTODY", False, "CUSTODY_KTP", "PARENTS_KTP"),
        ("NEW", True, "CUSTODY", False, "DIVORCE_PAPER", "MARRIAGE_BOOK"),
    ],
)
def test_what_is_told_changes_the_list(kind, is_child, told, disaster, there, missing):
    items = documents.exactly(
        kind, is_child=is_child, told=[told] if told else [], by_disaster=disaster
    )
    assert getattr(documents, there) in items
    assert getattr(documents, missing) not in items


def test_data_that_differ_are_an_answer_in_one_place():
    """Elsewhere it would lead to another kind of request, without its proof."""
    naming = {
        option.value
        for question in guide.QUESTIONS
        for option in question.options
        if re.search(r"\bdata(nya)?\b", f"{option.label} {option.hint}".lower())
    }

    assert naming == {"berubah", "biasa"}  # must be changed; are the same


def test_without_answers_the_list_is_the_tickets():
    for kind, is_child in itertools.product(Place.Kind.values, (True, False)):
        exact = documents.exactly(kind, is_child=is_child)
        assert exact == documents.to_bring(kind, is_child=is_child)


def test_an_answer_that_no_longer_applies_is_left_out():
    lost = ADULT | {"punya": "ya", "keadaan": "hilang", "sebab": "musibah"}
    assert guide.next_question(guide.read(lost)) is None

    now_new = guide.read(lost | {"punya": "belum"})

    assert now_new == ADULT
    assert guide.kind(now_new) == "NEW"
    assert not guide.by_disaster(now_new)


@pytest.mark.parametrize("asked", [{}, {"usia": "raja"}, {"keadaan": "hilang"}, {"x": "dewasa"}])
def test_what_is_not_understood_is_asked(asked):
    assert guide.read(asked) == {}
    assert guide.next_question(guide.read(asked)) is guide.AGE


@pytest.mark.parametrize("kind", Place.Kind.values)
def test_lost_damaged_and_wrong_ones_are_examined_and_no_others(kind):
    assert bool(documents.examination(kind)) == (kind in documents.EXAMINED_FIRST)
