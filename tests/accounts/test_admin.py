"""SISTIK looks at accounts, people and messages: masked, and never writing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.applicants import add
from tests.accounts.messages import mail_to
from tests.factories import OfficerPostFactory, UserFactory, invented_nik

pytestmark = pytest.mark.django_db
MODELS = ["accounts/user", "accounts/applicant", "accounts/message", "accounts/consent"]
THEIRS = ["account/emailaddress", "mfa/authenticator", "usersessions/usersession", "auth/group"]


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> Iterator[None]:
    settings.DEMO = True
    return


def officer(role: str) -> Client:
    office = {"office": None} if role == "SISTIK" else {}
    browser = Client()
    browser.force_login(OfficerPostFactory(role=role, **office).user)
    return browser


@pytest.fixture
def citizen() -> User:
    user = UserFactory(email="suwarni.rahayu@contoh.test", phone="+6281234567890")
    add(user, name="Suwarni Rahayu")
    mail_to(user)
    return user


SECRETS = ["suwarni.rahayu@", "Suwarni", "81234567", invented_nik(1), "rahasia"]


@pytest.mark.parametrize("model", MODELS)
def test_sistik_sees_lists_masked(citizen: User, model: str):
    page = officer("SISTIK").get(f"/admin/{model}/")
    assert page.status_code == 200
    for secret in SECRETS:
        assert secret not in page.content.decode()


@pytest.mark.parametrize(
    ("model", "related"),
    [("user", None), ("applicant", "applicants"), ("message", "messages")],
)
def test_sistik_sees_one_row_masked_and_cannot_change_it(
    citizen: User, model: str, related: str | None
):
    row = getattr(citizen, related).get() if related else citizen
    sistik = officer("SISTIK")
    page = sistik.get(f"/admin/accounts/{model}/{row.pk}/change/")
    assert page.status_code == 200
    for secret in SECRETS:
        assert secret not in page.content.decode()
    assert sistik.post(f"/admin/accounts/{model}/{row.pk}/change/", {}).status_code == 403
    assert sistik.post(f"/admin/accounts/{model}/{row.pk}/delete/", {}).status_code == 403
    assert sistik.get(f"/admin/accounts/{model}/add/").status_code == 403


def test_a_row_is_found_by_the_whole_address_only(citizen: User):
    sistik = officer("SISTIK")
    whole = sistik.get("/admin/accounts/user/", {"q": citizen.email}).content.decode()
    part = sistik.get("/admin/accounts/user/", {"q": "suwarni"}).content.decode()
    assert citizen.code in whole
    assert citizen.code not in part


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER", "HEAD"])
@pytest.mark.parametrize("model", MODELS)
def test_officers_of_an_office_do_not_look_here(role: str, model: str):
    assert officer(role).get(f"/admin/{model}/").status_code == 403


@pytest.mark.parametrize("role", ["COUNTER", "HEAD", "SISTIK"])
@pytest.mark.parametrize("model", THEIRS)
def test_tables_that_come_with_the_packages_are_nobodys(role: str, model: str):
    assert officer(role).get(f"/admin/{model}/").status_code in {403, 404}
