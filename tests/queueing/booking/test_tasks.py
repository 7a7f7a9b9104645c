"""The periodic tasks find their services and may run twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Message
from paspor.celery import app
from queueing.booking import tasks
from queueing.quota.models import Slot
from tests.factories import SlotFactory
from tests.queueing.booking.visits import another_day, book, check_books, family, lapse, states

pytestmark = pytest.mark.django_db


def test_beat_knows_every_task_of_booking() -> None:
    planned = {entry["task"] for entry in app.conf.beat_schedule.values()}
    ours = {name for name in app.tasks if name.startswith("booking.")}
    assert ours <= planned
    assert len(ours) == 7


def test_lapsed_holds_are_swept() -> None:
    booking = book(SlotFactory(capacity=1), family(1), confirm=False)
    lapse(booking)
    for _again in range(2):
        tasks.expire_holds()
    assert states(booking) == ["EXPIRED"]


def test_closures_are_followed_and_first_rights_served() -> None:
    slot = SlotFactory(capacity=1)
    old = book(slot, family(1))
    Slot.objects.filter(pk=slot.pk).update(closed_at=timezone.now(), closed_why="banjir")
    tasks.follow_closures()
    another_day(slot, days=40, capacity__visible_at=timezone.now() + timedelta(days=1))

    for _again in range(2):
        tasks.serve_first_rights()

    place = old.places.model.objects.select_related("moved_to").get(booking=old)
    assert place.moved_to is not None
    assert place.moved_to.state == "BOOKED"
    check_books()


def test_reminders_run_on_nothing() -> None:
    tasks.remind()
    assert not Message.objects.exists()
