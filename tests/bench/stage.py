"""Where a row is played: a copy of the town, and the portal that serves it."""

import os
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections
from psycopg import sql

from tests import databases
from tests.bench import cpu, plans
from tests.bench.load import Load, Result, send
from tests.bench.town import Town
from tests.live import LOOPBACK, Caller, Program, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]

# One account after the other books as its phone would: for rows about what is booked.
BOOK_EVERYONE = """
SELECT count(*) FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
    AS wish (code, account, slot, applicant)
CROSS JOIN LATERAL queueing_book(
    p_code => wish.code, p_account => wish.account, p_slot => wish.slot,
    p_channel => 'ONLINE', p_applicants => ARRAY[wish.applicant], p_kinds => ARRAY['NEW'],
    p_types => ARRAY['REGULAR'], p_entitlements => ARRAY[''], p_old_passports => ARRAY[''],
    p_parents => ARRAY[''], p_confirm => true, p_hold_minutes => 10, p_return_minutes => 30,
    p_cutoff_minutes => 60, p_max_live => 5, p_actor_kind => 'CITIZEN',
    p_actor => wish.account, p_reason => '', p_device => '', p_address => NULL,
    p_checked => NULL, p_at => NULL) AS booked
WHERE booked.outcome = 'BOOKED'
"""


def web_words() -> list[str]:
    """The web server as the Procfile starts it."""
    for line in (ROOT / "Procfile").read_text().splitlines():
        name, _, command = line.partition(": ")
        if name == "web":
            return ["sh", "-c", command]
    raise ValueError("The Procfile starts no web server.")


@dataclass
class Stage:
    """``template`` holds the town; each run that writes gets a copy of it."""

    town: Town
    template: str
    folder: Path
    database: str = field(default_factory=lambda: f"paspor_bench_{uuid.uuid4().hex[:12]}")
    port: int = field(default_factory=free_port)
    web: Program | None = None
    gated: bool | None = None

    @contextmanager
    def open(self) -> Iterator["Stage"]:
        """Copy the town, serve it when a row asks for it, and tidy up at the end."""
        before = connections["default"].settings_dict["NAME"]
        with ExitStack() as ends:
            ends.callback(self._close, before)
            self.renew()
            ends.callback(self._stop)
            yield self

    def serve(self, *, gated: bool) -> None:
        """Have the web server run, with the gate before bookings or without."""
        if self.gated is gated:
            return
        self._stop()
        web = Program(web_words(), self._environment(gated), self.folder / "web.log")
        web.start()
        self.web, self.gated = web, gated
        wait_until(lambda: self._answers(web), what=f"/readyz answers; see {web.log}")
        self.warm_up()

    def _stop(self) -> None:
        if self.web is not None:
            self.web.stop()
        self.web = self.gated = None

    def _environment(self, gated: bool) -> dict[str, str]:
        def pointed(name: str) -> str:
            return urlsplit(os.environ[name])._replace(path=f"/{self.database}").geturl()

        # Whoever measures the booking itself lets everybody in; overload measures the gate.
        gate = {} if gated else {"BOOKING_PERMITS": "1000"}
        return (
            os.environ
            | gate
            | {
                "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
                "DATABASE_URL": pointed("DATABASE_URL"),
                "DATABASE_OWNER_URL": pointed("DATABASE_OWNER_URL"),
                "ALLOWED_HOSTS": LOOPBACK,
                "SITE_URL": f"http://{LOOPBACK}:{self.port}",
                "BENCH_PREFIX": caches["default"].key_prefix,
                "PORT": str(self.port),
            }
        )

    def _answers(self, web: Program) -> bool:
        if web.process is None or web.process.poll() is not None:
            raise AssertionError(f"The web server has ended:\n{web.log.read_text()[-3000:]}")
        caller = Caller(self.port)
        try:
            return caller.send("GET", "/readyz").status == 200
        except OSError:
            return False
        finally:
            caller.close()

    def _close(self, before: str) -> None:
        databases.point_to(before)
        with databases.owner_connection() as owner:
            self._clear_away(owner)

    def _clear_away(self, owner: psycopg.Connection) -> None:
        """Requests that nobody waits for any more would come back to it at once."""
        known = owner.execute("SELECT FROM pg_database WHERE datname = %s", [self.database])
        if known.fetchone() is not None:
            name = sql.Identifier(self.database)
            owner.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            databases.end_connections(self.database)
            databases.drop(owner, self.database)

    def renew(self) -> None:
        """A fresh copy of the town, and a cache that knows who is signed in, and no more."""
        databases.point_to(self.database)
        with databases.owner_connection() as owner:
            self._clear_away(owner)
            databases.copy_template(owner, self.template, self.database)
        _forget_keys()
        self.town.warm_sessions()

    def warm_up(self) -> None:
        """Whatever a first visit costs is paid by people who are not counted."""
        town = self.town
        requests = [
            *plans.hello(town),
            *(plans.book(home, town.warm) for home in town.warmers),
            *(plans.raw("GET", plans.BOOKINGS, home=home) for home in town.warmers),
        ]
        self.send(Load(connections=16), requests, seconds=30)

    def send(self, load: Load, requests: Iterable[bytes], *, seconds: float) -> Result:
        return send(load, requests, port=self.port, seconds=seconds, folder=self.folder)

    def used(self) -> tuple[float, float]:
        """Milliseconds of processor that the web server and the database have used so far."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        web = self.web.process.pid if self.web and self.web.process else None
        return cpu.milliseconds(web), cpu.milliseconds(cpu.parent_of(backend))


def _forget_keys() -> None:
    prefix = caches["default"].key_prefix
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        keys = list(server.scan_iter(match=f"*{prefix}*", count=10_000))
        for first in range(0, len(keys), 5000):
            server.delete(*keys[first : first + 5000])


def book_everyone(stage: Stage) -> None:
    """Each single account has a place from now on (plans.code_of)."""
    wishes = [
        (plans.code_of(home), home.account, hour.pk, home.people[0][0])
        for home, hour in plans.spread(stage.town)
    ]
    with connection.cursor() as cursor:
        cursor.execute(BOOK_EVERYONE, [list(column) for column in zip(*wishes, strict=True)])
        (count,) = cursor.fetchone()
    if count != len(wishes):
        raise RuntimeError(f"Only {count} of {len(wishes)} places could be prepared.")


def nothing(_stage: Stage) -> None:
    """Nobody has booked yet."""


@contextmanager
def old_snapshot(stage: Stage) -> Iterator[None]:
    """The longest transaction that the portal makes: a statement up to its time-out.

    With the portal's own connection settings; begun again as soon as it is cut off.
    """
    over = threading.Event()
    options = settings.DATABASES["default"]["OPTIONS"]["options"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{stage.database}").geturl()
    with psycopg.connect(url, autocommit=True, options=options) as slow:

        def run() -> None:
            while not over.is_set():
                with suppress(psycopg.errors.QueryCanceled):
                    slow.execute("SELECT count(*), pg_sleep(3600) FROM queueing_seat")

        worker = threading.Thread(target=run)
        worker.start()
        try:
            yield
        finally:
            over.set()
            slow.cancel_safe()
            worker.join()


@contextmanager
def alone(_stage: Stage) -> Iterator[None]:
    """Nothing else goes on."""
    yield
