"""When an office's day is over: who is still booked did not come, who came is let go."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from offices.models import Office
from paspor.kernel import audit
from queueing.booking.models import Place
from queueing.desk import notices
from queueing.desk.services import attendance
from queueing.quota.models import Slot

# How far back a task that was away still looks, and how long an incident can keep a visit.
LOOK_BACK = timedelta(days=30)


def close_finished_days(*, now: datetime) -> int:
    """End the day at every office whose last hour is over; how many were absent.

    One transaction an hour, so it may be cut short and run again at any time.
    """
    return sum(attendance.close_hour(slot=slot, now=now) for slot in _finished(now))


def end_forgotten(*, now: datetime) -> int:
    """End the visits whose day is over and whose outcome nobody wrote down; how many people.

    Nobody can be served any more on a day that is past, and who is CHECKED_IN can book
    nothing else. One transaction for a day of an office, with the mail to its head.
    """
    left = Slot.objects.filter(
        Exists(Place.objects.filter(booking__slot=OuterRef("pk"), state=Place.State.CHECKED_IN)),
        **_lately(now),
    )
    days = {
        (slot.office_id, slot.day): (slot.office, slot.day)
        for slot in left.select_related("office").order_by("office", "day")
    }
    return sum(_end_forgotten(office, day, now=now) for office, day in days.values())


def _lately(now: datetime) -> dict[str, Any]:
    """Slots that ended in LOOK_BACK. By their day, which is indexed: else the visits of all
    years would be read, every ten minutes.
    """
    day = timedelta(days=1)  # for the zones
    days = ((now - LOOK_BACK - day).date(), (now + day).date())
    return {"day__range": days, "ends_at__gt": now - LOOK_BACK, "ends_at__lte": now}


@transaction.atomic
def _end_forgotten(office: Office, day: date, *, now: datetime) -> int:
    people = attendance.end_left_over(office=office, day=day, now=now)
    if people:
        audit.record(
            "day_end.not_ended",
            actor_id=None,
            subject=f"day:{office.code}:{day.isoformat()}",
            stream=office.code,
            detail={"people": people},
        )
        notices.not_ended(office, day, people, now=now)
    return people


def _finished(now: datetime) -> QuerySet[Slot]:
    last_end = (
        Slot.objects.filter(office=OuterRef("office"), day=OuterRef("day"))
        .values("office", "day")
        .annotate(last=Max("ends_at"))
        .values("last")
    )
    waiting = Place.objects.filter(booking__slot=OuterRef("pk"), state=Place.State.BOOKED)
    return (
        Slot.objects.filter(Exists(waiting), **_lately(now))
        .alias(day_ends=last_end)
        .filter(day_ends__lte=now)
        .select_related("office")
        .order_by("pk")
    )
