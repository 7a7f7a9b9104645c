"""Who still waits when a clearing deadline comes: counted until then, and kept from then on."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q

from offices.models import Office
from queueing.booking.models import Place
from queueing.planning.models import NationalOrder, OrderOffice
from queueing.quota.models import Slot

State = NationalOrder.State


def count_waiting(now: datetime) -> int:
    """Count anew for every deadline that has not come at some of its offices; how many orders."""
    orders = NationalOrder.objects.filter(
        kind=NationalOrder.Kind.DEADLINE,
        state__in=[State.RUNNING, State.DONE],
        last_day__gte=now.date(),
    )
    return sum(_count(order, now) for order in orders)


@transaction.atomic
def _count(order: NationalOrder, now: datetime) -> bool:
    """An office whose deadline day is over keeps the number with which it ended."""
    items = list(order.offices.select_related("office"))
    coming = [item for item in items if item.office.today(now) <= order.last_day]
    if not coming:
        return False
    waiting = waiting_beyond(order.last_day, [item.office for item in coming], now)
    for item in coming:
        item.waiting = waiting[item.office_id]
    OrderOffice.objects.bulk_update(coming, ["waiting"])
    NationalOrder.objects.filter(pk=order.pk).update(counted_at=now)
    return True


def waiting_beyond(last_day: date, offices: Iterable[Office], now: datetime) -> Counter[int]:
    """By office, who is booked for a later day, and whose day was closed without another."""
    among = [office.pk for office in offices]
    later = Slot.objects.filter(office__in=among, day__gt=last_day).order_by()
    taken = Count("seats", filter=Q(seats__taken=True))
    without = Place.objects.filter(first_right_until__gt=now, booking__slot__office__in=among)
    found = Counter(dict(later.values_list("office").annotate(people=taken)))
    found.update(without.values_list("booking__slot__office", flat=True))
    return found
