"""Sending a plan to the portal with as many connections as a row asks for."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import plans

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("wrk.lua")
WITHOUT_WRK = (
    "wrk was not found, so a generator of our own makes the load, which takes more of the "
    "machine: apt-get install wrk"
)
OUR_OWN = "own"
# A plan may end late: whoever has been asked is waited for.
PATIENCE = 60


@dataclass(frozen=True)
class Result:
    """What one run came to. ``of`` tells answers apart, where the generator can."""

    seconds: float
    told: Counter[str]
    codes: list[str]
    cut_off: int
    p50_ms: float
    p99_ms: float
    generator: str
    of: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return sum(count for status, count in self.told.items() if status.startswith("2"))


@dataclass(frozen=True)
class Load:
    """``mode``: each request once, round and round (cycle), each hold confirmed (confirm), or
    asked again after as long as a refusal says (patient).
    """

    mode: str = "once"
    connections: int = 32
    # Answers are told apart: only our own generator can.
    apart: bool = False


def generator_of(load: Load) -> str:
    if load.apart or load.mode in {"confirm", "patient"} or shutil.which("wrk") is None:
        return OUR_OWN
    return "wrk"


def send(
    load: Load, requests: Iterable[bytes], *, port: int, seconds: float, folder: Path
) -> Result:
    plan = folder / "plan"
    count = plans.write(plan, requests)
    connections = min(load.connections, count) if load.mode != "cycle" else load.connections
    generator = generator_of(load)
    if generator == OUR_OWN:
        words = [sys.executable, "-m", "tests.bench.crowd", str(port), str(plan), load.mode]
        words += [str(connections), str(seconds)]
    else:
        # Sent for so long; what was sent then is waited for, but in rounds that have no end.
        longest = max(1, round(seconds)) + (0 if load.mode == "cycle" else PATIENCE // 2)
        words = ["wrk", "-t1", f"-c{connections}", f"-d{longest}s", "--timeout=30s"]
        words += ["-s", str(SCRIPT), f"http://127.0.0.1:{port}", "--", str(plan)]
    said = _run(words, load, seconds)
    return Result(
        seconds=said["seconds"],
        told=Counter(said["told"]),
        codes=said["codes"].split(),
        cut_off=said["cut_off"],
        p50_ms=said["p50_ms"],
        p99_ms=said["p99_ms"],
        generator=generator,
        of=said.get("of", {}),
    )


def _run(words: list[str], load: Load, seconds: float) -> dict[str, Any]:
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=os.environ | {"MODE": load.mode, "SECONDS": str(seconds)},
        capture_output=True,
        text=True,
        timeout=seconds + PATIENCE,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])
