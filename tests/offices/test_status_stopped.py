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
from django.utils import timezone

from offices import status
from paspor.dev.servers import TEST, Servers, serving, stop_servers
from tests.live import Answer, Caller, Portal
from tests.paspor import launching

# The least patience with the database there is.
SOON = {"DATABASE_STATEMENT_SECONDS": "1"}
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


def soon(caller: Caller, path: str) -> Answer:
    since = time.monotonic()
    answer = caller.send("GET", path)
    # What database.PATIENCE allows, and a busy machine; connecting in vain takes twice that.
    assert time.monotonic() - since < 1.5, path
    return answer


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
            since = time.monotonic()
            refused = [caller.send("GET", "/api/v1/offices") for _ in range(2)]
            # One waits for the database to connect, the other is told at once.
            assert time.monotonic() - since < 4.5
            assert {answer.json()["code"] for answer in refused} == {"unavailable"}
            assert all(5 <= int(answer.headers["Retry-After"]) <= 15 for answer in refused)
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
