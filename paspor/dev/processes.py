"""Children of the launcher, signals to it, and what somebody killed may have left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from paspor.dev.console import Trouble, complain
from paspor.dev.folders import PROJECT

MARK = "PASPOR_LAUNCHER"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked the launcher to stop; `signal` says how."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Requests:
    """Notes a request to stop instead of raising it, so that no step is left half done.

    Start-up asks `check()` between its steps; a child that runs is told and waited for.
    """

    def __init__(self) -> None:
        self.number = 0

    def listen(self) -> None:
        for number in STOPPING:
            signal.signal(number, self._note)

    def check(self) -> None:
        if self.number:
            raise Stopped(self.number)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.number = self.number or number


requests = Requests()


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    in_terminal: bool = False,
    beat: Callable[[], None] = lambda: None,
) -> int:
    """Run a child to its end and return its exit code; a request to stop ends it and raises.

    `in_terminal` leaves it in our process group, so that it can read the keyboard and the
    terminal's Ctrl-C reaches it (twice would make pytest drop its own clearing up).
    `beat` is called five times a second.
    """
    requests.check()
    try:
        child = subprocess.Popen(
            list(command), env=dict(environment), cwd=PROJECT, start_new_session=not in_terminal
        )
    except OSError as problem:
        raise Trouble(f"{command[0]} cannot be started: {problem.strerror}.") from problem
    told = False
    while (code := _wait(child)) is None:
        beat()
        if requests.number and not told:
            told = True
            _tell(child, in_terminal)
    requests.check()
    return code if code >= 0 else 128 - code


def _wait(child: subprocess.Popen[bytes]) -> int | None:
    try:
        return child.wait(0.2)
    except subprocess.TimeoutExpired:
        return None


def _tell(child: subprocess.Popen[bytes], in_terminal: bool) -> None:
    heard_already = in_terminal and requests.number == signal.SIGINT and _in_foreground()
    if not heard_already:
        child.send_signal(signal.SIGTERM if not in_terminal else requests.number)


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError, AttributeError):
        return False


def sweep(mark: str, patience: float = 8) -> None:
    """End every process that carries this mark (or begins with it), kindly, then for good."""
    deadline = time.monotonic() + patience
    told: set[int] = set()
    while (left := _marked(mark)) and time.monotonic() < deadline:
        _signal_all(left - told, signal.SIGTERM)
        told |= left
        time.sleep(0.1)
    while left := _marked(mark):
        _signal_all(left, signal.SIGKILL)
        time.sleep(0.05)


def _signal_all(pids: set[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
        except PermissionError:
            complain(f"Process {pid} was left by an earlier run and belongs to somebody else.")


def _marked(mark: str) -> set[int]:
    """Processes whose environment holds the mark. Without /proc none is found."""
    wanted = f"{MARK}={mark}".encode()
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "environ").read_bytes().split(b"\0")
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            continue
        if state != "Z" and any(word.startswith(wanted) for word in words):
            found.add(int(folder.name))
    return found - {os.getpid()}


def is_server_of(pid: int, folder: Path) -> bool:
    """Whether this process is alive and works in this folder: a pid file alone may be stale.

    Both servers make their data folder their working folder. Where there is no /proc to read
    that from, a live process counts as the server, to be safe.
    """
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):  # gone, or somebody else's
        return False
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == folder.resolve()
    except FileNotFoundError:
        return not Path("/proc/self/cwd").exists()
    except OSError:
        return True


def wait_gone(pid: int, folder: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_server_of(pid, folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
