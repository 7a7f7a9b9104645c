"""The text of a record: ``R1.<list>.<what happened>.<signature>``, the last two in base64url.

What happened is JSON: list, office, day, saved_at, marks, walk_ins. Moments are seconds since
1970 UTC. Signed over everything before the last dot with the key in that list's sealed part.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from paspor.kernel import ed25519

VERSION = "R1"
PARTS = 4
MOST_BYTES = 1024 * 1024
MOST_MARKS = 3000
MOST_WALK_INS = 1000
LONGEST = {"booking": 8, "who": 20, "state": 16, "reason": 60}


class NotARecord(ValueError):
    """Not signed by the list's key, or not of this shape."""


@dataclass(frozen=True)
class PersonMark:
    """One person: what became of them, and when."""

    booking: str
    who: str
    state: str
    arrived_at: datetime | None
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True)
class WalkIn:
    """Somebody without a booking: the number that the page gave, and when."""

    number: int
    at: datetime


@dataclass(frozen=True)
class Record:
    list_code: str
    office_code: str
    day: str
    saved_at: datetime
    marks: tuple[PersonMark, ...]
    walk_ins: tuple[WalkIn, ...]


def list_code(text: str) -> str:
    """Which list the record says that it belongs to; nothing is checked yet."""
    parts = text.strip().split(".")
    if len(text) > MOST_BYTES or len(parts) != PARTS or parts[0] != VERSION:
        raise NotARecord
    if not (parts[1].isascii() and parts[1].isalnum()):
        raise NotARecord
    return parts[1]


def read(text: str, *, key: str) -> Record:
    """What a record tells that was signed with the list's ``key``; NotARecord for any other."""
    signed, _dot, signature = text.strip().rpartition(".")
    try:
        ed25519.check(signed.encode(), signature, key_id="", keys={"": key})
        return _record(json.loads(ed25519.decoded(signed.split(".")[2])))
    except (ValueError, KeyError, TypeError, OverflowError, OSError, AttributeError):
        raise NotARecord from None


def _record(told: Mapping[str, Any]) -> Record:
    marks = tuple(_person_mark(mark) for mark in told["marks"])
    if len(marks) > MOST_MARKS or len({(mark.booking, mark.who) for mark in marks}) < len(marks):
        raise NotARecord
    return Record(
        list_code=_text(told, "list", 12),
        office_code=_text(told, "office", 40),
        day=_text(told, "day", 10),
        saved_at=_moment(told["saved_at"]),
        marks=marks,
        walk_ins=_walk_ins(told["walk_ins"]),
    )


def _person_mark(mark: Mapping[str, Any]) -> PersonMark:
    texts = {name: _text(mark, name, longest) for name, longest in LONGEST.items()}
    arrived, ended = mark["arrived_at"], mark["ended_at"]
    if arrived is None and ended is None:
        raise NotARecord
    return PersonMark(
        arrived_at=None if arrived is None else _moment(arrived),
        ended_at=None if ended is None else _moment(ended),
        **texts,
    )


def _walk_ins(told: Sequence[Mapping[str, Any]]) -> tuple[WalkIn, ...]:
    found = tuple(WalkIn(int(one["n"]), _moment(one["at"])) for one in told)
    if len(found) > MOST_WALK_INS or any(not 0 < one.number <= MOST_WALK_INS for one in found):
        raise NotARecord
    return found


def _text(told: Mapping[str, Any], name: str, longest: int) -> str:
    value = told[name]
    if not isinstance(value, str) or len(value) > longest or not (value + "x").isprintable():
        raise NotARecord
    return value


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
