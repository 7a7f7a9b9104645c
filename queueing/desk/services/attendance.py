"""What happens at the counter: arrival, service, turning away, absence, and taking it back.

Everyone here locks the booking first, as the rest of queueing does. The seat of somebody
who was served, turned away or absent stays taken: its hour was used. Queue numbers follow
(queueing.desk.services.numbers).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from offices import selectors as offices
from offices.models import Office
from offices.rules import Act, Extent
from offices.services import approvals, authority
from paspor.kernel import policy
from queueing.booking import errors as booking_errors
from queueing.booking import notices, selectors
from queueing.booking import rules as booking_rules
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, places
from queueing.desk import errors, policies, queue_selectors, rules
from queueing.desk.models import QueueNumber
from queueing.desk.services import numbers
from queueing.quota.models import Slot

State = Place.State
# Why a place ended whose hour an incident spoiled.
EXCUSED = "incident"


@dataclass(frozen=True)
class Visit:
    """Whom an act at the counter is about: the people of one booking at one office.

    Without ``applicant_codes``: everyone in the booking whom the act can concern.
    """

    office: Office
    booking_code: str
    applicant_codes: Collection[str] | None = None
    why: events.Why = field(default=events.NO_REASON)
    # Ids and codes for the history: where the act came from.
    detail: Mapping[str, str] = field(default_factory=dict)
    # What is told afterwards of people who have left long ago gives no number to call.
    is_queued: bool = True
    # The other counter whose running call or service the officer knows that this ends.
    at_counter: int | None = None


@transaction.atomic
def check_in(*, officer: User, visit: Visit, now: datetime) -> Booking:
    """Receive people, from 30 minutes before their hour; after it with a reason.

    Raises TooEarlyToCheckIn, LateNeedsReason, NotToday, WrongOffice, WrongState.
    """
    booking, present = _take(officer, visit, Act.CHECK_IN, rules.CHECK_IN_FROM, now)
    slot = booking.slot
    rules.check_same_day(day=slot.day, today=visit.office.today(now))
    rules.check_arrival(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        early=policy.minutes(policies.CHECK_IN_EARLY_MINUTES, now=now, scope=visit.office.code),
        why=visit.why,
        now=now,
    )
    _rows(present).update(state=State.CHECKED_IN, checked_in_at=now)
    if visit.is_queued:
        number = numbers.arrive(booking, present, now=now).label
        visit = replace(visit, detail={**visit.detail, "number": number})
    return _record(booking, State.CHECKED_IN, present, officer, visit)


@transaction.atomic
def serve(*, officer: User, visit: Visit, now: datetime) -> Booking:
    """Say that people have been served.

    Raises NotToday, WrongOffice, WrongState, AtOtherCounter.
    """
    booking, served = _take(officer, visit, Act.SERVE, rules.SERVE_FROM, now)
    rules.check_same_day(day=booking.slot.day, today=visit.office.today(now))
    places.end(served, State.SERVED)
    numbers.settle(booking, now=now)
    return _record(booking, State.SERVED, served, officer, visit)


@transaction.atomic
def turn_away(*, officer: User, visit: Visit, now: datetime) -> Booking:
    """People came and could not be served, for a reason of the list. Raises AtOtherCounter."""
    rules.check_turn_away(visit.why)
    booking, leaving = _take(officer, visit, Act.TURN_AWAY, rules.TURN_AWAY_FROM, now)
    rules.check_same_day(day=booking.slot.day, today=visit.office.today(now))
    places.end(leaving, State.TURNED_AWAY, reason=visit.why.reason)
    numbers.settle(booking, now=now)
    return _record(booking, State.TURNED_AWAY, leaving, officer, visit)


@transaction.atomic
def mark_no_show(*, officer: User, visit: Visit, now: datetime) -> Booking:
    """People did not come. Their hour must be over, and nothing broken in it (VisitExcused).

    Their account is written to; so it is where ``undo`` takes this back.
    """
    booking, absent = _take(officer, visit, Act.NO_SHOW, rules.NO_SHOW_FROM, now)
    slot = booking.slot
    if not rules.may_mark_no_show(ends_at=slot.ends_at, now=now):
        raise booking_errors.WrongState
    if offices.excused_until(slot.office, slot.starts_at, slot.ends_at, now=now):
        raise errors.VisitExcused
    places.end(absent, State.NO_SHOW)
    told = _record(booking, State.NO_SHOW, absent, officer, visit)
    notices.absent(selectors.booking_by_id(booking.pk), absent, now=now)
    return told


@transaction.atomic
def undo(*, officer: User, visit: Visit, now: datetime) -> Booking:
    """Take back the last step: check-in, service, turning away or absence, on the same day.

    It makes people live again, so it locks the mailbox of their account and the people
    first, as a claim does. Raises AlreadyBooked where somebody has taken another place
    meanwhile, TooManyPlaces where their account has, AtOtherCounter.
    """
    authority.require(officer=officer, act=Act.UNDO, office=visit.office, now=now)
    this = places.with_code(visit.booking_code)
    account = places.lock_account_of(this)
    places.lock_people(this)
    booking, people = _take(officer, visit, Act.UNDO, tuple(rules.UNDONE), now)
    places.check_account(booking, account)
    returning = [place for place in people if not place.is_live]
    places.check_room(booking, account, len(returning), now=now)
    today = visit.office.today(now)
    for place in people:
        state = rules.check_undo(
            state=place.state,
            has_come=place.checked_in_at is not None,
            day=booking.slot.day,
            today=today,
        )
        places.revive([place], State(state))
        events.record(
            booking,
            state,
            actor=Actor.officer(officer),
            places=[place],
            why=events.Why("undone", visit.why.note),
            detail=dict(visit.detail),
        )
    numbers.settle(booking, now=now)
    if absent := [place for place in people if place.state == State.NO_SHOW]:
        notices.absence_undone(selectors.booking_by_id(booking.pk), absent, now=now)
    served = any(place.state == State.SERVED for place in people)
    if served or any(place.state == State.TURNED_AWAY and place.checked_in_at for place in people):
        numbers.reopen(booking)
    return booking


@transaction.atomic
def close_hour(*, slot: Slot, now: datetime) -> int:
    """The office has closed this hour's day: who is still BOOKED did not come. How many.

    Where something was broken in that hour nobody is absent: people move for some days
    yet, and what is left then ends without a sanction.
    """
    absent = 0
    excused = offices.excused_until(slot.office, slot.starts_at, slot.ends_at, now=now)
    if excused is not None and now < excused:
        return 0
    ending = State.NO_SHOW if excused is None else State.CLOSED_BY_OFFICE
    reason = "" if excused is None else EXCUSED
    codes = (
        Booking.objects.filter(slot=slot, places__state=State.BOOKED)
        .order_by("pk")
        .values_list("code", flat=True)
        .distinct()
    )
    for code in codes:
        booking = places.lock_booking(code)
        gone = places.chosen(places.places_of(booking), None, rules.NO_SHOW_FROM)
        if not gone:  # received while this run waited for the booking
            continue
        places.end(gone, ending, reason=reason)
        events.record(booking, ending, actor=Actor.system(), places=gone, why=events.Why(reason))
        if excused is None:
            notices.absent(selectors.booking_by_id(booking.pk), gone, now=now)
            absent += len(gone)
    return absent


@transaction.atomic
def end_left_over(*, office: Office, day: date, now: datetime) -> int:
    """The day is over by the office's clock, and nobody said what became of who came.

    They end as SERVED with the reason NOT_ENDED: no sanction, and free to book again.
    How many. Locks their bookings by id.
    """
    if office.today(now) <= day:
        return 0
    left = Booking.objects.filter(
        slot__office=office, slot__day=day, places__state=State.CHECKED_IN
    )
    ended = 0
    for code in left.order_by("pk").values_list("code", flat=True).distinct():
        booking = places.lock_booking(code)
        forgotten = places.chosen(places.places_of(booking), None, rules.SERVE_FROM)
        if not forgotten:
            continue
        why = events.Why(booking_rules.NOT_ENDED)
        places.end(forgotten, State.SERVED, reason=why.reason)
        numbers.settle(booking, now=now)
        events.record(booking, State.SERVED, actor=Actor.system(), places=forgotten, why=why)
        ended += len(forgotten)
    return ended


def _take(
    officer: User, visit: Visit, act: Act, among: Sequence[str], now: datetime
) -> tuple[Booking, list[Place]]:
    """The locked booking and the people the act is about, once the officer may do it."""
    authority.require(officer=officer, act=act, office=visit.office, now=now)
    booking = places.lock_booking(visit.booking_code)
    if booking.slot.office_id != visit.office.pk:
        raise booking_errors.WrongOffice
    people = places.chosen(places.places_of(booking), visit.applicant_codes, among)
    booking_rules.check_states({place.state for place in people}, among)
    if any(place.state == State.CHECKED_IN for place in people):
        _check_counter(booking, officer, visit, now)
    request = approvals.about_booking(act, visit.office, booking.code)
    extent = Extent(places=len(people))
    approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    return booking, people


def _check_counter(booking: Booking, officer: User, visit: Visit, now: datetime) -> None:
    """Whom another counter has called or serves is taken from it only by who knows that.

    Held until the commit, so that no counter calls the number meanwhile.
    """
    queued = (
        QueueNumber.objects.filter(booking=booking, state__in=QueueNumber.OPEN)
        .select_related("office")
        .select_for_update(no_key=True, of=("self",))
        .first()
    )
    elsewhere = queue_selectors.other_counter(queued, officer, now=now)
    if queued is not None and elsewhere not in (None, visit.at_counter):
        raise errors.AtOtherCounter(number=queued.label, counter=elsewhere)


def _rows(people: Sequence[Place]) -> QuerySet[Place]:
    return Place.objects.filter(pk__in=[place.pk for place in people])


def _record(
    booking: Booking, state: Place.State, people: Sequence[Place], officer: User, visit: Visit
) -> Booking:
    events.record(
        booking,
        state,
        actor=Actor.officer(officer),
        places=people,
        why=visit.why,
        detail=dict(visit.detail),
    )
    return booking
