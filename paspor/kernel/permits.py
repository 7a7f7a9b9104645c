"""How many acts of one kind this process takes on at once. Nobody waits for a permit.

Fewer than the threads that serve requests, so reading and refusing always find one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Permits:
    def __init__(self, count: int) -> None:
        self._lock = Lock()
        self._free = count

    @property
    def are_out(self) -> bool:
        """A look, for whoever can refuse at less cost before; only trying decides."""
        return self._free == 0

    @contextmanager
    def tried(self) -> Iterator[bool]:
        """Whether there was one; it is back when the block ends."""
        with self._lock:
            got = self._free > 0
            self._free -= got
        try:
            yield got
        finally:
            with self._lock:
                self._free += got
