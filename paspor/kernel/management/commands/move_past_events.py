"""Months of the log that are over: frozen, and moved where slow disks will do."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.utils import timezone
from psycopg import sql

from paspor.kernel import ledger

LEAST_MONTHS = 2
# Nobody writes there; whoever reads at this moment goes first, and the next run moves it.
LOCK_SECONDS = 2
MONTHS = """
SELECT part.oid::regclass::text, to_date(right(part.relname, 7), 'YYYY"m"MM'),
       coalesce(space.spcname, 'pg_default')
FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid
LEFT JOIN pg_tablespace space ON space.oid = part.reltablespace
WHERE inhparent = %s::regclass AND part.relname ~ '_y[0-9]{4}m[0-9]{2}$' ORDER BY 2
"""
INDEXES = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass"


class Command(BaseCommand):
    help = (
        "Freezes the months of the log that are over, so that nothing ever has to write to them "
        "again, and moves them to another tablespace. They stay readable, verifiable and as "
        "closed to changes as before. Run as the owner, each month; safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--months", type=int, default=12, help="So many stay where they are.")
        parser.add_argument("--tablespace", default="", help="Where to; without it they only rest.")

    def handle(self, *, months: int, tablespace: str, **options: Any) -> None:
        if months < LEAST_MONTHS:
            raise CommandError(f"--months must be {LEAST_MONTHS} or more.")
        today = timezone.now().date()
        with connections["owner"].cursor() as self.cursor:
            self.cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            for source in ledger.logs():
                for part, space in self._past(source, months, today):
                    self._rest(part, space, tablespace)

    def _past(self, source: str, months: int, today: date) -> Iterator[tuple[str, str]]:
        """Partitions of months that ended so many months ago, each with its tablespace."""
        self.cursor.execute(MONTHS, [source])
        for part, month, space in self.cursor.fetchall():
            if (today.year - month.year) * 12 + today.month - month.month > months:
                yield part, space

    def _rest(self, part: str, space: str, wanted: str) -> None:
        moves = bool(wanted) and wanted != space
        try:
            if moves:
                self._move(part, wanted)
            self.cursor.execute(f"VACUUM (FREEZE, ANALYZE) {part}")
        except DatabaseError as error:
            raise CommandError(f"{part}: {str(error).strip()}") from error
        self.stdout.write(f"{part}: {'moved to ' + wanted if moves else 'rests'}")

    def _move(self, part: str, wanted: str) -> None:
        """Its indexes first: where that is cut off, the table still counts as not moved."""
        self.cursor.execute(INDEXES, [part])
        kinds = [("INDEX", index) for (index,) in self.cursor.fetchall()] + [("TABLE", part)]
        for kind, name in kinds:
            statement = sql.SQL("ALTER {kind} {name} SET TABLESPACE {wanted}").format(
                kind=sql.SQL(kind), name=sql.SQL(name), wanted=sql.Identifier(wanted)
            )
            self.cursor.execute(statement)
