"""Children of the launcher, signals to it, and what somebody killed may have left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from paspor.dev.console import Trouble
from paspor.dev.folders import PROJECT

MARK = "PASPOR_LAUNCHER"
# Seconds for a child to end by itself. Honcho kills its own after 5. With the terminal gone
# it hangs in what it cannot write, and its children are ended without it.
GRACE = 7
GRACE_WITHOUT_TERMINAL = 2
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
        self.ctrl_c_is_childs = False

    def listen(self) -> None:
        for number in STOPPING:
            signal.signal(number, self._note)

    def check(self) -> None:
        if self.number:
            raise Stopped(self.number)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        # The terminal sends it to the child as well, which decides what it means.
        if number == signal.SIGINT and self.ctrl_c_is_childs and _in_foreground():
            return
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

    `in_terminal` leaves it in our process group, so that it can read the keyboard and gets the
    terminal's Ctrl-C itself. `beat` is called five times a second.
    """
    requests.check()
    requests.ctrl_c_is_childs = in_terminal
    try:
        child = subprocess.Popen(
            list(command), env=dict(environment), cwd=PROJECT, start_new_session=not in_terminal
        )
    except OSError as problem:
        raise Trouble(f"{command[0]} cannot be started: {problem.strerror}.") from problem
    code = None
    while code is None and not requests.number:
        beat()
        code = _wait(child)
    requests.ctrl_c_is_childs = False
    if code is None:
        code = _end(child)
    requests.check()
    return code if code >= 0 else 128 - code


def _wait(child: subprocess.Popen[bytes], seconds: float = 0.2) -> int | None:
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def _end(child: subprocess.Popen[bytes]) -> int:
    """Ask it to end, then insist."""
    child.send_signal(signal.SIGTERM)
    hung_up = requests.number == signal.SIGHUP
    code = _wait(child, GRACE_WITHOUT_TERMINAL if hung_up else GRACE)
    if code is None:
        child.kill()
        code = child.wait()
    return code


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError, AttributeError):
        return False


def sweep(mark: str, patience: float = 5) -> None:
    """End every process that carries this mark, kindly at first, then for good."""
    deadline = time.monotonic() + patience
    told: set[int] = set()
    while (left := _carrying(mark)) and time.monotonic() < deadline:
        _signal_all(left - told, signal.SIGTERM)
        told |= left
        time.sleep(0.1)
    while left := _carrying(mark):
        _signal_all(left, signal.SIGKILL)
        time.sleep(0.05)


def mark_of(folder: Path) -> str:
    """What this launcher writes into the environment of its children."""
    return f"{folder}:{os.getpid()}"


def sweep_orphans(folder: Path) -> None:
    """End what was started from this folder by a launcher that is no more."""
    for mark in set(_marks().values()):
        of_folder, _, launcher = mark.rpartition(":")
        if of_folder == str(folder) and launcher.isdigit() and not _lives(int(launcher)):
            sweep(mark)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _signal_all(pids: set[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _carrying(mark: str) -> set[int]:
    return {pid for pid, carried in _marks().items() if carried == mark} - {os.getpid()}


def _marks() -> dict[int, str]:
    """The marks of all living processes of ours. Without /proc none is found."""
    marks = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "environ").read_bytes().split(b"\0")
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            continue
        carried = [word for word in words if word.startswith(f"{MARK}=".encode())]
        if carried and state != "Z":
            marks[int(folder.name)] = os.fsdecode(carried[0]).partition("=")[2]
    return marks


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
