"""Which relay is asked next, and what its answer means. Pure, no clock.

A relay that three letters or health checks in a row could not reach rests for a growing
while, then one letter or check tries it again. One that took letters which never arrived
is asked last for a while, for everyone or for one recipient domain.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

FAILURES_TO_REST = 3
FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=15)
# Asked last for so long after letters that never arrived; longer each time in a row.
FIRST_SETBACK = timedelta(hours=1)
LONGEST_SETBACK = timedelta(hours=24)
# Nobody else tries a relay while one letter does.
TRIAL = timedelta(seconds=90)
# SMTP replies about us and not about the letter: sign-in and encryption wanted, closing down.
ABOUT_US = {421, 454, 530, 534, 535, 538}
POLICY = re.compile(r"\b5\.7\.\d{1,3}\b")


class Verdict(Enum):
    """What an attempt at one relay was worth."""

    TAKEN = "taken"
    # Of the mailbox, for good: another relay would hear the same.
    REFUSED = "refused"
    # By policy (blocklists, authority): another relay may be heard.
    DENIED = "denied"
    LATER = "later"
    UNREACHED = "unreached"


@dataclass(frozen=True)
class Health:
    """``failures`` in a row; ``rests_until`` and ``last_until`` are None where neither holds."""

    failures: int = 0
    rests_until: datetime | None = None
    last_until: datetime | None = None

    def is_resting(self, now: datetime) -> bool:
        return self.rests_until is not None and self.rests_until > now

    @property
    def is_on_trial(self) -> bool:
        """Whether the next to ask it is the only one to ask it; once its rest is over."""
        return self.rests_until is not None

    def is_last(self, now: datetime) -> bool:
        return self.last_until is not None and self.last_until > now


WELL = Health()
# For which relay and recipient domain; the domain "" stands for all.
Healths = Mapping[tuple[str, str], Health]


def is_policy(answer: str) -> bool:
    """Whether a refusal is about us or our words rather than about the mailbox."""
    return POLICY.search(answer) is not None


def verdict(code: int, answer: str) -> Verdict:
    """Of a reply to one letter (RFC 5321, 4.2; enhanced codes: RFC 3463)."""
    if code in ABOUT_US:
        return Verdict.UNREACHED
    if 400 <= code < 500:
        return Verdict.LATER
    if 500 <= code < 600:
        return Verdict.DENIED if is_policy(answer) else Verdict.REFUSED
    return Verdict.LATER


def rest(failures: int) -> timedelta | None:
    """How long a relay rests after so many failures in a row; None: it goes on."""
    if failures < FAILURES_TO_REST:
        return None
    return min(FIRST_REST * 2 ** min(failures - FAILURES_TO_REST, 10), LONGEST_REST)


def setback(times: int) -> timedelta:
    """For how long a relay is asked last, for the so manieth time in a row (from 1)."""
    return min(FIRST_SETBACK * 2 ** min(times - 1, 10), LONGEST_SETBACK)


def is_in_a_row(last_until: datetime | None, now: datetime) -> bool:
    """Whether a setback follows the one before it."""
    return last_until is not None and now - last_until < LONGEST_SETBACK


def awake(names: Iterable[str], healths: Healths, now: datetime) -> list[str]:
    return [name for name in names if not healths.get((name, ""), WELL).is_resting(now)]


def last_until(name: str, domain: str, healths: Healths, now: datetime) -> datetime | None:
    """Until when the relay is asked last for the domain; None where it is not."""
    found = (healths.get((name, each), WELL) for each in {"", domain})
    return max((health.last_until for health in found if health.is_last(now)), default=None)


def order(names: Iterable[str], healths: Healths, domain: str, now: datetime) -> list[str]:
    """Whom to ask for a letter to the domain: as configured, those put last at the end.

    Of several that are last, the one whose time ends first goes first.
    """
    able = [(last_until(name, domain, healths, now), name) for name in awake(names, healths, now)]
    first = [name for until, name in able if until is None]
    late = sorted(((until, n) for until, n in able if until is not None), key=lambda one: one[0])
    return first + [name for _until, name in late]
