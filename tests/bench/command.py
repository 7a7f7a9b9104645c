"""The words of `make bench`, its table, and bench.json."""

import argparse
import json
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from tests import databases
from tests.bench import claim, growth, inside, town
from tests.bench.checks import Faults
from tests.bench.growth import Ground
from tests.bench.load import WITHOUT_WRK
from tests.bench.rows import NAMES, ROWS, Outcome, Row, play
from tests.bench.stage import Stage
from tests.bench.town import FULL, QUICK, Size
from tests.console import say

HEADS = (
    *(("row", 22), ("per second", 11), ("p50 ms", 9), ("p99 ms", 9)),
    *(("web cpu", 9), ("db cpu", 8), ("by", 9), ("  answers", 0)),
)
# India's railway sold 31,814 places in its record minute.
RECORD_A_SECOND = 530.0


@dataclass(frozen=True)
class Measured:
    """The medians of a row's runs."""

    name: str
    per_second: float
    p50_ms: float
    p99_ms: float
    web_ms: float
    db_ms: float
    told: Counter[str]
    generator: str
    of: dict[str, dict[str, float]]

    def as_json(self) -> dict[str, Any]:
        told = {"per_second": self.per_second, "p50_ms": self.p50_ms, "p99_ms": self.p99_ms}
        used = {"web_cpu_ms": self.web_ms, "db_cpu_ms": self.db_ms}
        more = {"answers": self.told, "generator": self.generator, "of": self.of}
        return told | used | more


@dataclass(frozen=True)
class Goal:
    """A row against another one, or against a number a second. Only of rows that were run."""

    row: str
    of: str | None
    at_least: float

    def reached(self, rows: dict[str, Measured]) -> float | None:
        if self.row not in rows or (self.of is not None and self.of not in rows):
            return None
        per_second = rows[self.row].per_second
        return per_second / max(rows[self.of].per_second, 0.001) if self.of else per_second

    def as_text(self, reached: float) -> str:
        told = "met" if reached >= self.at_least else "NOT MET"
        against = f" / {self.of}" if self.of else " a second"
        return f"{self.row + against:<34}{reached:>9.2f}   goal {self.at_least:>7.2f}   {told}"

    @property
    def name(self) -> str:
        return f"{self.row}/{self.of}" if self.of else self.row


GOALS = (
    Goal("book-spread", "claim-view", 0.5),
    Goal("book-spread", "echo", 0.10),
    Goal("book-spread", None, RECORD_A_SECOND),
    Goal("book-hot", "book-spread", 0.8),
    Goal("availability", "hello", 0.5),
    Goal("overload", "book-spread", 0.8),
)


def main(words: Sequence[str] | None = None, *, template: str | None = None) -> int:
    asked = _asked(words)
    if asked.inside:
        inside.play(template or databases.make_template())
        return 0
    rows = _rows(asked.rows)
    began = monotonic()
    outcomes = measure(rows, asked.size, template or databases.make_template(), asked.past)
    found = {row.name: _medians(outcomes[row.name]) for row in rows}
    faults = sum((one.faults for row in rows for one in outcomes[row.name]), Faults())
    grown = _growth(asked, found)
    _print(found, grown["country/town"], faults, seconds=monotonic() - began, size=asked.size)
    _write(Path(asked.out), found, faults, grown)
    return 1 if faults != Faults() else 0


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--quick", dest="size", action="store_const", const=QUICK, default=FULL)
    parser.add_argument("--tiny", dest="size", action="store_const", const=town.TINY)
    told = "within a country with so many past visits; a million if no number is given"
    parser.add_argument("--past", type=int, nargs="?", const=1_000_000, default=0, help=told)
    told = "no server: what an answer costs this process, and the database, in processor"
    parser.add_argument("--inside", action="store_true", help=told)
    parser.add_argument("--out", default="bench.json")
    parser.add_argument("rows", nargs="*", metavar="row", help=", ".join(NAMES))
    return parser.parse_args(words)


def _rows(named: Sequence[str]) -> list[Row]:
    unknown = set(named) - set(NAMES)
    if unknown:
        raise SystemExit(
            f"No such row: {', '.join(sorted(unknown))}. There are {', '.join(NAMES)}."
        )
    rows = [row for row in ROWS if not named or row.name in named]
    if not claim.is_here():
        say(claim.WITHOUT_PGBENCH)
        rows = [row for row in rows if row.plan is not None]
    return rows


def measure(
    rows: Sequence[Row], size: Size, template: str, past: int = 0
) -> dict[str, list[Outcome]]:
    """Each row so many times, all rows in turn: what disturbs the machine disturbs all alike."""
    if shutil.which("wrk") is None:
        say(WITHOUT_WRK)
    outcomes = defaultdict(list)
    with databases.copied(template) as made, tempfile.TemporaryDirectory() as folder:
        people = town.build(size, past)
        with Stage(people, made, Path(folder)).open() as stage:
            for number in range(size.runs):
                for row in rows:
                    _tell(f"{row.name} ({number + 1} of {size.runs})")
                    outcomes[row.name].append(play(row, stage))
    return outcomes


def _medians(runs: Sequence[Outcome]) -> Measured:
    told: Counter[str] = sum((run.result.told for run in runs), Counter())
    if cut_off := sum(run.result.cut_off for run in runs):
        told["cut off"] = cut_off
    return Measured(
        name=runs[0].row,
        per_second=median(run.per_second for run in runs),
        p50_ms=median(run.result.p50_ms for run in runs),
        p99_ms=median(run.result.p99_ms for run in runs),
        web_ms=median(run.web_ms for run in runs),
        db_ms=median(run.db_ms for run in runs),
        told=told,
        generator=runs[0].result.generator,
        of=runs[0].result.of,
    )


def _growth(asked: argparse.Namespace, found: dict[str, Measured]) -> dict[str, Any]:
    """This run's ground, the last run on the other one, and the rows that both have."""
    ground = Ground(asked.past, asked.size.runs, asked.size.seconds)
    other = growth.other_of(Path(asked.out), ground)
    per_second = {name: row.per_second for name, row in found.items()}
    return {
        "ground": ground.as_json(),
        "other": other,
        "country/town": growth.ratios(ground, per_second, other),
    }


def _print(
    found: dict[str, Measured],
    grown: dict[str, float],
    faults: Faults,
    *,
    seconds: float,
    size: Size,
) -> None:
    _tell("")
    say("cpu: milliseconds of processor an answer, of the web server and of the database")
    say("by: what made the load; own is tests/bench/crowd.py, which takes more of the machine")
    say(
        "".join(
            f"{head:<{width}}" if not n else f"{head:>{width}}"
            for n, (head, width) in enumerate(HEADS)
        )
    )
    for row in found.values():
        answers = ", ".join(f"{status} ×{count}" for status, count in sorted(row.told.items()))
        say(
            f"{row.name:<22}{row.per_second:>11.1f}{row.p50_ms:>9.1f}{row.p99_ms:>9.1f}"
            f"{row.web_ms:>9.2f}{row.db_ms:>8.2f}{row.generator:>9}  {answers}"
        )
        for status, figures in sorted(row.of.items() if len(row.of) > 1 else ()):
            times = f"{figures['p50_ms']:>9.1f}{figures['p99_ms']:>9.1f}"
            say(f"{'   ' + status:<33}{times}{_when(figures)}")
    say("")
    for goal in GOALS:
        if (reached := goal.reached(found)) is not None:
            say(goal.as_text(reached))
    for name, ratio in grown.items():
        say(growth.as_text(name, ratio))
    say(
        f"oversold {faults.oversold}, lost {faults.lost}, half-written {faults.half_written}; "
        f"{size.runs} runs of at most {size.seconds:g} s, medians, {seconds:.0f} s in all"
    )


def _when(figures: dict[str, float]) -> str:
    """How those were told to come again who were told so."""
    if not figures["told_when"]:
        return ""
    told, times = figures["told_when"], figures["different_times"]
    return f"   {told:.0f} told when to come again, {times:.0f} different times"


def _write(path: Path, found: dict[str, Measured], faults: Faults, grown: dict[str, Any]) -> None:
    told = {
        "rows": {name: row.as_json() for name, row in found.items()},
        "checks": faults.as_json(),
        "ratios": {
            goal.name: {"reached": reached, "goal": goal.at_least}
            for goal in GOALS
            if (reached := goal.reached(found)) is not None
        },
    }
    path.write_text(json.dumps(told | grown, indent=2) + "\n")


def _tell(word: str) -> None:
    """How far it is, to somebody who watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{word:<40}")
