"""Signing in. What someone may do is answered elsewhere (offices.backends)."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class SignInBackend(AuthenticationBackend):
    """Django's own backend would look for groups and superusers, which we do not have."""

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return False
