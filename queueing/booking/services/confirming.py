"""Booking what is held, in one statement that reads and one that writes."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts.models import User
from paspor.kernel.codes import normalized
from paspor.kernel.errors import Busy, DomainError
from paspor.kernel.idempotency import ANSWERED, FREE, Keyed, KeyTaken
from paspor.kernel.prepared import writing
from paspor.kernel.prepared.arrays import array
from paspor.kernel.prepared.writing import Addition
from queueing.booking import errors, notices, rules, selectors, whole
from queueing.booking.actors import Actor
from queueing.booking.models import Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import events
from queueing.booking.services.claiming import Again
from queueing.booking.services.holding import Once

TRIES = 3
BOOKED = (Place.State.BOOKED, Place.State.CHECKED_IN)
# What a hold that has ended meanwhile is refused with.
ENDED: dict[str, type[DomainError]] = {
    Place.State.EXPIRED: errors.HoldLapsed,
    Place.State.CLOSED_BY_OFFICE: errors.SlotClosed,
}
CONFIRM = """
SELECT queueing_confirm(
    p_bookings => %s::bigint[], p_places => %s::bigint[], p_states => %s::text[],
    p_actor_kind => %s, p_actor => %s, p_at => %s) AS outcome
"""
# Fenced: nothing is booked where there is no row.
WITH_KEY = f"{CONFIRM} FROM ({FREE} OFFSET 0) free"
IS_BOOKED = "outcome = 'BOOKED'"
REFUSALS: dict[str, type[Exception]] = {
    "CHANGED": Again,
    "CLOSED": errors.SlotClosed,
    "LAPSED": errors.HoldLapsed,
}


def confirm(*, account: User, code: str, once: Once | None = None, now: datetime) -> BookingRead:
    """Book what is held, and with it what is held in the family's other hour: both or neither.

    A booking that is booked already stays so: phones ask twice. Locks the bookings. Raises
    SlotClosed where the office has closed that day, and HoldLapsed by the database's clock; both
    change nothing, for the sweeps end such holds.

    ``once``: outside a transaction, and its answer is written along; raises Answered, KeyReused
    and KeyTaken too.
    """
    for _time in range(TRIES):
        with suppress(Again):
            return _confirmed(account, normalized(code), once, now)
    raise Busy


def _confirmed(account: User, code: str, once: Once | None, now: datetime) -> BookingRead:
    key = () if once is None else ((ANSWERED, once.keyed.named),)
    at, found, answered = whole.of_account.read((account.pk, code), *key)
    for rows in answered:
        once.keyed.look(rows)
    if found is None:
        raise errors.BookingUnknown
    both = [found, *_beside(found)]
    held = [_held(one) for one in both]
    if any(held):
        rules.check_not_suspended(account.suspended_at)
    actor = Actor.citizen(account)
    values = _values(both, actor, at)
    booked = [_booked(one, places, actor, at) for one, places in zip(both, held, strict=True)]
    additions = [
        letter
        for one, places in zip(booked, held, strict=True)
        if places
        for letter in _letters(one, booked, now)
    ]
    if once is not None:
        additions.append(once.keyed.answering(*once.told(booked[0])))
    _write(values, additions, once.keyed if once else None)
    return booked[0]


def _letters(booking: BookingRead, both: Sequence[BookingRead], now: datetime) -> list[Addition]:
    """Each names the other hour."""
    other = next((selectors.visit_facts(one) for one in both if one is not booking), None)
    visit = selectors.visit_facts(booking)
    return notices.booking_letters(booking.booking.account, visit, other=other, now=now)


def _beside(booking: BookingRead) -> list[BookingRead]:
    """The family's other hour, while somebody wants it."""
    row = booking.booking
    other = whole.with_id(row.beside_id) if row.beside_id else None
    if other is None or other.booking.account_id != row.account_id:
        return []
    # Whoever was let go by their own wish stands in nobody's way.
    is_wanted = any(place.state != Place.State.CANCELLED for place in other.places)
    return [other] if is_wanted else []


def _held(booking: BookingRead) -> list[Place]:
    """Those to be booked: nobody where all are."""
    held = [place for place in booking.places if place.state == Place.State.HELD]
    states = {place.state for place in booking.places}
    if held or states.intersection(BOOKED):
        return held
    raise next((error for state, error in ENDED.items() if state in states), errors.WrongState)


def _values(bookings: Sequence[BookingRead], actor: Actor, at: datetime) -> list[Any]:
    places = [place for one in bookings for place in one.places]
    return [
        array([one.booking.pk for one in bookings]),
        array([place.pk for place in places]),
        array([place.state for place in places]),
        actor.kind,
        actor.user_id,
        at,
    ]


def _booked(booking: BookingRead, held: Sequence[Place], actor: Actor, at: datetime) -> BookingRead:
    """As a selector will read it once it is written; its rows are changed in memory."""
    if not held:
        return booking
    booking.booking.held_until = None
    for place in held:
        place.state, place.booked_at = Place.State.BOOKED, at
    people = [place.applicant_id for place in held]
    news = events.foretold(people, Place.State.BOOKED, actor=actor, at=at)
    return replace(booking, history=[*booking.history, *news])


def _write(values: Sequence[Any], additions: Sequence[Addition], keyed: Keyed | None) -> None:
    key, statement = ((), CONFIRM) if keyed is None else (keyed.named, WITH_KEY)
    rows = writing.added(statement, [*values, *key], additions, done=IS_BOOKED)
    if not rows:
        raise KeyTaken
    ((outcome,),) = rows
    if outcome in REFUSALS:
        raise REFUSALS[outcome]
