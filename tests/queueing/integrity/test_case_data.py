"""What is held of cases is exported and erased; who comes back is known by a digest."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import ErasureBlocked
from accounts.models import User
from accounts.services import personal_data
from offices.rules import Act
from queueing.integrity.models.cases import Restriction
from queueing.integrity.services import cases, returning
from tests.factories import AppealFactory, RestrictionFactory, UserFactory
from tests.queueing.integrity.cases import case_of, done, sistik

pytestmark = pytest.mark.django_db


def close(case) -> None:
    officer, now = sistik(), timezone.now()
    cases.decide(officer=officer, code=case.code, decision="PROVEN", words="Ya.", now=now)
    cases.close(officer=officer, code=case.code, now=now)


def erase(account: User) -> None:
    personal_data.erase(user=account, now=timezone.now())


def test_an_open_case_postpones_erasure_and_says_so():
    account = UserFactory()
    case = case_of([account])

    with pytest.raises(ErasureBlocked) as refusal:
        erase(account)
    assert case.code[:4] in str(refusal.value.params)

    close(case)
    erase(account)
    account.refresh_from_db()
    assert account.erased_at is not None


def test_words_are_erased_and_the_restriction_stays():
    appeal = AppealFactory()
    account = appeal.account

    erase(account)

    appeal.refresh_from_db()
    assert appeal.text == ""
    assert Restriction.objects.filter(account=account).exists()


def test_restrictions_and_appeals_are_in_the_download():
    appeal = AppealFactory()

    held = personal_data.export(user=appeal.account, now=timezone.now())

    assert held["restrictions"][0]["kind"] == "LIMITED"
    assert held["appeals"][0]["text"] == appeal.text


@pytest.fixture
def suspended() -> User:
    """An account whose mailbox is warga@gmail.com, suspended in a case."""
    account = UserFactory(email="warga@gmail.com")
    done(case_of([account]), Act.SUSPEND, sistik())
    return account


def test_who_comes_back_with_the_mailbox_starts_limited(suspended: User):
    again = UserFactory(email="w.ar.ga+baru@googlemail.com")
    other = UserFactory(email="lain@gmail.com")

    assert returning.recognise(timezone.now()) == 1

    row = again.restrictions.get()
    assert (row.kind, row.reason, row.by) == ("LIMITED", "returned", None)
    assert row.case == suspended.restrictions.get().case
    assert not other.restrictions.exists()
    assert returning.recognise(timezone.now()) == 0


def test_the_digest_outlives_erasure(suspended: User):
    close(suspended.restrictions.get().case)
    erase(suspended)
    again = UserFactory(email="warga@gmail.com")

    assert returning.recognise(timezone.now()) == 1
    assert again.restrictions.get().kind == "LIMITED"


def test_a_suspension_that_was_lifted_is_held_against_nobody(suspended: User):
    row = suspended.restrictions.get()
    row.lifted_at, row.lift_reason = timezone.now(), "unfounded"
    row.save()
    UserFactory(email="warga+2@gmail.com")

    assert returning.recognise(timezone.now()) == 0


def test_old_accounts_are_not_looked_at_again(suspended: User):
    again = UserFactory(email="warga+2@gmail.com")
    User.objects.filter(pk=again.pk).update(joined_at=timezone.now() - timedelta(days=8))

    assert returning.recognise(timezone.now()) == 0


def test_only_a_keyed_digest_is_kept():
    account = UserFactory(email="warga@gmail.com")
    done(case_of([account]), Act.LIMIT, sistik())

    kept = account.restrictions.get().mailbox
    assert len(kept) == 64
    assert "warga" not in kept
    assert RestrictionFactory().mailbox != kept
