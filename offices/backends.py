"""Django's permissions, answered from the posts that a user holds."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from accounts.models import User
from offices import rules, selectors


class PostBackend(BaseBackend):
    """Signs nobody in. Whose office a row belongs to is the admin's question, not asked here."""

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        return rules.has_permission(live_roles(user_obj), perm)

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return any(rules.may_look(role, app_label) for role in live_roles(user_obj))


def live_roles(user: User) -> frozenset[str]:
    """The roles of now, read once for each user object, which lives as long as a request."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_live_roles"):
        posts = selectors.posts_of(user, timezone.now())
        user._live_roles = frozenset(posts.values_list("role", flat=True))
    return user._live_roles
