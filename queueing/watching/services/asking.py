"""Asking to be told, and stopping it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from offices import selectors as offices
from offices.models import Office
from paspor.kernel import batches, formatting
from queueing.booking.errors import AccountSuspended
from queueing.quota import errors as quota
from queueing.quota import nearest, search
from queueing.quota.search import Sought
from queueing.watching import policies, rules, selectors
from queueing.watching.errors import NothingServed, NothingToWatch, RoomAlready, TooManyWatches
from queueing.watching.models import Watch

# Of a longer span without service its first days tell enough.
MOST_DAYS_TOLD = 3


@dataclass(frozen=True)
class Wish:
    """``office`` is a code; with a radius it is the middle of a circle. Of RADII and at most
    MAX_PEOPLE: the doors offer nothing else, and the database refuses it."""

    office: str
    radius_km: int
    people: int
    passport_type: str
    until: date

    def __post_init__(self) -> None:
        if self.radius_km not in rules.RADII:
            raise NothingToWatch(fields={"radius_km": [NothingToWatch.message]})

    @property
    def sought(self) -> Sought:
        return Sought(self.people, self.passport_type, self.radius_km, self.until)


def ask(*, account: User, wish: Wish, now: datetime) -> Watch:
    """Asking for what a watch waits for already gives that watch a new last day.

    Locks the account, whose watches are counted.
    """
    office = offices.office_by_code(wish.office)
    _check_until(wish.until, office, now)
    _check_room(wish, office, now)
    return _ask(account.pk, office, wish, now)


@transaction.atomic
def _ask(account_id: int, office: Office, wish: Wish, now: datetime) -> Watch:
    account = User.objects.select_for_update(no_key=True).get(pk=account_id)
    if account.suspended_at is not None or not account.is_active:
        raise AccountSuspended
    same = {
        "office": office,
        "radius_km": wish.radius_km,
        "people": wish.people,
        "passport_type": wish.passport_type,
    }
    standing = selectors.watches_of(account).filter(told_at=None, **same).first()
    if standing is not None:
        standing.until = wish.until
        standing.save(update_fields=["until"])
        return standing
    most = policies.WATCHES_PER_ACCOUNT.at(now=now)
    if len(selectors.waiting_of(account, now=now)) >= most:
        raise TooManyWatches(most=most)
    return Watch.objects.create(account=account, until=wish.until, **same)


def _check_until(until: date, office: Office, now: datetime) -> None:
    today, farthest = search.days_to_wait(office, now)
    if until < today:
        raise quota.DayPast(fields={"until": [quota.DayPast.message]})
    if until > farthest:
        last = formatting.date_long(farthest)
        raise quota.DayTooFar(fields={"until": [quota.DayTooFar.message]}, last=last)


def _check_room(wish: Wish, office: Office, now: datetime) -> None:
    """What everybody sees now is no reason to wait."""
    rooms = nearest.first_rooms(people=wish.people, now=now)
    reached = search.nearest_first(search.reach(office, rooms, wish.sought))
    if not reached:
        raise NothingToWatch
    free = [seen for seen in reached if seen.in_time(wish.until)]
    if free:
        first = min(free, key=lambda seen: (seen.room.day, seen.km))
        day = formatting.day(first.room.day)
        if first.room.beside:
            day = _("%(day)s (dalam dua jam berurutan)") % {"day": day}
        where = {"office": first.office.code, "day": first.room.day.isoformat()}
        raise RoomAlready(extras=where, day=day, office=first.office.name)
    if not any(search.served_by(seen.office, wish.until, now) for seen in reached):
        raise _nothing_served(wish, office, [seen.office for seen in reached], now)


def _nothing_served(
    wish: Wish, office: Office, reached: Sequence[Office], now: datetime
) -> NothingServed:
    """``reached``: the nearest first. Why is told of it, where it is only one."""
    firsts = [(search.first_served(each, now), each) for each in reached]
    known = [(day, each) for day, each in firsts if day is not None]
    first = min(known, key=lambda pair: pair[0], default=None)
    where, more, extras = office.name, [], {}
    if wish.radius_km:
        said = {"office": office.name, "km": wish.radius_km}
        where = _("%(office)s dan sampai %(km)s km darinya") % said
    if len(reached) == 1:
        days = islice(search.days_until(reached[0], wish.until, now), MOST_DAYS_TOLD)
        more = [f"{formatting.day_in_year(day.day)}: {day.why}" for day in days]
    if first is not None:
        day, at = first
        extras = {"office": at.code, "day": day.isoformat()}
        told = {"day": formatting.day(day), "office": at.name}
        said = _("Hari pelayanan pertama: %(day)s.")
        if at.pk != office.pk:
            said = _("Hari pelayanan pertama: %(day)s, di %(office)s.")
        more.append(said % told)
    return NothingServed(
        fields={"until": [NothingServed.message]},
        extras=extras,
        until=formatting.day(wish.until),
        where=where,
        more=" ".join(more),
    )


def stop(*, account: User, code: str) -> None:
    """Raises WatchUnknown. What is stopped is forgotten."""
    selectors.watch_of(account, code).delete()


def stop_all(*, account_id: int) -> int:
    """Every watch of the account that waits; how many."""
    return Watch.objects.filter(account=account_id, told_at=None).delete()[0]


def forget_over(now: datetime) -> int:
    """Forget watches whose last day is long past, told or not; how many."""
    return batches.delete(selectors.over(now))
