"""Hours near enough to be booked on the pages, and the people who come to them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Applicant, User
from offices.models import Office
from queueing.booking.models import Booking
from queueing.quota.models import Slot
from tests.factories import (
    ApplicantFactory,
    OfficeFactory,
    OpeningHoursFactory,
    ReleaseFactory,
    SlotFactory,
)
from tests.queueing.booking.visits import account_of, book

TOKEN = re.compile(r'name="token" value="([^"]+)"')


def working_office(**fields: Any) -> Office:
    """Open on every day of the week."""
    office = OfficeFactory(**fields)
    for weekday in range(7):
        OpeningHoursFactory(office=office, weekday=weekday)
    return office


def near_day(days: int = 3) -> date:
    return timezone.localdate() + timedelta(days=days)


def near_hour(
    office: Office | None = None, *, days: int = 3, hour: int = 9, capacity: int = 5, **seats: Any
) -> Slot:
    """An hour of an office within its calendar, by its own clock."""
    office = office or working_office()
    day = near_day(days)
    release = office.releases.filter(first_day=day).first() or ReleaseFactory(
        office=office, first_day=day, last_day=day
    )
    starts_at = datetime.combine(day, time(hour), tzinfo=office.zone).astimezone(UTC)
    return SlotFactory(release=release, starts_at=starts_at, capacity=capacity, **seats)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def family_booking(size: int = 2, slot: Slot | None = None, **more: Any) -> Booking:
    people = ApplicantFactory.create_batch(size, account=ApplicantFactory().account)
    return book(slot or near_hour(), people, **more)


def owner(booking: Booking) -> Client:
    return browser_of(booking.account)


def token_in(page: Any) -> str:
    return TOKEN.search(page.content.decode()).group(1)


def who(*people: Applicant, kind: str = "NEW", **more: str) -> dict[str, str]:
    """The form of the third step, filled in for these people."""
    said = {}
    for person in people:
        said[f"{person.code}-comes"] = "on"
        said[f"{person.code}-kind"] = kind
        said[f"{person.code}-passport_type"] = "REGULAR"
    return said | more


__all__ = ["account_of", "book"]


def announced(office, opens_at):
    """An opening of all days to come, so that the usual rhythm has none to open."""
    first, last = near_day(1), near_day(120)
    ReleaseFactory(
        office=office, first_day=first, last_day=last, opens_at=opens_at, prepared_at=None
    )
