"""Claiming the seats of a visit, and the booking that has been made by that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import lazy

from accounts.models import Applicant, IdentityCheck, User
from paspor.kernel import prepared
from paspor.kernel.errors import Busy, DomainError
from paspor.kernel.prepared import Prepared
from queueing.booking import errors, policies, rules, words
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place, new_booking_code
from queueing.quota import selectors as quota
from queueing.quota.models import Slot

CODE_DRAWS = 3
# In the language of whoever reads the refusal.
hours_of = lazy(words.hours_of, str)
# Limits and claim are one statement: nothing is asked while the account waits, locked.
VISIT = """
SELECT outcome, limited, free_at, booking, created_at, held_until, told_at,
    place, applicant, seat
FROM queueing_visit(%s::text[], %s::int[], %s::interval[], %s, %s, %s, %s, %s::bigint[],
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s, %s, %s, %s, %s, %s, %s,
    %s, %s, %s::inet)
"""


@dataclass(frozen=True)
class PlaceRequest:
    """What one applicant comes for."""

    applicant_code: str
    kind: str
    passport_type: str
    entitlement: str = ""
    old_passport: str = ""
    parents: str = ""


@dataclass(frozen=True)
class Claim:
    """What queueing_visit is asked for; applicants and ``places`` in the same order."""

    account: User | None
    slot: Slot
    channel: str
    applicants: Sequence[Applicant]
    places: Sequence[PlaceRequest]
    confirm: bool
    cutoff_minutes: int
    actor: Actor
    reason: str = ""
    # What is bounded for everyone (docs/limits.md); an officer's booking is not.
    bounds: Sequence[policies.Limit] = ()

    @property
    def account_id(self) -> int | None:
        return self.account.pk if self.account else None


@dataclass(frozen=True)
class Claimed:
    """What stands from now on. ``places``: of each applicant's id the ids of place and seat.

    ``told_at`` is when its history says that it was made.
    """

    code: str
    booking_id: int
    created_at: datetime
    held_until: datetime | None
    told_at: datetime
    places: Mapping[int, tuple[int, int]]


REFUSALS: dict[str, type[DomainError]] = {
    "NO_ACCOUNT": errors.AccountBlocked,
    "SUSPENDED": errors.AccountSuspended,
    "NO_APPLICANT": errors.ApplicantUnknown,
    "NO_SLOT": errors.SlotUnknown,
    "CLOSED": errors.SlotClosed,
    "TOO_LATE": errors.TooLateToBook,
    "BUSY": Busy,
    "CODE_TAKEN": Busy,
}


def claim(asked: Claim, *, now: datetime) -> Claimed:
    """What was booked, or the error that says why not. One round trip to the database."""
    rows: list[tuple[Any, ...]] = []
    code = ""
    for _draw in range(CODE_DRAWS):
        code = new_booking_code()
        with connection.cursor() as cursor:
            cursor.execute(VISIT, _arguments(asked, code, now=now))
            rows = cursor.fetchall()
        if rows[0][0] != "CODE_TAKEN":
            break
    outcome, limited, free_at, booking_id, created_at, held_until, told_at, *_place = rows[0]
    if booking_id is None:
        raise _refusal(asked, outcome, dict(zip(limited or (), free_at or (), strict=True)), now)
    return Claimed(
        code=code,
        booking_id=booking_id,
        created_at=created_at,
        held_until=held_until,
        told_at=told_at,
        places={applicant: (place, seat) for *_visit, place, applicant, seat in rows},
    )


def _arguments(asked: Claim, code: str, *, now: datetime) -> list[Any]:
    scope = asked.slot.office.code
    return [
        [limit.name for limit in asked.bounds],
        [limit.most for limit in asked.bounds],
        [limit.within for limit in asked.bounds],
        code,
        asked.account_id,
        asked.slot.pk,
        asked.channel,
        [applicant.pk for applicant in asked.applicants],
        [place.kind for place in asked.places],
        [place.passport_type for place in asked.places],
        [place.entitlement for place in asked.places],
        [place.old_passport for place in asked.places],
        [place.parents for place in asked.places],
        asked.confirm,
        policies.HOLD_MINUTES.at(now=now, scope=scope),
        policies.HOLD_RETURN_MINUTES.at(now=now, scope=scope),
        asked.cutoff_minutes,
        policies.MAX_LIVE_PLACES.at(now=now, scope=scope),
        asked.actor.kind,
        asked.actor.user_id,
        asked.reason,
        asked.actor.origin.device,
        asked.actor.origin.address,
    ]


def _refusal(
    asked: Claim, outcome: str, free_at: dict[str, datetime], now: datetime
) -> DomainError | type[DomainError]:
    """Raises BookingLimitReached, where that is it."""
    office = asked.slot.office
    figures = {limit.name: (limit.most, limit.span) for limit in asked.bounds}
    rules.check_limits(free_at, figures, zone=office.zone, now=now)
    if outcome == "TOO_MANY":
        return errors.TooManyPlaces(most=policies.MAX_LIVE_PLACES.at(now=now, scope=office.code))
    if outcome == "FULL":
        return _full(asked)
    return _already_booked(asked) if outcome == "ALREADY_BOOKED" else REFUSALS[outcome]


def _full(asked: Claim) -> errors.SlotFull:
    """A family is told how many of it would fit; nobody alone fits where it is full."""
    people = len(asked.applicants)
    free = quota.free_seats(asked.slot, asked.channel) if people > 1 else 0
    if not 0 < free < people:
        return errors.SlotFull()
    hour = hours_of(asked.slot)
    return errors.HourTooSmall(extras={"free": free}, hour=hour, free=free, people=people)


def _already_booked(asked: Claim) -> errors.AlreadyBooked:
    """Which of the people of this request hold a place somewhere, in the request's order.

    ``claimable``: the codes of those whom somebody else has booked.
    """
    places_of = Place.objects.filter(live_person__in=[one.person_id for one in asked.applicants])
    holders = dict(places_of.values_list("live_person_id", "booking__account_id"))
    taken = [one for one in asked.applicants if one.person_id in holders]
    claimable = [one.code for one in taken if holders[one.person_id] != asked.account_id]
    return errors.AlreadyBooked(
        extras={"claimable": claimable},
        fields={
            f"places.{asked.applicants.index(one)}.applicant": [errors.AlreadyBooked.person]
            for one in taken
        },
    )


def just_made(asked: Claim, claimed: Claimed) -> Booking:
    """The booking as a selector would give it, put together from what is known.

    Its people carry their persons, whose checks are read here: while they are locked.
    """
    booking = Booking(
        pk=claimed.booking_id,
        code=claimed.code,
        account=asked.account,
        slot=asked.slot,
        channel=asked.channel,
        held_until=claimed.held_until,
        reason=asked.reason,
        created_at=claimed.created_at,
    )
    booking.came_from = booking.beside_code = None
    state = Place.State.BOOKED if asked.confirm else Place.State.HELD
    made = [
        Place(
            pk=claimed.places[applicant.pk][0],
            booking=booking,
            applicant=applicant,
            person=applicant.person,
            seat_id=claimed.places[applicant.pk][1],
            live_person=applicant.person,
            live_seat_id=claimed.places[applicant.pk][1],
            state=state,
            kind=wanted.kind,
            passport_type=wanted.passport_type,
            entitlement=wanted.entitlement,
            old_passport=wanted.old_passport,
            parents=wanted.parents,
            booked_at=claimed.created_at if asked.confirm else None,
            created_at=claimed.created_at,
        )
        for applicant, wanted in zip(asked.applicants, asked.places, strict=True)
    ]
    made.sort(key=lambda place: place.pk)
    for row in (booking, *made):
        row._state.adding, row._state.db = False, connection.alias
    booking.known_events = [_event(place, asked, claimed.told_at) for place in made]
    prepared.keep(booking, "places", made)
    checks = _CHECKS(*(place.person_id for place in made))
    for place in made:
        known = [check for check in checks if check.person_id == place.person_id]
        prepared.keep(place.person, "identity_checks", known)
    return booking


def _checks_of(*persons: int) -> QuerySet[IdentityCheck]:
    return IdentityCheck.objects.filter(person__in=persons)


_CHECKS: Prepared[IdentityCheck] = Prepared(_checks_of)


def _event(place: Place, asked: Claim, at: datetime) -> BookingEvent:
    """As queueing_book has written it."""
    return BookingEvent(
        at=at,
        booking_id=place.booking_id,
        place_id=place.pk,
        what=place.state,
        actor_kind=asked.actor.kind,
        actor_id=asked.actor.user_id,
        reason=asked.reason,
    )
