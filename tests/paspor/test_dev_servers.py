import filecmp
import json
import os
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from paspor.dev import ports
from paspor.dev.console import Trouble
from paspor.dev.servers import BENCH, RUN, TEST, Ground, clear_away, serving
from tests.paspor import launching

NEVER = Retry(NoBackoff(), retries=0)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is given by the environment."""
    for name in (*launching.GIVEN, "PASPOR_EMBEDDED", "PASPOR_LOCAL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def where(bare: None) -> Iterator[Ground]:
    """A machine that has never started a server."""
    with launching.place() as folder:
        yield launching.ground(folder)


@pytest.fixture(scope="module")
def used_before() -> Iterator[Ground]:
    with pytest.MonkeyPatch.context() as patch, launching.place() as folder:
        for name in (*launching.GIVEN, "PASPOR_EMBEDDED", "PASPOR_LOCAL"):
            patch.delenv(name, raising=False)
        where = launching.ground(folder)
        with serving(where, RUN):
            pass
        yield where


# What tests damage, below the ground.
DAMAGED = [
    "secrets.json",
    *(f"{RUN}/postgres/{name}" for name in ("PG_VERSION", "postgresql.conf", "global/pg_control")),
]


@pytest.fixture
def again(used_before: Ground, bare: None, tmp_path: Path) -> Iterator[Ground]:
    """A machine whose servers ran before and have stopped; damage is mended after the test."""
    kept = {used_before.base / name: tmp_path / str(n) for n, name in enumerate(DAMAGED)}
    for path, copy in kept.items():
        _copy(path, copy)
    yield used_before
    assert launching.processes_of(used_before.base) == []
    for path, copy in kept.items():
        # PostgreSQL itself writes into this one.
        if not path.exists() or (path.name != "pg_control" and not filecmp.cmp(path, copy, False)):
            path.unlink(missing_ok=True)
            _copy(copy, path)


def _copy(path: Path, to: Path) -> None:
    """With its owner and its rights."""
    subprocess.run(["cp", "-p", path, to], check=True)


@pytest.fixture(params=["system", "wheel"])
def either(
    request: pytest.FixtureRequest, where: Ground, monkeypatch: pytest.MonkeyPatch
) -> Ground:
    if request.param == "wheel":
        monkeypatch.setenv("PASPOR_EMBEDDED", "wheel")
    else:
        launching.needs_system(where)
    return where


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])


def listening() -> dict[int, set[str]]:
    """Addresses by port, as the kernel writes them: 0100007F is 127.0.0.1."""
    found: dict[int, set[str]] = {}
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A":
                address, port = words[1].split(":")
                found.setdefault(int(port, 16), set()).add(address)
    return found


def test_servers_start_with_two_roles_and_stop_whole(either: Ground):
    with serving(either, TEST) as servers:
        owner = servers.environment["DATABASE_OWNER_URL"]
        app = servers.environment["DATABASE_URL"]
        cache = servers.environment["REDIS_URL"]
        assert (
            ask(
                owner,
                "SELECT current_user || ' ' || rolcreatedb FROM pg_roles "
                "WHERE rolname = current_user",
            )
            == "paspor_owner true"
        )
        assert (
            ask(
                app,
                "SELECT current_user || ' ' || (rolcreatedb OR rolsuper OR rolcreaterole) "
                "FROM pg_roles WHERE rolname = current_user",
            )
            == "paspor_app false"
        )
        assert ask(app, "SHOW server_encoding") == "UTF8"
        assert ask(app, "SHOW max_connections") == "200"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(app, "CREATE TABLE mine (id int)")
        with redis.from_url(cache) as client:
            assert client.ping()
        heard = listening()
        for url in (owner, cache):
            assert heard[port_of(url)] == {"0100007F"}

    assert launching.processes_of(either.base) == []
    assert not {port_of(owner), port_of(cache)} & set(listening())


def test_what_is_measured_is_on_the_disk_and_thrown_away(where: Ground):
    with serving(where, BENCH) as servers:
        app = servers.environment["DATABASE_URL"]
        synced = [ask(app, f"SHOW {name}") for name in ("fsync", "synchronous_commit")]
        copies = "SELECT rolcreatedb::text FROM pg_roles WHERE rolname = 'paspor_owner'"
        assert (synced, ask(app, copies)) == (["on", "on"], "true")
        assert servers.folder.name == "bench"


def test_nobody_gets_in_without_a_password(again: Ground):
    with serving(again, RUN) as servers:
        port = port_of(servers.environment["DATABASE_URL"])
        for user in ("postgres", "paspor_owner", "paspor_app"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(host="127.0.0.1", port=port, user=user, dbname="paspor")
        with (
            redis.Redis(port=port_of(servers.environment["REDIS_URL"]), retry=NEVER) as client,
            pytest.raises(redis.AuthenticationError),
        ):
            client.ping()


def test_a_second_start_keeps_data_ports_and_keys(again: Ground):
    with serving(again, RUN) as first:
        with psycopg.connect(first.environment["DATABASE_OWNER_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        assert ask(first.environment["DATABASE_URL"], "SHOW fsync") == "on"
        assert not ask(
            first.environment["DATABASE_OWNER_URL"],
            "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user",
        )
    with serving(again, RUN) as second:
        assert ask(second.environment["DATABASE_OWNER_URL"], "SELECT answer FROM kept") == 42
        for name in ("DATABASE_URL", "REDIS_URL", "DATA_KEYS", "TICKET_KEYS", "EMAIL_PORT"):
            assert second.environment[name] == first.environment[name]

    assert stat.S_IMODE((again.base / "secrets.json").stat().st_mode) == 0o600


def test_what_is_given_wins_and_starts_no_server(where: Ground, monkeypatch: pytest.MonkeyPatch):
    given = {
        "DATABASE_URL": "postgres://somebody@db.example/portal",
        "REDIS_URL": "redis://cache.example/0",
        "SECRET_KEY": "given",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    with serving(where, RUN) as servers:
        assert {name: servers.environment[name] for name in given} == given
        assert "DATABASE_OWNER_URL" not in servers.environment
        assert launching.processes_of(where.base) == []


def test_two_test_runs_never_meet_and_broken_data_are_made_anew(where: Ground):
    home = where.base / TEST / "postgres"
    home.mkdir(parents=True)
    (home / "half").touch()

    with serving(where, TEST) as one, serving(where, TEST) as other:
        assert one.environment["DATABASE_URL"] != other.environment["DATABASE_URL"]
        assert one.environment["REDIS_URL"] != other.environment["REDIS_URL"]
        assert one.folder == home.parent
        assert ask(one.environment["DATABASE_URL"], "SELECT 1") == 1


def test_the_last_of_two_users_stops_the_servers(again: Ground):
    with serving(again, RUN) as one:
        with serving(again, RUN) as other:
            assert other.environment["DATABASE_URL"] == one.environment["DATABASE_URL"]
        assert ask(one.environment["DATABASE_URL"], "SELECT 1") == 1
        assert not clear_away(again, one.folder)
    assert launching.processes_of(again.base) == []


def test_a_busy_port_gets_another(again: Ground):
    names = ("DATABASE_URL", "REDIS_URL")
    taken = [ports.remembered(again.base / RUN, name) for name in ("postgres", "valkey")]
    with (
        socket.create_server(("127.0.0.1", taken[0])),
        socket.create_server(("127.0.0.1", taken[1])),
        serving(again, RUN) as second,
    ):
        assert not {port_of(second.environment[name]) for name in names} & set(taken)
        assert ask(second.environment["DATABASE_URL"], "SELECT 1") == 1


@pytest.mark.parametrize("pid", [os.getpid(), 2**22 - 1], ids=["of another process", "of none"])
def test_a_stale_pid_file_is_survived(again: Ground, pid: int):
    folder = again.base / RUN
    home = folder / "postgres"
    (home / "postmaster.pid").write_text(f"{pid}\n{home}\n1\n5432\n\n127.0.0.1\n\nready\n")
    (folder / "valkey" / "pid").write_text(f"{pid}\n")

    with serving(again, RUN) as second:
        assert ask(second.environment["DATABASE_URL"], "SELECT 1") == 1


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
def test_a_broken_data_folder_is_told_in_one_sentence(again: Ground, missing: str):
    home = again.base / RUN / "postgres"
    (home / missing).unlink()

    with pytest.raises(Trouble, match=r"is damaged .* start afresh with `make clean`"):
        serving(again, RUN).__enter__()
    assert launching.processes_of(again.base) == []


def test_a_broken_start_tells_the_last_words_of_postgresql(again: Ground):
    home = again.base / RUN / "postgres"
    (home / "postgresql.conf").write_text("max_connections = many\n")

    with pytest.raises(Trouble, match=r"does not start in .*FATAL:.*configuration file"):
        serving(again, RUN).__enter__()


def test_data_of_another_postgresql_are_told_and_left(again: Ground):
    version = again.base / RUN / "postgres" / "PG_VERSION"
    version.write_text("9\n")

    with pytest.raises(Trouble, match=r"written by PostgreSQL 9, and only \d+"):
        serving(again, RUN).__enter__()
    assert version.exists()


def test_lost_passwords_are_told(again: Ground):
    (again.base / "secrets.json").unlink()

    with pytest.raises(Trouble, match="put secrets.json back"):
        serving(again, RUN).__enter__()


def test_a_broken_file_of_passwords_is_told_and_left(where: Ground):
    path = where.base / "secrets.json"
    path.write_text("{")

    with pytest.raises(Trouble, match="cannot be read"):
        serving(where, RUN).__enter__()
    assert path.read_text() == "{"


@pytest.mark.parametrize("wanted", ["0", "65536", "80a", "-1", "８０００"])
def test_a_port_that_is_none_is_refused(wanted: str):
    with pytest.raises(Trouble, match="is not a port"):
        ports.wanted_port(wanted)


def test_a_busy_port_gets_the_next_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = taken.getsockname()[1]
        assert ports.web_port(busy) != busy
    assert ports.web_port(ports.HIGHEST) > 0


def test_remembered_ports_survive_a_broken_file(tmp_path: Path):
    (tmp_path / "ports.json").write_text(json.dumps(["not", "a", "table"]))
    assert ports.remembered(tmp_path, "postgres") is None
    port = ports.choose(tmp_path, "postgres")
    assert ports.choose(tmp_path, "postgres") == port
