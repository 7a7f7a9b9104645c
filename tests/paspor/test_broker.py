"""Telling a worker of new work costs a request next to nothing, whatever the broker does."""

import os
import socket
from collections.abc import Iterator
from time import monotonic

import pytest
from celery import current_app

from paspor.kernel import tasks
from paspor.kernel.broker import WAIT_SECONDS, Broker, Calm
from tests.at_once import at_once
from tests.broken_redis import ORDINARY_PATIENCE, configured, connections_to, silent_server

TASK = tasks.forget_notes.name


@pytest.fixture(autouse=True)
def _not_here() -> Iterator[None]:
    """Tasks go to a broker, as in production, and are not run in this process."""
    with configured(task_always_eager=False, task_default_queue="uji-broker"):
        yield


@pytest.fixture
def hanging() -> Iterator[socket.socket]:
    """A stopped server: the kernel takes connections for it, and it answers nothing."""
    with silent_server() as server:
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        with configured(broker_write_url=url):
            yield server


def seconds_of(act: Broker) -> float:
    started = monotonic()
    act.tell(TASK)
    return monotonic() - started


def test_a_broker_that_hangs_costs_one_wait_and_then_nothing(hanging: socket.socket) -> None:
    broker = Broker()
    assert seconds_of(broker) < ORDINARY_PATIENCE
    assert connections_to(hanging) == 1

    for _n in range(100):
        broker.tell(TASK)
    assert connections_to(hanging) == 0


@pytest.mark.usefixtures("hanging")
def test_many_requests_at_once_do_not_wait_in_turn() -> None:
    broker, many = Broker(), 60
    waited = at_once([lambda: seconds_of(broker)] * many)
    assert max(waited) < many * WAIT_SECONDS / 3


def test_a_broker_that_answers_takes_the_task() -> None:
    broker = Broker()
    with current_app.connection_for_read(os.environ["REDIS_URL"]) as connection:
        queue = connection.SimpleQueue("uji-broker")
        queue.clear()
        broker.tell(TASK)
        message = queue.get(timeout=5)
        assert message.headers["task"] == TASK
        message.ack()
        queue.close()


def test_a_rush_is_told_of_in_part_and_a_quiet_hour_whole() -> None:
    calm = Calm(at_once=5, per_second=10)
    rush = [calm.allows("a", now=1000 + n / 100) for n in range(100)]
    assert all(rush[:5])
    assert 12 <= sum(rush) <= 16  # five at once, ten in the second that it takes

    assert calm.allows("b", now=1001)
    assert all(calm.allows("a", now=1002 + n) for n in range(20))
