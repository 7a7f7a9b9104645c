"""Who may ask for what."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.errors import RecentSignInNeeded


class SignedInRecently(BasePermission):
    """A token found on a lost phone neither takes all data along nor erases them.

    The app renews the sign-in at /_allauth/app/v1/auth/reauthenticate.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        latest = max((record["at"] for record in _records(request)), default=0)
        if time.time() - latest > app_settings.REAUTHENTICATION_TIMEOUT:
            raise RecentSignInNeeded
        return True


def _records(request: Request) -> list[dict[str, Any]]:
    """How and when the token's session was signed in. allauth asks a request for it."""
    if not request.auth:
        return []
    asked = HttpRequest()
    asked.session = request.auth
    return get_authentication_records(asked, request.user)
