"""The chain over the log: whoever changes one event must change all that follow.

A trigger notes each event as LedgerPending in the event's own transaction. A sequencer
turns these into LedgerEntry, one chain for each stream, seconds later. It goes by what
is pending and not by "ids above the last": transactions commit out of order, so an id
may appear after higher ones were chained. It then simply comes later in the chain.

Every column of a log is part of its digest. A new fact therefore goes into ``detail``;
a new column would make all old events look changed.
"""

import hashlib
import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from psycopg import sql

from paspor.kernel.models import LedgerEntry, LedgerHead, LedgerPending

log = logging.getLogger(__name__)

START = "0" * 64  # what the first link of a chain points to
AT_ONCE = 1000  # events a transaction, to keep it short
SHOWN = 20  # a broken chain is broken everywhere after; the first few say where


def link(prev: str, seq: int, event_digest: str) -> str:
    return hashlib.sha256(f"{prev}:{seq}:{event_digest}".encode()).hexdigest()


def sequence(now: datetime) -> int:
    """Chain what is pending in every stream; returns how many events. Safe to run twice."""
    streams = LedgerPending.objects.order_by("stream").values_list("stream", flat=True).distinct()
    return sum(_sequence_stream(stream, now) for stream in streams)


def _sequence_stream(stream: str, now: datetime) -> int:
    total = 0
    while chained := _chain_some(stream, now):
        total += chained
    return total


@transaction.atomic
def _chain_some(stream: str, now: datetime) -> int:
    """Locks the stream (advisory); another sequencer at work there means nothing to do."""
    if not locked(f"ledger:{stream}"):
        return 0
    last = LedgerEntry.objects.filter(stream=stream).order_by("-seq").first()
    seq, digest = (last.seq, last.digest) if last else (0, START)
    pending = list(LedgerPending.objects.filter(stream=stream).order_by("id")[:AT_ONCE])
    entries = []
    for event in pending:
        seq, prev = seq + 1, digest
        digest = link(prev, seq, event.event_digest)
        entries.append(_entry(event, seq, prev, now))
    LedgerEntry.objects.bulk_create(entries)
    LedgerPending.objects.filter(pk__in=[event.pk for event in pending]).delete()
    if entries:
        # Logs are kept on another machine: a head written there cannot be rewritten here.
        log.info("ledger grown", extra={"stream": stream, "seq": seq, "digest": digest})
    return len(entries)


def locked(name: str) -> bool:
    """Whether this transaction now has the advisory lock of that name; never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return cursor.fetchone()[0]


def _entry(event: LedgerPending, seq: int, prev: str, now: datetime) -> LedgerEntry:
    return LedgerEntry(
        stream=event.stream,
        seq=seq,
        source=event.source,
        event_id=event.event_id,
        event_at=event.event_at,
        event_digest=event.event_digest,
        prev=prev,
        digest=link(prev, seq, event.event_digest),
        created_at=now,
    )


@dataclass(frozen=True)
class Break:
    """One row that is not what it was: its place in the chain, or None when in none."""

    what: str
    source: str
    event_id: int | None
    seq: int | None = None

    def __str__(self) -> str:
        place = "" if self.seq is None else f" (seq {self.seq})"
        if self.event_id is None:
            return f"{self.what} after link {self.seq}: links that a known head covers are gone"
        return f"{self.what}: {self.source} {self.event_id}{place}"


@dataclass
class Verdict:
    stream: str
    seq: int = 0
    digest: str = START
    breaks: list[Break] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.breaks

    def note(self, found: Break) -> None:
        if len(self.breaks) < SHOWN:
            self.breaks.append(found)


def verify(stream: str, *, known: Collection[tuple[int, str]] = ()) -> Verdict:
    """Recompute one chain from the events themselves, in one snapshot of the database.

    ``known`` are heads (seq, digest) that were written down earlier elsewhere; those that
    stand in LedgerHead are looked at in any case. With them a chain that was cut and grown
    anew is found as well. Reads only.
    """
    verdict = Verdict(stream)
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if is_outermost:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        sources = logs()
        published = LedgerHead.objects.filter(stream=stream).values_list("seq", "digest")
        _walk(verdict, sources, {*known, *published})
        for source in sources:
            _look_for_unchained(verdict, source)
            _look_for_other_words(verdict, source)
    return verdict


def logs() -> list[str]:
    """The tables that are logs: those whose inserts the trigger of migration 0002 notes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname = 'ledger' AND tgparentid = 0 ORDER BY 1"
        )
        return [table for (table,) in cursor.fetchall()]


def streams() -> list[str]:
    """Every stream that has a chain or will have one, or should: its events tell."""
    models = (LedgerEntry, LedgerPending, LedgerHead)
    known = {stream for model in models for stream in streams_in(model._meta.db_table)}
    return sorted(known.union(*(streams_in(source) for source in logs())))


# From one stream to the next by the index that begins with it; a DISTINCT would read all rows.
STREAMS = """
WITH RECURSIVE found AS (
    SELECT min(stream) AS stream FROM {table}
    UNION ALL
    SELECT (SELECT min(stream) FROM {table} WHERE stream > found.stream)
    FROM found WHERE found.stream IS NOT NULL
)
SELECT stream FROM found WHERE stream IS NOT NULL
"""


def streams_in(table: str) -> set[str]:
    """Every stream of one of the tables whose index begins with it."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(STREAMS).format(table=sql.SQL(table)))
        return {stream for (stream,) in cursor.fetchall()}


def _walk(verdict: Verdict, sources: list[str], known: Collection[tuple[int, str]]) -> None:
    due: dict[int, set[str]] = {}
    for seq, digest in known:
        due.setdefault(seq, set()).add(digest)
    for entry, found in _entries_with_events(verdict.stream, sources):
        expected = link(verdict.digest, verdict.seq + 1, entry.event_digest)
        if (entry.seq, entry.prev, entry.digest) != (verdict.seq + 1, verdict.digest, expected):
            verdict.note(Break("link changed", entry.source, entry.event_id, entry.seq))
        if found != entry.event_digest:
            what = "event missing" if found is None else "event changed"
            verdict.note(Break(what, entry.source, entry.event_id, entry.seq))
        verdict.seq, verdict.digest = entry.seq, entry.digest
        if due.get(entry.seq, set()) - {entry.digest}:
            verdict.note(Break("not the known head", entry.source, entry.event_id, entry.seq))
    if verdict.seq < max(due, default=0):
        verdict.note(Break("chain cut", "ledger", None, verdict.seq))


def _entries_with_events(
    stream: str, sources: list[str]
) -> Iterator[tuple[LedgerEntry, str | None]]:
    """Each link in order with the digest of its event as it is now, None if it is gone."""
    after = 0
    while True:
        entries = list(
            LedgerEntry.objects.filter(stream=stream, seq__gt=after).order_by("seq")[:AT_ONCE]
        )
        if not entries:
            return
        digests = _digests_now(stream, after, entries[-1].seq, sources)
        for entry in entries:
            yield entry, digests.get(entry.pk)
        after = entries[-1].seq


# As the trigger computes it; both id and time, so that only one partition is read.
DIGESTS = """
SELECT link.id, encode(sha256(convert_to(to_jsonb(event)::text, 'UTF8')), 'hex')
FROM kernel_ledgerentry link
JOIN {source} event ON event.id = link.event_id AND event.at = link.event_at
WHERE link.stream = %s AND link.seq > %s AND link.seq <= %s AND link.source = %s
"""


def _digests_now(stream: str, after: int, last: int, sources: list[str]) -> dict[int, str]:
    digests: dict[int, str] = {}
    with connection.cursor() as cursor:
        for source in sources:
            query = sql.SQL(DIGESTS).format(source=sql.SQL(source))
            cursor.execute(query, [stream, after, last, source])
            digests |= dict(cursor.fetchall())
    return digests


UNCHAINED = """
SELECT event.id FROM {source} event
LEFT JOIN kernel_ledgerentry link
    ON link.source = %s AND link.event_id = event.id AND link.event_at = event.at
LEFT JOIN kernel_ledgerpending waiting
    ON waiting.source = %s AND waiting.event_id = event.id AND waiting.event_at = event.at
    AND waiting.stream = event.stream
WHERE event.stream = %s AND link.id IS NULL AND waiting.id IS NULL
ORDER BY event.id LIMIT %s
"""


def _look_for_unchained(verdict: Verdict, source: str) -> None:
    """An event that neither waits nor is chained: taken out of the queue, or slipped in.

    By id and time: a partition would take a second row with the id of another.
    """
    with connection.cursor() as cursor:
        query = sql.SQL(UNCHAINED).format(source=sql.SQL(source))
        cursor.execute(query, [source, source, verdict.stream, SHOWN])
        for (event_id,) in cursor.fetchall():
            verdict.note(Break("event not chained", source, event_id))


# As audit.note_digest computes it. A note that was erased has no row and no say.
OTHER_WORDS = """
SELECT event.id FROM {source} event
JOIN kernel_note note ON note.id = event.note_id
WHERE event.stream = %s AND event.note_digest <>
    encode(sha256(convert_to(note.salt || ':' || note.text, 'UTF8')), 'hex')
ORDER BY event.id LIMIT %s
"""


def _look_for_other_words(verdict: Verdict, source: str) -> None:
    """A note that still stands but is not what its event was written with."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(OTHER_WORDS).format(source=sql.SQL(source)), [verdict.stream, SHOWN])
        for (event_id,) in cursor.fetchall():
            verdict.note(Break("note changed", source, event_id))


def make_partitions() -> None:
    """The partitions of this month and the next three, for every log."""
    with connection.cursor() as cursor:
        for source in logs():
            cursor.execute("SELECT kernel_make_months(%s, 3)", [source])
