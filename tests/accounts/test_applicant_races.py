"""Several of a family's phones at once, over connections of their own."""

import datetime as dt
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier

import pytest

from accounts.errors import ApplicantExists, TooManyApplicants
from accounts.models import Applicant, Person, User
from accounts.services import applicants, people
from tests.at_once import at_once
from tests.factories import UserFactory, invented_nik

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def adding(account: User, n: int) -> Callable[[], str]:
    def act() -> str:
        try:
            applicants.add_applicant(
                account=account,
                name="Warga",
                nik=invented_nik(n),
                birth_date=dt.date(1990, 8, 17),
                sex="M",
                now=NOW,
            )
        except (TooManyApplicants, ApplicantExists) as refusal:
            return refusal.code
        return "added"

    return act


def test_exactly_five_of_twelve_at_once(committed_db: str):
    account = UserFactory()
    answers = at_once([adding(account, n) for n in range(12)])
    assert sorted(answers) == ["added"] * 5 + ["too_many_applicants"] * 7
    assert Applicant.objects.count() == 5


def test_without_the_lock_they_would_be_twelve(committed_db: str, monkeypatch: pytest.MonkeyPatch):
    """The negative control: everyone has counted before anyone writes."""
    account = UserFactory()
    counted = Barrier(12)
    find = people.find_or_make_person

    def find_when_all_have_counted(nik: str) -> Person:
        counted.wait(10)
        return find(nik)

    monkeypatch.setattr(applicants, "_lock_account", lambda _account: None)
    monkeypatch.setattr(people, "find_or_make_person", find_when_all_have_counted)
    at_once([adding(account, n) for n in range(12)])
    assert Applicant.objects.count() == 12


def test_the_same_person_twice_at_once_is_added_once(committed_db: str):
    account = UserFactory()
    answers = at_once([adding(account, 1)] * 6)
    assert sorted(answers) == ["added"] + ["applicant_exists"] * 5


def test_many_accounts_naming_one_nik_make_one_person(committed_db: str):
    accounts = [UserFactory() for _ in range(8)]
    answers = at_once([adding(account, 1) for account in accounts])
    assert answers == ["added"] * 8
    assert Person.objects.count() == 1
