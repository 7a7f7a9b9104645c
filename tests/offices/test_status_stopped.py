"""/status while PostgreSQL hangs, and while it is really stopped: a cluster of its own, and a
portal before it.
"""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone

from offices import status
from paspor.dev.servers import TEST, Servers, serving, stop_servers
from tests.live import Answer, Caller, Portal
from tests.paspor import launching

# The least patience with the database there is.
SOON = {"DATABASE_STATEMENT_SECONDS": "1"}
CONNECTING = settings.DATABASES["default"]["OPTIONS"]["connect_timeout"]
SLACK = 1.5  # more than a busy machine takes, less than any wait for one that hangs
THREADS = 8  # of the portal under test
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    """Empty: the portal before it asks in vain, and a stopped one is not even there."""
    for name in GIVEN:
        monkeypatch.delenv(name)
    with launching.place() as folder, serving(launching.ground(folder), TEST) as servers:
        for name in GIVEN:
            monkeypatch.setenv(name, servers.environment[name])
        yield servers


@contextmanager
def hanging(cluster: Servers) -> Iterator[None]:
    """Frozen: it takes connections, since that is the kernel's, and answers none."""
    (told,) = cluster.folder.rglob("postmaster.pid")
    postmaster = int(told.read_text().splitlines()[0])
    children = [
        int(pid)
        for task in Path(f"/proc/{postmaster}/task").iterdir()
        for pid in (task / "children").read_text().split()
    ]
    for pid in (postmaster, *children):
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in (*children, postmaster):
            os.kill(pid, signal.SIGCONT)


def timed(caller: Caller, path: str) -> tuple[Answer, float]:
    since = time.monotonic()
    return caller.send("GET", path), time.monotonic() - since


def soon(caller: Caller, path: str) -> Answer:
    answer, waited = timed(caller, path)
    # What database.PATIENCE allows; connecting in vain takes more than the slack.
    assert waited < SLACK, path
    return answer


def check_refusals(caller: Caller) -> None:
    """One waits for a connection to be made or to answer, others are told at once.

    Whichever thread serves them, and whether it was connected before.
    """
    told = [timed(caller, "/api/v1/offices") for _ in range(3 * THREADS)]
    waited = [seconds for _, seconds in told]
    assert max(waited) < CONNECTING + SLACK
    assert sum(seconds > SLACK for seconds in waited) <= 1, waited
    for answer, _ in told:
        assert answer.json()["code"] == "unavailable"
        assert 5 <= int(answer.headers["Retry-After"]) <= 15


@pytest.mark.django_db
def test_a_database_that_is_away_costs_the_status_page_no_more_than_its_freshness(
    cluster: Servers, tmp_path: Path
) -> None:
    file = tmp_path / "kept.json"
    old = (timezone.now() - timedelta(minutes=7)).isoformat()
    file.write_text(json.dumps(status.build(timezone.now()) | {"as_of": old}))
    urls = {name: cluster.environment[name] for name in GIVEN}
    told = urls | SOON | {"STATUS_FILE": str(file)}
    portal = Portal("paspor", tmp_path, told, workers=1)
    try:
        portal.start_web()
        caller = portal.caller()
        caller.send("GET", "/status")
        with hanging(cluster):
            for path in ("/status", "/status/", "/status.json"):
                answer = soon(caller, path)
                assert answer.status == 200
            assert answer.json()["age_seconds"] >= 420
            assert soon(caller, "/readyz").json()["database"] == "away"
            check_refusals(caller)
        stop_servers(cluster.ground, cluster.folder)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(urls["DATABASE_URL"], connect_timeout=2)

        for path in ("/status", "/status/", "/status.json"):
            answer = soon(caller, path)
            assert answer.status == 200
        assert answer.json()["age_seconds"] >= 420
        assert "berumur 7 menit" in caller.send("GET", "/status").body.decode()
    finally:
        portal.stop()
