"""Quota follows the calendar: what stands already is brought in line when it changes.

The offices' services ask who is booked, see to a second officer's yes, write the change,
and call ``follow`` after their commit. Each day is then a transaction of its own; a day
that refuses stays as it is, is logged, and can be opened or closed by hand. People on a
day that closes are followed by booking's periodic task within a minute.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.models import User
from offices import selectors as offices
from offices.models import Office
from offices.ports import Span
from paspor.kernel.errors import DomainError
from queueing.quota.models import Release, Seat, Slot
from queueing.quota.services import capacity, closing, days

log = logging.getLogger(__name__)

# Changes of one named day; they open a day again that was closed. Others leave it closed.
ABOUT_A_DAY = frozenset(
    {"set_special_day", "lift_special_day", "confirm_holiday", "decline_holiday"}
)


class QuotaCalendar:
    """What queueing answers to offices.ports."""

    def people_booked(self, span: Span) -> int:
        return Seat.objects.filter(slot__in=_slots(span), taken=True).count()

    def follow(self, span: Span, *, officer_id: int, why: str, now: datetime) -> None:
        officer = User.objects.get(pk=officer_id)
        for office, day in _days(span, now):
            try:
                _follow_day(office, day, officer, may_open=why in ABOUT_A_DAY, now=now)
            except DomainError as refusal:
                log.warning(
                    "a day did not follow its calendar",
                    extra={"office": office.code, "day": str(day), "cause": refusal.code},
                )


def _slots(span: Span) -> QuerySet[Slot]:
    slots = Slot.objects.filter(day__gte=span.first_day)
    if span.last_day is not None:
        slots = slots.filter(day__lte=span.last_day)
    if span.weekday is not None:
        slots = slots.filter(day__iso_week_day=span.weekday + 1)
    return slots if span.office is None else slots.filter(office=span.office)


def _days(span: Span, now: datetime) -> Iterator[tuple[Office, date]]:
    """The days of the span whose seats are made, from today on at each office.

    Also those that had no hours so far: they may have some now.
    """
    made = Release.objects.filter(prepared_at__isnull=False, last_day__gte=span.first_day)
    if span.last_day is not None:
        made = made.filter(first_day__lte=span.last_day)
    if span.office is not None:
        made = made.filter(office=span.office)
    for release in made.select_related("office").order_by("office_id", "first_day"):
        for n in range((release.last_day - release.first_day).days + 1):
            day = release.first_day + timedelta(days=n)
            if _within(day, span) and day >= release.office.today(now):
                yield release.office, day


def _within(day: date, span: Span) -> bool:
    in_time = span.first_day <= day and (span.last_day is None or day <= span.last_day)
    return in_time and (span.weekday is None or day.weekday() == span.weekday)


def _follow_day(office: Office, day: date, officer: User, *, may_open: bool, now: datetime) -> None:
    plan = offices.plan_of(office, day, day)[day]
    standing = Slot.objects.filter(office=office, day=day)
    if not plan.is_open:
        if standing.filter(closed_at=None).exists():
            why = plan.note or gettext(days.DAY_GONE)
            closing.withdraw_day(
                office=office, day=day, why=why, officer=officer, now=now, is_approved=True
            )
    elif standing.exists() and not standing.filter(closed_at=None).exists():
        if may_open:
            closing.reopen_day(office=office, day=day, officer=officer, now=now)
    elif day > office.today(now):
        capacity.apply_calendar(office=office, day=day, officer=officer, now=now, is_approved=True)
