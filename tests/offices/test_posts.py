"""Giving and ending posts: who may, with whom, and what is never done."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from offices import selectors
from offices.errors import PostInvalid, PostOver
from offices.models import Office, OfficerPost
from offices.personal_data import OfficeData
from offices.rules import Act
from offices.services import approvals, posts
from offices.services.posts import PostWish
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from tests.factories import OfficeFactory, OfficerPostFactory, UserFactory
from tests.offices.conftest import NOW

pytestmark = pytest.mark.django_db


def appoint(officer: User, role: str, office: Office | None, **changes: object) -> OfficerPost:
    wish = {"user": UserFactory(), "role": role, "office": office, "starts_at": NOW} | changes
    return posts.appoint(officer=officer, wish=PostWish(**wish), now=NOW)


def test_head_gives_counters_of_the_own_office_and_branches(officer, kanim, ulp):
    head = officer("HEAD", kanim)

    for office in (kanim, ulp):
        post = appoint(head, "COUNTER", office)
        event = AuditEvent.objects.get(act="appoint", stream=office.code)
        assert (event.actor_id, event.detail["post"]) == (head.pk, post.pk)


@pytest.mark.parametrize("role", ["PLANNER", "HEAD", "SISTIK"])
def test_head_gives_nothing_higher(officer, kanim, role: str):
    with pytest.raises(NotAllowed):
        appoint(officer("HEAD", kanim), role, None if role == "SISTIK" else kanim)


def test_head_gives_nothing_elsewhere(officer, kanim):
    with pytest.raises(NotAllowed):
        appoint(officer("HEAD", kanim), "COUNTER", OfficeFactory())


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER"])
def test_counter_and_planner_give_nothing(officer, kanim, role: str):
    with pytest.raises(NotAllowed):
        appoint(officer(role, kanim), "COUNTER", kanim)


@pytest.mark.parametrize("role", ["HEAD", "SISTIK"])
def test_head_and_sistik_take_two_officers(officer, kanim, role: str):
    first, second = officer("SISTIK"), officer("SISTIK")
    office = None if role == "SISTIK" else kanim
    wish = PostWish(UserFactory(), role, office, NOW)

    with pytest.raises(NeedsApproval) as caught:
        posts.appoint(officer=first, wish=wish, now=NOW)
    approval = approvals.ask(request=caught.value.request, officer=first, reason="rotasi", now=NOW)
    approvals.grant(approval=approval, second=second, used_second_factor=True, now=NOW)

    assert posts.appoint(officer=first, wish=wish, now=NOW).role == role
    with pytest.raises(NeedsApproval):
        appoint(first, role, office)


def test_nobody_appoints_themselves(officer, kanim):
    sistik = officer("SISTIK")

    with pytest.raises(PostInvalid):
        appoint(sistik, "PLANNER", kanim, user=sistik)


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "ADMIN"},
        {"office": None},
        {"ends_at": NOW - timedelta(days=1)},
        {"ends_at": NOW},
    ],
)
def test_post_that_makes_no_sense_is_refused(officer, kanim, changes: dict):
    with pytest.raises(PostInvalid):
        appoint(officer("SISTIK"), **({"role": "COUNTER", "office": kanim} | changes))


def test_account_that_is_switched_off_gets_no_post(officer, kanim):
    with pytest.raises(PostInvalid):
        appoint(officer("HEAD", kanim), "COUNTER", kanim, user=UserFactory(is_active=False))


def test_same_post_twice_is_refused(officer, kanim):
    held = OfficerPostFactory(office=kanim)

    with pytest.raises(PostInvalid):
        appoint(officer("HEAD", kanim), "COUNTER", kanim, user=held.user)


def test_post_ends_at_once(officer, kanim):
    post = OfficerPostFactory(office=kanim)

    posts.end_post(officer=officer("HEAD", kanim), post=post, now=NOW, why="pindah")

    assert not selectors.may(post.user, Act.CHECK_IN, kanim, NOW)
    with pytest.raises(PostOver):
        posts.end_post(officer=officer("HEAD", kanim), post=post, now=NOW)


def test_post_that_has_not_begun_never_begins(officer, kanim):
    later = NOW + timedelta(days=7)
    post = OfficerPostFactory(office=kanim, starts_at=later)

    posts.end_post(officer=officer("HEAD", kanim), post=post, now=NOW)

    assert not selectors.may(post.user, Act.CHECK_IN, kanim, later)


def test_head_does_not_end_a_head(officer, kanim):
    post = OfficerPostFactory(office=kanim, role="HEAD")

    with pytest.raises(NotAllowed):
        posts.end_post(officer=officer("HEAD", kanim), post=post, now=NOW)


def test_last_post_of_sistik_is_never_ended(officer):
    sistik = officer("SISTIK")

    with pytest.raises(PostInvalid):
        posts.end_post(officer=sistik, post=sistik.posts.get(), now=NOW)


def test_one_of_two_posts_of_sistik_may_end(officer):
    first, second = officer("SISTIK"), officer("SISTIK")

    posts.end_post(officer=first, post=second.posts.get(), now=NOW)

    assert second.posts.get().ends_at == NOW


def test_the_first_two_of_sistik_come_from_the_command_line():
    first, second = UserFactory(), UserFactory()

    call_command("first_sistik", first.email.upper(), stdout=StringIO())
    call_command("first_sistik", second.email, stdout=StringIO())

    later = NOW + timedelta(days=3650)
    assert selectors.is_national(first, later)
    assert selectors.is_national(second, later)
    with pytest.raises(CommandError, match="Sudah ada petugas SISTIK"):
        call_command("first_sistik", UserFactory().email)


def test_first_sistik_needs_an_account():
    with pytest.raises(CommandError, match="Tidak ada akun"):
        call_command("first_sistik", "tiada@contoh.test")


@pytest.mark.parametrize(("days", "is_held"), [(-1, False), (1, True), (None, True)])
def test_post_that_has_not_ended_keeps_the_account(days: int | None, is_held: bool):
    now = timezone.now()
    ends = None if days is None else now + timedelta(days=days)
    post = OfficerPostFactory(ends_at=ends)

    assert bool(OfficeData().blocks_erasure(post.user)) is is_held
