"""A private Valkey or Redis on loopback, behind a password."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from paspor.dev import ports
from paspor.dev.account import Account
from paspor.dev.console import Trouble
from paspor.dev.processes import is_server_of, wait_gone

PATIENCE = 15  # seconds for a start
NAME = "valkey"
_children: dict[int, subprocess.Popen[bytes]] = {}  # started by us, to be reaped by us


@dataclass(frozen=True)
class Valkey:
    """One server with its data below `folder`. `durable` keeps what it holds over a restart."""

    folder: Path
    account: Account
    program: str
    password: str
    durable: bool

    @property
    def home(self) -> Path:
        return self.folder / NAME

    def url(self, port: int) -> str:
        return f"redis://:{self.password}@{ports.LOOPBACK}:{port}/0"

    def start(self) -> str:
        """Start the server, or find it running, and return its address."""
        self.account.owns(self.home)
        port = ports.remembered(self.folder, NAME)
        if self._pid() and port and self._answers(port):
            return self.url(port)
        self.stop()
        for _ in range(3):  # a port that was free may be taken a moment later
            port = ports.choose(self.folder, NAME)
            if self._started_on(port):
                return self.url(port)
        raise Trouble(f"Valkey does not start. Its last words: {self._last_words()}")

    def stop(self) -> None:
        pid = self._pid()
        if not pid:
            return
        os.kill(pid, signal.SIGTERM)
        if not wait_gone(pid, self.home, seconds=15):
            os.kill(pid, signal.SIGKILL)
            wait_gone(pid, self.home, seconds=5)
        child = _children.pop(pid, None)
        if child:
            child.wait()

    def _started_on(self, port: int) -> bool:
        self._configure(port)
        # Our own folder, not the server's: whoever owns that one could lay a link there.
        with (self.folder / "valkey.log").open("wb") as log:
            server = subprocess.Popen(
                [self.program, str(self.folder / "valkey.conf")],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.account.as_arguments(),
            )
        deadline = time.monotonic() + PATIENCE
        while server.poll() is None and time.monotonic() < deadline:
            if self._answers(port):
                _children[server.pid] = server
                return True
            time.sleep(0.02)
        server.kill()
        server.wait()
        return False

    def _configure(self, port: int) -> None:
        """The password goes into a file: the command line can be read by every user."""
        path = self.folder / "valkey.conf"
        for old in (path, self.home / "pid"):
            old.unlink(missing_ok=True)
        lines = [
            f"port {port}",
            f"bind {ports.LOOPBACK}",
            f"requirepass {self.password}",
            f'dir "{self.home}"',
            f'pidfile "{self.home / "pid"}"',
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
        ]
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
            if self.account.borrowed:
                os.fchown(file.fileno(), self.account.uid, self.account.gid)

    def _answers(self, port: int) -> bool:
        once = Retry(NoBackoff(), retries=0)  # the library's default tries for four seconds
        try:
            with redis.Redis(
                host=ports.LOOPBACK,
                port=port,
                password=self.password,
                socket_timeout=2,
                retry=once,
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _pid(self) -> int | None:
        try:
            pid = int((self.home / "pid").read_text())
        except (OSError, ValueError):
            return None
        return pid if is_server_of(pid, self.home) else None

    def _last_words(self) -> str:
        try:
            lines = (self.folder / "valkey.log").read_text(errors="replace").splitlines()
        except OSError:
            return "none"
        return lines[-1].strip() if lines else "none"
