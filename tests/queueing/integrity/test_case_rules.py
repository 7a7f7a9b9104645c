from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from offices.rules import Act
from paspor.kernel.errors import Invalid
from queueing.integrity import case_errors as errors
from queueing.integrity.rules import cases as rules
from queueing.integrity.rules.cases import Thresholds

JAKARTA = ZoneInfo("Asia/Jakarta")
LIMITS = Thresholds(cluster_score=70, cluster_size=5, account_score=90, limit_score=80)


@pytest.mark.parametrize(
    ("score", "accounts", "opens"),
    [
        (70, 5, True),
        (69, 5, False),
        (70, 4, False),
        (90, 4, True),
        (90, 1, True),
        (89, 1, False),
        (100, 0, True),
    ],
)
def test_a_rule_opens_a_case_by_score_and_size(score: int, accounts: int, opens: bool):
    assert rules.opens_case(score=score, accounts=accounts, thresholds=LIMITS) is opens


def test_an_account_is_limited_from_its_own_score_on():
    assert rules.limits_alone(score=80, thresholds=LIMITS)
    assert not rules.limits_alone(score=79, thresholds=LIMITS)


@pytest.mark.parametrize("act", list(Act), ids=str)
def test_the_system_alone_may_limit_and_nothing_else(act: Act):
    assert rules.may_alone(act) is (act == Act.LIMIT)


@pytest.mark.parametrize(
    ("filed", "days", "holidays", "last"),
    [
        (datetime(2026, 11, 23, 3, tzinfo=UTC), 5, [], date(2026, 11, 30)),  # Monday
        (datetime(2026, 11, 27, 3, tzinfo=UTC), 1, [], date(2026, 11, 30)),  # Friday
        (datetime(2026, 11, 28, 3, tzinfo=UTC), 1, [], date(2026, 11, 30)),  # Saturday
        (datetime(2026, 11, 27, 3, tzinfo=UTC), 1, [date(2026, 11, 30)], date(2026, 12, 1)),
        # 23.30 UTC on Sunday is Monday morning in Jakarta: Tuesday is the first day.
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), 1, [], date(2026, 11, 24)),
    ],
)
def test_an_answer_is_due_at_the_end_of_a_working_day(filed, days, holidays, last):
    due = rules.due_at(filed, zone=JAKARTA, working_days=days, holidays=holidays)

    assert due.date() == date.fromordinal(last.toordinal() + 1)
    assert (due.hour, due.tzinfo) == (0, JAKARTA)


def test_one_appeal_at_a_time_and_not_without_end():
    rules.check_may_appeal(stands=False, answered=1, most=2)
    with pytest.raises(errors.AppealStands):
        rules.check_may_appeal(stands=True, answered=0, most=2)
    with pytest.raises(errors.AppealsUsedUp):
        rules.check_may_appeal(stands=False, answered=2, most=2)


def test_who_acted_does_not_judge():
    rules.check_decider(3, [1, 2])
    with pytest.raises(errors.OwnDecision):
        rules.check_decider(2, [1, 2])


def test_only_a_closed_case_is_over():
    rules.check_not_over("OPEN")
    rules.check_not_over("DECIDED")
    with pytest.raises(errors.CaseOver):
        rules.check_not_over("CLOSED")


@pytest.mark.parametrize("words", ["", "x" * 11])
def test_words_are_neither_missing_nor_too_many(words: str):
    rules.check_words("x" * 10, 10, field="text")
    with pytest.raises(Invalid) as refusal:
        rules.check_words(words, 10, field="text")
    assert set(refusal.value.fields) == {"text"}
