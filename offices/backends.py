"""Django's permissions, answered from the posts that a user holds."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from accounts.models import User
from offices import rules, selectors
from offices.rules import Act, Role

# What Django calls a permission, and the act behind it. Whatever is not named here may
# be looked at by officers (SEEN_BY) and changed by nobody; nothing may be deleted.
PERMISSIONS: dict[str, Act] = {
    "offices.change_office": Act.HOURS,
    "offices.add_openinghours": Act.HOURS,
    "offices.change_openinghours": Act.HOURS,
    "offices.add_specialday": Act.SPECIAL_DAY,
    "offices.change_specialday": Act.SPECIAL_DAY,
    "offices.add_holiday": Act.HOLIDAY,
    "offices.change_holiday": Act.HOLIDAY,
    # People's addresses and words: for whoever answers them.
    "offices.view_report": Act.REPORT,
    "offices.add_report": Act.REPORT,
    "offices.change_report": Act.REPORT,
    "offices.add_announcement": Act.ANNOUNCE,
    "offices.change_announcement": Act.ANNOUNCE,
    "offices.add_incident": Act.INCIDENT,
    "offices.change_incident": Act.INCIDENT,
    "offices.add_officerpost": Act.GRANT_COUNTER,
    "offices.change_officerpost": Act.GRANT_COUNTER,
    "kernel.add_policyvalue": Act.POLICY,
    "accounts.change_countercode": Act.VERIFY_ACCOUNT,
    "accounts.add_maildomain": Act.MAIL_DOMAIN,
    "accounts.change_maildomain": Act.MAIL_DOMAIN,
    "queueing.add_release": Act.OPEN_RELEASE,
    "queueing.change_release": Act.OPEN_RELEASE,
    "queueing.change_slot": Act.CHANGE_CAPACITY,
    "queueing.add_booking": Act.BOOK_FOR,
    "queueing.change_booking": Act.CHECK_IN,
    "queueing.change_place": Act.CHECK_IN,
    "queueing.add_referral": Act.REFERRAL,
    "queueing.change_referral": Act.REFERRAL,
    # Looking at these is looking at suspects: for whoever may act on them.
    "queueing.view_cluster": Act.LIMIT,
    "queueing.view_identityclaim": Act.LIMIT,
    "queueing.change_case": Act.CASE,
    "queueing.change_appeal": Act.APPEAL,
}
# Who may look. An app without a line here is seen by nobody.
SEEN_BY: dict[str, frozenset[Role]] = {
    "offices": frozenset(Role),
    "queueing": frozenset(Role),
    "accounts": frozenset({Role.SISTIK}),
    "kernel": frozenset({Role.HEAD, Role.SISTIK}),
}


class PostBackend(BaseBackend):
    """Signs nobody in. Whose office a row belongs to is the admin's question, not asked here."""

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        return has_permission(live_roles(user_obj), perm)

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return any(may_look(role, app_label) for role in live_roles(user_obj))


def may_look(role: str, app: str) -> bool:
    return Role(role) in SEEN_BY.get(app, frozenset())


def has_permission(roles: Iterable[str], permission: str) -> bool:
    """Whether one of the roles carries a permission such as "offices.view_office"."""
    app, _, codename = permission.partition(".")
    if codename.startswith("view_") and permission not in PERMISSIONS:
        return any(may_look(role, app) for role in roles)
    act = PERMISSIONS.get(permission)
    return act is not None and any(rules.may(role, act) for role in roles)


def live_roles(user: User) -> frozenset[str]:
    return frozenset(role for role, _zone in _live_posts(user))


def live_zone(user: User) -> ZoneInfo:
    """Where all posts of now share a zone, that one; else that of the capital, as SISTIK's."""
    zones = {zone for _role, zone in _live_posts(user)}
    return ZoneInfo(zones.pop() or settings.TIME_ZONE if len(zones) == 1 else settings.TIME_ZONE)


def _live_posts(user: User) -> list[tuple[str, str | None]]:
    """Role and zone, read once for each user object, which lives as long as a request."""
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_live_posts"):
        posts = selectors.posts_of(user, timezone.now())
        user._live_posts = list(posts.values_list("role", "office__timezone"))
    return user._live_posts
