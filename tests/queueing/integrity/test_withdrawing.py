"""A prepared act that nobody runs: withdrawn, or its time is over; its request ends with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from offices.errors import ApprovalOver
from offices.models import Approval
from offices.rules import Act
from offices.services import approvals
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.integrity import case_errors as errors
from queueing.integrity import case_words
from queueing.integrity.models.cases import BulkAct, Restriction
from queueing.integrity.selectors import act_items
from queueing.integrity.selectors import cases as selectors
from queueing.integrity.services import acts, withdrawing
from tests.factories import AppealFactory, OfficeFactory, OfficerPostFactory, UserFactory
from tests.queueing.integrity.cases import agree, begun, case_of, head_of, prepared, sistik

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=72)


def withdraw(act: BulkAct, officer: User) -> BulkAct:
    return withdrawing.withdraw(officer=officer, code=act.code, now=timezone.now())


def asked(act: BulkAct) -> Approval:
    """The request that a start without a yes leads to."""
    with pytest.raises(NeedsApproval) as refusal:
        acts.start(officer=act.prepared_by, code=act.code, now=timezone.now())
    return approvals.ask(
        request=refusal.value.request,
        officer=act.prepared_by,
        reason=act.reason,
        now=timezone.now(),
    )


def many(officer: User) -> BulkAct:
    """Over as many accounts as take a second officer."""
    return prepared(case_of(UserFactory.create_batch(6)), Act.SUSPEND, officer)


def test_what_is_withdrawn_is_not_begun_and_the_log_says_by_whom():
    officer, another = sistik(), sistik()
    act = prepared(case_of([UserFactory()]), Act.LIMIT, officer)

    withdraw(act, another)

    with pytest.raises(errors.ActWithdrawn):
        acts.start(officer=officer, code=act.code, now=timezone.now())
    assert acts.run(act_id=act.pk, now=timezone.now()) == 0
    assert not Restriction.objects.exists()
    told = AuditEvent.objects.get(act="case.withdraw")
    assert (told.actor_id, told.subject) == (another.pk, f"case:{act.case.code}")
    assert act_items.withdrawn_by(act) == another


def test_nobody_withdraws_twice_or_what_was_begun():
    officer, account = sistik(), UserFactory()
    running = begun(case_of([account]), Act.LIMIT, officer)
    with pytest.raises(errors.ActBegun):
        withdraw(running, officer)

    act = prepared(case_of([UserFactory()]), Act.LIMIT, officer)
    withdraw(act, officer)
    with pytest.raises(errors.ActWithdrawn):
        withdraw(act, officer)


def test_another_offices_head_and_a_counter_withdraw_nothing():
    office, account = OfficeFactory(), UserFactory()
    act = prepared(case_of([account]), Act.LIMIT, sistik())
    for officer in (head_of(office), OfficerPostFactory(role="COUNTER", office=office).user):
        with pytest.raises(NotAllowed):
            withdraw(act, officer)


def test_the_request_of_what_is_withdrawn_can_be_granted_no_more():
    act = many(sistik())
    request = asked(act)

    withdraw(act, act.prepared_by)

    with pytest.raises(ApprovalOver):
        approvals.grant(
            approval=request, second=sistik(), used_second_factor=True, now=timezone.now()
        )
    assert AuditEvent.objects.filter(act="end_approval").count() == 1


def test_a_yes_that_was_given_ends_too_and_that_of_another_act_stays():
    officer = sistik()
    act, other = many(officer), many(officer)
    agree(act)
    agree(other)

    withdraw(act, officer)

    standing = Approval.objects.filter(expires_at__gt=timezone.now())
    assert [row.subject for row in standing] == [acts.subject_of(other)]


def test_what_was_prepared_too_long_ago_is_not_begun():
    officer = sistik()
    act = prepared(case_of([UserFactory()]), Act.LIMIT, officer)

    with pytest.raises(errors.ActLapsed):
        acts.start(officer=officer, code=act.code, now=act.prepared_at + HOURS)
    late = act.prepared_at + HOURS - timedelta(seconds=1)
    assert acts.start(officer=officer, code=act.code, now=late).state == "RUNNING"


def test_the_sweep_ends_what_lapsed_once_with_its_request():
    act = many(sistik())
    agree(act)
    Approval.objects.update(expires_at=act.prepared_at + HOURS * 2)

    assert withdrawing.end_lapsed(act.prepared_at + HOURS - timedelta(seconds=1)) == 0
    assert withdrawing.end_lapsed(act.prepared_at + HOURS) == 1
    assert withdrawing.end_lapsed(act.prepared_at + HOURS) == 0

    act.refresh_from_db()
    assert act.state == "LAPSED"
    assert Approval.objects.get().expires_at == act.prepared_at + HOURS
    with pytest.raises(errors.ActLapsed):
        withdraw(act, act.prepared_by)
    assert AuditEvent.objects.get(act="case.lapse").actor_id is None


def test_who_was_upheld_since_is_told_with_what_is_asked():
    accounts = UserFactory.create_batch(6)
    act = prepared(case_of(accounts), Act.SUSPEND, sistik())
    for state, account in (("UPHELD", accounts[0]), ("REJECTED", accounts[1])):
        AppealFactory(account=account, state=state, decided_at=timezone.now(), decided_by=sistik())
    AppealFactory(state="UPHELD", decided_at=timezone.now(), decided_by=sistik())

    with pytest.raises(NeedsApproval) as refusal:
        acts.start(officer=act.prepared_by, code=act.code, now=timezone.now())

    assert refusal.value.request.words == (
        "tangguhkan akun: 6 akun; 1 akun dibiarkan, karena keberatannya dikabulkan"
    )
    listed = act_items.listing_of(act).items
    assert [row.account for row in listed if row.is_upheld] == [accounts[0].code]


def test_who_was_upheld_before_or_after_it_was_done_is_not_said_to_be_left():
    before, after = UserFactory.create_batch(2)
    AppealFactory(
        account=before,
        state="UPHELD",
        decided_at=timezone.now() - timedelta(days=1),
        decided_by=sistik(),
    )
    act = begun(case_of([before, after]), Act.LIMIT, sistik())
    acts.run(act_id=act.pk, now=timezone.now())
    AppealFactory(account=after, state="UPHELD", decided_at=timezone.now(), decided_by=sistik())

    assert selectors.reach_of(act).upheld == 0
    assert not any(row.is_upheld for row in act_items.listing_of(act).items)


def test_nobody_is_left_by_what_lifts():
    account, officer = UserFactory(), sistik()
    case = case_of([account])
    acts.run(act_id=begun(case, Act.LIMIT, officer).pk, now=timezone.now())
    act = prepared(case, Act.LIFT, officer, why=acts.Why("unfounded", "Keliru."))
    AppealFactory(account=account, state="UPHELD", decided_at=timezone.now(), decided_by=sistik())

    assert case_words.summary(act, selectors.reach_of(act)) == "cabut pembatasan: 1 akun"
