"""Who may ask for what."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.errors import RecentSignInNeeded


class SignedInRecently(BasePermission):
    """A token found on a lost phone neither takes all data along nor erases them.

    The app renews the sign-in at /_allauth/app/v1/auth/reauthenticate.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        session = request.auth
        records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, []) if session else []
        latest = max((record["at"] for record in records), default=0)
        if time.time() - latest > app_settings.REAUTHENTICATION_TIMEOUT:
            raise RecentSignInNeeded
        return True
