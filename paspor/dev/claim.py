"""Who may use, start and stop a set of servers: file locks, which end with their process."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paspor.dev.console import Trouble
from paspor.dev.processes import requests

PATIENCE = 120  # seconds until another launcher has started or stopped its servers


class Lock:
    """A lock on a file. Not inherited by children, so only this process holds it."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, *, shared: bool = False) -> bool:
        """Take it if nobody stands against it, or change from one kind to the other."""
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def sign(self) -> None:
        """Write down who holds it, for whoever comes later."""
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def signature(self) -> int | None:
        text = os.pread(self._file, 20, 0)
        return int(text) if text.isdigit() else None

    def close(self) -> None:
        os.close(self._file)


@contextmanager
def gate(folder: Path, *, leaving: bool = False) -> Iterator[None]:
    """Starting and stopping happen one at a time; waits for another launcher that is at it.

    A request to stop ends the wait, except for who is `leaving` and has to stop the servers.
    """
    lock = Lock(folder / "gate.lock")
    try:
        deadline = time.monotonic() + PATIENCE
        while not lock.take():
            if not leaving:
                requests.check()
            if time.monotonic() > deadline:
                raise Trouble(f"Another command is starting or stopping the servers in {folder}.")
            time.sleep(0.1)
        yield
    finally:
        lock.close()
