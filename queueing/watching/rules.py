"""Who is told of which room. No Django, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from queueing.quota.rules import RADII as AROUND

# 0: this office alone.
RADII = (0, *AROUND)


@dataclass(frozen=True)
class Room:
    """An office that has room, as it is seen from the place of a watch."""

    office_id: int
    day: date
    km: float


def best(rooms: Iterable[Room], radius_km: int) -> Room | None:
    """The soonest day within the radius, of one day the nearest."""
    near = [room for room in rooms if room.km <= radius_km]
    return min(near, key=lambda room: (room.day, room.km), default=None)


@dataclass(frozen=True)
class Drawn:
    """A watch of so many people with its lot, and the office that it would be told of."""

    lot: int
    watch_id: int
    people: int
    office_id: int


def within_seats(drawn: Iterable[Drawn], left: dict[int, int]) -> list[Drawn]:
    """Those who are told this time, in the order of their lots, whatever their number.

    ``left`` counts down, for each office, how many people may still be told of it; the last
    family may go beyond it: a family that never fitted would never be told.
    """
    told = []
    for watch in sorted(drawn, key=lambda watch: watch.lot):
        if left.get(watch.office_id, 0) > 0:
            left[watch.office_id] -= watch.people
            told.append(watch)
    return told
