"""When an office has closed its day: who is still booked did not come."""

from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, QuerySet

from queueing.booking.models import Place
from queueing.desk.services import attendance
from queueing.quota.models import Slot

# How far back a task that was away still looks, and how long an incident can keep a visit.
LOOK_BACK = timedelta(days=30)


def close_finished_days(*, now: datetime) -> int:
    """End the day at every office whose last hour is over; how many were absent.

    One transaction an hour, so it may be cut short and run again at any time.
    """
    return sum(attendance.close_hour(slot=slot, now=now) for slot in _finished(now))


def _finished(now: datetime) -> QuerySet[Slot]:
    last_end = (
        Slot.objects.filter(office=OuterRef("office"), day=OuterRef("day"))
        .values("office", "day")
        .annotate(last=Max("ends_at"))
        .values("last")
    )
    waiting = Place.objects.filter(booking__slot=OuterRef("pk"), state=Place.State.BOOKED)
    return (
        Slot.objects.filter(Exists(waiting), ends_at__gt=now - LOOK_BACK, ends_at__lte=now)
        .alias(day_ends=last_end)
        .filter(day_ends__lte=now)
        .select_related("office")
        .order_by("pk")
    )
