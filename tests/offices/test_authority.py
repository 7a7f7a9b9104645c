"""Whose office an officer answers for: own, branches, all; and only while the post lives."""

from datetime import timedelta

import pytest

from accounts.models import User
from offices import selectors
from offices.models import Office
from offices.rules import Act
from offices.services import authority
from paspor.kernel.errors import NotAllowed
from tests.factories import OfficeFactory, OfficerPostFactory, UserFactory
from tests.offices.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "act", "own", "branch", "nation"),
    [
        ("COUNTER", Act.CHECK_IN, True, False, False),
        ("PLANNER", Act.HOURS, True, True, False),
        ("HEAD", Act.CHECK_IN, True, True, False),
        ("HEAD", Act.POLICY, True, True, False),
        ("SISTIK", Act.HOURS, True, True, True),
        ("SISTIK", Act.CHECK_IN, False, False, False),
    ],
)
def test_reach_of_a_role(officer, kanim, ulp, role: str, act: Act, own, branch, nation):
    user = officer(role, None if role == "SISTIK" else kanim)
    elsewhere = OfficeFactory()

    assert selectors.may(user, act, kanim, NOW) is own
    assert selectors.may(user, act, ulp, NOW) is branch
    assert selectors.may(user, act, elsewhere, NOW) is nation
    assert selectors.may(user, act, None, NOW) is nation
    for office, expected in ((kanim, own), (ulp, branch), (elsewhere, nation)):
        assert (user in selectors.holders(act, office, NOW)) is expected


def test_head_of_a_branch_does_not_reach_its_kanim(officer, kanim: Office, ulp: Office):
    user = officer("HEAD", ulp)

    assert not selectors.may(user, Act.HOURS, kanim, NOW)


def test_two_posts_do_not_lend_each_other_their_acts(kanim: Office):
    user, other = UserFactory(), OfficeFactory()
    OfficerPostFactory(user=user, role="COUNTER", office=kanim)
    OfficerPostFactory(user=user, role="PLANNER", office=other)

    assert not selectors.may(user, Act.HOURS, kanim, NOW)
    assert not selectors.may(user, Act.CHECK_IN, other, NOW)


@pytest.mark.parametrize(
    "when",
    [
        {"starts_at": NOW + timedelta(seconds=1)},
        {"ends_at": NOW},
    ],
)
def test_post_counts_only_while_it_lives(kanim: Office, when: dict):
    user = OfficerPostFactory(role="HEAD", office=kanim, **when).user

    with pytest.raises(NotAllowed):
        authority.require(officer=user, act=Act.CHECK_IN, office=kanim, now=NOW)
    assert not selectors.holders(Act.CHECK_IN, kanim, NOW)


def test_account_that_is_switched_off_may_nothing(officer, kanim: Office):
    user: User = officer("HEAD", kanim)
    user.is_active = False
    user.save()

    assert not selectors.may(user, Act.CHECK_IN, kanim, NOW)
    assert not selectors.holders(Act.CHECK_IN, kanim, NOW)
