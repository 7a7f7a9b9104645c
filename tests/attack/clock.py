"""Weeks in minutes: the database of a play tells the play's own time.

The portal asks the database what time it is, and rightly trusts nobody else. A play
therefore gives its throw-away database a schema ahead of the built-in functions, whose
now() reads a setting of the session. Nothing of the portal is changed for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.contrib.postgres.functions import TransactionNow
from django.db import connection, connections
from psycopg import sql

FUNCTIONS = ("now", "statement_timestamp", "transaction_timestamp", "clock_timestamp")
MAKE = """
CREATE SCHEMA IF NOT EXISTS play;
GRANT USAGE ON SCHEMA play TO PUBLIC;
"""
TELL = """
CREATE OR REPLACE FUNCTION play.{name}() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('play.now', true), '')::timestamptz, pg_catalog.now())
$$;
"""
# Columns whose default was bound to the real clock when they were made.
BOUND = """
SELECT format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT play.now()',
              attrelid::regclass, attname)
FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
JOIN pg_class ON pg_class.oid = attrelid
WHERE pg_get_expr(adbin, adrelid) ILIKE '%%statement_timestamp()%%'
  AND relnamespace = 'public'::regnamespace AND NOT relispartition
"""


class Clock:
    """The time of the play; set it, and both Python and the database have it."""

    def __init__(self, starts: datetime) -> None:
        self.now = starts

    def prepare(self) -> None:
        """Give the database at hand this clock. Once, as its owner."""
        with connections["owner"].cursor() as cursor:
            cursor.execute(MAKE)
            for name in FUNCTIONS:
                cursor.execute(sql.SQL(TELL).format(name=sql.SQL(name)))
            cursor.execute(BOUND)
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let this process and its connection live by the clock."""
        with connection.cursor() as cursor:
            cursor.execute("SET search_path = play, public, pg_catalog")
        self.set(self.now)
        with (
            patch("django.utils.timezone.now", lambda: self.now),
            # CURRENT_TIMESTAMP is a keyword, which no schema can stand before.
            patch.object(TransactionNow, "template", "now()"),
        ):
            yield
        connection.close()

    def set(self, moment: datetime) -> None:
        self.now = moment
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('play.now', %s, false)", [moment.isoformat()])
