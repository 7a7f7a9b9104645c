"""The hours of an office that the counter gives away, and the days that it closes."""

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from offices.models import Office
from queueing.quota import selectors as quota
from queueing.quota.models import Channel, Slot


@dataclass(frozen=True)
class HourAtCounter:
    """An hour with the seats that a counter may give away now."""

    code: str
    starts_at: datetime
    ends_at: datetime
    counter: int
    priority: int


def hours_at_counter(office: Office, day: date, *, now: datetime) -> list[HourAtCounter]:
    """The hours of a day that are not over, in the office's zone, full ones too; one query."""
    free = Q(seats__taken=False, seats__visible_at__lte=Now())
    channels = quota.left_to_counter(office)
    slots = (
        Slot.objects.filter(office=office, day=day, closed_at=None, ends_at__gt=now)
        .annotate(
            counter=Count("seats", filter=free & Q(seats__channel=Channel.COUNTER)),
            priority=Count("seats", filter=free & Q(seats__channel=Channel.PRIORITY)),
            left=Count("seats", filter=free & Q(seats__channel__in=channels)),
        )
        .select_related("office")
        .order_by("starts_at")
    )
    return [
        HourAtCounter(
            slot.code,
            slot.starts_at.astimezone(office.zone),
            slot.ends_at.astimezone(office.zone),
            slot.counter + (slot.left if quota.is_left_to_counter(slot, now=now) else 0),
            slot.priority,
        )
        for slot in slots
    ]


@dataclass(frozen=True)
class DayAhead:
    """What is left of a day: how many people are booked in it, and which hours are closed.

    ``why`` is what the public is told of the first of these.
    """

    day: date
    people: int
    serving: tuple[time, ...]
    closed: tuple[time, ...]
    why: str

    @property
    def is_closed(self) -> bool:
        return not self.serving


def days_ahead(office: Office, *, now: datetime, only: date | None = None) -> list[DayAhead]:
    """The office's days with quota from today on; hours that have ended do not count."""
    slots = Slot.objects.filter(office=office, day__gte=office.today(now), ends_at__gt=now)
    if only is not None:
        slots = slots.filter(day=only)
    found = slots.annotate(people=Count("seats", filter=Q(seats__taken=True)))
    ahead = []
    for day, group in groupby(found.order_by("day", "starts_at"), key=lambda slot: slot.day):
        hours = list(group)
        closed = [slot for slot in hours if slot.closed_at]
        ahead.append(
            DayAhead(
                day=day,
                people=sum(slot.people for slot in hours if slot.closed_at is None),
                serving=tuple(slot.hour for slot in hours if slot.closed_at is None),
                closed=tuple(slot.hour for slot in closed),
                why=closed[0].closed_why if closed else "",
            )
        )
    return ahead


def hours_closing(
    office: Office, day: date, since: time | None, *, now: datetime
) -> QuerySet[Slot]:
    """What closing the day, or the day from an hour on, would close."""
    hours = Slot.objects.filter(office=office, day=day, ends_at__gt=now, closed_at=None)
    return hours if since is None else hours.filter(hour__gte=since)
