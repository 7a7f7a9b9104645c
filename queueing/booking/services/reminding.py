"""The reminder on the day before a visit, never at night by the office's clock."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import batched
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from offices.models import Office
from queueing.booking import notices, policies, rules, selectors
from queueing.booking.models import Booking, Place
from queueing.quota.models import Slot

# Hours a transaction; a large office books some sixty people an hour.
BATCH = 10


def remind(now: datetime) -> int:
    """Write the reminders that are due, each once, in short transactions; how many.

    They are written when they are to be sent, not before: a visit that is cancelled
    meanwhile is not reminded of.
    """
    return sum(_remind_zone(ZoneInfo(zone), now) for zone in Office.Zone.values)


def _remind_zone(zone: ZoneInfo, now: datetime) -> int:
    from_hour = policies.REMIND_FROM_HOUR.at(now=now)
    to_hour = policies.REMIND_TO_HOUR.at(now=now)
    quiet_from = policies.QUIET_FROM_HOUR.at(now=now)
    quiet_to = policies.QUIET_TO_HOUR.at(now=now)
    if rules.is_quiet(now, zone, from_hour=from_hour, to_hour=to_hour) or rules.is_quiet(
        now, zone, from_hour=quiet_to, to_hour=quiet_from
    ):
        return 0
    today = now.astimezone(zone).date()
    slots = _slots_of(zone, today + timedelta(days=1))
    return sum(
        _remind_slots(some, today, zone, now) for some in batched(slots, BATCH, strict=False)
    )


def _slots_of(zone: ZoneInfo, day: date) -> QuerySet[Slot, int]:
    """The hours of a day that booking's history is then read by: nothing else of it is."""
    slots = Slot.objects.filter(day=day, office__timezone=zone.key)
    return slots.order_by("office_id", "starts_at").values_list("pk", flat=True)


@transaction.atomic
def _remind_slots(slots: Sequence[int], today: date, zone: ZoneInfo, now: datetime) -> int:
    bookings = selectors.reads(_due(slots, today, zone))
    for booking in bookings:
        notices.reminder(booking, now=now)
    return len(bookings)


def _due(slots: Sequence[int], today: date, zone: ZoneInfo) -> QuerySet[Booking]:
    """Booked in these hours before today: who books today has just read it."""
    return selectors.all_bookings().filter(
        ~notices.reminded(),
        Exists(Place.objects.filter(booking=OuterRef("pk"), state=Place.State.BOOKED)),
        slot_id__in=slots,
        account__isnull=False,
        created_at__lt=datetime.combine(today, time.min, zone),
    )
