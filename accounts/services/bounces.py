"""Reports about letters that a server had taken: what became of them after all.

Only a message that is ACCEPTED changes, so the first report that decides stands: the same
one again, or an older one that comes late, changes nothing.
"""

import mailbox
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from accounts import bounces
from accounts.models import Message

State = Message.State


class Heard(StrEnum):
    """What a letter in the bounce mailbox was worth."""

    CHANGED = "changed"
    NOTHING_NEW = "nothing new"
    # It overtook the result of our own sending, which must be written first.
    TOO_EARLY = "too early"


def _state(report: bounces.Report) -> str | None:
    """None for what decides nothing: a delay, or a server that knows no more than we do."""
    if report.action == "failed":
        return State.REFUSED if report.is_permanent else State.FAILED
    return State.DELIVERED if report.action == "delivered" else None


def hear(*, raw: bytes, now: datetime) -> Heard:
    """Read one letter and write what it says of ours. May be done again."""
    report = bounces.read(raw)
    state = _state(report) if report else None
    if report is None or state is None:
        return Heard.NOTHING_NEW
    # A message without address is forgotten: nothing is written about it any more.
    ours = Message.objects.filter(message_id=report.message_id).exclude(to="")
    reason = "" if state == State.DELIVERED else report.reason[:300]
    accepted = ours.filter(state=State.ACCEPTED)
    if accepted.update(state=state, reason=reason, changed_at=now):
        return Heard.CHANGED
    early = ours.filter(state__in=[State.QUEUED, State.SENDING]).exists()
    return Heard.TOO_EARLY if early else Heard.NOTHING_NEW


def hear_all(*, folder: Path, now: datetime) -> dict[Heard, int]:
    """Read what is new in a Maildir. What came too early stays new, for the next time."""
    box = mailbox.Maildir(folder, create=False)
    counts = dict.fromkeys(Heard, 0)
    for key in list(box.keys()):
        letter = box.get_message(key)
        if letter.get_subdir() != "new":
            continue
        heard = hear(raw=box.get_bytes(key), now=now)
        counts[heard] += 1
        if heard != Heard.TOO_EARLY:
            letter.set_subdir("cur")
            letter.add_flag("S")
            box[key] = letter
    return counts
