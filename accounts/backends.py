"""Signing in. What someone may do is answered elsewhere (offices.backends)."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts import selectors
from accounts.models import User


class SignInBackend(AuthenticationBackend):
    """Django's own backend would look for groups and superusers, which we do not have."""

    def get_user(self, user_id: int) -> User | None:
        user = selectors.account_signed_in(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return False
