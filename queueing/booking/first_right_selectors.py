"""Whom a closing left waiting for the next opening. Nothing here writes."""

from datetime import datetime

from django.db.models import Exists, Min, OuterRef, QuerySet

from queueing.booking.models import Booking, BookingEvent, Place
from queueing.quota.models import Release


def first_rights(office_id: int, *, now: datetime) -> list[int]:
    """Bookings with people whom a closing of this office left waiting, the first one first."""
    waiting = (
        Place.objects.filter(booking__slot__office_id=office_id, first_right_until__gt=now)
        .values("booking_id")
        .annotate(since=Min("ended_at"))
        .order_by("since", "booking_id")
    )
    return [row["booking_id"] for row in waiting]


def with_first_right(bookings: QuerySet[Booking]) -> list[int]:
    """Those of these bookings that a first right stands on, lapsed or not."""
    owed = Place.objects.filter(booking=OuterRef("pk"), first_right_until__isnull=False)
    return list(bookings.filter(Exists(owed)).order_by("pk").values_list("pk", flat=True))


def lapsed_first_rights(*, now: datetime) -> list[int]:
    """Bookings with people whose first right has run out unserved."""
    lapsed = Place.objects.filter(first_right_until__lte=now)
    return list(lapsed.order_by("booking_id").values_list("booking_id", flat=True).distinct())


def was_booked_since(place: Place) -> bool:
    """Whether the person has been booked anywhere after this place, whatever came of it.

    A later place has the higher id, for a person has one at a time. A hold that came to
    nothing is no visit.
    """
    booked = BookingEvent.objects.filter(
        booking_id=OuterRef("booking_id"), place_id=OuterRef("pk"), what=Place.State.BOOKED
    )
    later = Place.objects.filter(person=place.person_id, pk__gt=place.pk)
    return later.filter(Exists(booked)).exists()


def releases_awaited(*, now: datetime) -> QuerySet[Release]:
    """Prepared releases whose office has people waiting, in order of opening."""
    waiting = Place.objects.filter(
        booking__slot__office_id=OuterRef("office_id"), first_right_until__gt=now
    )
    return Release.objects.filter(
        Exists(waiting), prepared_at__isnull=False, last_day__gte=now.date()
    ).order_by("opens_at", "pk")
