"""What offices gave instead of visits that they closed, from ticket to ticket. Reads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q

from offices.models import Office
from queueing.booking import selectors
from queueing.booking.models import Booking, Place
from queueing.booking.reads import BookingRead

CLOSED = Q(places__state=Place.State.CLOSED_BY_OFFICE)


def given_instead(booking_id: int) -> list[int]:
    """The bookings that followed on this one, closing by closing; the last one stands."""
    found = [booking_id]
    while (after := _next([found[-1]]).get(found[-1])) is not None:
        found.append(after)
    return found[1:]


def _next(booking_ids: Collection[int]) -> dict[int, int]:
    """The people of a visit go elsewhere together, so one place tells of them all."""
    links = Place.objects.filter(
        booking__in=booking_ids, state=Place.State.CLOSED_BY_OFFICE, moved_to__isnull=False
    )
    return dict(links.values_list("booking_id", "moved_to__booking_id"))


def standing_instead_of(booking: BookingRead) -> BookingRead | None:
    """The visit that stands instead of a closed one, also where that was closed again."""
    after = given_instead(booking.booking.pk)
    return selectors.booking_by_id(after[-1]) if after else None


def closed_before(booking: BookingRead) -> Booking | None:
    """The visit that its office closed and that this one stands for, also where its people
    have moved since; None of any other.
    """
    found = booking.booking if booking.booking.no_fault else None
    while found is not None:
        links = Place.objects.filter(moved_to__booking=found).order_by("pk")
        before = links.select_related("booking__slot__office").first()
        if before is not None and before.state == Place.State.CLOSED_BY_OFFICE:
            return before.booking
        found = before.booking if before else None
    return None


@dataclass(frozen=True)
class Untold:
    """A closed visit without an account: nobody could write to its people.

    ``instead`` is the visit that they have now, None where they wait, until
    ``first_right_until``, for the next opening.
    """

    booking: Booking
    people: int
    instead: Booking | None
    first_right_until: datetime | None


def untold(office: Office, day: date) -> list[Untold]:
    """Whom a closing of this day moved and could not tell, in order of their hours."""
    closed = (
        Booking.objects.filter(CLOSED, slot__office=office, slot__day=day, account=None)
        .annotate(
            people=Count("places", filter=CLOSED),
            waits_until=Max("places__first_right_until", filter=CLOSED),
        )
        .select_related("slot")
        .order_by("slot__starts_at", "code")
    )
    old = list(closed)
    ends = _ends([booking.pk for booking in old])
    instead = selectors.all_bookings().in_bulk(ends.values())
    return [
        Untold(booking, booking.people, instead.get(ends.get(booking.pk, 0)), booking.waits_until)
        for booking in old
    ]


def _ends(booking_ids: Collection[int]) -> dict[int, int]:
    """Where each of these has led to; one query for each closing in a row."""
    ends: dict[int, int] = {}
    after = _next(booking_ids)
    while after:
        ends |= after
        further = _next(after.values())
        after = {first: further[last] for first, last in after.items() if last in further}
    return ends
