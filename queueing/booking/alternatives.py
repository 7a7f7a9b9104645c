"""Where people of a closed hour can go instead: other hours of the same office. Reads."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.functions import TransactionNow
from django.db.models import Count, Exists, Expression, OuterRef, Prefetch, QuerySet, Value

from offices.models import Office
from queueing.booking import policies, rules
from queueing.booking.models import Booking, Place
from queueing.quota.models import WITHDRAWN, Channel, Release, Seat, Slot
from queueing.quota.rules import HourPlan, settled

TRIES = 20


@dataclass(frozen=True)
class Choice:
    """An hour and a channel that had enough seats when it was read."""

    slot: Slot
    channel: str


def unsettled(closed: QuerySet[Booking]) -> list[int]:
    """Those of these bookings whose people a closing still has to follow, the oldest first."""
    waiting = Place.objects.filter(
        booking=OuterRef("pk"), state__in=[Place.State.HELD, Place.State.BOOKED]
    )
    return list(closed.filter(Exists(waiting)).order_by("pk").values_list("pk", flat=True))


def nearest(
    booking: Booking, people: int, *, now: datetime, after: date | None = None
) -> list[Choice]:
    """Hours of the same office with seats for all: the nearest day, the nearest hour.

    On days after ``after``; else first on the booking's own (rules.first_instead), whose hour is
    closed, then later.
    """
    slot = booking.slot
    since = after or slot.day
    hours = Slot.objects.filter(office=slot.office, day__lte=_last_day(slot.office, since, now))
    if after is None:
        first = rules.first_instead(slot.starts_at, now)
        hours = hours.filter(day__gte=since, starts_at__gte=first)
    else:
        hours = hours.filter(day__gt=since)
    return _choices(booking, hours, people, visible_by=TransactionNow(), now=now)


def in_release(booking: Booking, people: int, release: Release, *, now: datetime) -> list[Choice]:
    """Hours of a release with seats for all, those included that nobody sees yet."""
    return _choices(
        booking,
        Slot.objects.filter(release=release),
        people,
        visible_by=Value(WITHDRAWN - timedelta(days=1)),
        now=now,
    )


def _choices(
    booking: Booking,
    slots: QuerySet[Slot],
    people: int,
    *,
    visible_by: Expression,
    now: datetime,
) -> list[Choice]:
    """In the booking's own channel; else, on the same day, as ONLINE."""
    free = _free(booking.slot.office, slots, visible_by=visible_by, now=now)
    return _in_order(booking, people, free)[:TRIES]


def _free(
    office: Office, slots: QuerySet[Slot], *, visible_by: Expression, now: datetime
) -> dict[Choice, int]:
    """How many seats are free in the hours that can still be booked, by channel."""
    cutoff = timedelta(minutes=policies.BOOK_CUTOFF_MINUTES.at(now=now, scope=office.code))
    seats = Seat.objects.filter(
        slot__in=slots.filter(closed_at=None, starts_at__gt=now + cutoff),
        taken=False,
        visible_at__lte=visible_by,
    )
    found = list(seats.values_list("slot_id", "channel").annotate(count=Count("pk")))
    known = Slot.objects.select_related("office").in_bulk({slot_id for slot_id, *_rest in found})
    return {Choice(known[slot_id], channel): count for slot_id, channel, count in found}


def _in_order(booking: Booking, people: int, free: Mapping[Choice, int]) -> list[Choice]:
    """Those with seats for all in a channel that the booking may have, the nearest first."""
    channels = list(dict.fromkeys([booking.channel, Channel.ONLINE.value]))
    choices = [each for each, seats in free.items() if each.channel in channels and seats >= people]
    wanted = booking.slot.hour
    return sorted(
        choices,
        key=lambda choice: (
            choice.slot.day,
            channels.index(choice.channel),
            abs(_minutes(choice.slot.hour) - _minutes(wanted)),
            choice.slot.hour < wanted,
        ),
    )


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute


@dataclass(frozen=True)
class Leaving:
    """A visit whose hour is to close. ``instead`` is what it would get now, None nothing."""

    booking: Booking
    people: tuple[Place, ...]
    instead: Choice | None

    @property
    def is_same_day(self) -> bool:
        """They stay on their day, at another hour."""
        return self.instead is not None and self.instead.slot.day == self.booking.slot.day

    @property
    def is_unreachable(self) -> bool:
        """Nobody can write to its people."""
        return self.booking.account_id is None


@dataclass(frozen=True)
class Outlook:
    """What closing some hours would do to their people, as of this moment.

    ``choosing`` are people whose hold ends; ``here`` have checked in, and stay.
    """

    leaving: tuple[Leaving, ...]
    choosing: int
    here: int

    @property
    def people(self) -> int:
        """Whom the closing concerns; those who are here are with the desk."""
        return sum(len(each.people) for each in self.leaving) + self.choosing


type Becoming = Mapping[date, Sequence[HourPlan]]


def outlook(
    office: Office, hours: QuerySet[Slot], *, now: datetime, becoming: Becoming | None = None
) -> Outlook:
    """Close ``hours`` without closing them: five queries, and nothing is claimed.

    Visits choose in the order in which a closing settles them, and each takes what it
    chooses from those after it. ``becoming`` are the hours that a change of calendar makes, or
    gives other seats, in the same moment: two queries more.
    """
    live = Place.objects.filter(state__in=Place.LIVE).select_related("applicant").order_by("pk")
    bookings = Booking.objects.filter(
        Exists(live.filter(booking=OuterRef("pk"))), slot__in=hours.filter(closed_at=None)
    )
    found = list(
        bookings.select_related("slot__office")
        .prefetch_related(Prefetch("places", live))
        .order_by("pk")
    )
    free = _free_after(office, hours, found, now=now)
    if becoming and found:
        free = _as_planned(office, free, becoming, now)
    leaving, states = [], Counter[str]()
    for booking in found:
        people = tuple(each for each in booking.places.all() if each.state == Place.State.BOOKED)
        states.update(each.state for each in booking.places.all())
        if people:
            leaving.append(Leaving(booking, people, _taken(booking, len(people), free, now)))
    return Outlook(tuple(leaving), states[Place.State.HELD], states[Place.State.CHECKED_IN])


def _free_after(
    office: Office, hours: QuerySet[Slot], bookings: Sequence[Booking], *, now: datetime
) -> dict[Choice, int]:
    """What the visits can choose from, together: not from the hours that close."""
    if not bookings:
        return {}
    days = [booking.slot.day for booking in bookings]
    last = _last_day(office, max(days), now)
    later = Slot.objects.filter(office=office, day__gte=min(days), day__lte=last)
    later = later.exclude(pk__in=hours)
    return _free(office, later, visible_by=TransactionNow(), now=now)


def _as_planned(
    office: Office, free: Mapping[Choice, int], becoming: Becoming, now: datetime
) -> dict[Choice, int]:
    """``free``, with the hours of some days as a change will leave them.

    An hour that does not stand yet is a Slot that is not saved.
    """
    slots = Slot.objects.select_related("office", "release").filter(office=office, day__in=becoming)
    standing = {slot.starts_at: slot for slot in slots}
    opened = {slot.day for slot in standing.values() if slot.release.opens_at <= now}
    taken = _taken_in(standing.values())
    planned: dict[Slot, Mapping[str, int]] = {}
    for day, hours in becoming.items():
        for hour in hours if day in opened else ():
            slot = standing.get(hour.starts_at) or _unsaved(office, day, hour, -len(planned) - 1)
            planned[slot] = hour.seats
    found = {choice: seats for choice, seats in free.items() if choice.slot not in planned}
    for slot, wanted in planned.items():
        held = taken.get(slot.pk, {})
        for channel, seats in settled(wanted, held).items():
            found[Choice(slot, channel)] = seats - held.get(channel, 0)
    return found


def _unsaved(office: Office, day: date, hour: HourPlan, number: int) -> Slot:
    return Slot(
        pk=number,
        office=office,
        day=day,
        hour=hour.hour,
        starts_at=hour.starts_at,
        ends_at=hour.ends_at,
    )


def _taken_in(slots: Iterable[Slot]) -> dict[int, dict[str, int]]:
    rows = Seat.objects.filter(slot__in=list(slots), taken=True)
    found: dict[int, dict[str, int]] = {}
    for slot_id, channel, count in rows.values_list("slot_id", "channel").annotate(Count("pk")):
        found.setdefault(slot_id, {})[channel] = count
    return found


def _last_day(office: Office, since: date, now: datetime) -> date:
    return since + timedelta(days=policies.ALTERNATIVE_DAYS.at(now=now, scope=office.code))


def _taken(booking: Booking, people: int, free: dict[Choice, int], now: datetime) -> Choice | None:
    first = booking.slot.day
    last = _last_day(booking.slot.office, first, now)
    earliest = rules.first_instead(booking.slot.starts_at, now)
    near = {
        each: seats
        for each, seats in free.items()
        if first <= each.slot.day <= last and each.slot.starts_at >= earliest
    }
    chosen = next(iter(_in_order(booking, people, near)), None)
    if chosen is not None:
        free[chosen] -= people
    return chosen
