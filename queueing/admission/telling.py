"""A turn as programs are told of it, and when they shall ask again."""

import random
from datetime import UTC, datetime
from typing import Any

from queueing.admission import room, rules, tokens
from queueing.admission.rules import State, Turn
from queueing.admission.tokens import Token

NOWHERE = Turn(State.NONE)


def turn_payload(turn: Turn | None, *, account: str, now: datetime) -> dict[str, Any]:
    """``position`` is 1 for whoever comes next; nothing of it is known before a draw.

    ``account`` is empty where nobody has asked who that is.
    """
    turn = turn or NOWHERE
    waits = turn.state == State.WAITING
    early = turn.state == State.EARLY
    return {
        "state": turn.state.value,
        "position": turn.ahead + 1 if waits else None,
        "ahead": turn.ahead if waits else None,
        "waiting": turn.waiting,
        "wait_seconds": wait_seconds(turn) if waits else None,
        "drawn_at": datetime.fromtimestamp(turn.second, UTC).isoformat() if early else None,
        "ask_again": ask_again(turn, now=now),
        "token": tokens.issue(Token(account)) if account else "",
    }


def wait_seconds(turn: Turn) -> int:
    return rules.wait_seconds(turn, room.current().room)


def ask_again(turn: Turn | None, *, now: datetime) -> int:
    """In seconds, with a chance in it, so that not all come at once."""
    chance = random.random()  # noqa: S311  # nothing to guess here
    if turn is not None and turn.state == State.WAITING:
        return rules.look_again(wait_seconds(turn), waiting=turn.waiting, chance=chance)
    if turn is not None and turn.state == State.EARLY:
        return rules.look_at_opening(
            turn.second - int(now.timestamp()), waiting=turn.waiting, chance=chance
        )
    return rules.in_a_moment(chance=chance)
