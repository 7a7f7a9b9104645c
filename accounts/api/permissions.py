"""Who may ask for what."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts import selectors
from accounts.errors import ConsentNeeded, RecentSignInNeeded


class SignedInRecently(BasePermission):
    """A token found on a lost phone neither takes all data along nor erases them.

    The app renews the sign-in at /_allauth/app/v1/auth/reauthenticate.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        latest = max((record["at"] for record in _records(request)), default=0)
        if time.time() - latest > app_settings.REAUTHENTICATION_TIMEOUT:
            raise RecentSignInNeeded
        return True


class Consented(BasePermission):
    """Nothing more is written about somebody who has not agreed to the notice in force.

    Reading, removing and cancelling stay open: what lessens what we hold needs no consent.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        free = request.method in {*SAFE_METHODS, "DELETE"}
        if not free and request.user.is_authenticated and not selectors.has_consented(request.user):
            raise ConsentNeeded
        return True


def _records(request: Request) -> list[dict[str, Any]]:
    """How and when the token's session was signed in. allauth asks a request for it."""
    if not request.auth:
        return []
    asked = HttpRequest()
    asked.session = request.auth
    return get_authentication_records(asked, request.user)
