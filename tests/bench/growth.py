"""Whether a country with a past is as fast as a small town: each row of both, where both were run.

bench.json keeps the last run of the other kind beside its own.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AT_LEAST = 0.8


@dataclass(frozen=True)
class Ground:
    """What a run was made on; only runs of one length are compared."""

    past: int
    runs: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        return {"past": self.past, "runs": self.runs, "seconds": self.seconds}

    def is_other(self, told: dict[str, Any]) -> bool:
        same = (told.get("runs"), told.get("seconds")) == (self.runs, self.seconds)
        return same and bool(told.get("past")) != bool(self.past)


def other_of(path: Path, ground: Ground) -> dict[str, Any] | None:
    """The last run of the other kind: the one that was kept last, or what was kept beside it."""
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    for told in (kept, kept.get("other") or {}):
        if ground.is_other(told.get("ground") or {}):
            return {"ground": told["ground"], "rows": told["rows"]}
    return None


def ratios(
    ground: Ground, per_second: dict[str, float], other: dict[str, Any] | None
) -> dict[str, float]:
    """The country's answers a second for one of the town's, of each row that both have."""
    found = {}
    for name, told in (other["rows"] if other else {}).items():
        if name in per_second and per_second[name] and told["per_second"]:
            ours, theirs = per_second[name], told["per_second"]
            found[name] = ours / theirs if ground.past else theirs / ours
    return found


def as_text(name: str, ratio: float) -> str:
    told = "met" if ratio >= AT_LEAST else "NOT MET"
    return f"{name + ', country / town':<34}{ratio:>9.2f}   goal {AT_LEAST:>7.2f}   {told}"
