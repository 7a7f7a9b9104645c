"""The cache and the broker as one real server, stopped: bookings go on, mail waits for a sweep."""

import os
import signal
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import pytest
from django.utils import timezone

from accounts import tasks
from accounts.models import Applicant, Message
from paspor.dev import binaries
from paspor.dev.account import server_account
from paspor.dev.valkey import Valkey
from queueing.admission import rules
from queueing.admission.services import turns
from queueing.quota.models import Slot
from tests.broken_redis import configured
from tests.paspor import launching
from tests.queueing.admission.lining import share
from tests.queueing.booking_api.conftest import Phone


@pytest.fixture
def redis_stopped(settings: Any) -> Iterator[Callable[[signal.Signals], None]]:
    """A server of this test's own that everything here uses; call it with a signal."""
    with launching.place() as folder:
        where = launching.ground(folder)
        program = binaries.valkey(where.base, where.account)
        valkey = Valkey(where.base, server_account(), program, "rahasia", durable=False)
        url = valkey.start()
        pid = valkey._pid()
        # With the portal's own wait, not that of the suite.
        cache = settings.CACHES["default"] | {"LOCATION": url, "OPTIONS": {}}
        settings.CACHES = {"default": cache}
        settings.RATELIMIT_ENABLE = True
        with configured(broker_write_url=url, task_always_eager=False):
            yield lambda number: os.kill(pid, number)
            os.kill(pid, signal.SIGCONT)
        valkey.stop()


def test_a_booking_goes_on_and_its_mail_waits(
    redis_stopped: Callable[[signal.Signals], None],
    phone: Phone,
    slot: Slot,
    applicant: Applicant,
    django_capture_on_commit_callbacks: Any,
) -> None:
    month = f"/api/v1/offices/{slot.office.code}/availability"
    assert phone.get(month).status_code == 200

    redis_stopped(signal.SIGSTOP)
    started = monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        answer = phone.book(slot, applicant, confirm=True)
    assert (answer.status_code, answer.json()["state"]) == (201, "BOOKED")
    assert phone.get(month).status_code == 200
    assert monotonic() - started < 3  # some waits of 0.2 s, then nothing is asked
    message = Message.objects.get()
    assert message.state == Message.State.QUEUED

    redis_stopped(signal.SIGCONT)
    tasks.sweep_messages()
    message.refresh_from_db()
    assert message.state == Message.State.ACCEPTED


def test_there_is_no_line_while_the_server_that_keeps_it_is_away(
    redis_stopped: Callable[[signal.Signals], None],
    phone: Phone,
    slot: Slot,
    applicant: Applicant,
) -> None:
    share(passes=1, waves=(rules.wave_of(timezone.now()) - 5,))
    turns.take("SOMEBODY", now=timezone.now())
    refused = phone.book(slot, applicant, confirm=True)
    assert (refused.status_code, refused.json()["code"]) == (503, "in_line")

    redis_stopped(signal.SIGSTOP)
    assert phone.book(slot, applicant, confirm=True).status_code == 201
