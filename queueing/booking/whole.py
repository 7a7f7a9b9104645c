"""One booking with all that a view of it needs, in one statement whose SQL is written once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.models import IdentityCheck
from offices import selectors as offices
from paspor.kernel.prepared.django_insides import keep_prefetched
from paspor.kernel.prepared.reading import Prepared, Together
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.reads import BookingRead, HistoryEvent

# Earlier months of the log hold nothing of a booking, and are not looked into.
BEFORE_IT_WAS_MADE = timedelta(days=1)


def bookings() -> QuerySet[Booking]:
    """Without their places; ``read`` reads what else it asks for."""
    before = Place.objects.filter(moved_to__booking=OuterRef("pk")).order_by("pk")
    return (
        Booking.objects.select_related("slot__office", "account")
        .annotate(came_from=Subquery(before.values("booking__code")[:1]))
        .annotate(beside_code=F("beside__code"))
        .annotate(**offices.told_of_day("slot__office", "slot__day"))
    )


def places() -> QuerySet[Place]:
    """Without what is known of their persons' identity."""
    return Place.objects.select_related("applicant__person", "moved_to__booking").order_by("pk")


class Whole:
    """A booking with its places, what is known of its people's identity, and its history.

    ``lookups`` are those that find it, and what it is called with.
    """

    def __init__(self, *lookups: str) -> None:
        self._lookups = lookups
        self._questions: tuple[Prepared[Any], ...] = (
            Prepared(lambda *values: bookings().filter(**self._named(values))),
            Prepared(lambda *values: places().filter(**self._named(values, "booking__"))),
            Prepared(self._checks),
            Prepared(self._history),
        )
        self._together = cache(self._asked)

    def __call__(self, *values: Any) -> BookingRead | None:
        _at, booking, _also = self.read(values)
        return booking

    def read(
        self, values: Sequence[Any], *also: tuple[Prepared[Any], Sequence[Any]]
    ) -> tuple[datetime, BookingRead | None, list[list[Any]]]:
        """The database's clock, the booking, and what other questions gave beside it."""
        asked = self._together(*(question for question, _values in also))
        own = [values] * len(self._questions)
        at, found = asked(*own, *(its_values for _question, its_values in also))
        booking, its_places, checks, history, *beside = found
        return at, _put_together(booking, its_places, checks, history), beside

    def _asked(self, *also: Prepared[Any]) -> Together:
        return Together(*self._questions, *also)

    def _named(self, values: Sequence[Any], of: str = "") -> dict[str, Any]:
        return {f"{of}{name}": one for name, one in zip(self._lookups, values, strict=True)}

    def _checks(self, *values: Any) -> QuerySet[IdentityCheck]:
        its_places = Place.objects.filter(**self._named(values, "booking__"))
        return IdentityCheck.objects.filter(person__in=its_places.values("person"))

    def _history(self, *values: Any) -> QuerySet[BookingEvent]:
        found = Booking.objects.filter(**self._named(values))
        since = found.values(since=F("created_at") - BEFORE_IT_WAS_MADE)
        events = BookingEvent.objects.filter(booking_id=Subquery(found.values("pk")[:1]))
        return events.filter(at__gte=Subquery(since[:1]))


of_account = Whole("account", "code")
with_code = Whole("code")
with_id = Whole("pk")


def _put_together(
    found: Sequence[Booking],
    its_places: list[Place],
    checks: Sequence[IdentityCheck],
    events: list[BookingEvent],
) -> BookingRead | None:
    if not found:
        return None
    (booking,) = found
    its_places.sort(key=lambda place: place.pk)
    for place in its_places:
        place.booking = booking
        person = place.applicant.person
        known = [check for check in checks if check.person_id == person.pk]
        keep_prefetched(person, "identity_checks", known)
    keep_prefetched(booking, "places", its_places)
    return read(booking, _history(its_places, events))


def read(row: Booking, history: Sequence[HistoryEvent] | None = None) -> BookingRead:
    """Of a row of ``bookings`` that has its places."""
    return BookingRead(
        booking=row,
        places=list(row.places.all()),
        there=offices.place_read(row),
        history=history,
        moved_from=row.came_from or "",
        beside=row.beside_code or "",
    )


def _history(its_places: Sequence[Place], events: Sequence[BookingEvent]) -> list[HistoryEvent]:
    applicants = {place.pk: place.applicant_id for place in its_places}
    return [
        HistoryEvent(
            at=event.at,
            what=event.what,
            actor_kind=event.actor_kind,
            applicant_id=applicants.get(event.place_id),
            reason=event.reason,
            detail=event.detail,
        )
        for event in sorted(events, key=lambda event: event.pk)
    ]
