"""What a door of citizens asks before it books: is it this account's turn, and is there room.

Officers' doors ask neither. Waiting is nowhere in here: whoever is not taken on is told so
at once, and when to come again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings

from paspor.kernel.permits import Permits
from queueing.admission import room, telling
from queueing.admission.errors import AtCapacity, InLine, NotYet
from queueing.admission.rules import State, Turn
from queueing.admission.services import turns

bookings = Permits(settings.BOOKING_PERMITS)


def check_turn(account: str, *, now: datetime) -> None:
    """While there is a line: only who has a pass goes on. Raises InLine."""
    if not room.current().is_open(now):
        return
    turn = turns.take(account, now=now)
    if turn is not None and turn.state != State.PASS:
        raise _refusal(InLine, turn, account, now=now)


@contextmanager
def permitted(
    account: str, *, in_line: bool = True, has_one: bool = False, now: datetime
) -> Iterator[None]:
    """One of few who write at this moment in this process. Raises AtCapacity, InLine.

    Whoever is refused has a turn by that; ``in_line`` is false for those who hold seats
    already, who go before all that line. ``has_one``: the permit was taken on the way here.
    """
    if has_one:
        yield
        return
    with bookings.tried() as got:
        if not got:
            turn = (turns.refused if in_line else turns.counted)(account, now=now)
            waits = in_line and turn is not None and turn.state != State.PASS
            raise _refusal(InLine if waits else AtCapacity, turn, account, now=now)
        yield


def done(account: str, *, now: datetime) -> None:
    """Booked: the pass is for somebody else."""
    if room.current().is_open(now):
        turns.done(account, now=now)


def working(account: str, *, now: datetime) -> None:
    """Somebody types in the middle of it, a family perhaps: the pass holds for longer."""
    if room.current().is_open(now):
        turns.keep_working(account, now=now)


def _refusal(kind: type[NotYet], turn: Turn | None, account: str, *, now: datetime) -> NotYet:
    shown = telling.turn_payload(turn, account=account, now=now)
    return kind(turn=shown, retry_after=shown["ask_again"])
