"""How an office does, and what is too much. Numbers in, no clock."""

import re
from collections.abc import Collection
from enum import StrEnum

# From when on a number is told as trouble: those of deploy/prometheus/alerts.yml.
OLDEST_MESSAGE_SECONDS = 600
OLDEST_CHECK_SECONDS = 3600
OLDEST_EVENT_SECONDS = 900
MOST_TASKS = 1000
MOST_SEAL_DAYS = 2
# What an office is, and then where; of another kind than a kanim, its letters stand in brackets.
OF_KANIM = re.compile(r"Kantor Imigrasi Kelas .*?TPI (.+)")
OF_OTHERS = re.compile(r".*\(([A-Z]+)\) (.+)")


class Standing(StrEnum):
    """How an office does, the worst first."""

    TROUBLE = "trouble"
    LATE = "late"
    STOPPED = "stopped"
    CLOSED = "closed"
    SERVING = "serving"


WORST_FIRST = list(Standing)
# What somebody should look at.
WORRYING = (Standing.TROUBLE, Standing.LATE, Standing.STOPPED)


def short_name(name: str) -> str:
    """Kanim Jakarta Selatan, ULP Wilayah II Jakarta Selatan: one line of a list of 156."""
    if found := OF_KANIM.fullmatch(name):
        return f"Kanim {found[1]}"
    if found := OF_OTHERS.fullmatch(name):
        return f"{found[1]} {found[2]}"
    return name


def standing(
    office_id: int,
    *,
    troubled: Collection[int],
    late: Collection[int],
    stopped: Collection[int],
    serving: Collection[int],
) -> Standing:
    """``troubled`` have an incident, ``late`` a report that waits too long, ``stopped`` have
    closed hours of today during the day, ``serving`` an open hour today."""
    if office_id in troubled:
        return Standing.TROUBLE
    if office_id in late:
        return Standing.LATE
    if office_id in stopped:
        return Standing.STOPPED
    return Standing.SERVING if office_id in serving else Standing.CLOSED


def is_too_much(value: float | None, most: float) -> bool:
    """What is not known is not called too much."""
    return value is not None and value > most
