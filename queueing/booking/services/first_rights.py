"""First rights: whom a closing left without a place is served before the next opening."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from offices.models import Office
from paspor.kernel.errors import Busy
from queueing.booking import alternatives, errors, notices, policies, selectors
from queueing.booking import first_right_selectors as rights
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import events, moving, places, referrals
from queueing.quota.models import Release

OVER = "first_right_over"


def give(people: Sequence[Place], *, office: Office, now: datetime) -> datetime:
    """The next opening of the office serves these people before it opens; until when it does."""
    until = now + timedelta(days=policies.FIRST_RIGHT_DAYS.at(now=now, scope=office.code))
    _set(people, until)
    return until


def _set(people: Sequence[Place], until: datetime | None) -> None:
    ids = [place.pk for place in people]
    Place.objects.filter(pk__in=ids).update(first_right_until=until)


def serve_first_rights(*, release: Release, now: datetime) -> int:
    """Book waiting people into a prepared release, the longest waiting first; how many visits.

    Safe to repeat. Run between the preparing of a release and its opening, it takes seats
    that nobody else can see yet.
    """
    waiting = rights.first_rights(release.office_id, now=now)
    return sum(_serve_or_leave(booking_id, release, now=now) for booking_id in waiting)


def serve_all(now: datetime) -> int:
    """Serve every release that has seats and an office with people waiting; end what lapsed."""
    for booking_id in rights.lapsed_first_rights(now=now):
        _end_lapsed(booking_id, now=now)
    return sum(
        serve_first_rights(release=release, now=now) for release in rights.releases_awaited(now=now)
    )


def _serve_or_leave(booking_id: int, release: Release, *, now: datetime) -> bool:
    try:
        return _serve(booking_id, release, now=now)
    except Busy:
        return False


@transaction.atomic
def decline_first_right(*, account: User, code: str, now: datetime) -> BookingRead:
    """Its people no longer need the place that a closing owes them; nobody is booked for them.

    Locks the booking. Raises BookingUnknown, and WrongState where nobody waits any more.
    """
    booking = places.lock_booking(code, account=account)
    waiting = _waiting(booking, now=now)
    if not waiting:
        raise errors.WrongState
    give_up(booking, waiting, why="first_right_declined", actor=Actor.citizen(account))
    return selectors.booking_by_id(booking.pk)


def end_of(*, account: User) -> None:
    """The account is erased: end its first rights. The caller holds the account's row."""
    for booking_id in rights.with_first_right(Booking.objects.filter(account=account)):
        booking = places.lock_booking_by_id(booking_id)
        give_up(booking, _owed(booking), why=OVER, actor=Actor.system())


@transaction.atomic
def _end_lapsed(booking_id: int, *, now: datetime) -> None:
    booking = places.lock_booking_by_id(booking_id)
    running = _waiting(booking, now=now)
    lapsed = [place for place in _owed(booking) if place not in running]
    give_up(booking, lapsed, why="first_right_lapsed", actor=Actor.system())


@transaction.atomic
def _serve(booking_id: int, release: Release, *, now: datetime) -> bool:
    """Locks mailbox, applicants, persons, the old booking, then seats, as every claim does.

    Who needs no place any more loses the first right here; who holds one at this moment,
    and an account that is suspended or without room for all of them, waits on.
    """
    this = Booking.objects.filter(pk=booking_id)
    account = places.lock_account_of(this)
    places.lock_people(this)
    booking = places.lock_booking_by_id(booking_id)
    places.check_account(booking, account)
    waiting = _waiting(booking, now=now)
    over = [place for place in waiting if _needs_none(place, account)]
    give_up(booking, over, why=OVER, actor=Actor.system())
    held = selectors.people_with_a_place(place.person_id for place in waiting)
    waiting = [place for place in waiting if place not in over and place.person_id not in held]
    if not waiting or not _may_have(account, booking, len(waiting), now=now):
        return False
    return _book_ahead(booking, waiting, release, now=now)


def _owed(booking: Booking) -> list[Place]:
    """The places of a locked booking that a first right stands on, lapsed or not."""
    return [place for place in places.places_of(booking) if place.first_right_until is not None]


def _waiting(booking: Booking, *, now: datetime) -> list[Place]:
    return [
        place
        for place in _owed(booking)
        if place.first_right_until is not None and place.first_right_until > now
    ]


def _needs_none(place: Place, account: User | None) -> bool:
    """Erased, blocked, taken off the list, or booked anywhere since the closing."""
    if account is not None and not account.is_active:
        return True
    return place.applicant.removed_at is not None or rights.was_booked_since(place)


def _may_have(account: User | None, booking: Booking, people: int, *, now: datetime) -> bool:
    """Not while it is suspended, nor beyond what an account may hold."""
    if account is not None and account.suspended_at is not None:
        return False
    try:
        places.check_room(booking, account, people, now=now)
    except errors.TooManyPlaces:
        return False
    return True


def give_up(booking: Booking, leaving: list[Place], *, why: str, actor: Actor) -> None:
    """These people are owed nothing any more; with the last of them the referral is free."""
    if not leaving:
        return
    _set(leaving, None)
    _record(booking, leaving, why=why, actor=actor)
    if not _owed(booking):
        places.after_ending(booking)


def _book_ahead(booking: Booking, waiting: list[Place], release: Release, *, now: datetime) -> bool:
    choices = alternatives.in_release(booking, len(waiting), release, now=now)
    new = moving.arrive_at_nearest(
        booking, waiting, choices, arrival="first_right", actor=Actor.system(), ahead=True
    )
    if new is None:
        return False
    _use_up(booking, waiting, new)
    notices.first_right_served(selectors.booking_by_id(new.pk), now=now)
    return True


def _use_up(booking: Booking, waiting: list[Place], new: Booking) -> None:
    _set(waiting, None)
    referrals.carry(old=booking, new=new)
    _record(booking, waiting, why="first_right", actor=Actor.system(), to=new.pk)


def _record(
    booking: Booking, people: list[Place], *, why: str, actor: Actor, **detail: int
) -> None:
    """What becomes of a first right is told of the state that its place ended in."""
    for state in sorted({place.state for place in people}):
        ended = [place for place in people if place.state == state]
        events.record(booking, state, actor=actor, places=ended, why=events.Why(why), detail=detail)
