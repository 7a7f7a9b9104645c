"""The portal as programs of its own: granian and Celery on loopback, over a committed database.

``portal`` is not called live_server: pytest-django gives that name a meaning of its own
(a flush after the test, which the triggers of the log refuse).
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
from celery import Celery
from django.test import Client

from accounts.models import User
from tests.databases import used_meanwhile
from tests.reused_database import Reused

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = "127.0.0.1"
# Seconds, on a busy machine, for a program to start or for a thing to come true.
PATIENCE = 90


def token_for(user: User) -> str:
    """A session of the mobile app, as after a sign-in: the value of X-Session-Token."""
    browser = Client()
    browser.force_login(user)
    return browser.session.session_key


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def wait_until(true: Callable[[], Any], *, what: str, seconds: float = PATIENCE) -> Any:
    """Ask again and again; the answer as soon as it is truthy, an AssertionError if never."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := true():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"Waited {seconds} s in vain: {what}")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """One person's phone: a connection kept alive, and the token of their session."""

    def __init__(self, port: int, token: str = "") -> None:
        self.connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
        self.token = token

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send JSON (or bytes as they are); raises OSError or HTTPException when cut off."""
        sent = {"Accept": "application/json"}
        if self.token:
            sent["X-Session-Token"] = self.token
        if body is not None:
            sent["Content-Type"] = "application/json"
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            self.connection.request(method, path, raw, sent | dict(headers or {}))
            response = self.connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        self.connection.close()


@dataclass
class Program:
    """A child process group that is ended for certain."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL for the program and all its workers: nobody gets to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


@dataclass
class Portal:
    """The portal over one database: its web server, and workers when a test wants them."""

    database: str
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    prefix: str = field(default_factory=lambda: f"live-{uuid.uuid4().hex[:12]}")
    # Processes of the web server; each pays a second and a half to import the portal.
    workers: int = 2
    programs: list[Program] = field(default_factory=list)
    callers: list[Caller] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.live_settings",
            "DATABASE_URL": _pointed_to(os.environ["DATABASE_URL"], self.database),
            "DATABASE_OWNER_URL": _pointed_to(os.environ["DATABASE_OWNER_URL"], self.database),
            "ALLOWED_HOSTS": f"{LOOPBACK},localhost",
            "SITE_URL": self.url,
            "TEST_PREFIX": self.prefix,
            **self.variables,
        }

    def caller(self, user: User | None = None) -> Caller:
        self.callers.append(Caller(self.port, token_for(user) if user else ""))
        return self.callers[-1]

    def permit(self, count: int) -> None:
        """From now on so many may book at once in each process, in this test."""
        Path(self.variables["TEST_RESET"]).write_text(f"{uuid.uuid4().hex} permits={count}")

    def owner(self) -> psycopg.Connection:
        """Who may change the schema: for negative controls, and for time that must pass."""
        return psycopg.connect(self.environment["DATABASE_OWNER_URL"], autocommit=True)

    def start_web(self) -> Program:
        words = ["--interface", "wsgi", "--host", LOOPBACK, "--port", str(self.port)]
        words += ["--workers", str(self.workers), "--blocking-threads", "8", "--no-ws"]
        words += ["--log-level", "warning"]
        web = self._start("web", ["granian", *words, "paspor.wsgi:application"])
        wait_until(lambda: self._answers(web), what=f"/healthz answers; see {web.log}")
        return web

    def start_worker(self) -> Program:
        words = ["--loglevel", "INFO", "--concurrency", "2"]
        words += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        worker = self._start("worker", ["celery", "-A", "paspor", "worker", *words])
        wait_until(lambda: " ready." in worker.log.read_text(), what=f"ready; see {worker.log}")
        return worker

    def tell(self, task: str, *arguments: Any) -> None:
        """Give the worker this to do, as the web server does after a commit, and beat."""
        broker = Celery(broker=self.environment["REDIS_URL"], set_as_current=False)
        broker.conf.broker_transport_options = {"global_keyprefix": self.prefix}
        with broker.connection_for_write() as connection:
            broker.send_task(task, arguments, connection=connection)

    def stop(self) -> None:
        for caller in self.callers:
            caller.close()
        for program in reversed(self.programs):
            program.kill()  # nobody needs what it would tidy up

    def _start(self, name: str, words: list[str]) -> Program:
        log = self.folder / f"{name}-{len(self.programs)}.log"
        program = Program([sys.executable, "-m", *words], self.environment, log)
        self.programs.append(program)
        program.start()
        return program

    def _answers(self, web: Program) -> bool:
        if web.process is None or web.process.poll() is not None:
            raise AssertionError(f"The web server has ended:\n{web.log.read_text()[-3000:]}")
        caller = Caller(self.port)
        try:
            return caller.send("GET", "/healthz").status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            caller.close()


def _pointed_to(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@pytest.fixture
def quiet_portal(committed_db: str, tmp_path: Path) -> Iterator[Portal]:
    """A portal of which nothing runs yet; whatever is started is ended."""
    portal = Portal(committed_db, tmp_path)
    yield portal
    portal.stop()


@pytest.fixture
def own_portal(quiet_portal: Portal) -> Portal:
    """A portal that answers HTTP and may be killed."""
    quiet_portal.start_web()
    return quiet_portal


@pytest.fixture(scope="session")
def long_lived(
    template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Portal, Reused]]:
    """One web server for all tests of this process, over a database that is renewed for each.

    Starting a server costs more than most of what is tried on it.
    """
    folder = tmp_path_factory.mktemp("portal")
    database = Reused(template_database)
    portal = Portal(database.renew(), folder)
    anew = folder / "anew"
    anew.touch()
    portal.variables["TEST_RESET"] = str(anew)
    portal.start_web()
    yield portal, database
    portal.stop()
    database.drop()


@pytest.fixture
def portal(
    long_lived: tuple[Portal, Reused], django_db_blocker: pytest.FixtureRequest
) -> Iterator[Portal]:
    """A portal that answers HTTP, as if nobody had ever used it."""
    portal, database = long_lived
    database.renew()
    _forget_keys(portal.prefix)
    Path(portal.variables["TEST_RESET"]).write_text(uuid.uuid4().hex)
    with django_db_blocker.unblock(), used_meanwhile(portal.database):
        yield portal
    for caller in portal.callers:
        caller.close()
    portal.callers.clear()


def _forget_keys(prefix: str) -> None:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as server:
        keys = list(server.scan_iter(match=f"*{prefix}*", count=10_000))
        if keys:
            server.delete(*keys)
