"""A migrated template, and copies of it that are thrown away: for the suite and for plays."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()
"""
ROOMS = ("paspor", "accounts", "offices", "queueing")


def owner_connection(database: str | None = None) -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=database, autocommit=True)


def schema_fingerprint() -> str:
    """Changes whenever a migration or a right does, so a template is never stale."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((ROOT / room).glob("**/migrations/*.py")):
            digest.update(path.read_bytes())
    digest.update((ROOT / "paspor/kernel/rights.py").read_bytes())
    return digest.hexdigest()[:12]


def point_to(database: str) -> None:
    """Make both aliases of this process use another database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database
        settings.DATABASES[alias]["NAME"] = database


def copy_template(owner: psycopg.Connection, template: str, name: str = "") -> str:
    """A copy under this name, or under one of its own; the name.

    By file: PostgreSQL's default writes every page into its log as well, five times the work.
    """
    name = name or f"paspor_test_{uuid.uuid4().hex[:12]}"
    owner.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )
    return name


def end_connections(name: str) -> None:
    """Of the application, whose role only it may end."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as app:
        end_others(app, name)


def end_others(connection: psycopg.Connection, name: str) -> None:
    """Cut off whoever else is there as this role, all together, and wait until they are gone.

    Asked to wait itself, PostgreSQL takes one after the other, a tenth of a second each.
    """
    for _ in range(2000):
        if not connection.execute(OTHERS, [name]).fetchall():
            return
        sleep(0.005)
    raise AssertionError(f"Somebody stays connected to {name}.")


def drop(owner: psycopg.Connection, name: str) -> None:
    """FORCE may not end an autovacuum of the server's own: it is waited for, a minute at most."""
    for left in reversed(range(600)):
        try:
            owner.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
            return
        except psycopg.errors.InsufficientPrivilege:
            if not left:
                raise
            sleep(0.1)


def make_template() -> str:
    """The migrated template, made once for each state of the migrations; its name.

    Everything serves as the application's role, as the portal does; only this and
    upgrade_database act as the owner.
    """
    name = f"paspor_template_{schema_fingerprint()}"
    with owner_connection() as owner:
        owner.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        exists = owner.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
        if exists is None:
            making = f"{name}_new"
            owner.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(making))
            )
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
            point_to(making)
            call_command("upgrade_database", verbosity=0)
            for alias in ("default", "owner"):
                connections[alias].close()
            owner.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(making), sql.Identifier(name)
                )
            )
        owner.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])
    return name


@contextmanager
def used_meanwhile(name: str) -> Iterator[str]:
    """This process uses that database meanwhile; its name."""
    before = connections["default"].settings_dict["NAME"]
    point_to(name)
    try:
        yield name
    finally:
        point_to(before)


@contextmanager
def copied(template: str) -> Iterator[str]:
    """A copy that this process uses meanwhile, dropped at the end; its name."""
    with owner_connection() as owner:
        name = copy_template(owner, template)
    try:
        with used_meanwhile(name):
            yield name
    finally:
        with owner_connection() as owner:
            drop(owner, name)
