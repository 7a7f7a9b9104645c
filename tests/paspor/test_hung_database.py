"""A PostgreSQL that hangs: a real one of its own, all its processes stopped."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.test import Client

from paspor import settings as in_earnest
from paspor.dev import binaries
from paspor.dev.account import server_account
from paspor.dev.postgres import APP, DATABASE, OWNER, Postgres
from paspor.kernel import broker, cache, problems
from paspor.kernel.postgres import base
from tests.at_once import at_once
from tests.live import wait_until
from tests.paspor import launching

PATIENCE = 1.0


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """An empty cluster, as settings of a database; the suite's own is others' too."""
    with launching.place() as folder:
        where = launching.ground(folder)
        programs = binaries.postgres(where.base, where.account)
        keys = dict.fromkeys(("postgres", OWNER, APP), "rahasia")
        postgres = Postgres(where.base, server_account(), programs, keys, durable=False)
        entry = {"HOST": "127.0.0.1", "PORT": str(postgres.start()), "NAME": DATABASE}
        yield entry | {"USER": APP, "PASSWORD": "rahasia", "FOLDER": str(postgres.home)}
        postgres.stop()


@pytest.fixture
def database(
    server: dict[str, str],
    django_db_blocker: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """This process uses that server, in every thread; the folder that it lives in."""
    before = dict(settings.DATABASES["default"])
    connections["default"].close()
    monkeypatch.setattr(base, "rest", base.Rest())
    monkeypatch.setattr(base, "REST_SECONDS", 1.0)
    monkeypatch.setattr(base, "USABLE_SECONDS", 0.3)
    changed = {name: value for name, value in server.items() if name != "FOLDER"}
    options = before["OPTIONS"] | {"connect_timeout": 2}  # the least there is
    for entry in (settings.DATABASES["default"], connections["default"].settings_dict):
        entry |= changed | {"PATIENCE": PATIENCE, "OPTIONS": options}
    with django_db_blocker.unblock():
        yield server["FOLDER"]
        connections["default"].close()
    for entry in (settings.DATABASES["default"], connections["default"].settings_dict):
        entry.clear()
        entry |= before


def processes_of(folder: str) -> list[int]:
    """The postmaster and all its children."""
    postmaster = int((Path(folder) / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [postmaster, *map(int, children)]


@contextmanager
def stopped(folder: str) -> Iterator[None]:
    pids = processes_of(folder)
    for pid in pids:
        with suppress(ProcessLookupError):  # autovacuum's come and go
            os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):  # one whose client is gone ends as it wakes
                os.kill(pid, signal.SIGCONT)


def answers() -> bool:
    """Whether the database does, asked as a request asks it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        connection.close()
        return False


def timed[T](act: Callable[[], T]) -> tuple[T, float]:
    started = monotonic()
    return act(), monotonic() - started


def ask(path: str = "/api/v1/offices") -> Any:
    return Client(raise_request_exception=False).get(path)


def test_nobody_hangs_with_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers()
    assert ask("/api/v1/nothing").status_code == 404  # the first request loads the portal
    with stopped(database):
        first, waited = timed(ask)
        assert waited < PATIENCE + 1
        assert (first.status_code, first.json()["code"]) == (503, "unavailable")
        assert first["Content-Type"] == problems.CONTENT_TYPE

        rest, waited = timed(lambda: at_once([ask] * 8))
        assert waited < PATIENCE + 3  # one of them at most tries, and that has its end too
        assert {answer.status_code for answer in rest} == {503}
        assert all(5 <= int(answer["Retry-After"]) <= 15 for answer in [first, *rest])
        assert len({answer["Retry-After"] for answer in rest}) > 1  # spread

        page = ask("/kantor/")
        assert (page.status_code, page["Content-Type"][:9]) == (503, "text/html")
        assert page["Retry-After"]
        assert ask("/healthz").status_code == 200
        assert ask("/readyz").status_code == 503
        monkeypatch.setattr(settings, "METRICS_NETWORKS", ["127.0.0.1"])
        assert b"\npaspor_database_up 0.0\n" in ask("/metrics").content

    wait_until(answers, what="the portal comes back by itself", seconds=5)


def test_while_it_rests_a_refusal_costs_nothing(database: str) -> None:
    with stopped(database):
        assert not answers()
        refused, waited = timed(lambda: [answers() for _ in range(50)])
    assert (any(refused), waited < 0.5) == (False, True)


def test_while_it_rests_a_connection_that_was_idle_is_not_waited_for(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "USABLE_SECONDS", 5)
    monkeypatch.setattr(base, "FRESH_SECONDS", 0)
    assert answers()
    with stopped(database):
        base.rest.begin()  # by another thread, whose statement had no answer
        connection.health_check_enabled, connection.health_check_done = True, False
        answered, waited = timed(answers)
    assert (answered, waited < 2) == (False, True)
    wait_until(answers, what="the portal comes back by itself", seconds=5)


def test_a_connection_that_was_idle_is_given_up_sooner(database: str) -> None:
    assert answers()
    with stopped(database):
        usable, waited = timed(connection.is_usable)
    assert (usable, waited < PATIENCE) == (False, True)


def test_a_connection_that_answered_just_now_is_used_unasked(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(
        type(connections["default"]), "is_usable", lambda _self: not asked.append(True)
    )
    monkeypatch.setattr(base, "FRESH_SECONDS", 60)

    def a_request_uses_it() -> int:
        connection.health_check_enabled, connection.health_check_done = True, False
        connection.close_if_health_check_failed()
        return len(asked)

    assert answers()
    assert a_request_uses_it() == 0
    pid = connection.connection.info.backend_pid
    os.kill(pid, signal.SIGTERM)  # the server ends it: the socket says so
    wait_until(lambda: a_request_uses_it() == 1, what="a hang-up is noticed", seconds=5)
    monkeypatch.setattr(base, "FRESH_SECONDS", 0)
    asked.clear()
    connection.close()
    connection.ensure_connection()
    assert a_request_uses_it() == 1  # what has been idle is asked


def test_a_connection_that_was_cut_a_moment_after_an_answer_is_made_anew(database: str) -> None:
    assert answers()
    connection.connection.close()  # as libpq does where the server goes in the middle of a word
    connection.health_check_enabled, connection.health_check_done = True, False
    assert answers()


def test_a_hang_within_a_transaction_leaves_nothing_of_it(database: str) -> None:
    def half() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE half (n int)")
            with stopped(database):
                cursor.execute("SELECT 1")

    assert answers()
    with pytest.raises(OperationalError):
        half()
    wait_until(answers, what="a new connection", seconds=5)


@pytest.mark.django_db
def test_a_slow_database_is_away_and_a_held_row_is_busy() -> None:
    def refusal_of(statement: str) -> str:
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            connection.cursor().execute(statement)
        return problems.as_domain_error(caught.value).code

    with transaction.atomic():
        connection.cursor().execute("SET LOCAL statement_timeout = '20ms'")
        assert refusal_of("SELECT pg_sleep(5)") == "unavailable"
    assert refusal_of("DO $$ BEGIN RAISE lock_not_available; END $$") == "busy"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "limit", ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
)
def test_every_wait_of_the_server_has_an_end(limit: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {limit}")
        assert cursor.fetchone() != ("0",)


def test_every_wait_for_another_server_has_an_end() -> None:
    assert all(mailer["OPTIONS"]["timeout"] <= 20 for mailer in in_earnest.MAILERS.values())
    assert in_earnest.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] <= 5
    assert in_earnest.CELERY_TASK_TIME_LIMIT <= 240
    assert cache.WAIT_SECONDS == broker.WAIT_SECONDS == 0.2
