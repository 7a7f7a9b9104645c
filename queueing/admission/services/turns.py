"""Taking a turn, looking at it, using it and giving it back: each one round trip.

All of it is the script in line.lua. While the server is away each answers None: there is no
line then, and bookings go on.
"""

import json
import secrets
from datetime import datetime
from pathlib import Path

from django.core.cache import cache

from queueing.admission import room, rules
from queueing.admission.rules import Room, State, Turn

SCRIPT = (Path(__file__).parent / "line.lua").read_text()
NAMES = "admission:line:"


def take(account: str, *, now: datetime) -> Turn | None:
    """The account's pass, which is longer with each use, or its place in line: the same one
    however often, and from wherever, it is asked for.
    """
    return _ask("take", account, now=now)


def take_early(account: str, *, wave: int, now: datetime) -> Turn | None:
    """Take part in the draw of an opening that lies ahead.

    The lot falls now and is told to nobody before the opening; coming again keeps it.
    """
    place = rules.drawn_place(wave, secrets.randbelow(rules.LOTS))
    return _ask("early", account, now=now, lot=place)


def refused(account: str, *, now: datetime) -> Turn | None:
    """Take a turn, and count that a booking was refused for lack of a permit."""
    return _ask("take", account, now=now, refusals=1)


def counted(account: str, *, now: datetime, refusals: int = 1) -> Turn | None:
    """Count such a refusal of somebody who needs no turn, or so many."""
    return _ask("look", account, now=now, refusals=refusals)


def look(account: str, *, now: datetime) -> Turn | None:
    """How the account stands; a turn that may go on becomes a pass by this."""
    return _ask("look", account, now=now)


def keep_working(account: str, *, now: datetime) -> Turn | None:
    """Somebody types: a pass, if there is one, holds for longer."""
    return _ask("keep", account, now=now, pass_seconds=room.current().room.work_seconds)


def done(account: str, *, now: datetime) -> None:
    """The visit is booked: the pass is somebody else's."""
    _ask("done", account, now=now)


def leave(account: str, *, now: datetime) -> None:
    """Give up turn and pass."""
    _ask("leave", account, now=now)


def _ask(
    act: str,
    account: str,
    *,
    now: datetime,
    lot: int | None = None,
    refusals: int = 0,
    pass_seconds: int = 0,
) -> Turn | None:
    known: Room = room.current().room
    question = {
        "account": account,
        "act": act,
        "now": int(now.timestamp() * 1000),
        "passes": known.passes,
        "pass_ms": 1000 * (pass_seconds or known.pass_seconds),
        "longest_pass_ms": 1000 * known.most_seconds,
        "keep_ms": 1000 * known.keep_seconds,
        "away_ms": 1000 * rules.AWAY_SECONDS,
        "away_ms_each": 2000 // rules.LOOKS_A_SECOND,
        "longest_away_ms": 2000 * rules.CROWD_SECONDS,
        "first_place": rules.first_place(now),
        "last_place": rules.last_place(now),
        "lot": lot,
        "pressure": known.pressure,
        "pressed_seconds": rules.PRESSED_SECONDS,
        "refusals": refusals,
    }
    told = cache.run(SCRIPT, [NAMES, room.PRESSED], [json.dumps(question)])
    if told is None:
        return None
    state, ahead, waiting, granted, place = told
    return Turn(State(state.decode()), ahead, waiting, granted, rules.second_of(int(place)))
