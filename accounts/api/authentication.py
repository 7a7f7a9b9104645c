"""Who is calling the API."""

import re

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.request import Request

# What Django makes as a session's key; anything else is not worth a look-up.
TOKEN = re.compile(r"[a-z0-9]{8,40}")


class SessionToken(XSessionTokenAuthentication):
    """The X-Session-Token that /_allauth/app/v1/ hands out.

    A missing or stale token leaves the caller anonymous: public answers still come, and
    the others are 401. DRF would say 403 for an authenticator that names no challenge.
    """

    def get_session_token(self, request: Request) -> str | None:
        token = super().get_session_token(request) or ""
        return token if TOKEN.fullmatch(token) else None

    def authenticate_header(self, request: Request) -> str:
        return "X-Session-Token"


class SessionTokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.SessionToken"
    name = "XSessionTokenAuth"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "meta.session_token of the newest answer of /_allauth/app/v1/auth/…",
        }
