"""Periodic work: what the table names exists, and logging stays ours."""

import pytest
from celery.signals import setup_logging

from paspor.celery import app

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
