"""People who want a visit, and what the tests ask about the seats afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.postgres.functions import TransactionNow
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Applicant, User
from queueing.booking import selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import holding
from queueing.booking.services.claiming import Claimed
from queueing.booking.services.holding import PlaceRequest, Wish
from queueing.quota.models import Release, Seat, Slot
from tests.factories import ApplicantFactory, SlotFactory, UserFactory

# The slots of the factories lie in 2030; nothing here depends on the day of the run.
DAY_BEFORE = datetime(2030, 1, 6, 3, tzinfo=UTC)


def family(size: int = 1, **fields: Any) -> list[Applicant]:
    """Applicants of one new account."""
    account = UserFactory()
    return ApplicantFactory.create_batch(size, account=account, **fields)


def wish(slot: Slot, people: list[Applicant], **more: Any) -> Wish:
    requests = tuple(PlaceRequest(person.code, "NEW", "REGULAR") for person in people)
    return Wish(**{"slot_code": slot.code, "places": requests, "confirm": True} | more)


def account_of(people: list[Applicant]) -> User:
    account = people[0].account
    assert account is not None
    return account


def read(booking: Booking) -> BookingRead:
    return selectors.booking_by_id(booking.pk)


def row_of(made: Claimed) -> Booking:
    return Booking.objects.select_related("slot__office", "account").get(pk=made.booking_id)


def book(slot: Slot, people: list[Applicant], **more: Any) -> Booking:
    account = account_of(people)
    made = holding.hold(
        account=account,
        wish=wish(slot, people, **more),
        actor=Actor.citizen(account),
        now=timezone.now(),
    )
    return row_of(made)


def another_hour(slot: Slot, *, hours: int = 1, capacity: int = 5, **fields: Any) -> Slot:
    """A later hour of the same release."""
    return SlotFactory(
        release=slot.release,
        starts_at=slot.starts_at + timedelta(hours=hours),
        capacity=capacity,
        **fields,
    )


def another_day(slot: Slot, *, days: int = 1, capacity: int = 5, **fields: Any) -> Slot:
    """The same hour on a later day of the same office, in a release of its own."""
    day = slot.day + timedelta(days=days)
    release, _made = Release.objects.get_or_create(
        office=slot.office,
        first_day=day,
        defaults={
            "last_day": day,
            "opens_at": slot.release.opens_at,
            "prepared_at": slot.release.opens_at,
        },
    )
    return SlotFactory(
        release=release,
        starts_at=slot.starts_at + timedelta(days=days),
        capacity=capacity,
        **fields,
    )


def lapse(booking: Booking) -> None:
    """Its hold ran out a second ago, by the database's clock."""
    ago = TransactionNow() - timedelta(seconds=1)
    Booking.objects.filter(pk=booking.pk).update(held_until=ago)


def show_freed_seats() -> None:
    """Let the seats that return late be seen now."""
    Seat.objects.filter(taken=False, visible_at__lt=datetime(8000, 1, 1, tzinfo=UTC)).update(
        visible_at=TransactionNow() - timedelta(seconds=1)
    )


def states(booking: Booking) -> list[str]:
    return list(booking.places.order_by("pk").values_list("state", flat=True))


def taken(slot: Slot) -> int:
    return Seat.objects.filter(slot=slot, taken=True).count()


def live() -> int:
    return Place.objects.filter(state__in=Place.LIVE).count()


def check_books() -> None:
    """Each taken seat has exactly one live place, each live place one taken seat, and each
    place's last event says the state that it is in."""
    of_places = sorted(
        Place.objects.filter(state__in=Place.LIVE).values_list("live_seat_id", flat=True)
    )
    of_seats = sorted(Seat.objects.filter(taken=True).values_list("pk", flat=True))
    assert of_places == of_seats
    broken = Place.objects.filter(
        Q(state__in=Place.LIVE, live_person=None)
        | Q(ended_at=None, live_person=None)
        | ~Q(person=F("applicant__person"))
    )
    assert not broken.exists()
    told = BookingEvent.objects.exclude(place_id=None).order_by("id")
    last = dict(told.values_list("place_id", "what"))
    assert last == dict(Place.objects.values_list("pk", "state"))
