"""Telling a worker of new work. A courtesy: every table of work has its own sweep."""

import logging
from time import monotonic
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

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
            current_app.tasks[task].apply_async(arguments)
        except (OperationalError, OSError):
            self._rests_until = monotonic() + REST_SECONDS
            logger.warning("The broker is away; the sweep will do %s.", task)


tell = Broker().tell
