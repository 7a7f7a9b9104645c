"""No cycling of names through one account: who is added and taken off in a week is bounded."""

import datetime as dt
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest

from accounts import personal_data, rules
from accounts.errors import ListLimitReached
from accounts.models import Applicant, ListChange, User
from accounts.services import applicants, retention
from paspor.kernel import policy
from paspor.kernel.models import NATIONAL
from tests.accounts.entering import person_with_account
from tests.at_once import at_once
from tests.factories import PolicyValueFactory, UserFactory, invented_nik
from tests.live import PATIENCE

NOW = datetime(2030, 1, 1, 9, tzinfo=UTC)
WEEK, SECOND = timedelta(days=7), timedelta(seconds=1)


def limit(name: str, most: int) -> None:
    PolicyValueFactory(key=name, scope=NATIONAL, value=most)
    policy.forget()


def add(account: User, n: int, at: datetime = NOW) -> Applicant:
    return applicants.add_applicant(
        account=account,
        name="Warga",
        nik=invented_nik(n),
        birth_date=dt.date(1990, 8, 17),
        sex="M",
        now=at,
    )


@pytest.mark.parametrize(
    ("ages", "refused"),
    [
        ([], False),
        ([SECOND], False),
        ([SECOND, 2 * SECOND], True),
        ([SECOND, WEEK - SECOND], True),
        ([SECOND, WEEK], False),
    ],
)
def test_limit_at_its_edge(ages: list[timedelta], refused: bool) -> None:
    moments = [NOW - age for age in ages]
    if not refused:
        rules.check_list_limit("applicants_added", moments, most=2, days=7, now=NOW)
        return
    with pytest.raises(ListLimitReached) as told:
        rules.check_list_limit("applicants_added", moments, most=2, days=7, now=NOW)
    assert told.value.ends_at - moments[1] - WEEK < timedelta(minutes=1)


@pytest.mark.django_db
def test_family_is_added_removed_added_again_and_corrected_in_a_day() -> None:
    account = UserFactory()
    for row in [add(account, n) for n in range(5)]:
        applicants.remove_applicant(applicant=row, now=NOW)
    for n, row in enumerate([add(account, 10 + n) for n in range(5)]):
        applicants.change_applicant(applicant=row, now=NOW, nik=invented_nik(100 + n))

    assert Applicant.objects.filter(account=account, removed_at=None).count() == 5


@pytest.mark.django_db
def test_look_alike_accounts_share_the_limit() -> None:
    limit("applicants_added", 1)
    add(UserFactory(email="budi+1@contoh.test"), 1)

    with pytest.raises(ListLimitReached):
        add(UserFactory(email="budi+2@contoh.test"), 2)
    assert add(UserFactory(email="siti@contoh.test"), 3)


def eight_of_one_mailbox(monkeypatch: pytest.MonkeyPatch, *, most: int, patience: float) -> int:
    """How many of eight accounts that look alike add somebody at the same instant.

    Whoever has counted waits this many seconds for all others to have counted too.
    """
    limit("applicants_added", most)
    accounts = [UserFactory(email=f"budi+{n}@contoh.test") for n in range(8)]
    count, counted = applicants._count_addition, Barrier(8)

    def count_together(account: User, *, now: datetime) -> None:
        count(account, now=now)
        with suppress(BrokenBarrierError):
            counted.wait(patience)

    monkeypatch.setattr(applicants, "_count_addition", count_together)

    def adding(n: int) -> bool:
        try:
            add(accounts[n], n)
        except ListLimitReached:
            return False
        return True

    return sum(at_once([partial(adding, n) for n in range(8)]))


def test_eight_at_once_add_exactly_what_is_left(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert eight_of_one_mailbox(monkeypatch, most=3, patience=0.2) == 3


def test_without_the_lock_on_the_mailbox_they_add_more(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applicants, "_lock_account", lambda _account: None)

    assert eight_of_one_mailbox(monkeypatch, most=3, patience=PATIENCE) == 8


@pytest.mark.django_db
def test_another_nik_is_somebody_else() -> None:
    limit("applicants_added", 1)
    row = add(UserFactory(), 1)

    applicants.change_applicant(applicant=row, now=NOW, name="Warga Lain")
    with pytest.raises(ListLimitReached):
        applicants.change_applicant(applicant=row, now=NOW, nik=invented_nik(2))


@pytest.mark.django_db
def test_removing_is_never_refused_and_counts_against_adding() -> None:
    limit("applicants_removed", 1)
    account = UserFactory()
    made = [add(account, n) for n in range(3)]

    for row in made:
        applicants.remove_applicant(applicant=row, now=NOW)

    with pytest.raises(ListLimitReached) as told:
        add(account, 9)
    assert told.value.limit == "applicants_removed"
    assert add(account, 9, NOW + WEEK)


@pytest.mark.django_db
def test_what_is_kept_is_told_erased_and_forgotten() -> None:
    account = person_with_account()
    add(account, 1)
    data = personal_data.AccountData()

    assert data.export(account)["list_changes"] == [{"what": "ADDED", "at": NOW.isoformat()}]
    retention.forget_sessions(now=NOW + WEEK + SECOND)
    assert not ListChange.objects.exists()

    add(account, 2)
    data.erase(account, NOW)
    assert not ListChange.objects.exists()
