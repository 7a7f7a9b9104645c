from contextlib import nullcontext as does_not_raise
from datetime import UTC, date, datetime, timedelta

import pytest

from offices.reasons import Why
from queueing.desk import errors, rules

START = datetime(2030, 1, 7, 1, tzinfo=UTC)
END = START + timedelta(hours=1)
EARLY = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


def arrive(now, *why):
    rules.check_arrival(starts_at=START, ends_at=END, early=EARLY, why=Why(*why), now=now)


def test_arrival_counts_from_thirty_minutes_before():
    with does_not_raise():
        arrive(START - EARLY)


def test_a_moment_earlier_is_too_early():
    with pytest.raises(errors.TooEarlyToCheckIn):
        arrive(START - EARLY - timedelta(microseconds=1))


def test_the_last_moment_of_the_slot_needs_no_reason():
    with does_not_raise():
        arrive(END - timedelta(microseconds=1))


@pytest.mark.parametrize("why", [(), ("because", "Macet"), ("other", ""), ("other", " ")])
def test_the_end_of_the_slot_is_late_and_needs_a_reason(why):
    with pytest.raises(errors.LateNeedsReason):
        arrive(END, *why)


@pytest.mark.parametrize("why", [("traffic",), ("other", "Salah turun halte")])
def test_late_with_a_reason_is_received(why):
    with does_not_raise():
        arrive(END + 3 * MINUTE, *why)


@pytest.mark.parametrize("reason", ["", "looks wrong"])
def test_turning_away_needs_a_reason_of_the_list(reason):
    with pytest.raises(errors.TurnAwayNeedsReason):
        rules.check_turn_away(Why(reason, "Sakit."))


def test_another_reason_to_turn_away_takes_words():
    rules.check_turn_away(Why("other", "Sakit."))
    rules.check_turn_away(Why("documents_missing"))
    with pytest.raises(errors.TurnAwayNeedsReason) as refused:
        rules.check_turn_away(Why("other", " "))
    assert set(refused.value.fields) == {"note"}


@pytest.mark.parametrize(
    ("state", "before"),
    [
        ("CHECKED_IN", "BOOKED"),
        ("SERVED", "CHECKED_IN"),
        ("NO_SHOW", "BOOKED"),
        ("TURNED_AWAY", "CHECKED_IN"),
    ],
)
def test_the_last_step_is_taken_back_on_its_day(state, before):
    day = date(2030, 1, 7)
    assert rules.check_undo(state=state, day=day, today=day) == before


@pytest.mark.parametrize("state", ["BOOKED", "CANCELLED", "VOIDED"])
def test_other_states_are_not_taken_back(state):
    day = date(2030, 1, 7)
    with pytest.raises(errors.CannotUndo):
        rules.check_undo(state=state, day=day, today=day)


def test_yesterdays_step_is_not_taken_back():
    with pytest.raises(errors.CannotUndo):
        rules.check_undo(state="SERVED", day=date(2030, 1, 6), today=date(2030, 1, 7))


def test_whoever_acts_on_people_acts_on_those_that_were_shown():
    rules.check_shown(shown=3, found=3)


@pytest.mark.parametrize("shown", [0, 2, 4, 99])
def test_more_people_or_fewer_than_shown_are_shown_anew(shown):
    with pytest.raises(errors.AffectedChanged):
        rules.check_shown(shown=shown, found=3)


def test_a_running_hour_has_no_absentees():
    assert not rules.may_mark_no_show(ends_at=END, now=END - MINUTE)
    assert rules.may_mark_no_show(ends_at=END, now=END)
