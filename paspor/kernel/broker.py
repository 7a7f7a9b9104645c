"""Telling a worker of new work. A courtesy: every table of work has its own sweep."""

import logging
from threading import Lock
from time import monotonic
from typing import Any

from celery import current_app
from kombu import pools
from kombu.exceptions import LimitExceeded, OperationalError

log = logging.getLogger(__name__)

# A citizen's request stands behind this: a broker that hangs costs it no more.
WAIT_SECONDS = 0.2
# After the broker failed once, this process leaves the work to the sweeps for a while.
REST_SECONDS = 10
# Telling a worker is a millisecond of processor (docs/performance.md).
HINTS_AT_ONCE = 20
HINTS_PER_SECOND = 2


class Broker:
    def __init__(self) -> None:
        self._rests_until = 0.0

    def tell(self, task: str, *arguments: Any) -> None:
        """Hand the task to a worker, if the broker is there. Call it after the commit."""
        if monotonic() < self._rests_until:
            return
        try:
            with pools.producers[_connection()].acquire(timeout=WAIT_SECONDS) as producer:
                current_app.tasks[task].apply_async(arguments, producer=producer)
        except (OperationalError, LimitExceeded, OSError) as trouble:
            self._rests_until = monotonic() + REST_SECONDS
            log.warning("broker is away", extra={"task": task, "cause": type(trouble).__name__})

    def answers(self) -> bool:
        """Whether the broker takes a connection now, for the page of status."""
        try:
            with _connection() as connection:
                connection.ensure_connection(max_retries=1, timeout=WAIT_SECONDS)
        except (OperationalError, OSError):
            return False
        return True

    def queue_length(self) -> int | None:
        """Tasks that wait for a worker; None where the broker does not say."""
        try:
            with _connection() as connection:
                return connection.default_channel._size(current_app.conf.task_default_queue)
        except (OperationalError, OSError):
            return None


def _connection() -> Any:
    """Workers wait for work with seconds of patience; whoever tells of it has none."""
    patience = {"socket_timeout": WAIT_SECONDS, "socket_connect_timeout": WAIT_SECONDS}
    return current_app.connection_for_write(transport_options=patience)


class Calm:
    """So many in a row, then so many a second, of each task; the rest is left out."""

    def __init__(self, at_once: int, per_second: int) -> None:
        self._at_once, self._per_second = at_once, per_second
        self._lock = Lock()
        # Of each task: how many are left, and when that was.
        self._left: dict[str, tuple[float, float]] = {}

    def allows(self, task: str, now: float) -> bool:
        with self._lock:
            left, since = self._left.get(task, (self._at_once, now))
            left = min(self._at_once, left + (now - since) * self._per_second)
            allowed = left >= 1
            self._left[task] = (left - allowed, now)
        return allowed


_broker = Broker()
tell, answers, queue_length = _broker.tell, _broker.answers, _broker.queue_length
_calm = Calm(HINTS_AT_ONCE, HINTS_PER_SECOND)


def hint(task: str, *arguments: Any) -> None:
    """Tell a worker of work that may wait for its sweep: in a rush most of it does.

    When quota opens a process books hundreds a second, faster than letters go anyway.
    """
    if current_app.conf.task_always_eager or _calm.allows(task, monotonic()):
        tell(task, *arguments)
