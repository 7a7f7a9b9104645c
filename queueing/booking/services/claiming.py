"""Claiming the seats of a visit, and the booking that has been made by that."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import lazy

from accounts.models import Applicant, User
from offices.rules import DayPlace
from paspor.kernel.errors import Busy, DomainError
from paspor.kernel.idempotency import FREE, Keyed, KeyTaken
from paspor.kernel.prepared import writing
from paspor.kernel.prepared.arrays import array
from paspor.kernel.prepared.writing import Addition
from queueing.booking import errors, policies, rules, words
from queueing.booking.actors import Actor
from queueing.booking.models import Place, new_booking_code
from queueing.booking.reads import BookingRead, PlannedBooking, PlannedPlace
from queueing.booking.services import events
from queueing.quota import selectors as quota
from queueing.quota.models import Slot

CODE_DRAWS = 3
# In the language of whoever reads the refusal.
hours_of = lazy(words.hours_of, str)
# Limits, claim and all that is written with it are one statement: nothing is asked while the
# account waits, locked. ``drawn`` is the code; no row where the key of the request is not free.
VISIT = """
SELECT visit.outcome, visit.limited, visit.free_at, visit.booking
FROM ({drawn}) drawn CROSS JOIN LATERAL queueing_visit(
    %s::text[], %s::int[], %s::interval[], drawn.code, %s, %s, %s, %s::bigint[],
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s, %s, %s, %s, %s, %s, %s,
    %s, %s, %s::inet, %s, %s::timestamptz) visit
"""
WITHOUT_KEY = VISIT.format(drawn="SELECT %s::text AS code")
# Fenced: the visit is made for this row, and so not at all where there is none.
WITH_KEY = VISIT.format(drawn=f"SELECT %s::text AS code FROM ({FREE}) free OFFSET 0")  # noqa: S608
IS_MADE = "booking IS NOT NULL"


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
    hold_minutes: int
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
    """The booking that was written."""

    booking_id: int
    code: str


@dataclass(frozen=True)
class Ahead:
    """What is known of a visit before it is claimed: its code; when it is made, by the database's
    clock; how much was known of its people's identity; and the key of the request.
    """

    code: str = field(default_factory=lambda: new_booking_code())
    at: datetime | None = None
    checked: int | None = None
    keyed: Keyed | None = None


BEGIN_ANEW = frozenset({"CODE_TAKEN", "CHANGED"})
REFUSALS: dict[str, type[DomainError]] = {
    "NO_ACCOUNT": errors.AccountBlocked,
    "SUSPENDED": errors.AccountSuspended,
    "NO_APPLICANT": errors.ApplicantUnknown,
    "NO_SLOT": errors.SlotUnknown,
    "CLOSED": errors.SlotClosed,
    "TOO_LATE": errors.TooLateToBook,
    "BUSY": Busy,
}


class Again(Exception):  # no error: the caller begins anew
    """What the claim was put together from is not so any more, or its code is taken."""


def claim(asked: Claim, *, now: datetime) -> Claimed:
    """What was booked, or the error that says why not. One round trip to the database."""
    for _draw in range(CODE_DRAWS):
        with suppress(Again):
            return claim_with(asked, Ahead(), [], now=now)
    raise Busy


def claim_with(
    asked: Claim, ahead: Ahead, additions: Sequence[Addition], *, now: datetime
) -> Claimed:
    """As ``claim``, with what is written in the same statement if it succeeds.

    Raises Again; KeyTaken where the key of the request is not free.
    """
    key, statement = ((), WITHOUT_KEY) if ahead.keyed is None else (ahead.keyed.named, WITH_KEY)
    values = [ahead.code, *key, *_arguments(asked, ahead, now=now)]
    rows = writing.added(statement, values, additions, done=IS_MADE)
    if not rows:
        raise KeyTaken
    outcome, limited, free_at, booking_id = rows[0]
    if outcome in BEGIN_ANEW:
        raise Again
    if booking_id is None:
        raise _refusal(asked, outcome, dict(zip(limited or (), free_at or (), strict=True)), now)
    return Claimed(booking_id, ahead.code)


def _arguments(asked: Claim, ahead: Ahead, *, now: datetime) -> list[Any]:
    scope = asked.slot.office.code
    return [
        array([limit.name for limit in asked.bounds]),
        array([limit.most for limit in asked.bounds]),
        array([f"{limit.within.total_seconds():.0f} s" for limit in asked.bounds]),
        asked.account_id,
        asked.slot.pk,
        asked.channel,
        array([applicant.pk for applicant in asked.applicants]),
        array([place.kind for place in asked.places]),
        array([place.passport_type for place in asked.places]),
        array([place.entitlement for place in asked.places]),
        array([place.old_passport for place in asked.places]),
        array([place.parents for place in asked.places]),
        asked.confirm,
        asked.hold_minutes,
        policies.HOLD_RETURN_MINUTES.at(now=now, scope=scope),
        asked.cutoff_minutes,
        policies.MAX_LIVE_PLACES.at(now=now, scope=scope),
        asked.actor.kind,
        asked.actor.user_id,
        asked.reason,
        asked.actor.origin.device,
        asked.actor.origin.address,
        ahead.checked,
        ahead.at,
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
        faults={
            asked.applicants.index(one): {"applicant": [errors.AlreadyBooked.person]}
            for one in taken
        },
    )


def planned(asked: Claim, ahead: Ahead, there: DayPlace) -> BookingRead[PlannedBooking]:
    """The visit of a citizen as a selector will read it once it is claimed.

    Its people carry their persons, with what is known of their identity.
    """
    booking = PlannedBooking(
        code=ahead.code,
        account=asked.account,
        slot=asked.slot,
        channel=asked.channel,
        held_until=None if asked.confirm else ahead.at + timedelta(minutes=asked.hold_minutes),
        created_at=ahead.at,
    )
    state = Place.State.BOOKED if asked.confirm else Place.State.HELD
    # In the order in which queueing_book writes them.
    pairs = zip(asked.applicants, asked.places, strict=True)
    people = sorted(pairs, key=lambda pair: pair[0].person_id)
    return BookingRead(
        booking=booking,
        places=[
            PlannedPlace(
                applicant=applicant,
                state=state,
                kind=wanted.kind,
                passport_type=wanted.passport_type,
                entitlement=wanted.entitlement,
                old_passport=wanted.old_passport,
                parents=wanted.parents,
            )
            for applicant, wanted in people
        ],
        there=there,
        history=events.foretold(
            [applicant.pk for applicant, _wanted in people],
            state,
            actor=asked.actor,
            at=ahead.at,
            reason=asked.reason,
        ),
    )
