"""What people answer to the reminder by its link, without signing in.

Saying that one comes may be said again and changes no place; letting go works once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from offices.reasons import Why
from queueing.booking import errors, reminder_links, rules, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import changing, events, places

COMING = Why(rules.COMING)
# The reason of a release by the link; that there is one means that the link is used.
RELEASED = Why("reminder")


@dataclass(frozen=True)
class Answerable:
    """Who is still expected, by number in the booking; ``may_release`` once only."""

    booking: Booking
    people: tuple[tuple[int, Place], ...]
    may_release: bool


def answerable(token: str, *, now: datetime) -> Answerable:
    """Raises LinkUnknown, LinkOver, LinkUsed or VisitOver."""
    return _answerable(selectors.booking_by_id(_existing(token)).booking, now=now)


@transaction.atomic
def come(token: str, numbers: Collection[int], *, now: datetime) -> Booking:
    """Write that these people will come. Locks the booking."""
    asked, chosen = _locked(token, numbers, now=now)
    said = BookingEvent.objects.filter(booking_id=asked.booking.pk, reason=COMING.reason)
    before = set(said.values_list("place_id", flat=True))
    fresh = [place for place in chosen if place.pk not in before]
    if fresh:
        actor = Actor.citizen(asked.booking.account)
        events.record(asked.booking, Place.State.BOOKED, actor=actor, places=fresh, why=COMING)
    return asked.booking


@transaction.atomic
def release(token: str, numbers: Collection[int], *, now: datetime) -> BookingRead:
    """Give these people's seats up as a cancelling does. Locks the booking, then the seats."""
    asked, chosen = _locked(token, numbers, now=now)
    if not asked.may_release:
        raise errors.LinkUsed
    codes = [place.applicant.code for place in chosen]
    actor = Actor.citizen(asked.booking.account)
    return changing.give_up(asked.booking, codes, actor=actor, now=now, why=RELEASED)


def _existing(token: str) -> int:
    booking_id = reminder_links.booking_id_of(token)
    if not Booking.objects.filter(pk=booking_id, account__isnull=False).exists():
        raise errors.LinkUnknown
    return booking_id


def _locked(
    token: str, numbers: Collection[int], *, now: datetime
) -> tuple[Answerable, list[Place]]:
    """The chosen of those who are expected. Raises WrongState where another is named."""
    asked = _answerable(places.lock_booking_by_id(_existing(token)), now=now)
    expected = dict(asked.people)
    if not numbers or not set(numbers) <= set(expected):
        raise errors.WrongState
    return asked, [expected[number] for number in sorted(numbers)]


def _answerable(booking: Booking, *, now: datetime) -> Answerable:
    everybody = list(booking.places.select_related("applicant").order_by("pk"))
    released = BookingEvent.objects.filter(booking_id=booking.pk, reason=RELEASED.reason).exists()
    states = {place.state for place in everybody}
    if released and Place.State.BOOKED not in states:
        raise errors.LinkUsed
    rules.check_answer(states=states, starts_at=booking.slot.starts_at, now=now)
    numbered = enumerate(everybody, 1)
    people = tuple((n, place) for n, place in numbered if place.state == Place.State.BOOKED)
    return Answerable(booking=booking, people=people, may_release=not released)
