"""The guided questions and what their answers settle. No database."""

import itertools
import re

import pytest

from queueing.booking import documents, errands, errors, guide, rules
from queueing.booking.errands import Errand
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
    assert {guide.errand(answers).kind for answers in WAYS} == set(Place.Kind.values)
    assert max(len(answers) for answers in WAYS) <= len(guide.QUESTIONS) - 1


def test_no_answer_leaves_a_document_that_says_what_if():
    unsure = {documents.OLD_ISSUE, documents.BOTH_PARENTS}
    for answers in WAYS:
        is_child = guide.is_under_age(answers)
        items = documents.for_errand(guide.errand(answers), is_child=is_child)
        assert not unsure & set(items), answers
        assert len(set(items)) == len(items)


def every_errand():
    """Whatever may be told, by the rules; with whether it is a child's."""
    told = itertools.product(
        Place.Kind.values, ("", *Place.OldPassport.values), ("", *Place.Parents.values)
    )
    for errand, is_child in itertools.product(itertools.starmap(Errand, told), (True, False)):
        if errands.fits_old_passport(errand) and errands.fits_parents(errand, is_child=is_child):
            yield errand, is_child


def test_every_document_of_any_errand_names_its_regulation():
    cases = list(every_errand())
    assert len(cases) == 54
    for errand, is_child in cases:
        items = documents.for_errand(errand, is_child=is_child)
        assert all(each["source"] for each in documents.with_sources(items))


def test_what_may_be_told_is_what_a_place_can_hold():
    assert set(itertools.chain(*errands.OLD_PASSPORTS.values())) == set(Place.OldPassport.values)
    assert list(errands.PARENTS) == Place.Parents.values
    assert {guide.errand(answers) for answers in WAYS} <= {errand for errand, _ in every_errand()}


@pytest.mark.parametrize(
    ("errand", "is_child", "field"),
    [
        (Errand("NEW", "PLAIN"), False, "old_passport"),
        (Errand("REPLACEMENT", "DISASTER"), False, "old_passport"),
        (Errand("LOST", "OTHER"), False, "old_passport"),
        (Errand("DATA_CHANGE", "PLAIN"), False, "old_passport"),
        (Errand("NEW", "", "BOTH"), False, "parents"),
        (Errand("NEW", "", "MARRIED"), False, "parents"),
    ],
)
def test_what_does_not_go_together_is_refused_at_its_field(errand, is_child, field):
    with pytest.raises((errors.OldPassportMismatch, errors.ParentsMismatch)) as refused:
        rules.check_errand(errand, is_child=is_child, person=2)
    assert list(refused.value.faults[2]) == [field]
    assert refused.value.fields == {}

    with pytest.raises((errors.OldPassportMismatch, errors.ParentsMismatch)) as refused:
        rules.check_errand(errand, is_child=is_child)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("told", "is_child", "there", "missing"),
    [
        (("REPLACEMENT", "PLAIN"), False, "OLD_PASSPORT", "FAMILY_CARD"),
        (("REPLACEMENT", "OTHER"), False, "FAMILY_CARD", "OLD_ISSUE"),
        (("LOST", "DISASTER"), False, "DISASTER_PROOF", "OLD_PASSPORT"),
        (("NEW",), False, "KTP", "DISASTER_PROOF"),
        (("NEW", "", "ONE"), True, "POWER_OF_ATTORNEY", "PARENTS_COME"),
        (("NEW", "", "CUSTODY"), True, "CUSTODY_RULING", "PARENTS_STATEMENT"),
        (("NEW", "", "CUSTODY"), True, "CUSTODY_KTP", "PARENTS_KTP"),
        (("NEW", "", "CUSTODY"), True, "DIVORCE_PAPER", "MARRIAGE_BOOK"),
        (("NEW", "", "MARRIED"), True, "OWN_MARRIAGE", "PARENTS_KTP"),
        # Told when it was a child's; it has turned 17 since.
        (("NEW", "", "CUSTODY"), False, "KTP", "CUSTODY_RULING"),
        (("NEW", "", "MARRIED"), False, "KTP", "OWN_MARRIAGE"),
    ],
)
def test_what_is_told_changes_the_list(told, is_child, there, missing):
    items = documents.for_errand(Errand(*told), is_child=is_child)
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
        exact = documents.for_errand(Errand(kind), is_child=is_child)
        assert exact == documents.to_bring(kind, is_child=is_child)


def test_an_answer_that_no_longer_applies_is_left_out():
    lost = ADULT | {"punya": "ya", "keadaan": "hilang", "sebab": "musibah"}
    assert guide.next_question(guide.read(lost)) is None

    now_new = guide.read(lost | {"punya": "belum"})

    assert now_new == ADULT
    assert guide.errand(guide.read(lost)) == Errand("LOST", "DISASTER")
    assert guide.errand(now_new) == Errand("NEW")


@pytest.mark.parametrize("asked", [{}, {"usia": "raja"}, {"keadaan": "hilang"}, {"x": "dewasa"}])
def test_what_is_not_understood_is_asked(asked):
    assert guide.read(asked) == {}
    assert guide.next_question(guide.read(asked)) is guide.AGE


@pytest.mark.parametrize("kind", Place.Kind.values)
def test_lost_damaged_and_wrong_ones_are_examined_and_no_others(kind):
    assert bool(documents.examination(kind)) == (kind in documents.EXAMINED_FIRST)
