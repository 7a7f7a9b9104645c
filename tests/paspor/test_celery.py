"""Periodic work: what the table names exists, and logging stays ours."""

import subprocess
import sys

import pytest
from celery.signals import setup_logging

from accounts.services import messages
from paspor.celery import app
from queueing.integrity.services import acts, identity
from queueing.planning.services import orders

WEB_TASKS = """
import django
django.setup()
from paspor.celery import app
print(*app.tasks)
"""
ROOMS = {
    "kernel",
    "accounts",
    "offices",
    "quota",
    "admission",
    "booking",
    "watching",
    "desk",
    "planning",
    "integrity",
}


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    # Celery checks the models, and a generated column asks the server for its version.
    with django_db_blocker.unblock():
        app.loader.import_default_modules()


def test_every_entry_of_the_table_is_a_task():
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named - set(app.tasks) == set()


def test_a_web_process_knows_every_task_that_it_tells_a_worker_of():
    """It loads no room's tasks by itself; a name it does not know is told to nobody."""
    told = {messages.CARRY, identity.CARRY, acts.RUN, orders.RUN}
    known = subprocess.run(
        [sys.executable, "-c", WEB_TASKS], check=True, capture_output=True, text=True
    ).stdout

    assert told - set(known.split()) == set()


def test_every_periodic_task_is_named_by_its_room():
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert {name.split(".")[0] for name in ours} <= ROOMS


def test_frequent_tasks_do_not_pile_up():
    for name, entry in app.conf.beat_schedule.items():
        if isinstance(entry["schedule"], int | float):
            assert entry.get("options", {}).get("expires"), name


def test_celery_leaves_logging_alone():
    assert setup_logging.receivers


def test_the_broker_is_not_waited_for_in_a_request():
    assert app.conf.task_publish_retry is False
    assert app.conf.broker_transport_options["socket_connect_timeout"] <= 2
