"""How long a second factor holds, and what ends it sooner."""

from datetime import timedelta

import pytest
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from offices.models import Approval
from offices.sign_ins import SHOWN
from tests.accounts.entering import PASSWORD, Phone, person_with_account
from tests.factories import ApprovalFactory, OfficerPostFactory
from tests.offices.admin_pages import INDEX, landing

pytestmark = pytest.mark.django_db

AGAIN = "/akun/2fa/reauthenticate/"


def age(client: Client, **length: float) -> None:
    session = client.session
    seconds = timedelta(**length).total_seconds()
    session[SHOWN] = {pk: at - seconds for pk, at in session[SHOWN].items()}
    session.save()


def code_of(user: User) -> str:
    secret = Authenticator.objects.get(user=user, type="totp").wrap()
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(
        totp.hotp_value(totp.decrypt(secret.instance.data["secret"]), counter)
    )


@pytest.mark.parametrize(("hours", "where"), [(11.9, INDEX), (12.1, AGAIN)])
def test_second_factor_holds_a_working_day(officer, kanim, sign_in, hours: float, where: str):
    client = sign_in(officer("HEAD", kanim))
    age(client, hours=hours)

    assert landing(client) == (200, where)


def test_removed_second_factor_holds_no_longer(officer, kanim, sign_in):
    head = officer("HEAD", kanim)
    client = sign_in(head)

    Authenticator.objects.filter(user=head).delete()
    assert landing(client) == (200, reverse("mfa_index"))
    totp.TOTP.activate(head, totp.generate_totp_secret())
    assert landing(client) == (200, AGAIN)


def test_recovery_code_lets_in_to_enrol_and_no_further(officer, kanim, sign_in):
    head = officer("HEAD", kanim)
    client = sign_in(head, second_factor=False)
    totp.TOTP.activate(head, totp.generate_totp_secret())
    codes = RecoveryCodes.activate(head)
    request = RequestFactory().get("/")
    request.session = client.session
    post_authentication(request, codes.instance)
    request.session.save()

    response = client.get(INDEX, follow=True)

    assert response.request["PATH_INFO"] == reverse("mfa_index")
    assert "Kode cadangan hanya" in response.content.decode()


def test_officers_session_ends_with_the_browser(officer, kanim, sign_in):
    client = sign_in(officer("HEAD", kanim))
    assert not client.session.get_expire_at_browser_close()

    client.get(INDEX)

    assert client.session.get_expire_at_browser_close()


def test_token_of_an_app_with_a_second_factor_opens_nothing():
    user = OfficerPostFactory(user=person_with_account(), role="COUNTER").user
    totp.TOTP.activate(user, totp.generate_totp_secret())
    phone = Phone()
    phone.auth("auth/login", {"email": user.email, "password": PASSWORD})
    answer = phone.auth("auth/2fa/authenticate", {"code": code_of(user)})
    assert answer.status_code == 200, answer.content
    browser = Client()
    browser.cookies["sessionid"] = phone.token

    assert landing(browser)[0] == 403


def test_grant_takes_a_second_factor_of_just_now_and_goes_on(officer, kanim, sign_in):
    head, planner = officer("HEAD", kanim), officer("PLANNER", kanim)
    approval = ApprovalFactory(office=kanim, asked_by=planner)
    client = sign_in(head)
    age(client, minutes=16)
    form = {"action": "grant", "_selected_action": [approval.pk], "why": "Sudah diperiksa"}
    path = reverse("admin:offices_approval_changelist") + "?state__exact=ASKED"

    asked = client.post(path, form, follow=True)
    assert asked.request["PATH_INFO"] == AGAIN
    approval.refresh_from_db()
    assert approval.state == Approval.State.ASKED

    client.post(asked.redirect_chain[-1][0], {"code": code_of(head)}, follow=True)
    approval.refresh_from_db()
    assert (approval.state, approval.second) == (Approval.State.GRANTED, head)
