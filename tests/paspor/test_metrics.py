"""/metrics: for whoever may read it, of all workers together, about no person."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from paspor.kernel import metrics as counted_together
from queueing.booking.models import Booking
from tests.factories import BookingEventFactory, MessageFactory, PlaceFactory, UserFactory

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "sebuah-token-yang-panjang"
NAME = re.compile(r"\bpaspor_[a-z_]+")
COUNT = """
import os, signal
from django.conf import settings
settings.configure(METRICS_TOKEN="x", METRICS_NETWORKS=[])
from paspor.kernel import counting
for _ in range({times}):
    counting.refused("uji_penuh")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def told(db: None, client: Client, settings: Any) -> Any:
    """What Prometheus reads: each series with its value."""
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[str, float]:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        lines = answer.content.decode().splitlines()
        pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
        return {series: float(value) for series, value in pairs}

    return read


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer "}, {"Authorization": TOKEN}])
def test_nobody_reads_it_until_it_is_configured(client: Client, header: dict[str, str]) -> None:
    assert client.get("/metrics", headers=header).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "status"), [("", 404), ("Bearer salah", 404), (f"Bearer {TOKEN}", 200)]
)
def test_the_token_opens_it(client: Client, settings: Any, header: str, status: int) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": header}).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"), [("10.1.2.3", 200), ("10.2.0.1", 404), ("2001:db8::1", 404)]
)
def test_a_network_may_read(client: Client, settings: Any, address: str, status: int) -> None:
    settings.METRICS_NETWORKS = ["10.1.0.0/16", "fd00::/8"]
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == status


def test_a_request_is_counted_by_its_route(told: Any, client: Client) -> None:
    series = 'paspor_responses_total{route="api/v1/offices/<str:code>",status="404"}'
    refusal = 'paspor_refusals_total{code="office_unknown"}'
    before = told()
    client.get("/api/v1/offices/KODE-RAHASIA")
    after = told()

    assert after[series] - before.get(series, 0) == 1
    assert after[refusal] - before.get(refusal, 0) == 1
    timed = 'paspor_request_seconds_count{method="GET",route="api/v1/offices/<str:code>"}'
    waited = 'paspor_request_database_seconds_count{route="api/v1/offices/<str:code>"}'
    assert after[timed] == after[waited] >= 1
    assert not any("RAHASIA" in name for name in after)


def test_the_states_are_told_and_nobody_is_named(told: Any) -> None:
    user = UserFactory(email="siti.rahasia@contoh.test")
    place = PlaceFactory(booking__account=user, state="HELD", applicant__name="Siti Rahasia")
    office = place.booking.slot.office.code
    BookingEventFactory(stream=office, booking_id=place.booking_id, what="HELD")
    Booking.objects.update(held_until="2020-01-01T00:00Z")
    MessageFactory(user=user, due_at="2020-01-01T00:00Z")

    found = told()

    assert found[f'paspor_places_total{{office="{office}",outcome="held"}}'] == 1
    assert (found["paspor_holds"], found["paspor_holds_overdue"]) == (0, 1)
    assert found["paspor_oldest_unsent_message_seconds"] > 1e8
    assert found["paspor_database_up"] == found["paspor_cache_up"] == 1
    assert not [name for name in found if "ahasia" in name or "siti" in name]


def test_what_a_killed_worker_counted_stays(
    told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = os.environ | {counted_together.FOLDER: str(tmp_path), "PYTHONPATH": str(ROOT)}
    for times in (2, 3):
        subprocess.run(
            [sys.executable, "-c", COUNT.format(times=times)], env=environment, check=False
        )
    monkeypatch.setenv(counted_together.FOLDER, str(tmp_path))

    assert told()['paspor_refusals_total{code="uji_penuh"}'] == 5


def test_each_server_has_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted_together.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.delenv(counted_together.FOLDER, raising=False)
    counted_together.share(os.getpid())
    assert not list(tmp_path.iterdir())  # nobody may read it: nothing is counted

    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    left, other = tmp_path / "paspor-metrics-999999999", tmp_path / f"paspor-metrics-{os.getppid()}"
    for folder in (left, other):
        folder.mkdir()
    monkeypatch.setenv(counted_together.FOLDER, "")
    monkeypatch.delenv(counted_together.FOLDER)
    counted_together.share(os.getpid())

    own = tmp_path / f"paspor-metrics-{os.getpid()}"
    assert set(tmp_path.iterdir()) == {own, other}  # a server that is gone left the third
    assert counted_together.folder() == str(own)


@pytest.mark.parametrize("file", ["grafana/paspor.json", "prometheus/alerts.yml"])
def test_dashboard_and_alerts_ask_only_for_what_there_is(
    told: Any, client: Client, file: str
) -> None:
    client.get("/api/v1/offices/TIADA")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", answer, re.MULTILINE))
    parts = ("_bucket", "_sum", "_count")
    known = {f"{name}{part}" for name, kind in kinds.items() for part in parts
             if kind == "histogram"}  # fmt: skip
    known |= {name for name, kind in kinds.items() if kind != "histogram"}

    text = (ROOT / "deploy" / file).read_text()
    yaml.safe_load(text)  # JSON is YAML too
    asked = set(NAME.findall(text))

    assert asked
    assert asked <= known


def test_the_runbook_tells_what_to_do_about_each_alert() -> None:
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())["groups"][0]
    runbook = (ROOT / "docs/runbook.md").read_text()
    names = [rule["alert"] for rule in rules["rules"]]
    assert [name for name in names if f"`{name}`" not in runbook] == []
