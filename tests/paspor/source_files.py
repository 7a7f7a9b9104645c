"""The files of the project, for tests that read its code."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Each may import those before it, never those after it.
APPS = ("accounts", "offices", "queueing")


def sources(package: str) -> Iterator[Path]:
    for path in (ROOT / package).rglob("*.py"):
        if "migrations" not in path.parts:
            yield path


def dotted(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")
