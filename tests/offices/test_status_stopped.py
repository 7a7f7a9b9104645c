"""/status while PostgreSQL is really stopped: a cluster of its own, and a portal before it."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from offices import status
from paspor.dev.servers import TEST, Servers, serving, stop_servers
from tests.live import Portal
from tests.paspor import launching

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


@pytest.mark.django_db
def test_a_stopped_database_costs_the_status_page_no_more_than_its_freshness(
    cluster: Servers, tmp_path: Path
) -> None:
    file = tmp_path / "kept.json"
    old = (timezone.now() - timedelta(minutes=7)).isoformat()
    file.write_text(json.dumps(status.build(timezone.now()) | {"as_of": old}))
    urls = {name: cluster.environment[name] for name in GIVEN}
    portal = Portal("paspor", tmp_path, variables=urls | {"STATUS_FILE": str(file)})
    try:
        portal.start_web()
        caller = portal.caller()
        caller.send("GET", "/status")
        stop_servers(cluster.ground, cluster.folder)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(urls["DATABASE_URL"], connect_timeout=2)

        for path in ("/status", "/status/", "/status.json"):
            since = time.monotonic()
            answer = caller.send("GET", path)
            assert (answer.status, time.monotonic() - since < 2) == (200, True)
        assert answer.json()["age_seconds"] >= 420
        assert "berumur 7 menit" in caller.send("GET", "/status").body.decode()
    finally:
        portal.stop()
