"""Where accounts come from, and which addresses are one mailbox."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Trace, User
from accounts.services import retention
from paspor.kernel import device
from tests.accounts.entering import PASSWORD, Phone, person_with_account
from tests.factories import TraceFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_signing_up_with_the_app_says_from_where():
    installation = device.issue()

    Phone(installation).auth(
        "auth/signup", {"email": "baru@contoh.test", "password": PASSWORD, "consent": True}
    )

    trace = Trace.objects.get()
    assert (trace.what, trace.user.email) == ("SIGN_UP", "baru@contoh.test")
    assert installation.startswith(trace.device)
    assert trace.address == "127.0.0.1"


def test_signing_in_on_the_web_says_from_where():
    owner = person_with_account()

    Client().post("/akun/login/", {"login": owner.email, "password": PASSWORD})

    assert [(trace.what, trace.user) for trace in Trace.objects.all()] == [("SIGN_IN", owner)]


def test_old_traces_are_forgotten():
    now = timezone.now()
    kept = TraceFactory(at=now - timedelta(days=179))
    TraceFactory(at=now - timedelta(days=181))

    retention.forget_sessions(now=now)

    assert list(Trace.objects.all()) == [kept]


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("warga@contoh.test", "warga@contoh.test"),
        ("warga+paspor@contoh.test", "warga@contoh.test"),
        ("wa.rga@contoh.test", "wa.rga@contoh.test"),
        ("w.a.rga+1@gmail.com", "warga@gmail.com"),
        ("warga@googlemail.com", "warga@gmail.com"),
        ("+satu@contoh.test", "+satu@contoh.test"),
        ('"a@b"@contoh.test', '"a@b"@contoh.test'),
    ],
)
def test_addresses_that_look_alike_are_one_mailbox(address, mailbox):
    user = UserFactory(email=address)
    assert User.objects.get(pk=user.pk).mail_key == mailbox
