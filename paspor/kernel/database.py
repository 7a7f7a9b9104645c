"""Which constraint the database says was violated, and whether it answers at all.

That it does not is known soon. A database that is stopped refuses at once. One that hangs
(a frozen machine, a full disk) says nothing, and whoever asks it waits with it: no time-out
of the server's helps, and the one for connecting is meant for pages that cannot do without it.
"""

from threading import Event, Lock, Thread
from time import monotonic

import psycopg
from django.db import Error, IntegrityError, connections

PATIENCE = 0.7


def violated(error: IntegrityError, *constraints: str) -> bool:
    """Whether it was one of these constraints, or unique indexes, that refused the row."""
    cause = error.__cause__
    return isinstance(cause, psycopg.Error) and cause.diag.constraint_name in constraints


class _Question:
    """One question, asked by a thread of its own on a connection of its own."""

    def __init__(self) -> None:
        self.asked_at = monotonic()
        self.is_over = Event()
        self.is_answered = False
        Thread(target=self._ask, daemon=True).start()

    def _ask(self) -> None:
        connection = connections["default"]
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            self.is_answered = True
        except Error:
            self.is_answered = False
        finally:
            connection.close()
            self.is_over.set()

    def wait(self) -> bool:
        self.is_over.wait(max(0.0, self.asked_at + PATIENCE - monotonic()))
        return self.is_answered


class _Asking:
    """However many want to know, one question is under way in this process."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.question: _Question | None = None

    def answers(self) -> bool:
        with self.lock:
            if self.question is None or self.question.is_over.is_set():
                self.question = _Question()
            question = self.question
        return question.wait()


answers = _Asking().answers
