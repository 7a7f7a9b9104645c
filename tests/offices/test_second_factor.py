"""The admin's door: a live post, and a second factor in this very session."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from accounts.models import User
from offices.models import OfficerPost
from paspor.kernel.models import AuditEvent
from tests.factories import UserFactory
from tests.offices.admin_pages import INDEX, landing

pytestmark = pytest.mark.django_db


def enrol(user: User) -> str:
    """A TOTP secret that the account has activated."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def test_stranger_is_sent_to_sign_in(client: Client):
    assert landing(client) == (200, reverse("account_login"))


def test_citizen_is_turned_away(sign_in):
    assert landing(sign_in(UserFactory()))[0] == 403


def test_officer_without_a_second_factor_is_sent_to_enrol(officer, kanim, sign_in):
    client = sign_in(officer("HEAD", kanim), second_factor=False)

    assert landing(client) == (200, reverse("mfa_index"))


def test_officer_who_has_not_used_it_in_this_session_is_asked_for_it(officer, kanim, sign_in):
    head = officer("HEAD", kanim)
    secret = enrol(head)
    client = sign_in(head, second_factor=False)
    asked = client.get(INDEX, follow=True)
    assert asked.request["PATH_INFO"] == reverse("mfa_reauthenticate")

    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())))
    )
    client.post(asked.request["PATH_INFO"] + "?next=" + INDEX, {"code": code})

    assert landing(client) == (200, INDEX)


def test_officer_with_a_second_factor_enters(officer, kanim, sign_in):
    client = sign_in(officer("COUNTER", kanim))

    response = client.get(INDEX)

    assert response.status_code == 200
    assert kanim.name in response.content.decode()


def test_second_factor_of_another_account_does_not_count(officer, kanim, sign_in):
    client = sign_in(officer("HEAD", kanim))

    client.force_login(officer("HEAD", kanim), backend="accounts.backends.SignInBackend")

    assert client.get(INDEX).status_code == 302


def test_demo_waives_the_second_factor(officer, kanim, sign_in, settings):
    settings.DEMO = True

    assert landing(sign_in(officer("HEAD", kanim), second_factor=False)) == (200, INDEX)
    assert landing(sign_in(UserFactory(), second_factor=False))[0] == 403


def test_ended_post_shuts_the_door_at_once(officer, kanim, sign_in):
    head = officer("HEAD", kanim)
    client = sign_in(head)
    assert client.get(INDEX).status_code == 200

    OfficerPost.objects.filter(user=head).update(ends_at=datetime(2026, 3, 2, 1, 39, tzinfo=UTC))

    assert landing(client)[0] == 403
    text = client.get(INDEX, follow=True).content.decode()
    assert "Penugasan Anda sudah berakhir" in text
    assert f"({kanim.name}) berakhir Senin, 2 Maret 2026, pukul 08.39 WIB" in text


@pytest.mark.parametrize("wanted", ["https://jahat.test/", "//jahat.test/", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(officer, kanim, sign_in, wanted: str):
    client = sign_in(officer("HEAD", kanim))

    response = client.get("/admin/login/", {"next": wanted})

    assert response["Location"] == INDEX


def test_password_is_changed_where_everybody_changes_it(officer, kanim, sign_in):
    client = sign_in(officer("HEAD", kanim))

    response = client.get("/admin/password_change/")

    assert response["Location"] == reverse("account_change_password")


def acts(user: User) -> list[str]:
    return list(
        AuditEvent.objects.filter(subject=f"user:{user.code}")
        .order_by("id")
        .values_list("act", flat=True)
    )


def password_login(client: Client, user: User, password: str) -> None:
    client.post(reverse("account_login"), {"login": user.email, "password": password})


@pytest.fixture
def head(officer, kanim) -> User:
    user = officer("HEAD", kanim)
    user.set_password("rahasia-panjang")
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def test_first_sign_in_of_a_device_is_logged_once(client: Client, head: User):
    client.get(reverse("account_login"))
    password_login(client, head, "salah")  # gives the browser its id
    for _ in range(2):
        password_login(client, head, "rahasia-panjang")
        client.post(reverse("account_logout"))

    assert acts(head)[-1] == "sign_in.new_device"
    assert acts(head).count("sign_in.new_device") == 1
    event = AuditEvent.objects.get(act="sign_in.new_device")
    assert (event.stream, event.subject) == (head.posts.get().office.code, f"user:{head.code}")


def test_another_device_is_logged_too(head: User):
    for client in (Client(), Client()):
        password_login(client, head, "salah")
        password_login(client, head, "rahasia-panjang")

    assert acts(head).count("sign_in.new_device") == 2


def test_refused_sign_in_is_logged(client: Client, head: User):
    password_login(client, head, "salah")

    assert acts(head) == ["sign_in.refused"]


def test_citizens_sign_ins_are_not_logged(client: Client):
    citizen = UserFactory(password="rahasia-panjang")
    citizen.emailaddress_set.create(email=citizen.email, verified=True, primary=True)

    password_login(client, citizen, "salah")
    password_login(client, citizen, "rahasia-panjang")

    assert acts(citizen) == []


def test_refused_second_factor_is_logged(head: User, sign_in):
    enrol(head)
    client = sign_in(head, second_factor=False)

    client.post(reverse("mfa_reauthenticate"), {"code": "000000"})

    assert "second_factor.refused" in acts(head)


def test_change_of_second_factor_is_logged(head: User, sign_in, django_capture_on_commit_callbacks):
    enrol(head)
    RecoveryCodes.activate(head)
    client = sign_in(head)

    client.post(reverse("account_reauthenticate"), {"password": "rahasia-panjang"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))

    assert {"second_factor.reset", "second_factor.removed"} <= set(acts(head))
