"""The daily heads of the log: one line for each chain, one digest for the whole day.

Whoever keeps the digest of a day, in a file or in a newspaper, can tell later whether
anything that was logged up to then has been changed (docs/log.md).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import QuerySet

from paspor.kernel.ledger import locked, streams_in
from paspor.kernel.models import LedgerEntry, LedgerHead

JAKARTA = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class Head:
    """The last link of one chain."""

    stream: str
    seq: int
    digest: str

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}:{self.digest}"


@dataclass(frozen=True)
class Day:
    """All chains as they stood when a day was over."""

    day: date
    heads: tuple[Head, ...]
    taken_at: datetime | None = None

    @property
    def digest(self) -> str:
        return digest_of_day(self.day, self.heads)

    def head_of(self, stream: str) -> Head | None:
        return next((head for head in self.heads if head.stream == stream), None)


def digest_of_day(day: date, heads: Iterable[Head]) -> str:
    """SHA-256 of the day and its heads, a line each, in order of stream."""
    lines = [day.isoformat(), *sorted(str(head) for head in heads)]
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


TAKE = """
INSERT INTO kernel_ledgerhead (day, stream, seq, digest, taken_at)
SELECT %s, chain.stream, head.seq, head.digest, %s
FROM unnest(%s::text[]) AS chain (stream) CROSS JOIN LATERAL (
    SELECT seq, digest FROM kernel_ledgerentry
    WHERE stream = chain.stream ORDER BY seq DESC LIMIT 1
) head
"""


@transaction.atomic
def take(now: datetime) -> int:
    """Write down yesterday's heads, all at once and once only; how many.

    A day is never added to: its digest may be in print already. Where the task was away at
    midnight the heads are taken later and cover more than the day.
    """
    day = now.astimezone(JAKARTA).date() - timedelta(days=1)
    if not locked("ledger heads") or LedgerHead.objects.filter(day=day).exists():
        return 0
    chains = sorted(streams_in(LedgerEntry._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [day, now, chains])
        return cursor.rowcount


def days() -> QuerySet[LedgerHead, date]:
    """The days that have heads, the newest first."""
    return LedgerHead.objects.order_by("-day").values_list("day", flat=True).distinct()


def heads_of_days(wanted: Iterable[date]) -> list[Day]:
    """The heads of these days, the newest day first."""
    by_day: dict[date, list[LedgerHead]] = {}
    for row in LedgerHead.objects.filter(day__in=list(wanted)).order_by("-day", "stream"):
        by_day.setdefault(row.day, []).append(row)
    return [
        Day(
            day,
            tuple(Head(row.stream, row.seq, row.digest) for row in rows),
            taken_at=rows[0].taken_at,
        )
        for day, rows in by_day.items()
    ]


class CopyChanged(ValueError):
    """The heads in the copy do not give the digest that stands beside them."""


def read_copy(text: str) -> list[Day]:
    """The days of a file that was downloaded from /api/v1/ledger/heads.

    Raises CopyChanged, and ValueError where it is no such file.
    """
    try:
        said = json.loads(text)
        found = [_read_day(day) for day in said["results"]]
    except (KeyError, TypeError) as problem:
        raise ValueError("not a page of /api/v1/ledger/heads") from problem
    return found


def _read_day(said: Mapping[str, Any]) -> Day:
    heads = (Head(one["stream"], int(one["seq"]), one["digest"]) for one in said["heads"])
    day = Day(date.fromisoformat(said["day"]), tuple(heads))
    if day.digest != said["digest"]:
        raise CopyChanged(f"the heads of {said['day']} do not give its digest")
    return day
