"""When mail is in trouble: codes that do not come back, letters that nobody takes. Pure.

Each share is held against its usual level of the weeks before. It is a fall only where it
is below half of that, and where chance alone would do as badly once in a million looks; so
a small office at night raises nothing, and a busy hour is noticed after a dozen codes.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

# A code used within this time had arrived in time.
IN_TIME = timedelta(minutes=10)
# The newest so many are looked at, each size by itself.
SAMPLES = (12, 20, 40, 80)
FALLEN = 0.5
WELL_AGAIN = 0.8
BY_CHANCE = 1e-6
# So many make a usual level of a domain's own; below it nobody can pull the whole down.
ESTABLISHED = 50
# A share of exactly one would make the first slow reader an alarm; and weeks of trouble
# must not become what is usual.
HIGHEST_USUAL = 0.98
LOWEST_USUAL = 0.3
# After so long less is taken for proof that all is well.
LONG = timedelta(hours=1)


class Trouble(Enum):
    """What was found, worst first."""

    UNTAKEN = "untaken"
    UNANSWERED = "unanswered"
    LATE = "late"


class Sent(NamedTuple):
    """A message that was watched, and whether it did what it is for."""

    domain: str
    relay: str
    went_well: bool


@dataclass(frozen=True)
class Usual:
    """The shares of the weeks before. ``domains`` has the established ones only."""

    whole: float
    domains: Mapping[str, float]

    @classmethod
    def of(cls, counts: Mapping[str, tuple[int, int]], unknown: float) -> "Usual":
        """``counts``: of each domain, how many went well, of how many.

        ``unknown`` stands where no domain has sent enough yet.
        """
        known = {domain: pair for domain, pair in counts.items() if pair[1] >= ESTABLISHED}
        good, of = (sum(pair[n] for pair in known.values()) for n in (0, 1))
        whole = _bounded(good, of) if of else unknown
        return cls(whole, {name: _bounded(*pair) for name, pair in known.items()})

    def counts(self, domain: str) -> bool:
        """Whether the whole is judged by it: nobody's invented domains raise an alarm."""
        return not self.domains or domain in self.domains


def _bounded(good: int, of: int) -> float:
    return min(max(good / of, LOWEST_USUAL), HIGHEST_USUAL)


@dataclass(frozen=True)
class Finding:
    """``domain`` "": of all. ``relay`` carried most of what went wrong, "" where none did."""

    trouble: Trouble
    domain: str = ""
    relay: str = ""
    share: float | None = None
    usual: float | None = None


def find(sent: Sequence[Sent], trouble: Trouble, usual: Usual) -> list[Finding]:
    """Newest first in ``sent``. One finding of the whole, or else one for each fallen domain."""
    counted = [one for one in sent if usual.counts(one.domain)]
    whole = _fall(counted, usual.whole)
    if whole is not None and len({one.domain for one in whole if not one.went_well}) > 1:
        return [_finding(trouble, "", whole, usual.whole)]
    by_domain = {domain: [one for one in sent if one.domain == domain] for domain in usual.domains}
    found = [
        _finding(trouble, domain, fallen, usual.domains[domain])
        for domain, its in by_domain.items()
        if (fallen := _fall(its, usual.domains[domain])) is not None
    ]
    if found or whole is None:
        return found
    return [_finding(trouble, "", whole, usual.whole)]


def _finding(trouble: Trouble, domain: str, sample: Sequence[Sent], usual: float) -> Finding:
    bad = Counter(one.relay for one in sample if not one.went_well and one.relay)
    relay = bad.most_common(1)[0][0] if bad else ""
    return Finding(trouble, domain, relay, _share(sample), usual)


def _share(sample: Sequence[Sent]) -> float:
    return sum(one.went_well for one in sample) / len(sample)


def _fall(sent: Sequence[Sent], usual: float) -> Sequence[Sent] | None:
    """The sample that has fallen from its usual level, the newest first."""
    for size in SAMPLES:
        sample = sent[:size]
        if len(sample) == size and has_fallen(sum(one.went_well for one in sample), size, usual):
            return sample
    return None


def has_fallen(good: int, of: int, usual: float) -> bool:
    return good < of * usual * FALLEN and by_chance(good, of, usual) < BY_CHANCE


def by_chance(good: int, of: int, usual: float) -> float:
    """How likely so few or fewer are, where each goes well as usual (binomial)."""
    return sum(math.comb(of, n) * usual**n * (1 - usual) ** (of - n) for n in range(good + 1))


def is_well_again(sent: Sequence[Sent], usual: Usual, lasting: timedelta) -> bool:
    """Of what was sent since the trouble began, newest first: enough, and nearly as usual."""
    counted = [one for one in sent if usual.counts(one.domain)][: SAMPLES[0]]
    enough = len(counted) == SAMPLES[0] or (counted and lasting >= LONG)
    return bool(enough) and _share(counted) >= usual.whole * WELL_AGAIN


def late(oldest: datetime | None, allowed: timedelta, now: datetime) -> list[Finding]:
    waits = oldest is not None and now - oldest > allowed
    return [Finding(Trouble.LATE)] if waits else []


def unmoved(sent: Iterable[Sent], is_set_back: Callable[[str, str], bool]) -> list[Sent]:
    """Without what went by a relay that is asked last already: that is known."""
    return [one for one in sent if not is_set_back(one.relay, one.domain)]
