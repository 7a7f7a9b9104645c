"""How many acts of one kind this process takes on at once. Nobody waits for a permit.

Fewer than the threads that serve requests, so reading and refusing always find one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore


class Permits:
    def __init__(self, count: int) -> None:
        self._free = BoundedSemaphore(count)

    @contextmanager
    def tried(self) -> Iterator[bool]:
        """Whether there was one; it is back when the block ends."""
        got = self._free.acquire(blocking=False)
        try:
            yield got
        finally:
            if got:
                self._free.release()
