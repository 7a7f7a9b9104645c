"""Who may do what, and what a day at an office holds. No Django, no clock.

The table of acts is the one of the design: a role answers for its own office; the head
and the planner of a kanim also answer for its branches (ULP, UKK, LTSP, MPP); SISTIK
answers for the nation. Where a second officer is needed, ``needs_second`` says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    COUNTER = "COUNTER"
    PLANNER = "PLANNER"
    HEAD = "HEAD"
    SISTIK = "SISTIK"


class Act(StrEnum):
    CHECK_IN = "check_in"
    SERVE = "serve"
    TURN_AWAY = "turn_away"
    NO_SHOW = "no_show"
    UNDO = "undo"
    WALK_IN = "walk_in"
    BOOK_FOR = "book_for"
    PRIORITY_UNPROVEN = "priority_unproven"
    VERIFY_ACCOUNT = "verify_account"
    HOURS = "hours"
    STATIONS = "stations"
    SPECIAL_DAY = "special_day"
    HOLIDAY = "holiday"
    SHARES = "shares"
    OPEN_RELEASE = "open_release"
    CHANGE_CAPACITY = "change_capacity"
    CLOSE_DAY = "close_day"
    REFERRAL = "referral"
    VOID = "void"
    LIMIT = "limit"
    SUSPEND = "suspend"
    POLICY = "policy"
    READ_NIK = "read_nik"
    GRANT_COUNTER = "grant_counter"
    GRANT_PLANNER = "grant_planner"
    GRANT_HEAD = "grant_head"
    GRANT_SISTIK = "grant_sistik"


# The lines of the design's table, and the roles that each of them names.
DESK = frozenset(
    {
        Act.CHECK_IN,
        Act.SERVE,
        Act.TURN_AWAY,
        Act.NO_SHOW,
        Act.UNDO,
        Act.WALK_IN,
        Act.BOOK_FOR,
    }
)
PLANNING = frozenset(
    {
        Act.HOURS,
        Act.STATIONS,
        Act.SPECIAL_DAY,
        Act.HOLIDAY,
        Act.SHARES,
        Act.OPEN_RELEASE,
        Act.CHANGE_CAPACITY,
        Act.CLOSE_DAY,
    }
)
INTEGRITY = frozenset({Act.VOID, Act.LIMIT, Act.SUSPEND})
ALLOWED: dict[Role, frozenset[Act]] = {
    Role.COUNTER: DESK | {Act.PRIORITY_UNPROVEN, Act.VERIFY_ACCOUNT, Act.REFERRAL, Act.READ_NIK},
    Role.PLANNER: PLANNING,
    Role.HEAD: DESK
    | PLANNING
    | INTEGRITY
    | {
        Act.PRIORITY_UNPROVEN,
        Act.VERIFY_ACCOUNT,
        Act.REFERRAL,
        Act.POLICY,
        Act.READ_NIK,
        Act.GRANT_COUNTER,
    },
    Role.SISTIK: PLANNING
    | INTEGRITY
    | {
        Act.VERIFY_ACCOUNT,
        Act.REFERRAL,
        Act.POLICY,
        Act.READ_NIK,
        Act.GRANT_COUNTER,
        Act.GRANT_PLANNER,
        Act.GRANT_HEAD,
        Act.GRANT_SISTIK,
    },
}
# Whose posts reach beyond their own office, to the branches of a kanim.
COVERS_BRANCHES = frozenset({Role.HEAD, Role.PLANNER})


def may(role: str, act: Act) -> bool:
    """Whether the role's line in the table has this act, for an office that it covers."""
    return act in ALLOWED[Role(role)]


def grant_of(role: str) -> Act:
    """The act of giving, or ending, a post with this role."""
    return Act(f"grant_{Role(role).lower()}")


@dataclass(frozen=True)
class Extent:
    """How far one act goes: what the thresholds are held against."""

    places: int = 0
    people_booked: int = 0
    quota_before: int = 0
    quota_after: int = 0
    accounts: int = 0
    is_national: bool = False


@dataclass(frozen=True)
class Thresholds:
    """From where on a second officer is asked; the figures come from policy."""

    places: int = 5
    quota_percent: int = 25
    accounts: int = 5
    verifying: bool = False


def raises_quota(extent: Extent, percent: int) -> bool:
    """Whether the quota grows by ``percent`` or more.

    Quota where there was none (an extra Saturday, a mall day) is ordinary planning.
    """
    before = extent.quota_before
    return before > 0 and (extent.quota_after - before) * 100 >= before * percent


def needs_second(
    act: Act, extent: Extent = Extent(), thresholds: Thresholds = Thresholds()
) -> bool:
    """Whether this act, this far, takes a second officer's yes."""
    if act in DESK:
        return extent.places >= thresholds.places
    if act in PLANNING:
        return extent.people_booked > 0 or raises_quota(extent, thresholds.quota_percent)
    if act is Act.VERIFY_ACCOUNT:
        return thresholds.verifying
    if act is Act.POLICY:
        return extent.is_national
    if act is Act.SUSPEND:
        return extent.accounts > thresholds.accounts
    return act in {Act.PRIORITY_UNPROVEN, Act.VOID, Act.GRANT_HEAD, Act.GRANT_SISTIK}


# --- The admin's permissions ---------------------------------------------------------

# What Django calls a permission, and the act behind it. Whatever is not named here may
# be looked at by officers and changed by nobody; nothing may be deleted.
PERMISSIONS: dict[str, Act] = {
    "offices.add_openinghours": Act.HOURS,
    "offices.change_openinghours": Act.HOURS,
    "offices.add_specialday": Act.SPECIAL_DAY,
    "offices.change_specialday": Act.SPECIAL_DAY,
    "offices.change_holiday": Act.HOLIDAY,
    "offices.add_holiday": Act.HOLIDAY,
    "offices.change_office": Act.HOURS,
    "offices.add_officerpost": Act.GRANT_COUNTER,
    "offices.change_officerpost": Act.GRANT_COUNTER,
    "kernel.add_policyvalue": Act.POLICY,
    "queueing.add_release": Act.OPEN_RELEASE,
    "queueing.change_release": Act.OPEN_RELEASE,
    "queueing.change_slot": Act.CHANGE_CAPACITY,
    "queueing.add_booking": Act.BOOK_FOR,
    "queueing.change_booking": Act.CHECK_IN,
    "queueing.change_place": Act.CHECK_IN,
    "queueing.add_referral": Act.REFERRAL,
    "queueing.change_referral": Act.REFERRAL,
}
# Who may look. An app without a line here is seen by every officer.
SEEN_BY: dict[str, frozenset[Role]] = {
    "accounts": frozenset({Role.SISTIK}),
    "kernel": frozenset({Role.HEAD, Role.SISTIK}),
}


def may_look(role: str, app: str) -> bool:
    return Role(role) in SEEN_BY.get(app, frozenset(Role))


def has_permission(roles: Iterable[str], permission: str) -> bool:
    """Whether one of the roles carries a Django permission such as "offices.view_office"."""
    app, _, codename = permission.partition(".")
    if codename.startswith("view_"):
        return any(may_look(role, app) for role in roles)
    act = PERMISSIONS.get(permission)
    return act is not None and any(may(role, act) for role in roles)
