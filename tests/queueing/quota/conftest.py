"""An office with a calendar, its officers, and claims as SQL over connections of their own."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection

from accounts.models import Applicant, User
from offices.models import Office
from offices.services import approvals
from queueing.quota.models import Release
from queueing.quota.services import releases
from queueing.quota.services.releases import Opening
from tests.factories import LONG_AGO, OfficeFactory, OfficerPostFactory, OpeningHoursFactory

# A Monday; the claim functions go by the database's clock, so the days lie far ahead.
NOW = datetime(2029, 12, 3, 1, tzinfo=UTC)
MONDAY = date(2029, 12, 10)


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


def make_office(zone: str = "Asia/Jakarta", **hours: object) -> Office:
    """Monday to Friday 08.00 to 10.00, five stations of 15 minutes: 20 seats an hour."""
    office = OfficeFactory(timezone=zone)
    usual = {"opens": time(8), "closes": time(10), "break_starts": None, "break_ends": None}
    for weekday in range(5):
        OpeningHoursFactory(office=office, weekday=weekday, **usual | hours)
    return office


def prepared(office: Office, days: int = 1, opens_at: datetime = LONG_AGO) -> Release:
    """A release of days from MONDAY on with its seats, open by the database's clock too."""
    opening = Opening(MONDAY, MONDAY + timedelta(days=days - 1), NOW)
    release = releases.plan_release(office=office, opening=opening, officer=None, now=NOW)
    Release.objects.filter(pk=release.pk).update(opens_at=opens_at)
    releases.prepare(release=release, now=NOW)
    return release


def officer_of(office: Office, role: str = "HEAD") -> User:
    return OfficerPostFactory(office=office, role=role).user


def agreed(request: approvals.Request, officer: User) -> None:
    """Another head of the office says yes."""
    approval = approvals.ask(request=request, officer=officer, reason="perlu", now=NOW)
    second = officer_of(request.office)
    approvals.grant(approval=approval, second=second, used_second_factor=True, now=NOW)


BOOK = """
SELECT outcome, booking_id FROM queueing_book(
    p_code => %(code)s, p_account => %(account)s, p_slot => %(slot)s, p_channel => %(channel)s,
    p_applicants => %(applicants)s::bigint[], p_kinds => %(kinds)s::text[],
    p_types => %(types)s::text[], p_entitlements => %(none)s::text[],
    p_old_passports => %(none)s::text[], p_parents => %(none)s::text[],
    p_confirm => %(confirm)s, p_hold_minutes => 10, p_return_minutes => 10,
    p_cutoff_minutes => 60, p_max_live => 5, p_actor_kind => 'CITIZEN',
    p_actor => %(account)s, p_reason => '', p_device => '', p_address => NULL,
    p_checked => NULL, p_at => NULL)
"""


def book_call(
    slot_id: int,
    people: Sequence[Applicant],
    *,
    code: str,
    channel: str = "ONLINE",
    confirm: bool = True,
) -> tuple[str, dict[str, object]]:
    n = len(people)
    return BOOK, {
        "code": code,
        "account": people[0].account_id,
        "slot": slot_id,
        "channel": channel,
        "applicants": [person.pk for person in people],
        "kinds": ["NEW"] * n,
        "types": ["REGULAR"] * n,
        "none": [""] * n,
        "confirm": confirm,
    }


def book(
    slot_id: int, people: Sequence[Applicant], *, code: str, confirm: bool = True
) -> tuple[str, int | None]:
    """What booking does in one call; commits at once outside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(*book_call(slot_id, people, code=code, confirm=confirm))
        return cursor.fetchone()
