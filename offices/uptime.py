"""What may be said of a target's days: minutes up, down and unknown. Pure, no clock.

A minute without a probe is unknown, never up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

A_DAY = 1440


@dataclass(frozen=True)
class Day:
    """``minutes`` is how many of the day have passed."""

    day: date
    up: int
    down: int
    minutes: int = A_DAY

    @property
    def unknown(self) -> int:
        return max(0, self.minutes - self.up - self.down)

    @property
    def tone(self) -> str:
        """The worst that is to be told of the day."""
        if self.down:
            return "down"
        return "up" if self.up and self.unknown <= self.minutes // 100 + 2 else "unknown"


def shares(days: Iterable[Day]) -> dict[str, float]:
    """Per cent of all minutes, rounded so that up is never said too high."""
    days = list(days)
    whole = sum(day.minutes for day in days) or 1
    up = sum(day.up for day in days) * 10000 // whole / 100
    down = -(-sum(day.down for day in days) * 10000 // whole) / 100
    return {"up": up, "down": down, "unknown": round(max(0.0, 100 - up - down), 2)}
