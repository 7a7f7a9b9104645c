"""First rights: whom a closing left without a place is served before the next opening."""

from datetime import datetime

from django.db import transaction

from accounts.models import Applicant, Person
from paspor.kernel.errors import Busy
from queueing.booking import errors, notices, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, moving, places, referrals
from queueing.quota.models import Release


def serve_first_rights(*, release: Release, now: datetime) -> int:
    """Book waiting people into a prepared release, the longest waiting first; how many visits.

    Safe to repeat. Run between the preparing of a release and its opening, it takes seats
    that nobody else can see yet.
    """
    waiting = selectors.first_rights(release.office_id, now=now)
    return sum(_serve_or_leave(booking_id, release, now=now) for booking_id in waiting)


def serve_all(now: datetime) -> int:
    """Serve every release that has seats and an office with people waiting."""
    return sum(
        serve_first_rights(release=release, now=now)
        for release in selectors.releases_awaited(now=now)
    )


def _serve_or_leave(booking_id: int, release: Release, *, now: datetime) -> bool:
    try:
        return _serve(booking_id, release, now=now)
    except Busy:
        return False


@transaction.atomic
def _serve(booking_id: int, release: Release, *, now: datetime) -> bool:
    """Locks applicants, persons, the old booking, then seats, in the order of every claim."""
    _lock_people(booking_id)
    booking = places.lock_booking_by_id(booking_id)
    waiting = [
        place
        for place in places.places_of(booking)
        if place.first_right_until is not None and place.first_right_until > now
    ]
    elsewhere = set(
        Place.objects.filter(
            live_person__in=[place.applicant.person_id for place in waiting]
        ).values_list("live_person_id", flat=True)
    )
    waiting = [place for place in waiting if place.applicant.person_id not in elsewhere]
    return bool(waiting) and _book_ahead(booking, waiting, release, now=now)


def _lock_people(booking_id: int) -> None:
    applicants = (
        Applicant.objects.filter(places__booking_id=booking_id)
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    person_ids = [applicant.person_id for applicant in applicants]
    list(Person.objects.filter(pk__in=person_ids).order_by("pk").select_for_update(no_key=True))


def _book_ahead(booking: Booking, waiting: list[Place], release: Release, *, now: datetime) -> bool:
    was_busy = False
    for choice in selectors.places_ahead(booking, len(waiting), release, now=now):
        target = moving.Target(
            slot=choice.slot,
            channel=choice.channel,
            moves_used=booking.moves_used,
            no_fault=True,
            arrival="first_right",
            ahead=True,
        )
        try:
            with transaction.atomic():
                new = moving.arrive(booking, waiting, target, actor=Actor.system())
        except errors.SlotFull:
            continue
        except Busy:
            was_busy = True
            continue
        _use_up(booking, waiting, new)
        notices.first_right_served(selectors.booking_by_id(new.pk), now=now)
        return True
    if was_busy:
        raise Busy
    return False


def _use_up(booking: Booking, waiting: list[Place], new: Booking) -> None:
    Place.objects.filter(pk__in=[place.pk for place in waiting]).update(first_right_until=None)
    referrals.carry(old=booking, new=new)
    events.record(
        booking,
        Place.State.CLOSED_BY_OFFICE,
        actor=Actor.system(),
        places=waiting,
        why=events.Why("first_right"),
        detail={"to": new.pk},
    )
