"""The private servers of one kind of work, held while that work lasts.

`run` is shared: `make shell` beside `make run` uses the same servers, and the last one out stops
them. A test run has servers of its own (`test`, `test-2`, …), so two of them never meet; so has
a measurement (`bench`, …).
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from paspor.dev import binaries, environment, ports
from paspor.dev.account import Account, server_account
from paspor.dev.claim import Lock, gate
from paspor.dev.folders import data_folder, open_folder
from paspor.dev.keyring import keyring
from paspor.dev.postgres import APP, OWNER, Postgres, major_of
from paspor.dev.processes import MARK, mark_of, requests, sweep, sweep_orphans
from paspor.dev.valkey import Valkey

RUN = "run"
TEST = "test"
# Thrown away like a test's, but written down as safely as a portal's.
BENCH = "bench"


@dataclass(frozen=True)
class Ground:
    """Where everything of this machine lies and which account runs it."""

    base: Path
    account: Account

    @property
    def run_folder(self) -> Path:
        return open_folder(self.base / RUN)

    def folders(self) -> list[Path]:
        return [path for path in sorted(self.base.iterdir()) if (path / "users.lock").exists()]


@dataclass(frozen=True)
class Servers:
    """What the work gets: its folder and the environment for its processes."""

    ground: Ground
    folder: Path
    environment: dict[str, str]


def ground() -> Ground:
    """PASPOR_LOCAL names another folder for the data, for whoever wants them elsewhere."""
    account = server_account()
    return Ground(data_folder(account, environment.given("PASPOR_LOCAL")), account)


@contextmanager
def serving(
    where: Ground, kind: str, extra: dict[str, str] | None = None, web_port: int | None = None
) -> Iterator[Servers]:
    """Servers for one kind of work; at the end they stop, unless somebody else uses them.

    At the end also every process ends that was started with this environment. `web_port` is
    given by the one command that serves the pages.
    """
    folder, users = _claim(where, kind)
    mark = mark_of(folder)
    try:
        with gate(folder):
            sweep_orphans(folder)
            made = _start(where, folder, web_port)
            users.take(shared=kind == RUN)
        made |= (extra or {}) | {MARK: mark}
        try:
            yield Servers(where, folder, environment.complete(made) | {MARK: mark})
        finally:
            sweep(mark)
    finally:
        with gate(folder, leaving=True):
            if users.take():
                stop_servers(where, folder)
            users.close()


def stop_servers(where: Ground, folder: Path) -> None:
    """First Valkey, then PostgreSQL. The caller holds the folder's lock of users alone."""
    _valkey(where, folder, program="").stop()
    major = major_of(folder)
    if major is not None and (folder / "postgres" / "postmaster.pid").exists():
        programs = binaries.postgres(where.base, where.account, major)
        Postgres(folder, where.account, programs, keys={}, durable=True).stop()


def clear_away(where: Ground, folder: Path) -> bool:
    """End what a killed launcher left in this folder; False where a living one uses it."""
    users = Lock(folder / "users.lock")
    try:
        with gate(folder, leaving=True):
            if not users.take():
                return False
            sweep_orphans(folder)
            stop_servers(where, folder)
            return True
    finally:
        users.close()


def _claim(where: Ground, kind: str) -> tuple[Path, Lock]:
    if kind == RUN:
        return where.run_folder, Lock(where.run_folder / "users.lock")
    for number in itertools.count(1):
        folder = open_folder(where.base / (kind if number == 1 else f"{kind}-{number}"))
        users = Lock(folder / "users.lock")
        if users.take():
            return folder, users
        users.close()
    raise AssertionError  # the loop above has no end


def _start(where: Ground, folder: Path, web_port: int | None) -> dict[str, str]:
    """Start what is not given, and return what the environment lacks."""
    with gate(where.base):
        keys = keyring(where.base)
    durable = folder.name == RUN
    made = environment.of_portal(keys, _web_port(folder, web_port))
    if durable:
        made |= environment.of_demo(_email_port(folder, serves=web_port is not None))
    if not environment.given("REDIS_URL"):
        program = binaries.valkey(where.base, where.account)
        made["REDIS_URL"] = _valkey(where, folder, program, keys["valkey"]).start()
    requests.check()
    if not environment.given("DATABASE_URL"):
        made |= _start_postgres(where, folder, keys)
    requests.check()
    return made


def _start_postgres(where: Ground, folder: Path, keys: dict[str, str]) -> dict[str, str]:
    durable = folder.name == RUN
    major = major_of(folder) if durable else None
    programs = binaries.postgres(where.base, where.account, major)
    postgres = Postgres(folder, where.account, programs, keys, durable, syncs=_syncs(folder))
    port = postgres.start()
    return {
        "DATABASE_URL": postgres.url(APP, port),
        "DATABASE_OWNER_URL": postgres.url(OWNER, port),
    }


def _valkey(where: Ground, folder: Path, program: str, password: str = "") -> Valkey:
    return Valkey(folder, where.account, program, password, durable=_syncs(folder))


def _syncs(folder: Path) -> bool:
    """Whether what is written there is on the disk before it is said to be."""
    return not folder.name.startswith(TEST)


def _web_port(folder: Path, chosen: int | None) -> int:
    if chosen is not None:
        ports.remember(folder, "web", chosen)
    return chosen or ports.remembered(folder, "web") or ports.WEB_PORT


def _email_port(folder: Path, *, serves: bool) -> int:
    known = None if serves else ports.remembered(folder, "email")
    return known or ports.choose(folder, "email")
