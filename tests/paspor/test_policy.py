"""Figures of policy: declared once, set by rows, audited."""

from contextlib import nullcontext as does_not_raise
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from paspor.kernel import policy, policy_values
from paspor.kernel.errors import Invalid
from paspor.kernel.models import NATIONAL, AuditEvent, PolicyValue

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
OFFICE = "KANIM-CONTOH"


@pytest.fixture
def figure(monkeypatch):
    monkeypatch.setattr(policy, "FIGURES", dict(policy.FIGURES))
    return policy.Figure("test_minutes", default=10, unit="menit", help="Menit.", low=1, high=60)


def set_figure(**changes):
    values = {
        "key": "test_minutes",
        "scope": NATIONAL,
        "value": 15,
        "valid_from": NOW,
        "why": "Uji coba",
        "actor_id": 7,
        "now": NOW,
    } | changes
    row = policy_values.set_figure(**values)
    policy.forget()  # on commit in the portal; the test's transaction never commits
    return row


@pytest.mark.django_db
def test_without_a_row_the_default_stands(figure):
    assert figure.at(now=NOW) == 10
    assert policy.minutes(figure, now=NOW) == timedelta(minutes=10)


@pytest.mark.django_db
def test_the_offices_row_wins_over_the_national_one(figure):
    set_figure(value=15)
    set_figure(value=20, scope=OFFICE)

    assert figure.at(now=NOW) == 15
    assert figure.at(now=NOW, scope=OFFICE) == 20
    assert figure.at(now=NOW, scope="LAIN") == 15


@pytest.mark.django_db
def test_an_office_sets_no_figure_that_is_the_nations(figure):
    own = replace(figure, key="test_national", national_only=True)

    with pytest.raises(policy_values.FigureNational):
        set_figure(key=own.key, scope=OFFICE)
    PolicyValue.objects.create(key=own.key, scope=OFFICE, value=20, valid_from=NOW, why="lama")
    set_figure(key=own.key, value=15)
    assert own.at(now=NOW, scope=OFFICE) == 15


def test_no_office_loosens_what_guards_against_it():
    national = {key for key, figure in policy.FIGURES.items() if figure.national_only}

    assert national >= {
        "approval_hours",
        "second_from_places",
        "second_from_quota_percent",
        "second_above_accounts",
        "second_for_verifying",
        "max_live_places",
        "max_applicants",
        "keep_notes_days",
        "message_days",
        "removed_applicant_days",
        "counter_applicant_days",
        "unverified_account_days",
        "device_days",
    }


@pytest.mark.django_db
def test_a_value_holds_from_its_moment_on(figure):
    set_figure(value=15, valid_from=NOW + timedelta(days=1))

    assert figure.at(now=NOW + timedelta(days=1, microseconds=-1)) == 10
    assert figure.at(now=NOW + timedelta(days=1)) == 15


@pytest.mark.django_db
def test_a_change_is_audited_with_what_held_before(figure):
    set_figure(value=15, scope=OFFICE)

    event = AuditEvent.objects.get()
    assert (event.act, event.actor_id, event.stream) == ("policy.set", 7, OFFICE)
    assert (event.detail["before"], event.detail["value"]) == (10, 15)
    assert "Uji coba" not in str(event.detail)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"key": "nonsense"}, policy_values.FigureUnknown),
        ({"value": 0}, policy.FigureOutOfBounds),
        ({"value": 61}, policy.FigureOutOfBounds),
        ({"value": "15"}, policy.FigureOfAnotherKind),
        ({"value": True}, policy.FigureOfAnotherKind),
        ({"valid_from": NOW - timedelta(seconds=1)}, policy_values.FigureInThePast),
        ({"why": "  "}, policy_values.ReasonMissing),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(figure, changes, error):
    with pytest.raises(error) as caught:
        set_figure(**changes)

    assert isinstance(caught.value, Invalid)
    assert not PolicyValue.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_a_moment_is_set_once(figure):
    set_figure(value=15)
    with pytest.raises(policy_values.FigureAlreadySet):
        set_figure(value=16)
    assert figure.at(now=NOW) == 15


def test_a_key_cannot_mean_two_things(figure):
    with pytest.raises(ValueError, match="declared twice"):
        policy.Figure("test_minutes", default=11, unit="menit", help="Lain.")


def test_a_change_is_seen_after_its_commit(committed_db, figure):
    assert figure.at(now=NOW) == 10
    values = {"scope": NATIONAL, "value": 15, "valid_from": NOW, "why": "x", "actor_id": 7}
    policy_values.set_figure(key="test_minutes", now=NOW, **values)
    assert figure.at(now=NOW) == 15


def test_every_default_is_within_its_bounds():
    for figure in policy.FIGURES.values():
        with does_not_raise():
            figure.check(figure.default)
