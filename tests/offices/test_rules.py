"""The table of who may do what: a test for every cell, and for every second officer."""

import pytest

from offices import rules
from offices.rules import Act, Extent, Thresholds

# Each line of the table: its acts, and the roles that have a tick. C P H S in this order.
TABLE = [
    (
        [
            Act.CHECK_IN,
            Act.SERVE,
            Act.TURN_AWAY,
            Act.NO_SHOW,
            Act.UNDO,
            Act.CORRECT,
            Act.WALK_IN,
            Act.BOOK_FOR,
            Act.CANCEL_FOR,
        ],
        "C-H-",
    ),
    ([Act.PRIORITY_UNPROVEN], "C-H-"),
    ([Act.VERIFY_ACCOUNT], "C-HS"),
    ([Act.SEE_IDENTITY], "C-H-"),
    (
        [
            Act.HOURS,
            Act.STATIONS,
            Act.SPECIAL_DAY,
            Act.HOLIDAY,
            Act.SHARES,
            Act.OPEN_RELEASE,
            Act.CHANGE_CAPACITY,
            Act.CLOSE_DAY,
            Act.ANNOUNCE,
            Act.SCREEN,
        ],
        "-PHS",
    ),
    ([Act.PAIR_SCREEN], "CPHS"),
    ([Act.REFERRAL], "C-HS"),
    ([Act.VOID, Act.LIMIT, Act.SUSPEND, Act.LIFT], "--HS"),
    ([Act.CASE, Act.APPEAL, Act.EVIDENCE], "--HS"),
    ([Act.POLICY, Act.INCIDENT], "--HS"),
    ([Act.READ_NIK, Act.REPORT], "C-HS"),
    ([Act.GRANT_COUNTER, Act.OFFICE_KEY, Act.RESET_SECOND], "--HS"),
    ([Act.ORDER, Act.MAIL_DOMAIN, Act.GRANT_PLANNER, Act.GRANT_HEAD, Act.GRANT_SISTIK], "---S"),
]
ROLES = {"C": "COUNTER", "P": "PLANNER", "H": "HEAD", "S": "SISTIK"}
CELLS = [
    (act, role, mark != "-")
    for acts, marks in TABLE
    for act in acts
    for mark, role in zip(marks, ROLES.values(), strict=True)
]


@pytest.mark.parametrize(("act", "role", "allowed"), CELLS)
def test_cell_of_the_table(act: Act, role: str, allowed: bool):
    assert rules.may(role, act) is allowed


def test_table_names_every_act():
    assert {act for act, _, _ in CELLS} == set(Act)


SECOND = [
    *[(act, Extent(places=4), False) for act in sorted(rules.DESK)],
    *[(act, Extent(places=5), True) for act in sorted(rules.DESK - rules.OF_THE_QUEUE)],
    *[(act, Extent(places=5), False) for act in sorted(rules.OF_THE_QUEUE)],
    (Act.PRIORITY_UNPROVEN, Extent(), True),
    (Act.VERIFY_ACCOUNT, Extent(), False),
    (Act.SEE_IDENTITY, Extent(), False),
    *[(act, Extent(people_booked=0), False) for act in sorted(rules.PLANNING)],
    *[(act, Extent(people_booked=1), True) for act in sorted(rules.PLANNING)],
    (Act.CHANGE_CAPACITY, Extent(quota_before=100, quota_after=124), False),
    (Act.CHANGE_CAPACITY, Extent(quota_before=100, quota_after=125), True),
    (Act.CHANGE_CAPACITY, Extent(quota_before=100, quota_after=10), False),
    (Act.SPECIAL_DAY, Extent(quota_before=0, quota_after=80), False),
    (Act.REFERRAL, Extent(places=50), False),
    (Act.VOID, Extent(), True),
    (Act.LIMIT, Extent(accounts=50), False),
    (Act.SUSPEND, Extent(accounts=5), False),
    (Act.SUSPEND, Extent(accounts=6), True),
    (Act.LIFT, Extent(accounts=50), False),
    (Act.CASE, Extent(accounts=50), False),
    (Act.APPEAL, Extent(), False),
    (Act.INCIDENT, Extent(), False),
    (Act.REPORT, Extent(), False),
    (Act.EVIDENCE, Extent(accounts=1), True),
    (Act.ORDER, Extent(is_national=True), True),
    (Act.POLICY, Extent(), False),
    (Act.POLICY, Extent(is_national=True), True),
    (Act.MAIL_DOMAIN, Extent(), False),
    (Act.READ_NIK, Extent(), False),
    (Act.OFFICE_KEY, Extent(), False),
    (Act.RESET_SECOND, Extent(), True),
    (Act.GRANT_COUNTER, Extent(), False),
    (Act.GRANT_PLANNER, Extent(), False),
    (Act.GRANT_HEAD, Extent(), True),
    (Act.GRANT_SISTIK, Extent(), True),
]


@pytest.mark.parametrize(("act", "extent", "needed"), SECOND)
def test_second_officer(act: Act, extent: Extent, needed: bool):
    assert rules.needs_second(act, extent) is needed


def test_second_officer_follows_policy():
    thresholds = Thresholds(places=3, quota_percent=10, accounts=1, verifying=True)

    assert rules.needs_second(Act.NO_SHOW, Extent(places=3), thresholds)
    assert rules.needs_second(Act.STATIONS, Extent(quota_before=10, quota_after=11), thresholds)
    assert rules.needs_second(Act.SUSPEND, Extent(accounts=2), thresholds)
    assert rules.needs_second(Act.VERIFY_ACCOUNT, Extent(), thresholds)


def test_every_act_has_a_line_on_the_second_officer():
    assert {act for act, _, _ in SECOND} == set(Act)


def test_grant_of_names_the_act_of_each_role():
    assert {rules.grant_of(role) for role in rules.Role} == {
        Act.GRANT_COUNTER,
        Act.GRANT_PLANNER,
        Act.GRANT_HEAD,
        Act.GRANT_SISTIK,
    }
