"""What an officer's account can be taken over by is in the log, each change and each failure."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Message, User
from paspor.kernel import ledger
from paspor.kernel.models import AuditEvent
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "rahasia-panjang"
NEW = "rahasia-yang-lain"
TWICE = {"password1": NEW, "password2": NEW}
CHANGE = {"oldpassword": PASSWORD} | TWICE


@pytest.fixture
def head(officer, kanim) -> User:
    return with_password(officer("HEAD", kanim))


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def said_of(user: User) -> list[tuple[str, dict[str, str]]]:
    """About the officer's account, whoever did it."""
    events = AuditEvent.objects.filter(subject=f"user:{user.code}").order_by("id")
    return [
        (event.act, {k: v for k, v in event.detail.items() if k != "device"}) for event in events
    ]


def enter(client: Client, user: User) -> None:
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def code_in_the_mail() -> str:
    text = Message.objects.latest("pk").text
    return re.search(r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\b", text).group(1)


def ask_to_reset(client: Client, user: User) -> str:
    client.post(reverse("account_reset_password"), {"email": user.email})
    return code_in_the_mail()


def test_a_wrong_code_to_sign_in_is_logged(client: Client, head: User):
    client.post(reverse("account_request_login_code"), {"email": head.email})
    client.post(reverse("account_confirm_login_code"), {"code": "SALAH1"})

    assert said_of(head) == [("sign_in.refused", {"by": "mail_code"})]


def test_a_wrong_code_to_reset_is_logged(client: Client, head: User):
    ask_to_reset(client, head)
    client.post(reverse("account_confirm_password_reset_code"), {"code": "SALAH1"})

    assert said_of(head) == [("sign_in.refused", {"by": "reset_code"})]


def test_a_wrong_password_is_logged_with_the_way(client: Client, head: User):
    client.post(reverse("account_login"), {"login": head.email, "password": "salah"})

    assert said_of(head) == [("sign_in.refused", {"by": "password"})]


def test_a_strangers_failure_is_about_the_account_and_not_by_it(client: Client, head: User):
    client.post(reverse("account_login"), {"login": head.email, "password": "salah"})

    event = AuditEvent.objects.get(act="sign_in.refused")
    assert (event.actor_id, event.subject) == (None, f"user:{head.code}")
    assert "device" not in event.detail


def test_a_failure_on_a_device_of_theirs_says_so(client: Client, head: User):
    client.get(reverse("account_login"))  # here the device gets its mark
    enter(client, head)
    client.post(reverse("account_logout"))

    client.post(reverse("account_login"), {"login": head.email, "password": "salah"})

    assert AuditEvent.objects.get(act="sign_in.refused").detail["device"]


def test_a_reset_by_mail_is_logged(client: Client, head: User):
    code = ask_to_reset(client, head)
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    client.post(reverse("account_complete_password_reset"), TWICE)

    assert ("password.reset", {}) in said_of(head)


def test_a_change_of_password_is_logged(client: Client, head: User):
    enter(client, head)
    client.post(
        reverse("account_change_password"),
        CHANGE,
    )

    assert said_of(head)[-1] == ("password.changed", {})


def test_another_address_is_logged_without_the_address(client: Client, head: User):
    enter(client, head)
    client.post(reverse("account_email"), {"action_add": "", "email": "baru@contoh.test"})
    client.post(reverse("account_email_verification_sent"), {"code": code_in_the_mail()})

    assert said_of(head)[-1] == ("address.changed", {})
    assert not AuditEvent.objects.filter(detail__icontains="contoh.test").exists()


def test_citizens_are_left_out(client: Client):
    citizen = with_password(UserFactory())

    ask_to_reset(client, citizen)
    client.post(reverse("account_confirm_password_reset_code"), {"code": "SALAH1"})
    enter(client, citizen)
    client.post(
        reverse("account_change_password"),
        CHANGE,
    )

    assert said_of(citizen) == []


def test_what_is_logged_is_chained_to_the_office(client: Client, head: User):
    client.post(reverse("account_login"), {"login": head.email, "password": "salah"})

    assert ledger.streams() == [head.posts.get().office.code]
