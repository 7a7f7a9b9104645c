"""A long-lived portal under test forgets what it knew of the database before this one."""

import os
from collections.abc import Callable
from pathlib import Path

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

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if GENERATION is not None and (told := GENERATION.stat().st_mtime_ns) != Anew.seen:
            Anew.seen = told
            policy.forget()
            sharing.forget()
            room.forget()
            # How many may book at once in each process, where a test says so.
            told = GENERATION.read_text().partition("permits=")[2]
            entering.bookings = Permits(int(told or settings.BOOKING_PERMITS))
        return self.answer(request)
