"""Telling a worker of new work. A courtesy: every table of work has its own sweep."""

import logging
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


def _connection() -> Any:
    """Workers wait for work with seconds of patience; whoever tells of it has none."""
    patience = {"socket_timeout": WAIT_SECONDS, "socket_connect_timeout": WAIT_SECONDS}
    return current_app.connection_for_write(transport_options=patience)


_broker = Broker()
tell, answers = _broker.tell, _broker.answers
