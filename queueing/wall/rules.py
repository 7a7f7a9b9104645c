"""How an office does, and what is too much. Numbers in, no clock."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    PARTLY = "partly"
    CLOSED = "closed"
    SERVING = "serving"


WORST_FIRST = list(Standing)
# What somebody should look at.
WORRYING = (Standing.TROUBLE, Standing.LATE, Standing.STOPPED, Standing.PARTLY)


@dataclass(frozen=True)
class Hour:
    """An hour of today; ``closed_at`` is empty while it is open."""

    starts_at: datetime
    ends_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Stop:
    """Hours of today that an office closed during the day. ``until`` is when it serves again,
    None where it does not; ``serves``: an hour is open now or later today."""

    since: datetime
    until: datetime | None
    serves: bool


def stop(hours: Sequence[Hour], now: datetime) -> Stop | None:
    """None where nothing was closed, and where the office has gone on since.

    An office that closes its afternoon has not stopped before: it serves until then.
    """
    closed = [hour for hour in hours if hour.closed_at]
    if not closed:
        return None
    open_ones = [hour for hour in hours if not hour.closed_at]
    last = max(hour.ends_at for hour in closed)
    again = min((hour.starts_at for hour in open_ones if hour.starts_at >= last), default=None)
    if again and again <= now:
        return None
    since = min(_closed_from(hour, open_ones) for hour in closed)
    return Stop(since, again, any(hour.ends_at > now for hour in open_ones))


def _closed_from(hour: Hour, open_ones: Sequence[Hour]) -> datetime:
    """Not before the hour, where others serve until then."""
    if hour.closed_at is None or any(each.starts_at < hour.starts_at for each in open_ones):
        return max(hour.starts_at, hour.closed_at or hour.starts_at)
    return hour.closed_at


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
    stops: Mapping[int, Stop],
    serving: Collection[int],
) -> Standing:
    """``troubled`` have an incident, ``late`` a report that waits too long, ``serving`` an open
    hour today."""
    if office_id in troubled:
        return Standing.TROUBLE
    if office_id in late:
        return Standing.LATE
    if stopped := stops.get(office_id):
        return Standing.PARTLY if stopped.serves else Standing.STOPPED
    return Standing.SERVING if office_id in serving else Standing.CLOSED


def is_too_much(value: float | None, most: float) -> bool:
    """What is not known is not called too much."""
    return value is not None and value > most
