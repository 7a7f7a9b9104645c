"""Telling people who have booked a day that it is held at another place than they were told.

The change is written by the offices' calendar (Relocation) and followed here, some bookings
a transaction: each has its letter, its line of history, and moves freely from then on.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from offices.models import Relocation
from queueing.booking import notices, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import events

RELOCATED = "RELOCATED"
# Bookings a transaction.
BATCH = 50
# Whoever booked while the change was being saved was told the old place, and cannot be seen
# until then; no transaction lives longer than half of this.
UNDER_WAY = timedelta(seconds=10)


def tell(now: datetime) -> int:
    """Tell those who are still to be told; how many bookings. Safe to repeat.

    A day that has just been changed waits for those who are booking it by what it was.
    """
    untold = Relocation.objects.filter(told_at=None)
    fresh = untold.filter(at__gt=TransactionNow() - UNDER_WAY)
    changing = set(fresh.values_list("office_id", "day"))
    days = groupby(untold.order_by("office_id", "day", "pk"), lambda row: (row.office_id, row.day))
    return sum(
        _tell_day([row.pk for row in rows], now) for day, rows in days if day not in changing
    )


def _tell_day(relocations: Sequence[int], now: datetime) -> int:
    """Changes of one day, oldest first, that nobody was told of yet: one letter for all."""
    told = last = 0
    while (done := _tell_some(relocations, last, now)) is not None:
        number, last = done
        told += number
    return told


@transaction.atomic
def _tell_some(relocations: Sequence[int], last: int, now: datetime) -> tuple[int, int] | None:
    """One batch: how many were told and the last booking looked at; None at the end.

    Locks the changes, so that two at once tell nobody twice, then the bookings by id.
    """
    locked = Relocation.objects.filter(pk__in=relocations, told_at=None).order_by("pk")
    rows = list(locked.select_for_update(no_key=True))
    if not rows:
        return None
    ids = list(_untold(rows[-1], now).filter(pk__gt=last).values_list("pk", flat=True)[:BATCH])
    if not ids:
        locked.update(told_at=now)
        return None
    list(Booking.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))
    some = selectors.all_bookings().filter(_is_booked(), pk__in=ids).order_by("pk")
    moved = [booking for booking in selectors.reads(some) if _tell_one(booking, rows, now)]
    return len(moved), ids[-1]


def _is_booked() -> Exists:
    return Exists(Place.objects.filter(booking=OuterRef("pk"), state=Place.State.BOOKED))


def _untold(row: Relocation, now: datetime) -> QuerySet[Booking]:
    """Visits of that day that stand; those of a closed hour get other news."""
    told = BookingEvent.objects.filter(
        booking_id=OuterRef("pk"), what=RELOCATED, at__gte=row.at, detail__relocation=row.pk
    )
    there = Booking.objects.filter(
        _is_booked(),
        slot__office=row.office_id,
        slot__day=row.day,
        slot__closed_at=None,
        slot__starts_at__gt=now,
    )
    return there.exclude(Exists(told)).order_by("pk")


def _tell_one(booking: BookingRead, rows: Sequence[Relocation], now: datetime) -> bool:
    """Whether the day is elsewhere now than when this visit was booked."""
    booked = [place for place in booking.places if place.state == Place.State.BOOKED]
    since = min(place.booked_at for place in booked)
    missed = [row for row in rows if since < row.at + UNDER_WAY]
    if not missed or missed[0].old_place == rows[-1].new_place:
        return False
    row = booking.booking
    row.relocations += 1
    row.save(update_fields=["relocations"])
    detail = {"relocation": rows[-1].pk}
    events.record(row, RELOCATED, actor=Actor.system(), detail=detail)
    notices.relocated(booking, relocation=rows[-1].pk, old_place=missed[0].old_place, now=now)
    return True
