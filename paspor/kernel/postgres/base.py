"""PostgreSQL as Django knows it, with a patience that ends on this side.

The server's own limits (statement_timeout, lock_timeout) end what is slow. A server that
hangs ends nothing, and its machine goes on acknowledging packets: so each wait for an
answer has an end here too, PATIENCE of the database's settings. After a hang this process
rests: what needs the database is refused at once, and one caller each REST_SECONDS tries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from select import POLLIN, poll
from threading import Lock, local
from time import monotonic, perf_counter
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg._queries import PostgresQuery, _query2pg_nocache
from psycopg.errors import ConnectionTimeout, _WaitTimeout

REST_SECONDS = 3.0
# A connection that was idle is asked before it is used; a server that is well answers at once.
USABLE_SECONDS = 2.0
# But not one that it answered on a moment ago.
FRESH_SECONDS = 0.5
# As many statements as psycopg keeps prepared in a connection.
IDLE_CURSORS = 100
ONE_PLAN = "-c plan_cache_mode=force_generic_plan"
BY_INDEX, AS_USUAL = "SET enable_seqscan = off", "RESET enable_seqscan"
IDLE, INTRANS = psycopg.pq.TransactionStatus.IDLE, psycopg.pq.TransactionStatus.INTRANS


class Rest:
    """No new connection for a while; then one caller may try, and the rest is renewed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until = 0.0

    def begin(self) -> None:
        with self._lock:
            self._until = monotonic() + REST_SECONDS

    def end(self) -> None:
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        """Since the hang until somebody has connected anew."""
        return bool(self._until)

    def refuses(self) -> bool:
        if not self._until:
            return False
        with self._lock:
            if monotonic() < self._until:
                return True
            self._until = monotonic() + REST_SECONDS
            return False


rest = Rest()
_waited = local()


def seconds_waited() -> float:
    """How long this thread has waited for the database since it began."""
    return getattr(_waited, "seconds", 0.0)


class Connection(psycopg.Connection[Any]):
    patience: float | None = None
    heard_at = 0.0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.idle_cursors: dict[str, PreparedCursor] = {}

    def cursor_for(self, statement: str) -> "PreparedCursor":
        """The cursor that asked this before, if it is idle; ``close`` gives it back."""
        cursor = self.idle_cursors.pop(statement, None)
        return PreparedCursor(self, statement) if cursor is None else cursor

    @contextmanager
    def planning(self) -> Iterator[None]:
        """What is prepared meanwhile is planned by indexes wherever there are any: the plan is
        kept, and a table that is empty now fills. Once for each statement.
        """
        self.execute(BY_INDEX, prepare=False)
        try:
            yield
        finally:
            # In a transaction that failed it ends with that.
            if self.info.transaction_status in {IDLE, INTRANS}:
                self.execute(AS_USUAL, prepare=False)

    def close(self) -> None:
        super().close()
        self.idle_cursors.clear()

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg's; a connection whose server does not answer in time is of no more use."""
        began = perf_counter()
        try:
            answer = super().wait(gen, interval, self.patience if timeout is None else timeout)
            self.heard_at = perf_counter()
            return answer
        except _WaitTimeout:
            if timeout is not None:
                raise
            self.pgconn.finish()
            rest.begin()
            raise psycopg.OperationalError("the database does not answer") from None
        finally:
            _waited.seconds = seconds_waited() + perf_counter() - began

    @property
    def is_fresh(self) -> bool:
        """The server answered just now and has said nothing since, so it has not hung up."""
        if self.closed or perf_counter() - self.heard_at > FRESH_SECONDS:
            return False
        asked = poll()
        asked.register(self.pgconn.socket, POLLIN)
        return not asked.poll(0)


class KeptQuery(PostgresQuery):
    """Written for the server once, however long it is: psycopg reads a long one anew each time."""

    def convert(self, query: Any, vars: Any) -> None:  # psycopg's name
        kept = _written(query, self._tx.encoding)
        self.query, self._want_formats, self._order, self._parts = kept
        self.dump(vars)


@cache
def _written(query: str, encoding: str) -> tuple[bytes, Any, Any, Any]:
    return _query2pg_nocache(query.encode(encoding), encoding)


class PreparedCursor(base.ServerBindingCursor):
    """Of one statement, and used again: a new one learns anew how to write each type of its
    values, and to read each of its columns.
    """

    _query_cls = KeptQuery

    def __init__(self, connection: Connection, statement: str) -> None:
        super().__init__(connection)
        self._statement = statement

    def execute(self, *args: Any, **options: Any) -> Any:
        if self._last_query is not None:
            return super().execute(*args, **options)
        with self._conn.planning():
            return super().execute(*args, **options)

    def close(self) -> None:
        """Without what it was answered; idle from now on, if it has ever been answered."""
        self._reset()
        idle = self._conn.idle_cursors
        if self._last_query is not None and len(idle) < IDLE_CURSORS:
            self._tx.set_pgresult(None)
            idle[self._statement] = self


class DatabaseWrapper(base.DatabaseWrapper):
    Database = SimpleNamespace(**vars(base.Database) | {"connect": Connection.connect})

    def get_connection_params(self) -> dict[str, Any]:
        """Where PREPARES is set, with one plan for all values of what is prepared."""
        params = super().get_connection_params()
        if self.settings_dict.get("PREPARES"):
            params["options"] = f"{params.get('options', '')} {ONE_PLAN}"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if rest.refuses():
            raise psycopg.OperationalError("the database did not answer a moment ago")
        try:
            connection = super().get_new_connection(conn_params)
        except ConnectionTimeout:
            rest.begin()
            raise
        rest.end()
        connection.patience = self.settings_dict.get("PATIENCE")
        return connection

    def preparing_cursor(self, statement: str) -> Any:
        """For this statement, of which only values change: where PREPARES is set, the server
        keeps its plan in this connection.
        """
        if not self.settings_dict.get("PREPARES"):
            return self.cursor()
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(self.connection.cursor_for(statement))

    def close_if_health_check_failed(self) -> None:
        """Not asked again and again of a connection that each request uses, nor in a rest."""
        if self.connection is None or self.health_check_done or not self.health_check_enabled:
            return
        if self.connection.is_fresh:
            self.health_check_done = True
        elif rest.is_on:
            self.close()  # get_new_connection says who may try
        else:
            super().close_if_health_check_failed()

    def is_usable(self) -> bool:
        if self.connection is None:
            return False
        patience, self.connection.patience = self.connection.patience, USABLE_SECONDS
        try:
            return super().is_usable()
        finally:
            self.connection.patience = patience
