"""Officers of every role, and a browser that has passed a second factor."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client, RequestFactory

from accounts.models import User
from offices.models import Office
from tests import signing_in
from tests.factories import OfficeFactory, OfficerPostFactory, UserFactory

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)  # Monday, 10.00 WIB


@pytest.fixture
def kanim() -> Office:
    return OfficeFactory()


@pytest.fixture
def ulp(kanim: Office) -> Office:
    return OfficeFactory(kind="ULP", grade="", parent=kanim, code="ULP-UJI")


@pytest.fixture
def officer() -> Callable[..., User]:
    def make(role: str, office: Office | None = None) -> User:
        return OfficerPostFactory(user=UserFactory(), role=role, office=office).user

    return make


def pass_second_factor(session: SessionBase, user: User) -> None:
    """What allauth keeps in a session, still to be saved, after a TOTP code or a passkey."""
    request = RequestFactory().get("/")
    request.session = session
    kind = Authenticator.Type.TOTP
    factor = Authenticator.objects.filter(user=user, type=kind).first()
    factor = factor or totp.TOTP.activate(user, totp.generate_totp_secret()).instance
    post_authentication(request, factor)


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    def enter(user: User, *, second_factor: bool = True) -> Client:
        client = Client()
        signing_in.sign_in(
            client,
            user,
            settings.AUTHENTICATION_BACKENDS[0],
            complete=partial(pass_second_factor, user=user) if second_factor else lambda _: None,
        )
        return client

    return enter
