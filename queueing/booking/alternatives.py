"""Where people of a closed hour can go instead: later hours of the same office. Reads."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.functions import TransactionNow
from django.db.models import Count, Exists, Expression, OuterRef, QuerySet, Value

from queueing.booking import policies
from queueing.booking.models import Booking, Place
from queueing.quota.models import WITHDRAWN, Channel, Release, Seat, Slot

TRIES = 20


@dataclass(frozen=True)
class Choice:
    """An hour and a channel that had enough seats when it was read."""

    slot: Slot
    channel: str


def bookings_in_closed_slots() -> list[int]:
    """Bookings that a closing has not settled yet, the oldest first."""
    unsettled = Place.objects.filter(
        booking=OuterRef("pk"), state__in=[Place.State.HELD, Place.State.BOOKED]
    )
    return list(
        Booking.objects.filter(Exists(unsettled), slot__closed_at__isnull=False)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def nearest(
    booking: Booking, people: int, *, now: datetime, after: date | None = None
) -> list[Choice]:
    """Later hours of the same office with seats for all: the nearest day, the nearest hour.

    On days after ``after``, else after the booking's own.
    """
    slot = booking.slot
    since = after or slot.day
    days = policies.ALTERNATIVE_DAYS.at(now=now, scope=slot.office.code)
    return _choices(
        booking,
        Slot.objects.filter(
            office=slot.office, day__gt=since, day__lte=since + timedelta(days=days)
        ),
        people,
        visible_by=TransactionNow(),
        now=now,
    )


def in_release(booking: Booking, people: int, release: Release, *, now: datetime) -> list[Choice]:
    """Hours of a release with seats for all, those included that nobody sees yet."""
    return _choices(
        booking,
        Slot.objects.filter(release=release),
        people,
        visible_by=Value(WITHDRAWN - timedelta(days=1)),
        now=now,
    )


def _choices(
    booking: Booking,
    slots: QuerySet[Slot],
    people: int,
    *,
    visible_by: Expression,
    now: datetime,
) -> list[Choice]:
    """In the booking's own channel; else, on the same day, as ONLINE."""
    office = booking.slot.office
    cutoff = timedelta(minutes=policies.BOOK_CUTOFF_MINUTES.at(now=now, scope=office.code))
    channels = list(dict.fromkeys([booking.channel, Channel.ONLINE.value]))
    free = (
        Seat.objects.filter(
            slot__in=slots.filter(closed_at=None, starts_at__gt=now + cutoff),
            channel__in=channels,
            taken=False,
            visible_at__lte=visible_by,
        )
        .values_list("slot_id", "channel")
        .annotate(count=Count("pk"))
        .filter(count__gte=people)
    )
    found = list(free)
    known = Slot.objects.select_related("office").in_bulk({slot_id for slot_id, *_rest in found})
    choices = [Choice(known[slot_id], channel) for slot_id, channel, _count in found]
    wanted = booking.slot.hour
    choices.sort(
        key=lambda choice: (
            choice.slot.day,
            channels.index(choice.channel),
            abs(_minutes(choice.slot.hour) - _minutes(wanted)),
        )
    )
    return choices[:TRIES]


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute
