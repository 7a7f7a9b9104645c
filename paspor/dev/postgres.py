"""A private PostgreSQL on loopback, with the two roles of the portal."""

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from paspor.dev import ports
from paspor.dev.account import Account
from paspor.dev.binaries import PostgresPrograms
from paspor.dev.console import Trouble
from paspor.dev.processes import is_server_of, wait_gone

NAME = "postgres"
DATABASE = "paspor"
OWNER = "paspor_owner"
APP = "paspor_app"
SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",  # a deep project folder would make the path too long
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "deadlock_timeout": "100ms",  # tests that mean one wait for it
}


@dataclass(frozen=True)
class Postgres:
    """One cluster below `folder`. Not `durable`: for tests, may be made anew at any time.

    `syncs`: commits are on the disk when they are told, as in production.
    """

    folder: Path
    account: Account
    programs: PostgresPrograms
    keys: dict[str, str]
    durable: bool
    syncs: bool = True

    @property
    def home(self) -> Path:
        return self.folder / NAME

    def url(self, role: str, port: int) -> str:
        return f"postgres://{role}:{self.keys[role]}@{ports.LOOPBACK}:{port}/{DATABASE}"

    def start(self) -> int:
        """Start the cluster, or find it running, and return its port.

        Raise Trouble, in one sentence, where the data folder cannot be used.
        """
        if not self.durable and self.home.exists() and major_of(self.folder) is None:
            shutil.rmtree(self.home)
        if not self.durable and major_of(self.folder) not in (None, self.programs.major):
            shutil.rmtree(self.home)  # a test's data are nobody's: other binaries, other data
        if not self.home.exists():
            self._make()
        self._check_folder()
        port = self._running_port()
        if port is None:
            port = self._start()
        self._set_up(port)
        return port

    def stop(self) -> None:
        pid = _pid(self.home)
        if pid is None:
            return
        self._call("pg_ctl", "-D", self.home, "-m", "fast", "-w", "-t", "60", "stop")
        if not wait_gone(pid, self.home, seconds=5):
            self._call("pg_ctl", "-D", self.home, "-m", "immediate", "-w", "stop")

    def _make(self) -> None:
        """Made beside its place and moved there when whole: a killed start leaves no half."""
        draft = self.folder / f"{NAME}.new"
        shutil.rmtree(draft, ignore_errors=True)
        self.account.owns(draft)
        builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix="password.") as password:
            password.write(self.keys["postgres"])
            password.flush()
            if self.account.borrowed:
                os.fchown(password.fileno(), self.account.uid, self.account.gid)
            done = self._call(
                "initdb",
                "--pgdata",
                draft,
                "--username=postgres",
                f"--pwfile={password.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8" if self.programs.major < 17 else "--locale=C",
                *(builtin if self.programs.major >= 17 else ()),
                *(() if self.syncs else ("--no-sync",)),
            )
        if done.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise Trouble(f"PostgreSQL cannot make its data in {self.folder}: {_last(done.stderr)}")
        draft.rename(self.home)

    def _check_folder(self) -> None:
        if major_of(self.folder) is None or not (self.home / "global" / "pg_control").exists():
            raise Trouble(
                f"The data folder {self.home} is damaged (files of PostgreSQL are missing): put "
                "it back from a copy, or start afresh with `make clean` and `make restore FILE=…`."
            )

    def _running_port(self) -> int | None:
        """The port of this cluster if it runs. A pid file whose process is gone is removed."""
        path = self.home / "postmaster.pid"
        deadline = time.monotonic() + 30
        while _pid(self.home) is not None:
            lines = path.read_text().splitlines() if path.exists() else []
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return int(lines[3])
            if time.monotonic() > deadline:
                raise Trouble(f"The PostgreSQL in {self.home} neither starts nor stops: end it.")
            time.sleep(0.1)
        path.unlink(missing_ok=True)
        return None

    def _start(self) -> int:
        log = self.home / "log"
        for _ in range(3):  # a port that was free may be taken a moment later
            port = ports.choose(self.folder, NAME)
            settings = SETTINGS | ({} if self.syncs else FORGETFUL) | {"port": str(port)}
            options = " ".join(f"-c {name}='{settings[name]}'" for name in settings)
            log.unlink(missing_ok=True)
            done = self._call(
                "pg_ctl", "-D", self.home, "-l", log, "-w", "-t", "60", "-o", options, "start"
            )
            if done.returncode == 0:
                return port
            if ports.is_free(port):
                break
        words = log.read_text(errors="replace") if log.exists() else done.stderr
        raise Trouble(f"PostgreSQL does not start in {self.home}. Its last words: {_last(words)}")

    def _set_up(self, port: int) -> None:
        """Roles and the database, each time: cheap, and right also after a change by hand."""
        try:
            with self._connect(port, "postgres") as connection:
                self._make_roles(connection)
                self._make_database(connection)
            with self._connect(port, DATABASE) as connection:
                connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        except psycopg.OperationalError as problem:
            raise Trouble(
                f"PostgreSQL in {self.home} runs but does not let us in ({_last(str(problem))}): "
                "put secrets.json back, or start afresh with `make clean`."
            ) from problem

    def _connect(self, port: int, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=ports.LOOPBACK,
            port=port,
            dbname=database,
            user="postgres",
            password=self.keys["postgres"],
            autocommit=True,
            connect_timeout=10,
        )

    def _make_roles(self, connection: psycopg.Connection) -> None:
        """The owner migrates; the application has no right but those that migrations grant."""
        for role in (OWNER, APP):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            creates = role == OWNER and not self.durable
            connection.execute(
                sql.SQL(
                    "{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION "
                    "NOBYPASSRLS {createdb} PASSWORD {password}"
                ).format(
                    verb=sql.SQL("ALTER" if known.fetchone() else "CREATE"),
                    role=sql.Identifier(role),
                    createdb=sql.SQL("CREATEDB" if creates else "NOCREATEDB"),
                    password=sql.Literal(self.keys[role]),
                )
            )

    def _make_database(self, connection: psycopg.Connection) -> None:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not known.fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )

    def _call(self, program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program of PostgreSQL as its account, in a session of its own.

        Its output goes through a file, since the server inherits it and would keep a pipe open.
        """
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self.programs[program], *map(str, words)],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                start_new_session=True,
                **self.account.as_arguments(),
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", output.read())


def major_of(folder: Path) -> int | None:
    """The major version that wrote the cluster below this folder; None where it cannot be told."""
    try:
        return int((folder / NAME / "PG_VERSION").read_text())
    except (OSError, ValueError):
        return None


def _pid(home: Path) -> int | None:
    try:
        pid = int((home / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if is_server_of(pid, home) else None


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:"))]
    return (telling or lines or ["none"])[-1]
