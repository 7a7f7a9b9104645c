"""The reminder on the day before a visit, never at night by the office's clock."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from accounts.models import Message
from offices.models import Office
from queueing.booking import notices, policies, rules, selectors
from queueing.booking.models import Booking, Place

BATCH = 200


def remind(now: datetime) -> int:
    """Write the reminders that are due, each once, in short transactions; how many.

    They are written when they are to be sent, not before: a visit that is cancelled
    meanwhile is not reminded of.
    """
    return sum(_remind_zone(ZoneInfo(zone), now) for zone in Office.Zone.values)


def _remind_zone(zone: ZoneInfo, now: datetime) -> int:
    from_hour = policies.REMIND_FROM_HOUR.at(now=now)
    to_hour = policies.REMIND_TO_HOUR.at(now=now)
    if rules.is_quiet(now, zone, from_hour=from_hour, to_hour=to_hour):
        return 0
    total = 0
    while True:
        with transaction.atomic():
            bookings = list(_due(zone, now)[:BATCH])
            for booking in bookings:
                notices.reminder(booking, now=now)
        total += len(bookings)
        if len(bookings) < BATCH:
            return total


def _due(zone: ZoneInfo, now: datetime) -> QuerySet[Booking]:
    """Booked for tomorrow, before today: who books today has just read it."""
    today = now.astimezone(zone).date()
    told = Message.objects.filter(
        dedup_key=Concat(Value("booking:"), OuterRef("code"), Value(":reminder"))
    )
    return (
        selectors.all_bookings()
        .filter(
            ~Exists(told),
            Exists(Place.objects.filter(booking=OuterRef("pk"), state=Place.State.BOOKED)),
            account__isnull=False,
            slot__day=today + timedelta(days=1),
            slot__office__timezone=zone.key,
            created_at__lt=datetime.combine(today, time.min, zone),
        )
        .order_by("pk")
    )
