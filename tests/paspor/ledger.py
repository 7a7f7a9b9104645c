"""Events of the log, and what somebody with the owner's password could do to them."""

import os
from datetime import UTC, date, datetime

import psycopg

from paspor.kernel import audit
from paspor.kernel.models import AuditEvent

OFFICE = "KANIM-CONTOH"
# Half past midnight in Jakarta.
NIGHT = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
DAY = date(2026, 11, 24)


def write(count: int = 3, stream: str = OFFICE) -> list[AuditEvent]:
    return [
        audit.record("calendar.change", actor_id=7, subject=f"day:{n}", stream=stream)
        for n in range(count)
    ]


def as_owner(database: str, statement: str) -> None:
    """What someone with the owner's password could do."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=database) as owner:
        owner.execute(statement)


def without_triggers(database: str, table: str, statement: str) -> None:
    """Afterwards each stands as before: those of the log are named, for they are ALWAYS on."""
    as_owner(
        database,
        f"ALTER TABLE {table} DISABLE TRIGGER ALL; {statement};"
        f" ALTER TABLE {table} ENABLE TRIGGER ALL,"
        " ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_truncate",
    )
