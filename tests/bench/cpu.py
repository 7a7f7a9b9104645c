"""How much of the processor a family of processes has used: the same on a busy machine.

Linux only; elsewhere the columns stay empty.
"""

import os
from pathlib import Path

PROC = Path("/proc")
A_SECOND = os.sysconf("SC_CLK_TCK")


def milliseconds(parent: int | None) -> float:
    """Of this process and all below it, with those that have ended; 0 where none can tell."""
    if parent is None or not (PROC / "self" / "stat").exists():
        return 0.0
    stats = [stat for path in PROC.glob("[0-9]*/stat") if (stat := _read(path))]
    family, grown = {parent}, True
    while grown:
        more = {int(stat[0]) for stat in stats if int(stat[2]) in family} - family
        family |= more
        grown = bool(more)
    ticks = sum(_ticks(stat) for stat in stats if int(stat[0]) in family)
    return 1000 * ticks / A_SECOND


def _ticks(stat: list[str]) -> int:
    """User and system time of the process and of the children that it has buried."""
    return sum(int(word) for word in stat[12:16])


def _read(path: Path) -> list[str]:
    """Its number, its state, its parent's number, …; the name may hold anything."""
    try:
        number, rest = path.read_text().split(" (", 1)
    except OSError:
        return []
    return [number, *rest.rpartition(") ")[2].split()]


def parent_of(pid: int) -> int | None:
    stat = _read(PROC / str(pid) / "stat")
    return int(stat[2]) if stat else None
