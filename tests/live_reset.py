"""Middleware by which a portal under test forgets what it knew of the last test's database."""

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

GENERATION = Path(os.environ["TEST_RESET"]) if "TEST_RESET" in os.environ else None


class ResetMiddleware:
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
        if told == ResetMiddleware.seen:
            return
        ResetMiddleware.seen = told
        policy.forget()
        sharing.forget()
        room.forget()
        # How many may book at once in each process, where a test says so.
        permits = generation.read_text().partition("permits=")[2]
        entering.bookings = Permits(int(permits or settings.BOOKING_PERMITS))
