"""What a rule says where it saw something: a code, a weight, and the numbers it saw.

The code has a sentence in the words of its part, which the numbers are put into; so a
signal is kept as data, and read in whichever language is spoken.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# A score says how much to look, not how guilty somebody is; more than this says no more.
MOST = 100


@dataclass(frozen=True)
class Signal:
    """``weight`` in points of MOST; ``params`` are numbers and codes, never a name."""

    code: str
    weight: int
    params: Mapping[str, int | str] = field(default_factory=dict)


def score_of(signals: Iterable[Signal]) -> int:
    return min(MOST, sum(signal.weight for signal in signals))
