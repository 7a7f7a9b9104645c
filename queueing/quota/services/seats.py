"""Seats of slots that the caller has locked: bring them to the number wanted.

The planner's lock order (docs/locking.md): release, slots by id, seats by id. None is
skipped, so claims under way are waited for and new ones wait. FOR NO KEY UPDATE, because
the foreign keys of a booking under way must pass.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from offices.models import Office
from queueing.quota.models import WITHDRAWN, Release, Seat, Slot


@dataclass(frozen=True)
class Fitted:
    """What was done. ``beyond`` counts taken seats above the wish: they stay."""

    added: int = 0
    withdrawn: int = 0
    beyond: int = 0

    def __add__(self, other: "Fitted") -> "Fitted":
        return Fitted(
            self.added + other.added,
            self.withdrawn + other.withdrawn,
            self.beyond + other.beyond,
        )


def lock_release(release_id: int) -> Release:
    return Release.objects.select_for_update(no_key=True).get(pk=release_id)


@dataclass(frozen=True)
class LockedDay:
    """The slots of one service day with all their seats, in order of id, all locked."""

    slots: list[Slot]
    seats: dict[int, list[Seat]]

    @property
    def in_use(self) -> int:
        return sum(in_use(seats).total() for seats in self.seats.values())


def lock_day(office: Office, day: date) -> LockedDay:
    """Lock every slot of the day and every seat, taken ones too; waits for claims under way.

    Who is booked may be asked afterwards: by then every claim has been committed or not.
    """
    slots = list(
        Slot.objects.select_for_update(no_key=True).filter(office=office, day=day).order_by("pk")
    )
    by_slot: dict[int, list[Seat]] = {slot.pk: [] for slot in slots}
    seats = Seat.objects.filter(slot_id__in=by_slot)
    for seat in seats.select_for_update(no_key=True).order_by("pk"):
        by_slot[seat.slot_id].append(seat)
    return LockedDay(slots, by_slot)


def is_in_use(seat: Seat) -> bool:
    """Counts as quota: taken, or free and not withdrawn (perhaps not visible yet).

    A taken seat that carries WITHDRAWN stands beyond a lowered quota: it is in use until
    its place ends, and then nobody gets it (queueing_free_seats).
    """
    return seat.taken or seat.visible_at < WITHDRAWN


def in_use(seats: Iterable[Seat]) -> Counter[str]:
    """Seats in use by channel."""
    return Counter(seat.channel for seat in seats if is_in_use(seat))


def taken(seats: Iterable[Seat]) -> Counter[str]:
    """Taken seats by channel."""
    return Counter(seat.channel for seat in seats if seat.taken)


def fit(
    slot: Slot, seats: Sequence[Seat], wanted: Mapping[str, int], visible_at: datetime
) -> Fitted:
    """Bring each channel named in ``wanted`` to its number.

    More: withdrawn seats come back first, then new ones are inserted, all visible from
    ``visible_at``. Fewer: free ones are withdrawn, the last first. Taken ones stay, but
    those beyond the number are marked, so that none of them comes back when it is freed.
    """
    result = Fitted()
    number = max((seat.number for seat in seats), default=0) + 1
    for channel, count in wanted.items():
        own = [seat for seat in seats if seat.channel == channel]
        lacking = count - sum(map(is_in_use, own))
        if lacking >= 0:
            lacking_new = lacking - _bring_back(own, lacking, visible_at)
            new = range(number, number + lacking_new)
            Seat.objects.bulk_create(
                Seat(slot=slot, number=nth, channel=channel, visible_at=visible_at) for nth in new
            )
            number += lacking_new
            result += Fitted(added=lacking)
        else:
            withdrawn = _withdraw(own, -lacking)
            result += Fitted(withdrawn=withdrawn, beyond=-lacking - withdrawn)
        _mark_beyond(own, count, visible_at)
    return result


def _mark_beyond(own: Sequence[Seat], count: int, visible_at: datetime) -> None:
    """Of the taken seats ``count`` are quota, the others go once they are freed."""
    held = [seat for seat in own if seat.taken]
    within = [seat.pk for seat in held[:count] if seat.visible_at >= WITHDRAWN]
    beyond = [seat.pk for seat in held[count:] if seat.visible_at < WITHDRAWN]
    Seat.objects.filter(pk__in=within).update(visible_at=visible_at)
    Seat.objects.filter(pk__in=beyond).update(visible_at=WITHDRAWN)


def _bring_back(own: Sequence[Seat], most: int, visible_at: datetime) -> int:
    resting = [seat.pk for seat in own if not is_in_use(seat)][:most]
    return Seat.objects.filter(pk__in=resting).update(visible_at=visible_at)


def _withdraw(own: Sequence[Seat], most: int) -> int:
    free = [seat.pk for seat in reversed(own) if is_in_use(seat) and not seat.taken][:most]
    return Seat.objects.filter(pk__in=free).update(visible_at=WITHDRAWN)
