"""Who comes when: the draw, the order, and what somebody in line is told.

A place in line is one number. Its upper part is a second, its lower part orders those of
that second: first whoever took a turn before an opening, by lot, then everybody else, as
they came. So all who were there at the opening of that second come before all who were not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil

# Seconds are counted from 2020 on: 53 bits hold a second (31) and what lies below it (22).
EPOCH = 1_577_836_800
BELOW = 2**22
LOTS = 2**21
# Whoever was not seen for so long stands aside: others pass by, and the place is kept.
AWAY_SECONDS = 75
# The next look of a page comes within these; far behind in line it comes seldom.
SOONEST_SECONDS = 5
LATEST_SECONDS = 30
# A crowd looks so often in a second, all together, and each of it within so many seconds.
LOOKS_A_SECOND = 200
CROWD_SECONDS = 180
# A refusal for lack of a permit: there is one in a moment.
MOMENT_SECONDS = 2
# How long the room stays open after bookings were refused, or somebody waited.
PRESSED_SECONDS = 120


class Gate(StrEnum):
    """What somebody needs who books by the API."""

    TURN_AND_PERMIT = "turn_and_permit"
    PERMIT = "permit"


class State(StrEnum):
    # May go on.
    PASS = "pass"  # noqa: S105  # no password
    WAITING = "waiting"
    # Takes part in the draw of an opening that lies ahead.
    EARLY = "early"
    NONE = "none"


@dataclass(frozen=True)
class Room:
    """What the figures and the openings say, as all processes share it for a while.

    ``waves`` are the moments at which quota opens, in seconds, those just over included.
    """

    passes: int
    pass_seconds: int
    work_seconds: int
    most_seconds: int
    keep_seconds: int
    ahead_seconds: int
    stays_seconds: int
    pressure: int
    waves: tuple[int, ...] = ()

    def is_open(self, *, now: datetime, pressed: bool) -> bool:
        """Whether whoever books needs a pass: after an opening, and while it is crowded."""
        second = now.timestamp()
        return pressed or any(wave <= second < wave + self.stays_seconds for wave in self.waves)

    def coming(self, *, now: datetime) -> int | None:
        """The opening for which turns may be taken now, in seconds."""
        second = now.timestamp()
        ahead = (wave for wave in self.waves if wave - self.ahead_seconds <= second < wave)
        return min(ahead, default=None)


@dataclass(frozen=True)
class Turn:
    """Where an account stands. ``second``: of its place; ``granted``: passes last minute."""

    state: State
    ahead: int = 0
    waiting: int = 0
    granted: int = 0
    second: int = 0


def wave_of(opens_at: datetime) -> int:
    """An opening, in whole seconds and never before it."""
    return ceil(opens_at.timestamp())


def drawn_place(wave: int, lot: int) -> int:
    """The place of somebody who takes part in the draw of this opening."""
    return (wave - EPOCH) * BELOW + lot % LOTS


def first_place(now: datetime) -> int:
    """The first place of those who come in this second; the line counts on from there."""
    return (int(now.timestamp()) - EPOCH) * BELOW + LOTS


def last_place(now: datetime) -> int:
    """Places up to this one may be called: none of an opening that lies ahead."""
    return (int(now.timestamp()) - EPOCH) * BELOW + BELOW - 1


def second_of(place: int) -> int:
    return place // BELOW + EPOCH


def wait_seconds(turn: Turn, room: Room) -> int:
    """How long those ahead take, at the pace of the last minute.

    Before there is a pace: as if everybody used a pass to its end.
    """
    pace = turn.granted / 60 or room.passes / room.pass_seconds
    return ceil(turn.ahead / pace)


def look_again(seconds: int, *, waiting: int, chance: float) -> int:
    """After how many seconds to ask again: soon where the wait is short, else as the crowd can.

    ``chance`` in [0, 1) keeps them from coming at once.
    """
    seldom = max(LATEST_SECONDS, min(CROWD_SECONDS, waiting / LOOKS_A_SECOND)) / 1.5
    usual = min(max(seconds / 4, SOONEST_SECONDS), seldom)
    return int(usual * (1 + chance / 2))


def look_at_opening(seconds: int, *, waiting: int, chance: float) -> int:
    """How long to wait before asking again ahead of an opening: the lots have fallen, so nobody
    needs to be the first."""
    spread = max(LATEST_SECONDS / 2, min(CROWD_SECONDS / 2, waiting / LOOKS_A_SECOND))
    return min(int(spread), max(1, seconds)) + int(chance * spread)


def away_seconds(waiting: int) -> float:
    """Who was not seen for so long stands aside (as line.lua reckons it)."""
    return max(AWAY_SECONDS, 2 * min(CROWD_SECONDS, waiting / LOOKS_A_SECOND))


def in_a_moment(*, chance: float) -> int:
    return MOMENT_SECONDS + round(chance * 2 * MOMENT_SECONDS)


def opening_waves(moments: Iterable[datetime]) -> tuple[int, ...]:
    return tuple(sorted({wave_of(at) for at in moments}))
