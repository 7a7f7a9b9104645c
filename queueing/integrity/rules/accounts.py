"""What an account shows of itself, as signals and a score. Values in, values out.

A signal has a threshold and a weight; each whole multiple of the threshold adds the
weight again, up to ``times``. What is merely shared with others (a device, an address)
never makes a score: it adds at most as much as the account shows by its own acts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queueing.integrity.rules.signal import MOST, Signal, score_of


@dataclass(frozen=True)
class Facts:
    """What was counted of one account in ``days``; each field has a signal of its name."""

    days: int = 0
    # By its own acts.
    volume: int = 0
    churn: int = 0
    let_go: int = 0
    series_own: int = 0
    series: int = 0
    names: int = 0
    first_second: int = 0
    speed: int = 0
    not_found: int = 0
    disputes: int = 0
    no_shows: int = 0
    disposable: int = 0
    lookalike: int = 0
    # Shared with others.
    device: int = 0
    address: int = 0
    phone: int = 0
    burst: int = 0
    region: int = 0


@dataclass(frozen=True)
class Measure:
    """When a count is a signal, and how much it weighs. Figures of policy."""

    code: str
    least: int
    weight: int
    times: int
    is_shared: bool = False

    def signal(self, facts: Facts) -> Signal | None:
        count = getattr(facts, self.code)
        if count < self.least:
            return None
        weight = self.weight * min(self.times, count // self.least)
        return Signal(self.code, weight, {"count": count, "days": facts.days})


@dataclass(frozen=True)
class Judgement:
    """The points of an account, 0 to 100, and the signals behind them, heaviest first."""

    points: int
    own: int
    signals: tuple[Signal, ...]


NOTHING = Judgement(0, 0, ())


def judge(facts: Facts, measures: Sequence[Measure]) -> Judgement:
    own = _signals(facts, (one for one in measures if not one.is_shared))
    points = score_of(own)
    if not points:
        return NOTHING
    shared = _signals(facts, (one for one in measures if one.is_shared))
    total = min(MOST, points + min(points, score_of(shared)))
    heaviest = sorted((*own, *shared), key=lambda signal: (-signal.weight, signal.code))
    return Judgement(total, points, tuple(heaviest))


def _signals(facts: Facts, measures: Iterable[Measure]) -> list[Signal]:
    found = (measure.signal(facts) for measure in measures)
    return [signal for signal in found if signal is not None and signal.weight]
