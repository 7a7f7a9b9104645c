"""A long-lived portal under test forgets what it knew of the database before this one."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from paspor.kernel import policy, sharing
from paspor.kernel.permits import Permits
from queueing.admission import room
from queueing.admission.services import entering

GENERATION = Path(os.environ["TEST_ANEW"]) if "TEST_ANEW" in os.environ else None


class Anew:
    """Middleware. Outside of tests nobody exchanges the database under a running portal."""

    seen = 0
    lock = Lock()

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Of many requests at once none goes on with what was known until all is forgotten.
        if GENERATION is not None:
            with self.lock:
                self._look(GENERATION)
        return self.answer(request)

    def _look(self, generation: Path) -> None:
        told = generation.stat().st_mtime_ns
        if told == Anew.seen:
            return
        Anew.seen = told
        policy.forget()
        sharing.forget()
        room.forget()
        # How many may book at once in each process, where a test says so.
        permits = generation.read_text().partition("permits=")[2]
        entering.bookings = Permits(int(permits or settings.BOOKING_PERMITS))
