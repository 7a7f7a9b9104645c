"""Databases for the tests: one migrated template, copied for each worker and each race."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import psycopg
import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from psycopg import sql

from paspor.kernel import policy
from paspor.kernel.catalogues import compile_catalogue

pytest_plugins = ["tests.live"]
ROOT = Path(__file__).resolve().parents[1]


def pytest_configure() -> None:
    """Compiled catalogues are not committed, and English must be spoken whoever asks."""
    for path in ROOT.glob("paspor/locale/*/LC_MESSAGES/django.po"):
        compile_catalogue(path)


def owner_connection() -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)


def schema_fingerprint() -> str:
    """Changes whenever a migration or a right does, so a template is never stale."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("*/**/migrations/*.py")):
        if ".venv" not in path.parts:
            digest.update(path.read_bytes())
    digest.update((ROOT / "paspor/kernel/rights.py").read_bytes())
    return digest.hexdigest()[:12]


def point_to(database: str) -> None:
    """Make both aliases of this process use another database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database
        settings.DATABASES[alias]["NAME"] = database


def copy_template(owner: psycopg.Connection, template: str) -> str:
    name = f"paspor_test_{uuid.uuid4().hex[:12]}"
    owner.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )
    return name


def drop(owner: psycopg.Connection, name: str) -> None:
    """FORCE may not end an autovacuum of the server's own; that is over in a moment."""
    for left in reversed(range(100)):
        try:
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            return
        except psycopg.errors.InsufficientPrivilege:
            if not left:
                raise
            sleep(0.1)


@pytest.fixture(scope="session")
def template_database(django_db_blocker: pytest.FixtureRequest) -> str:
    """The migrated template, made once for each state of the migrations.

    The suite serves as the application's role, as the portal does; only this fixture
    and upgrade_database act as the owner.
    """
    name = f"paspor_template_{schema_fingerprint()}"
    with owner_connection() as owner, django_db_blocker.unblock():
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


@pytest.fixture(scope="session")
def django_db_setup(
    template_database: str, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Each process gets a copy, dropped at the end."""
    with owner_connection() as owner:
        name = copy_template(owner, template_database)
    point_to(name)
    yield
    with django_db_blocker.unblock():
        for alias in ("default", "owner"):
            connections[alias].close()
    with owner_connection() as owner:
        drop(owner, name)


@pytest.fixture
def committed_db(
    django_db_setup: None, template_database: str, django_db_blocker: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of its own for a test that commits or uses several connections.

    Django's flush would meet the triggers of the log; a copy is dropped instead.
    """
    before = connections["default"].settings_dict["NAME"]
    with owner_connection() as owner:
        name = copy_template(owner, template_database)
    point_to(name)
    with django_db_blocker.unblock():
        yield name
        for alias in ("default", "owner"):
            connections[alias].close()
    point_to(before)
    with owner_connection() as owner:
        drop(owner, name)


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has keys of its own in the shared cache, in every thread.

    Policy figures do not grow stale by the clock: on a slow machine they would be read
    again in the middle of a test, and whoever counts queries would count that one too.
    """
    monkeypatch.setattr(policy, "FRESH_SECONDS", 3600)
    prefix = f"test-{uuid.uuid4().hex}"
    caches.settings["default"]["KEY_PREFIX"] = prefix
    caches["default"].key_prefix = prefix
    policy.forget()
    yield
    policy.forget()
    # A request in English leaves its thread speaking English.
    translation.activate(settings.LANGUAGE_CODE)
