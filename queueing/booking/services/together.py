"""Two neighbouring hours of one day for a family that no single hour can hold.

Each hour is a booking of its own, with its code and ticket, so that all that happens to a
visit later happens to each; they are held, booked and let go together, all or nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Applicant, Person, User
from paspor.kernel.codes import normalized
from paspor.kernel.prepared.reading import Prepared
from queueing.booking import documents, errors, notices, ports, rules, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import changing, claiming, holding, places
from queueing.booking.services.claiming import Claimed
from queueing.booking.services.holding import Wish
from queueing.quota import selectors as quota
from queueing.quota.models import Slot


def hold_within(
    *, account: User, wishes: Sequence[Wish], actor: Actor, proved: bool = False, now: datetime
) -> Claimed:
    """Hold both hours or neither; the booking of the first.

    Where all come in one of them, that is a booking like any other: ``wishes`` has both hours,
    also one that nobody comes in.

    Call it in a transaction that a refusal ends. Raises SlotsNotAdjacent, HourOfTwoTooSmall and
    HourOfTwoFull beside what ``holding.hold_within`` raises, with the fields of the second hour
    counted on.
    """
    rules.check_group([place.applicant_code for wish in wishes for place in wish.places])
    first, second = (holding.slot_to_book(wish.slot_code, now=now) for wish in wishes)
    check_pair(first, second)
    half = all(wish.places for wish in wishes)
    if half:
        _check_as_one(account, wishes, first, proved=proved, now=now)
    who = {"account": account, "actor": actor, "proved": proved, "half": half, "now": now}
    begins, made = 0, []
    for wish, slot in zip(wishes, (first, second), strict=True):
        if wish.places:
            with _counted_on(wish, slot, begins):
                made.append(holding.hold_within(wish=wish, **who))
        begins += len(wish.places)
    if half:
        _join(*made)
        if wishes[0].confirm:
            _write_to_both(account, made, now=now)
    return made[0]


def _check_as_one(
    account: User, wishes: Sequence[Wish], first: Slot, *, proved: bool, now: datetime
) -> None:
    """What a family is asked as one, whichever hour each of them comes in.

    The mailbox, all applicants and all persons are locked before the first seat: two parents
    who book the same children half and half would wait for each other.
    """
    wanted = [place for wish in wishes for place in wish.places]
    rules.check_referral_given(
        needs_referral=first.office.needs_referral,
        referral_code=wishes[0].referral_code,
        people=len(wanted),
    )
    rules.check_channel_for_citizen(wishes[0].channel)
    rules.check_priority(wishes[0].channel, (place.entitlement for place in wanted))
    people = _lock(account, [place.applicant_code for place in wanted])
    ports.check(ports.Attempt(account, first, wishes[0].channel, people, proved), now=now)


@contextmanager
def _counted_on(wish: Wish, slot: Slot, begins: int) -> Iterator[None]:
    """A refusal of one hour as one of both: its people stand from ``begins`` on in the whole,
    and another hour is beside it.
    """
    people = len(wish.places)
    try:
        yield
    except errors.SlotFull as refusal:
        free = refusal.extras.get("free", 0)
        kind = errors.HourOfTwoTooSmall if free else errors.HourOfTwoFull
        beyond = range(begins + free, begins + people)
        raise kind(
            extras=refusal.extras,
            faults={number: {"slot": [kind.person]} for number in beyond},
            hour=claiming.hours_of(slot),
            free=free,
            people=people,
        ) from refusal
    except errors.PeopleRefused as refusal:
        raise refusal.renumbered(range(begins, begins + people)) from refusal


def _write_to_both(account: User, made: Sequence[Claimed], *, now: datetime) -> None:
    both = [selectors.booking_by_id(one.booking_id) for one in made]
    visits = [selectors.visit_facts(one) for one in both]
    for visit, other in zip(visits, visits[::-1], strict=True):
        for letter in notices.booking_letters(account, visit, other=other, now=now):
            letter.write()


def _join(made: Claimed, beside: Claimed) -> None:
    """Each of two bookings names the other."""
    Booking.objects.filter(pk=made.booking_id).update(beside=beside.booking_id)
    Booking.objects.filter(pk=beside.booking_id).update(beside=made.booking_id)


@dataclass(frozen=True)
class Coming:
    """One of a family; ``hour`` "" where they chose none."""

    applicant_code: str
    hour: str
    is_married: bool


def spread(
    account: User,
    slot_codes: Sequence[str],
    people: Sequence[Coming],
    channel: str,
    *,
    now: datetime,
) -> list[str]:
    """The hour that each of these people comes in, as a code of the two neighbouring ones.

    Raises SlotUnknown, SlotsNotAdjacent, and what tells that an hour cannot be booked.
    """
    first, second = (holding.slot_to_book(code, now=now) for code in slot_codes)
    check_pair(first, second)
    codes = [one.applicant_code for one in people]
    known = Applicant.objects.filter(account=account, code__in=codes)
    born = dict(known.values_list("code", "birth_date"))
    return rules.spread(
        [normalized(one.hour) for one in people],
        [
            documents.is_child(born.get(one.applicant_code), first.day) and not one.is_married
            for one in people
        ],
        hours=(first.code, second.code),
        free=(quota.free_in(first, channel, now), quota.free_in(second, channel, now)),
    )


def check_pair(first: Slot, second: Slot) -> None:
    rules.check_neighbours(
        offices=(first.office_id, second.office_id),
        days=(first.day, second.day),
        ends_at=first.ends_at,
        starts_at=second.starts_at,
    )


def _lock(account: User, codes: Sequence[str]) -> list[Applicant]:
    """These people of the account, locked with their persons, in the order of ``codes``."""
    places.lock_mailbox(account)
    found = Applicant.objects.filter(account=account, code__in=codes, removed_at=None)
    locked = {one.code: one for one in found.order_by("pk").select_for_update(no_key=True)}
    persons = Person.objects.filter(pk__in=[one.person_id for one in locked.values()])
    list(persons.order_by("pk").select_for_update(no_key=True))
    rules.check_known(codes, locked)
    return [locked[code] for code in codes]


_OF_ACCOUNT: Prepared[Booking] = Prepared(
    lambda code, account: Booking.objects.filter(code=code, account=account)
)


def _lock_both(account: User, code: str) -> tuple[Booking, list[Booking]]:
    """The account's booking, and both of the pair (or it alone) by id, locked."""
    found = _OF_ACCOUNT.first(normalized(code), account.pk)
    if found is None:
        raise errors.BookingUnknown
    ids = [pk for pk in (found.pk, found.beside_id) if pk is not None]
    return found, [one for one in places.lock_all(ids) if one.account_id == account.pk]


@transaction.atomic
def cancel(
    *,
    account: User,
    code: str,
    applicant_codes: Collection[str],
    beside_codes: Collection[str],
    actor: Actor,
    now: datetime,
) -> BookingRead:
    """Cancel these people of a booking and of the one beside it, all or nothing."""
    found, both = _lock_both(account, code)
    for one in both:
        leaving = applicant_codes if one.pk == found.pk else beside_codes
        if leaving:
            changing.cancel(
                account=account, code=one.code, applicant_codes=leaving, actor=actor, now=now
            )
    return selectors.booking_by_id(found.pk)


@transaction.atomic
def let_go(*, account: User, code: str, actor: Actor, now: datetime) -> None:
    """Give back what is held, in both hours."""
    _found, both = _lock_both(account, code)
    for one in both:
        if one.places.filter(state=Place.State.HELD).exists():
            changing.cancel(account=account, code=one.code, actor=actor, now=now)
