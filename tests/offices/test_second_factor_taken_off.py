"""Whoever lost phone, key and spare codes comes in again: two others take the factor off."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message, User
from offices.errors import NoSecondFactor, PostOver, ReasonNeeded
from offices.models import Approval, Office, OfficerPost
from offices.services import approvals, posts, second_factors
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from tests.accounts.entering import PASSWORD, person_with_account, signed_in
from tests.factories import OfficerPostFactory
from tests.offices.admin_pages import act

pytestmark = pytest.mark.django_db
WHY = "Ponsel hilang di angkutan"


def lost(office: Office | None, role: str = "COUNTER") -> OfficerPost:
    """The post of somebody with a second factor that they no longer have."""
    user = person_with_account()
    totp.TOTP.activate(user, totp.generate_totp_secret())
    return OfficerPostFactory(user=user, role=role, office=office)


def take_off(officer: User, post: OfficerPost, second: User | None = None, why: str = WHY) -> User:
    """With the yes of a second officer, where one is named."""
    now = timezone.now()
    whole = {"officer": officer, "post": post, "why": why, "now": now}
    if second is None:
        return second_factors.take_off(**whole)
    with pytest.raises(NeedsApproval) as refusal:
        second_factors.take_off(**whole)
    asked = approvals.ask(request=refusal.value.request, officer=officer, reason="petugas", now=now)
    approvals.grant(approval=asked, second=second, used_second_factor=True, now=now)
    return second_factors.take_off(**whole)


def test_two_officers_take_it_off_and_its_owner_is_told(officer, kanim):
    post = lost(kanim)
    theirs = Client()
    theirs.force_login(post.user)
    head = officer("HEAD", kanim)

    take_off(head, post, officer("SISTIK"))

    assert not Authenticator.objects.exists()
    letter = Message.objects.get(kind="second_factor_taken_off")
    assert letter.to == post.user.email
    assert "pasang langkah kedua yang baru" in letter.text
    event = AuditEvent.objects.get(act="reset_second")
    assert (event.actor_id, event.stream) == (head.pk, kanim.code)
    assert event.subject == f"user:{post.user.code}"


def test_they_sign_in_with_the_password_and_set_up_another(officer, kanim):
    post = lost(kanim)
    assert "2fa/authenticate" in signed_in_as(post.user)
    take_off(officer("HEAD", kanim), post, officer("SISTIK"))

    browser = signed_in(post.user)

    page = browser.get("/admin/", follow=True)
    assert page.request["PATH_INFO"] == reverse("mfa_index")


def signed_in_as(user: User) -> str:
    login = {"login": user.email, "password": PASSWORD}
    return Client().post("/akun/login/", login).headers.get("Location", "")


def test_sessions_with_the_lost_phone_end(officer, kanim):
    post = lost(kanim)
    Authenticator.objects.all().delete()
    theirs = signed_in(post.user)
    totp.TOTP.activate(post.user, totp.generate_totp_secret())
    assert theirs.get("/akun/").status_code == 200

    take_off(officer("HEAD", kanim), post, officer("SISTIK"))

    assert theirs.get("/akun/").status_code == 302


def test_one_officer_alone_does_not(officer, kanim):
    post = lost(kanim)
    for role, office in (("HEAD", kanim), ("SISTIK", None)):
        with pytest.raises(NeedsApproval):
            take_off(officer(role, office), post)
    assert Authenticator.objects.count() == 1


def test_a_head_does_so_for_counters_of_the_own_office_only(officer, kanim, ulp):
    head = officer("HEAD", kanim)
    for post in (lost(kanim, "PLANNER"), lost(kanim, "HEAD"), lost(None, "SISTIK")):
        with pytest.raises(NotAllowed):
            take_off(head, post)
    with pytest.raises(NotAllowed):
        take_off(officer("HEAD", ulp), lost(kanim))
    with pytest.raises(NotAllowed):
        take_off(officer("COUNTER", kanim), lost(kanim))


def test_a_small_post_is_no_road_to_a_higher_one_of_the_same_person(officer, kanim):
    post = lost(kanim)
    OfficerPostFactory(user=post.user, role="SISTIK", office=None)
    with pytest.raises(NotAllowed):
        take_off(officer("HEAD", kanim), post)


def test_nobody_takes_off_their_own(officer, kanim):
    post = lost(None, "SISTIK")
    with pytest.raises(NotAllowed):
        take_off(post.user, post)


def test_it_needs_words_a_live_post_and_a_factor(officer, kanim):
    head, post = officer("HEAD", kanim), lost(kanim)
    with pytest.raises(ReasonNeeded):
        take_off(head, post, why="  ")
    Authenticator.objects.all().delete()
    with pytest.raises(NoSecondFactor):
        take_off(head, post)
    posts.end_post(officer=head, post=post, now=timezone.now())
    with pytest.raises(PostOver):
        take_off(head, post)


def test_the_admin_asks_a_second_officer_and_then_does_it(officer, kanim, sign_in):
    post = lost(kanim)
    client = sign_in(officer("HEAD", kanim))

    act(client, "offices_officerpost", "take_off_second", post, why=WHY)
    asked = Approval.objects.get()
    assert (asked.act, asked.office, asked.note) == ("reset_second", kanim, WHY)
    approvals.grant(
        approval=asked, second=officer("SISTIK"), used_second_factor=True, now=timezone.now()
    )
    act(client, "offices_officerpost", "take_off_second", post, why=WHY)

    assert not Authenticator.objects.filter(user=post.user).exists()


def test_the_request_names_whom_it_is_about(officer, kanim, sign_in):
    post = lost(kanim)
    act(sign_in(officer("HEAD", kanim)), "offices_officerpost", "take_off_second", post, why=WHY)
    page = sign_in(officer("SISTIK")).get(reverse("insiders:approvals"))
    assert post.user.email in page.content.decode()
