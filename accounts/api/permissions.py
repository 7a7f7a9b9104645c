"""Who may ask for what."""

from typing import Any

from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts import proving, selectors
from accounts.errors import ConsentNeeded, RecentSignInNeeded


class SignedInRecently(BasePermission):
    """A token found on a lost phone neither takes all data along nor erases them.

    The app renews the sign-in at /_allauth/app/v1/auth/reauthenticate.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        # allauth notes in the session how and when somebody signed in, and asks a request.
        asked = HttpRequest()
        asked.session = request.auth or {}
        if not proving.proved_recently(asked, request.user):
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
