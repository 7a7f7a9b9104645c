"""Two officers of whom one always asks and the other always agrees. Values in, signal out."""

from dataclasses import dataclass

from queueing.integrity.rules.signal import Signal


@dataclass(frozen=True)
class Pair:
    """What one officer asked and another decided. ``of_asker``: the asker's decided in all."""

    decided: int
    granted: int
    median_seconds: float
    of_asker: int

    @property
    def granted_percent(self) -> int:
        return self.granted * 100 // self.decided if self.decided else 0

    @property
    def share_percent(self) -> int:
        """How much of what the asker asks is decided by this one second."""
        return self.decided * 100 // self.of_asker if self.of_asker else 0


@dataclass(frozen=True)
class PairLimits:
    """From where on a pair is named; all four must hold. Figures of policy."""

    requests: int
    granted_percent: int
    seconds: int
    share_percent: int


def always_agrees(pair: Pair, limits: PairLimits, weight: int) -> Signal | None:
    """Many requests, nearly all granted, faster than anybody reads, by nearly one second only.

    In a small office with two officers the share alone is ordinary, and a granted share
    alone is too: only unread agreement is what the second officer must not be.
    """
    named = (
        pair.decided >= limits.requests
        and pair.granted_percent >= limits.granted_percent
        and pair.median_seconds < limits.seconds
        and pair.share_percent >= limits.share_percent
    )
    if not named:
        return None
    numbers = {
        "decided": pair.decided,
        "granted": pair.granted_percent,
        "seconds": round(pair.median_seconds),
        "share": pair.share_percent,
    }
    return Signal("pair_agrees", weight, numbers)
