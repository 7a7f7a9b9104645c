"""Test modules, imported by each worker in an order of its own, so that each compiles a part.

Every worker of a run collects every test. In a fresh clone all of them would compile the same
module at the same moment, assertions rewritten; so each starts with a part of its own and reads
what the others have compiled meanwhile. Pytest collects afterwards, as ever: a module that is
missing here is only compiled later.
"""

import importlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def own_part_first(names: Sequence[str], worker: int, workers: int) -> list[str]:
    """All names, rotated so that each worker starts at another place."""
    first = len(names) * worker // workers
    return [*names[first:], *names[:first]]


def import_own_part_first(arguments: Sequence[str]) -> None:
    """Import every test module in these folders; pytest reports what cannot be imported."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        return
    folders = [path for each in arguments if (path := Path(each).resolve()).is_relative_to(ROOT)]
    paths = sorted({path for folder in folders for path in folder.rglob("test_*.py")})
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    workers = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    for name in own_part_first(names, int(worker.removeprefix("gw")), workers):
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(name)
