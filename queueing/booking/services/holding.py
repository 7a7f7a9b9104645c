"""Holding a visit, or booking it at once, and ending holds that ran out (docs/locking.md)."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.postgres.functions import TransactionNow
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Applicant, IdentityCheck, User
from offices import selectors as offices
from paspor.kernel.codes import normalized
from paspor.kernel.errors import Busy
from paspor.kernel.idempotency import ANSWERED, Answer, Keyed
from paspor.kernel.prepared.django_insides import keep_prefetched
from paspor.kernel.prepared.reading import Prepared, Together
from queueing.booking import documents, errors, notices, policies, ports, rules, selectors
from queueing.booking.actors import Actor
from queueing.booking.errands import Errand
from queueing.booking.models import Booking, Place
from queueing.booking.reads import AnyRead
from queueing.booking.services import claiming, referrals
from queueing.booking.services.claiming import Claim, Claimed
from queueing.booking.services.claiming import PlaceRequest as PlaceRequest
from queueing.quota.models import Channel, Slot

SWEEP_BATCH = 200


@dataclass(frozen=True)
class Wish:
    """One visit: who, when, by which channel; ``confirm`` books at once."""

    slot_code: str
    places: tuple[PlaceRequest, ...]
    channel: str = Channel.ONLINE
    referral_code: str = ""
    confirm: bool = False


@dataclass(frozen=True)
class Once:
    """A request under its key, and what it is answered with: status and body."""

    keyed: Keyed
    told: Callable[[AnyRead], Answer]


@transaction.atomic
def hold(
    *, account: User, wish: Wish, actor: Actor, proved: bool = False, now: datetime
) -> Claimed:
    """As ``hold_within``, in a transaction of its own or a part of the caller's."""
    return hold_within(account=account, wish=wish, actor=actor, proved=proved, now=now)


def hold_within(
    *,
    account: User,
    wish: Wish,
    actor: Actor,
    proved: bool = False,
    half: bool = False,
    now: datetime,
) -> Claimed:
    """Hold a visit, or book it at once where the wish says so.

    ``proved``: a proof of work came along and held; without one a guard may ask for it.

    ``half``: one of two neighbouring hours; what a family is asked as one, it was asked.

    Locks the account in queueing_limits; account, applicants, persons, lapsed bookings and
    seats in queueing_book. Raises BookingLimitReached beyond what is bounded for everyone.

    Call it in a transaction that a refusal ends.
    """
    return _hold(_Asked(account, wish, actor, now, proved=proved, half=half))


def hold_once(
    *, account: User, wish: Wish, actor: Actor, proved: bool, once: Once, now: datetime
) -> Claimed:
    """The same with its answer, outside a transaction: one statement reads and one writes.

    Not with a referral, which is used up in a statement of its own. Raises Answered, KeyReused
    and KeyTaken too.
    """
    return _hold(_Asked(account, wish, actor, now, proved=proved, once=once))


@dataclass(frozen=True)
class _Asked:
    account: User
    wish: Wish
    actor: Actor
    now: datetime
    proved: bool = False
    half: bool = False
    once: Once | None = None


@dataclass(frozen=True)
class _Read:
    """What a visit goes by, as it was at one moment of the database's clock."""

    at: datetime
    slot: Slot | None
    applicants: dict[str, Applicant]
    # How many answers are known about these people's identity.
    checked: int
    # What the guards go by; of half a visit they are not asked.
    against: list[list[Any]]


def _hold(asked: _Asked) -> Claimed:
    rules.check_group([place.applicant_code for place in asked.wish.places])
    for _time in range(claiming.CODE_DRAWS):
        with suppress(claiming.Again):
            read = _read(asked)
            return _claimed(asked, _judged(asked, read), read)
    raise Busy


def _read(asked: _Asked) -> _Read:
    once, wish = asked.once, asked.wish
    people = (asked.account.pk, *(place.applicant_code for place in wish.places))
    guards = () if asked.half else ((asked.account.pk, asked.now),) * len(ports.against())
    key = () if once is None else (once.keyed.named,)
    questions = _questions(guarded=bool(guards), keyed=bool(key))
    at, found = questions((normalized(wish.slot_code),), people, people, *guards, *key)
    if once is not None:
        once.keyed.look(found.pop())
    slots, applicants, checks, *against = found
    for one in applicants:
        known = [check for check in checks if check.person_id == one.person_id]
        keep_prefetched(one.person, "identity_checks", known)
    return _Read(
        at=at,
        slot=next(iter(slots), None),
        applicants={one.code: one for one in applicants},
        checked=sum(check.checked_at is not None for check in checks),
        against=against,
    )


@cache
def _questions(*, guarded: bool, keyed: bool) -> Together:
    return Together(
        _SLOT,
        _PEOPLE,
        _CHECKS,
        *(ports.against() if guarded else ()),
        *((ANSWERED,) if keyed else ()),
    )


def _judged(asked: _Asked, read: _Read) -> Claim:
    account, wish, now = asked.account, asked.wish, asked.now
    # Told before anything else; queueing_book looks again, under the lock.
    rules.check_not_suspended(account.suspended_at)
    slot = _open(read.slot, now=now)
    codes = [place.applicant_code for place in wish.places]
    rules.check_known(codes, read.applicants)
    applicants = [read.applicants[code] for code in codes]
    rules.check_channel_for_citizen(wish.channel)
    rules.check_referral_given(
        needs_referral=slot.office.needs_referral,
        referral_code=wish.referral_code,
        people=len(wish.places),
    )
    check_places(wish.places, applicants, slot=slot, channel=wish.channel, half=asked.half, now=now)
    cutoff = policies.BOOK_CUTOFF_MINUTES.at(now=now, scope=slot.office.code)
    rules.check_time_to_book(starts_at=slot.starts_at, cutoff=timedelta(minutes=cutoff), now=now)
    if not asked.half:
        attempt = ports.Attempt(account, slot, wish.channel, applicants, asked.proved)
        ports.check(attempt, read.against, now=now)
    return Claim(
        account=account,
        slot=slot,
        channel=wish.channel,
        applicants=applicants,
        places=wish.places,
        confirm=wish.confirm,
        hold_minutes=policies.HOLD_MINUTES.at(now=now, scope=slot.office.code),
        cutoff_minutes=cutoff,
        actor=asked.actor,
        bounds=policies.limits(now=now, scope=slot.office.code),
    )


def _claimed(asked: _Asked, claim: Claim, read: _Read) -> Claimed:
    """With the questions to the registry, the letter and the answer, which are written with it."""
    once, now = asked.once, asked.now
    keyed = once.keyed if once else None
    ahead = claiming.Ahead(at=read.at, checked=read.checked, keyed=keyed)
    additions = ports.with_places(claim.applicants, now=now)
    visit = claiming.planned(claim, ahead, offices.place_read(claim.slot))
    # Of one of two hours they name the other one, and wait for it (services/together.py).
    if claim.confirm and not asked.half:
        facts = selectors.visit_facts(visit)
        additions += notices.booking_letters(claim.account, facts, now=now)
    if once is not None:
        additions.append(once.keyed.answering(*once.told(visit)))
    claimed = claiming.claim_with(claim, ahead, additions, now=now)
    if claim.slot.office.needs_referral:
        referrals.use(
            booking_id=claimed.booking_id,
            office_id=claim.slot.office_id,
            code=asked.wish.referral_code,
            now=now,
        )
    return claimed


def slot_to_book(code: str, *, now: datetime) -> Slot:
    """The slot with its office, open to be booked at this moment."""
    return _open(_SLOT.first(normalized(code)), now=now)


def _open(slot: Slot | None, *, now: datetime) -> Slot:
    if slot is None:
        raise errors.SlotUnknown
    rules.check_open(
        closed_at=slot.closed_at,
        opens_at=slot.release.opens_at,
        is_active=slot.office.is_active,
        now=now,
    )
    return slot


def _slot_of(code: str) -> QuerySet[Slot]:
    told = Slot.objects.annotate(**offices.told_of_day("office", "day"))
    return told.select_related("office", "release").filter(code=code)


def _people_of(account_id: int, *codes: str) -> QuerySet[Applicant]:
    rows = Applicant.objects.select_related("person")
    return rows.filter(account=account_id, code__in=codes, removed_at=None)


def _checks_of(account_id: int, *codes: str) -> QuerySet[IdentityCheck]:
    return IdentityCheck.objects.filter(person__in=_people_of(account_id, *codes).values("person"))


_SLOT: Prepared[Slot] = Prepared(_slot_of)
# A group of no more people than may book together (rules.check_group).
_PEOPLE: Prepared[Applicant] = Prepared(_people_of)
# What is known of the identity of these people.
_CHECKS: Prepared[IdentityCheck] = Prepared(_checks_of)


def check_places(
    wanted: Sequence[PlaceRequest],
    applicants: Sequence[Applicant],
    *,
    slot: Slot,
    channel: str,
    half: bool = False,
    now: datetime,
) -> None:
    """What the office offers, and what these people are entitled to on that day."""
    office = slot.office
    if any(place.kind not in Place.Kind.values for place in wanted):
        raise errors.KindUnknown
    if any(place.entitlement not in ("", *Place.Entitlement.values) for place in wanted):
        raise errors.KindUnknown
    rules.check_passport_types((place.passport_type for place in wanted), office.passport_types)
    for number, (place, applicant) in enumerate(zip(wanted, applicants, strict=True)):
        is_child = documents.is_child(applicant.birth_date, slot.day)
        rules.check_errand(Errand.of(place), is_child=is_child, person=number)
    rules.check_channel_offered(office.kind, channel)
    if not half:
        rules.check_priority(channel, (place.entitlement for place in wanted))
    declared = [
        (place.entitlement, applicant) for place, applicant in zip(wanted, applicants, strict=True)
    ]
    check_entitlements(declared, slot=slot, now=now, declared_here=True)


def check_entitlements(
    declared: Sequence[tuple[str, Applicant]],
    *,
    slot: Slot,
    now: datetime,
    declared_here: bool = False,
) -> None:
    """Entitlements with those who declare them, on the day of the slot; a refusal names the
    person where they are declared by this very request.
    """
    elderly_from = policies.ELDERLY_FROM_YEARS.at(now=now, scope=slot.office.code)
    for number, (entitlement, applicant) in enumerate(declared):
        rules.check_entitlement(
            entitlement,
            birth_date=applicant.birth_date,
            sex=applicant.sex,
            day=slot.day,
            elderly_from=elderly_from,
            person=number if declared_here else None,
        )


def expire(booking_ids: Sequence[int], *, now: datetime) -> int:
    """End those of these holds that have run out; how many places that freed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queueing_expire_holds(%s, %s)",
            [list(booking_ids), policies.HOLD_RETURN_MINUTES.at(now=now)],
        )
        (count,) = cursor.fetchone()
    return count


def expire_lapsed(now: datetime) -> int:
    """Sweep up holds that ran out, in short transactions; how many places that freed.

    Bookings that somebody holds are passed over: whoever confirms or cancels one settles
    it, and the next sweep comes in half a minute.
    """
    total = 0
    while True:
        with transaction.atomic():
            lapsed = list(
                Booking.objects.filter(held_until__lte=TransactionNow())
                .order_by("held_until")
                .select_for_update(no_key=True, skip_locked=True)
                .values_list("pk", flat=True)[:SWEEP_BATCH]
            )
            total += expire(lapsed, now=now) if lapsed else 0
        if len(lapsed) < SWEEP_BATCH:
            return total
