"""An officer books, moves and gives up for people at the counter: the same rules of person."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from accounts.models import Applicant, User
from accounts.rules import tidy_number
from accounts.services.applicants import add_counter_applicant
from offices import reasons
from offices.approval_rules import Matter
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act, Extent
from offices.services import approvals, authority
from paspor.kernel import audit, cipher
from paspor.kernel.codes import normalized
from queueing.booking import errors, notices, policies, ports, rules, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import changing, moving, places
from queueing.booking.services.claiming import Claim, PlaceRequest, claim
from queueing.booking.services.holding import check_places, slot_to_book
from queueing.quota import selectors as quota
from queueing.quota.models import Channel, Slot

# 64 bits: an approval lives for hours and is one officer's.
DIGEST_LENGTH = 16
COUNTER_CHANNELS = (Channel.COUNTER, Channel.PRIORITY)


@dataclass(frozen=True)
class CounterPerson:
    """Someone who stands at the counter, as their papers say, and what they come for."""

    name: str
    nik: str
    birth_date: date
    sex: str
    kind: str
    passport_type: str
    entitlement: str = ""
    old_passport: str = ""
    parents: str = ""
    guardian_declared: bool = False


@dataclass(frozen=True)
class CounterWish:
    """``slot_code`` empty means today, at the first hour that has room.

    ``has_proof``: the officer has seen the proof of entitlement to PRIORITY; without it
    a second officer's approval is needed. ``reason`` and ``note`` say why the
    officer books (offices.reasons).
    """

    people: tuple[CounterPerson, ...]
    channel: str
    reason: str
    note: str = ""
    slot_code: str = ""
    has_proof: bool = False


def approval_request(office: Office, wish: CounterWish, *, now: datetime) -> approvals.Request:
    """What a second officer has to agree to, where booking for these people takes one.

    The digest binds it to these people, their entitlements and whether proof was seen:
    a yes to five people is none to five others. It is keyed, so no NIK can be tried on it.
    """
    slot_code = normalized(wish.slot_code)
    slot = Slot.objects.filter(code=slot_code).first() if slot_code else None
    day = slot.day if slot else office.today(now)
    said = f"{office.code}:{day.isoformat()}:{slot_code}:{wish.channel}:{len(wish.people)}"
    people = sorted(f"{_digest(person.nik)} {person.entitlement}" for person in wish.people)
    whole = "\n".join([said, str(wish.has_proof), *people])
    subject = f"{said}:{sha256(whole.encode()).hexdigest()[:DIGEST_LENGTH]}"
    return approvals.Request(Act.BOOK_FOR, subject, office, Matter(is_walk_in=True))


def _digest(nik: str) -> str:
    return cipher.person_digest(tidy_number(nik))


@transaction.atomic
def book_for(*, officer: User, office: Office, wish: CounterWish, now: datetime) -> Booking:
    """A booked visit without an account; its people get a paper ticket.

    Persons are made in order of NIK, so that two officers with the same family do not
    wait for each other. Uses up the approvals that the wish needs; raises NeedsApproval,
    ReasonNeeded, WrongOffice and what holding raises.
    """
    authority.require(officer=officer, act=Act.BOOK_FOR, office=office, now=now)
    reasons.check(Act.BOOK_FOR, Why(wish.reason, wish.note))
    rules.check_group([person.nik for person in wish.people])
    if wish.channel not in COUNTER_CHANNELS:
        raise errors.ChannelNotOffered
    slots = _slots(office, wish, now=now)
    _check_room(slots, wish, now=now)
    _use_approvals(officer, office, wish, now=now)
    applicants = _applicants(officer, office, wish, now=now)
    requests = [
        PlaceRequest(
            applicant.code,
            person.kind,
            person.passport_type,
            person.entitlement,
            person.old_passport,
            person.parents,
        )
        for applicant, person in zip(applicants, wish.people, strict=True)
    ]
    claimed = _claim_first(slots, applicants, requests, wish=wish, officer=officer, now=now)
    booking = selectors.booking_by_id(claimed).booking
    ports.held(booking, now=now)
    audit.record(
        Act.BOOK_FOR,
        actor_id=officer.pk,
        subject=f"booking:{booking.code}",
        stream=office.code,
        reason=wish.reason,
        note=wish.note,
        detail={"people": len(requests), "channel": wish.channel, "proof": wish.has_proof},
    )
    return booking


@transaction.atomic
def move_to_today(*, officer: User, office: Office, code: str, why: Why, now: datetime) -> Booking:
    """Take the people of another day's visit, who stand at the counter, into today.

    They get a counter's seats of the first hour that has room, and count as whoever comes
    without an appointment; their own seats come back late, as any do. No move of theirs is
    used up, and whose account it is learns of it by letter. Raises NeedsApproval,
    NotAllowed, ReasonNeeded, SameSlot, SlotClosed, SlotFull, WrongOffice, WrongState.
    Locks as ``changing.reschedule`` does.
    """
    authority.require(officer=officer, act=Act.BOOK_FOR, office=office, now=now)
    reasons.check(Act.BOOK_FOR, why)
    booking = places.lock_booking(code)
    if booking.slot.office_id != office.pk:
        raise errors.WrongOffice
    if booking.slot.day == office.today(now):
        raise errors.SameSlot
    people = places.places_of(booking)
    going = places.chosen(people, None, [Place.State.BOOKED])
    rules.check_states({place.state for place in going}, [Place.State.BOOKED])
    rules.check_passport_types((place.passport_type for place in going), office.passport_types)
    request = approvals.about_booking(Act.BOOK_FOR, office, booking.code)
    extent = Extent(places=len(going))
    approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    new = _move_first(booking, going, officer=officer, now=now)
    audit.record(
        Act.BOOK_FOR,
        actor_id=officer.pk,
        subject=f"booking:{new.code}",
        stream=office.code,
        reason=why.reason,
        note=why.note,
        detail={"people": len(going), "channel": new.channel, "from": booking.code},
    )
    made = selectors.booking_by_id(new.pk)
    notices.moved(made, old=places.visit_facts(booking, people), now=now)
    return made.booking


@transaction.atomic
def cancel_for(
    *,
    officer: User,
    office: Office,
    code: str,
    applicant_codes: Collection[str] | None,
    why: Why,
    now: datetime,
) -> BookingRead:
    """Give up the places of people who have a paper ticket and no account, as they ask.

    What belongs to an account is its owner's to cancel (OfAnAccount): no officer takes a
    citizen's place. Raises NeedsApproval, NotAllowed, ReasonNeeded, TooLateToCancel,
    WrongOffice, WrongState. Locks the booking, then the seats.
    """
    authority.require(officer=officer, act=Act.CANCEL_FOR, office=office, now=now)
    reasons.check(Act.CANCEL_FOR, why)
    booking = places.lock_booking(code)
    if booking.slot.office_id != office.pk:
        raise errors.WrongOffice
    if booking.account_id is not None:
        raise errors.OfAnAccount
    leaving = places.chosen(places.places_of(booking), applicant_codes, [Place.State.BOOKED])
    request = approvals.about_booking(Act.CANCEL_FOR, office, booking.code)
    extent = Extent(places=len(leaving))
    approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    audit.record(
        Act.CANCEL_FOR,
        actor_id=officer.pk,
        subject=f"booking:{booking.code}",
        stream=office.code,
        reason=why.reason,
        note=why.note,
        detail={"people": len(leaving)},
    )
    codes = [place.applicant.code for place in leaving]
    actor = Actor.officer(officer)
    return changing.give_up(booking, codes, actor=actor, why=Why(why.reason), now=now)


def _slots(office: Office, wish: CounterWish, *, now: datetime) -> Sequence[Slot]:
    if wish.slot_code:
        slot = slot_to_book(wish.slot_code, now=now)
        if slot.office_id != office.pk:
            raise errors.WrongOffice
        return [slot]
    return hours_left(office, now=now)


def hours_left(office: Office, *, now: datetime) -> Sequence[Slot]:
    """The hours of today that are not over; SlotClosed where there are none."""
    today = Slot.objects.filter(
        office=office,
        office__is_active=True,
        day=office.today(now),
        closed_at=None,
        ends_at__gt=now,
    )
    slots = list(today.select_related("office").order_by("starts_at"))
    if not slots:
        raise errors.SlotClosed
    return slots


def _check_room(slots: Sequence[Slot], wish: CounterWish, *, now: datetime) -> None:
    """Before a second officer is asked for what cannot be booked."""
    people, most = len(wish.people), 0
    for channel, slot in _tries(slots, wish.channel, now=now):
        most = max(most, quota.free_seats(slot, channel))
        if most >= people:
            return
    if most == 0:
        raise errors.SlotFull
    raise errors.NoHourFits(extras={"free": most}, free=most, people=people)


def _use_approvals(officer: User, office: Office, wish: CounterWish, *, now: datetime) -> None:
    extent = Extent(places=len(wish.people))
    request = approval_request(office, wish, now=now)
    approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    if wish.channel == Channel.PRIORITY and not wish.has_proof:
        authority.require(officer=officer, act=Act.PRIORITY_UNPROVEN, office=office, now=now)
        request = replace(request, act=Act.PRIORITY_UNPROVEN)
        approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)


def _applicants(
    officer: User, office: Office, wish: CounterWish, *, now: datetime
) -> list[Applicant]:
    made = {
        person: add_counter_applicant(
            name=person.name,
            nik=person.nik,
            birth_date=person.birth_date,
            sex=person.sex,
            guardian_declared=person.guardian_declared,
            officer=officer,
            stream=office.code,
            today=office.today(now),
            now=now,
        )
        for person in sorted(wish.people, key=lambda person: person.nik)
    }
    return [made[person] for person in wish.people]


def _claim_first(
    slots: Sequence[Slot],
    applicants: Sequence[Applicant],
    requests: Sequence[PlaceRequest],
    *,
    wish: CounterWish,
    officer: User,
    now: datetime,
) -> int:
    """A place in the first of these hours that has room; an hour that has begun counts too."""
    for channel, slot in _tries(slots, wish.channel, now=now):
        check_places(requests, applicants, slot=slot, channel=channel, now=now)
        length = slot.ends_at - slot.starts_at
        try:
            claimed = claim(
                Claim(
                    account=None,
                    slot=slot,
                    channel=channel,
                    applicants=applicants,
                    places=requests,
                    confirm=True,
                    hold_minutes=0,
                    cutoff_minutes=-int(length.total_seconds() // 60),
                    actor=Actor.officer(officer),
                    reason=wish.reason,
                ),
                now=now,
            )
        except errors.SlotFull:
            continue
        return claimed.booking_id
    raise errors.SlotFull


def _move_first(
    booking: Booking, going: Sequence[Place], *, officer: User, now: datetime
) -> Booking:
    """Move the visit to the first hour that has room; its id."""
    office = booking.slot.office
    minutes = policies.CANCEL_RETURN_MINUTES.at(now=now, scope=office.code)
    leaving = moving.Leaving(Place.State.MOVED, return_minutes=minutes)
    for channel, slot in _tries(hours_left(office, now=now), Channel.COUNTER, now=now):
        to = moving.Target(
            slot=slot,
            channel=channel,
            moves_used=booking.moves_used,
            no_fault=booking.no_fault,
            arrival="moved",
            made_by_id=officer.pk,
        )
        try:
            with transaction.atomic():
                return moving.move(booking, going, to, leaving, actor=Actor.officer(officer))
        except errors.SlotFull:
            continue
    raise errors.SlotFull


def _tries(slots: Sequence[Slot], channel: str, *, now: datetime) -> Iterator[tuple[str, Slot]]:
    """Hour by hour the channel asked for, then for the counter what others have left over there:
    whoever stands here comes in the soonest hour, and what is left of an hour is lost with it.
    """
    for slot in slots:
        yield channel, slot
        if channel == Channel.COUNTER and quota.is_left_to_counter(slot, now=now):
            yield from ((other, slot) for other in quota.left_to_counter(slot.office))
