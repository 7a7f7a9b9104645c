"""A second officer's yes: bound to one act, given by another, used once, or expired."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import User
from offices.errors import ApprovalOver, SecondFactorMissing, SecondIsNotAnother
from offices.models import Approval, Office
from offices.rules import Act, Extent
from offices.services import approvals
from paspor.kernel.errors import Invalid, NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from tests.at_once import at_once
from tests.factories import OfficeFactory
from tests.offices.conftest import NOW


@pytest.fixture
def asked(db, officer, kanim) -> Approval:
    return ask(officer("PLANNER", kanim), kanim)


def ask(officer: User, office: Office | None, **changes: object) -> Approval:
    wish = {"act": Act.CLOSE_DAY, "subject": "X:2026-12-24", "reason": "listrik"} | changes
    request = approvals.Request(Act(wish["act"]), wish["subject"], office)
    return approvals.ask(request=request, officer=officer, reason=wish["reason"], now=NOW)


def grant(approval: Approval, second: User, **changes: object) -> Approval:
    wish = {"used_second_factor": True, "now": NOW} | changes
    return approvals.grant(approval=approval, second=second, **wish)


def use(approval: Approval, **changes: object) -> Approval:
    about = {"act": Act(approval.act), "subject": approval.subject, "office": approval.office}
    request = approvals.Request(**{name: changes.get(name, about[name]) for name in about})
    officer, now = changes.get("officer", approval.asked_by), changes.get("now", NOW)
    return approvals.use(request=request, officer=officer, now=now)


def test_granted_yes_is_used_once(asked: Approval, officer):
    grant(asked, officer("HEAD", asked.office))

    assert use(asked).state == Approval.State.USED
    with pytest.raises(NeedsApproval):
        use(asked)


def test_every_step_is_logged_in_the_office(asked: Approval, officer):
    grant(asked, officer("HEAD", asked.office), why="Sudah diperiksa")
    use(asked)

    events = AuditEvent.objects.filter(subject=f"approval:{asked.code}").order_by("id")
    assert [event.act for event in events] == ["ask_approval", "grant_approval", "use_approval"]
    assert {event.stream for event in events} == {asked.office.code}
    assert events[1].note_id is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda other: {"act": Act.SPECIAL_DAY},
        lambda other: {"subject": "X:2026-12-25"},
        lambda other: {"office": other},
        lambda other: {"office": None},
        lambda other: {"now": NOW + timedelta(hours=24)},
    ],
)
def test_yes_is_no_yes_to_anything_else(asked: Approval, officer, change: Callable[[Office], dict]):
    grant(asked, officer("HEAD", asked.office))

    with pytest.raises(NeedsApproval):
        use(asked, **change(OfficeFactory()))


def test_yes_is_the_askers_alone(asked: Approval, officer):
    grant(asked, officer("HEAD", asked.office))

    with pytest.raises(NeedsApproval):
        use(asked, officer=officer("PLANNER", asked.office))


def test_request_that_nobody_granted_is_no_yes(asked: Approval):
    with pytest.raises(NeedsApproval) as caught:
        use(asked)

    assert caught.value.request.act is Act.CLOSE_DAY


def test_declined_request_is_no_yes_and_stays_declined(asked: Approval, officer):
    head = officer("HEAD", asked.office)
    approvals.decline(approval=asked, second=head, used_second_factor=True, now=NOW)

    with pytest.raises(NeedsApproval):
        use(asked)
    with pytest.raises(ApprovalOver):
        grant(asked, head)


def test_nobody_grants_what_they_asked_for(asked: Approval):
    with pytest.raises(SecondIsNotAnother):
        grant(asked, asked.asked_by)


def test_second_officer_has_used_a_second_factor(asked: Approval, officer):
    with pytest.raises(SecondFactorMissing):
        grant(asked, officer("HEAD", asked.office), used_second_factor=False)


@pytest.mark.parametrize("role", ["COUNTER", "elsewhere", "branch"])
def test_second_officer_must_be_allowed_too(asked: Approval, officer, ulp, role: str):
    office = {"elsewhere": OfficeFactory(), "branch": ulp}.get(role, asked.office)
    second = officer("COUNTER" if role == "COUNTER" else "HEAD", office)

    with pytest.raises(NotAllowed):
        grant(asked, second)


@pytest.mark.django_db
def test_parent_head_and_sistik_may_be_the_second(officer, kanim: Office, ulp: Office):
    counter = officer("COUNTER", ulp)
    for second in (officer("HEAD", kanim), officer("SISTIK")):
        approval = ask(counter, ulp, act=Act.BOOK_FOR, subject=f"{second.code}")
        assert grant(approval, second).state == Approval.State.GRANTED


def test_request_expires(asked: Approval, officer):
    with pytest.raises(ApprovalOver):
        grant(asked, officer("HEAD", asked.office), now=NOW + timedelta(hours=24))


def test_same_request_is_given_back(asked: Approval):
    assert ask(asked.asked_by, asked.office) == asked
    assert ask(asked.asked_by, asked.office, subject="lain") != asked


def test_who_may_not_act_may_not_ask(db, officer, kanim: Office):
    with pytest.raises(NotAllowed):
        ask(officer("COUNTER", kanim), kanim)


def test_request_needs_a_reason(db, officer, kanim: Office):
    with pytest.raises(Invalid):
        ask(officer("HEAD", kanim), kanim, reason="  ")


def test_small_act_needs_no_yes(db, officer, kanim: Office):
    request = approvals.Request(Act.BOOK_FOR, "s", kanim)
    wish = {"request": request, "officer": officer("HEAD", kanim), "now": NOW}

    assert approvals.use_where_needed(extent=Extent(places=4), **wish) is None
    with pytest.raises(NeedsApproval) as caught:
        approvals.use_where_needed(extent=Extent(places=5), **wish)
    assert caught.value.request.people == 5


def test_one_yes_serves_one_of_many_at_once(committed_db, officer, kanim):
    approval = ask(officer("PLANNER", kanim), kanim)
    grant(approval, officer("HEAD", kanim))

    assert sorted(at_once([lambda: is_used(approval)] * 8)) == [False] * 7 + [True]


def is_used(approval: Approval) -> bool:
    try:
        use(approval)
    except NeedsApproval:
        return False
    return True
