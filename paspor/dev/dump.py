"""`make backup` and `make restore`: the whole database in one file of pg_dump."""

import os
import subprocess
from pathlib import Path
from typing import IO

from psycopg import conninfo

from paspor.dev import binaries
from paspor.dev.console import Trouble, say
from paspor.dev.portal import alone, manage
from paspor.dev.processes import requests, run
from paspor.dev.servers import RUN, Ground, Servers, serving

# What every dump of the portal holds; another program's dump would wipe our tables for its own.
SIGN = "TABLE DATA public django_migrations "
EMPTY = """\\set ON_ERROR_STOP on
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


def backup(where: Ground, file: Path) -> int:
    """Write a dump (custom format, without rights, which the upgrade grants anew)."""
    _check_place(file)
    with serving(where, RUN) as servers:
        draft = file.with_name(f"{file.name}.part")
        draft.unlink(missing_ok=True)
        # Names, numbers and addresses of people: for its owner only, from the first byte.
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            dump = [_program(servers, "pg_dump"), "-Fc", "--no-owner", "--no-privileges"]
            address, owner = _as_owner(servers)
            if run([*dump, "--file", str(draft), "--dbname", address], owner) != 0:
                raise Trouble("The backup failed, and no file was written: see above.")
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    say(f"Backup written: {file} ({file.stat().st_size:,} bytes)")
    return 0


def restore(where: Ground, file: Path) -> int:
    """Replace what the database holds by the dump, all or nothing, and bring it up to date."""
    if not file.is_file():
        raise Trouble(f"There is no file {file}.")
    with alone(where), serving(where, RUN) as servers:
        _check_dump(servers, file)
        _replace(servers, file)
        say(f"Restored from {file}; bringing the database up to date")
        return manage(servers, "upgrade_database")


def _check_place(file: Path) -> None:
    if not file.parent.is_dir() or file.is_dir():
        raise Trouble(f"{file} cannot be written: give the name of a file in an existing folder.")


def _check_dump(servers: Servers, file: Path) -> None:
    listed = subprocess.run(
        [_program(servers, "pg_restore"), "--list", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        raise Trouble(f"{file} is not a backup of `make backup`: {_last(listed.stderr.encode())}")
    if SIGN not in listed.stdout:
        raise Trouble(f"{file} is a dump of another database, not of the portal's.")


def _replace(servers: Servers, file: Path) -> None:
    """One transaction, committed only after pg_restore has come to its good end.

    Whatever goes wrong before (a broken file, an error in a statement, a signal) ends the
    connection without COMMIT, and everything is as it was.
    """
    address, owner = _as_owner(servers)
    target = subprocess.Popen(
        [_program(servers, "psql"), "-X", "-q", "-o", os.devnull, "-d", address],
        env=owner,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    refused = b""
    try:
        target.stdin.write(EMPTY.encode())
        target.stdin.flush()
        refused = _pour(servers, file, target.stdin)
        target.stdin.write(b"ROLLBACK;\n" if refused else b"COMMIT;\n")
        target.stdin.close()
    except BrokenPipeError:
        refused = refused or b"the connection to PostgreSQL broke"
    complaint = target.stderr.read()
    target.stderr.close()
    if target.wait() != 0 or refused:
        requests.check()
        reason = _last(complaint) or _last(refused)
        raise Trouble(f"Nothing was restored, the database is as it was: {reason}")


def _pour(servers: Servers, file: Path, target: IO[bytes]) -> bytes:
    """Write the dump as statements; return why it is not whole, or nothing."""
    source = subprocess.Popen(
        [_program(servers, "pg_restore"), "--no-owner", "--no-privileges", "-f", "-", str(file)],
        stdout=target,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while True:
        try:
            _, complaint = source.communicate(timeout=0.2)
        except subprocess.TimeoutExpired:
            if requests.number:
                source.terminate()
            continue
        return complaint if complaint or source.returncode == 0 else b"pg_restore was ended"


def _program(servers: Servers, name: str) -> str:
    return binaries.postgres(servers.ground.base, servers.ground.account)[name]


def _as_owner(servers: Servers) -> tuple[str, dict[str, str]]:
    """The address, and an environment with the password: every user can read command lines."""
    url = servers.environment.get("DATABASE_OWNER_URL") or servers.environment["DATABASE_URL"]
    parts = conninfo.conninfo_to_dict(url)
    password = {"PGPASSWORD": str(parts.pop("password", ""))}
    return conninfo.make_conninfo(**parts), servers.environment | password


def _last(told: bytes) -> str:
    lines = [line.strip() for line in told.decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "ERROR" in line or "FATAL" in line or "error:" in line]
    return (telling[:1] or lines[-1:] or [""])[0]
