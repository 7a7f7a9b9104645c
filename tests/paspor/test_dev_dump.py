"""`make backup` and `make restore`, on a small table in place of the portal's."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from paspor.dev import dump, portal
from paspor.dev.console import Trouble
from paspor.dev.servers import RUN, Ground, Servers, serving
from tests.paspor import launching

TABLES = """
CREATE TABLE django_migrations (name text);
CREATE TABLE visit (id int PRIMARY KEY, who text NOT NULL);
CREATE TABLE place (visit int REFERENCES visit);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'append only'; END $$;
CREATE TRIGGER visit_append_only BEFORE UPDATE OR DELETE ON visit EXECUTE FUNCTION refuse();
CREATE TRIGGER visit_no_truncate BEFORE TRUNCATE ON visit EXECUTE FUNCTION refuse();
ALTER TABLE visit ENABLE ALWAYS TRIGGER visit_append_only;
GRANT SELECT, INSERT ON visit TO paspor_app;
"""


@pytest.fixture(scope="module")
def where() -> Iterator[Ground]:
    with pytest.MonkeyPatch.context() as patch, launching.place() as folder:
        for name in (*launching.GIVEN, "PASPOR_EMBEDDED", "PASPOR_LOCAL"):
            patch.delenv(name, raising=False)
        where = launching.ground(folder)
        with serving(where, RUN):  # held, so that each test finds the servers up
            yield where


@pytest.fixture
def servers(where: Ground, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    """A fresh schema with one visit; manage.py only notes what it is asked."""
    for name in (*launching.GIVEN, "PASPOR_EMBEDDED", "PASPOR_LOCAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(
        dump, "manage", lambda _servers, *words: int(words != ("upgrade_database",))
    )
    with serving(where, RUN) as servers:
        with as_owner(servers) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
            connection.execute(TABLES)
            connection.execute("INSERT INTO visit VALUES (1, 'Wayan Sudarma')")
        yield servers


@contextmanager
def as_owner(servers: Servers) -> Iterator[psycopg.Connection]:
    with psycopg.connect(servers.environment["DATABASE_OWNER_URL"]) as connection:
        yield connection


def visits(servers: Servers) -> list[tuple[int, str]]:
    with as_owner(servers) as connection:
        return connection.execute("SELECT id, who FROM visit ORDER BY id").fetchall()


def test_a_dump_brings_back_what_was_and_drops_what_came_after(servers: Servers, tmp_path: Path):
    file = tmp_path / "paspor.dump"
    assert dump.backup(servers.ground, file) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with as_owner(servers) as connection:
        connection.execute("INSERT INTO visit VALUES (2, 'Nurhayati')")
        connection.execute("CREATE TABLE later (visit int REFERENCES visit)")

    assert dump.restore(servers.ground, file) == 0

    assert visits(servers) == [(1, "Wayan Sudarma")]
    with as_owner(servers) as connection:
        assert connection.execute("SELECT to_regclass('later')").fetchone() == (None,)
        owners = connection.execute(
            "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relname ~ '^(visit|place)'"
        )
        assert owners.fetchall() == [("paspor_owner",)]
        with pytest.raises(psycopg.errors.RaiseException, match="append only"):
            connection.execute("DELETE FROM visit")


def test_a_dump_fits_into_an_empty_database(servers: Servers, tmp_path: Path):
    file = tmp_path / "paspor.dump"
    dump.backup(servers.ground, file)
    with as_owner(servers) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    assert dump.restore(servers.ground, file) == 0
    assert visits(servers) == [(1, "Wayan Sudarma")]


def test_nobody_else_may_make_tables_after_a_restore(servers: Servers, tmp_path: Path):
    file = tmp_path / "paspor.dump"
    dump.backup(servers.ground, file)
    dump.restore(servers.ground, file)

    with (
        psycopg.connect(servers.environment["DATABASE_URL"]) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (id int)")


def test_a_file_that_is_no_dump_is_refused(servers: Servers, tmp_path: Path):
    file = tmp_path / "letter.txt"
    file.write_text("SELECT 1; DROP TABLE visit;")

    with pytest.raises(Trouble, match=r"is not a backup of `make backup`"):
        dump.restore(servers.ground, file)
    assert visits(servers) == [(1, "Wayan Sudarma")]


def test_a_dump_of_another_program_is_refused(servers: Servers, tmp_path: Path):
    file = tmp_path / "other.dump"
    with as_owner(servers) as connection:
        connection.execute("ALTER TABLE django_migrations RENAME TO something")
    dump.backup(servers.ground, file)

    with pytest.raises(Trouble, match="is a dump of another database"):
        dump.restore(servers.ground, file)


def test_a_dump_cut_short_changes_nothing(servers: Servers, tmp_path: Path):
    file = tmp_path / "paspor.dump"
    with as_owner(servers) as connection:
        connection.execute(
            "INSERT INTO visit SELECT n, md5(n::text) FROM generate_series(2, 20000) AS n"
        )
    dump.backup(servers.ground, file)
    os.truncate(file, file.stat().st_size // 2)
    with as_owner(servers) as connection:
        connection.execute("INSERT INTO visit VALUES (20001, 'Nurhayati')")

    with pytest.raises(Trouble, match="Nothing was restored"):
        dump.restore(servers.ground, file)
    assert len(visits(servers)) == 20001


def test_a_pg_restore_that_dies_between_statements_changes_nothing(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "paspor.dump"
    dump.backup(servers.ground, file)
    real = dump._program(servers, "pg_restore")
    dying = tmp_path / "pg_restore"
    dying.write_text(
        f'#!/bin/sh\n[ "$1" = --list ] && exec {real} "$@"\n'
        "echo 'CREATE TABLE visit (id int, who text);'\nexit 1\n"
    )
    dying.chmod(0o755)
    programs = {"pg_restore": str(dying), "psql": dump._program(servers, "psql")}
    monkeypatch.setattr(dump, "_program", lambda _servers, name: programs[name])

    with pytest.raises(Trouble, match="Nothing was restored"):
        dump.restore(servers.ground, file)
    assert visits(servers) == [(1, "Wayan Sudarma")]


def test_a_dump_that_fails_half_way_changes_nothing(servers: Servers, tmp_path: Path):
    """The rows break a rule only while psql reads them in, after tables have been made."""
    file = tmp_path / "paspor.dump"
    with as_owner(servers) as connection:
        connection.execute(
            "ALTER TABLE visit ADD CHECK (current_setting('application_name') <> 'psql')"
        )
    dump.backup(servers.ground, file)

    with pytest.raises(Trouble, match="Nothing was restored"):
        dump.restore(servers.ground, file)
    assert visits(servers) == [(1, "Wayan Sudarma")]


def test_a_table_in_use_is_told_and_nothing_changes(servers: Servers, tmp_path: Path):
    file = tmp_path / "paspor.dump"
    dump.backup(servers.ground, file)
    with as_owner(servers) as busy:
        busy.execute("SELECT * FROM visit")
        patient = dump.EMPTY.replace("'10s'", "'100ms'")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dump, "EMPTY", patient)
            with pytest.raises(Trouble, match="lock timeout"):
                dump.restore(servers.ground, file)


def test_a_backup_without_a_place_is_refused(servers: Servers, tmp_path: Path):
    for file in (tmp_path, tmp_path / "none" / "paspor.dump"):
        with pytest.raises(Trouble, match="cannot be written"):
            dump.backup(servers.ground, file)
    with pytest.raises(Trouble, match="There is no file"):
        dump.restore(servers.ground, tmp_path / "none.dump")


def test_a_restore_waits_for_no_running_portal(servers: Servers, tmp_path: Path):
    file = tmp_path / "paspor.dump"
    dump.backup(servers.ground, file)

    with portal.alone(servers.ground), pytest.raises(Trouble, match="runs already"):
        dump.restore(servers.ground, file)
