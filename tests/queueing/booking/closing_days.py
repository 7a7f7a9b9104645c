"""A day that its office closes with a second officer's yes, and where its people go."""

from datetime import time, timedelta

from django.utils import timezone

from accounts.models import User
from offices.reasons import Why
from queueing.booking.models import Booking
from queueing.booking.services import closing
from queueing.quota.models import Slot
from queueing.quota.services.closing import approval_request
from tests.asking import columns
from tests.factories import ApprovalFactory, OfficerPostFactory, UserFactory
from tests.queueing.booking.visits import another_day

BANJIR = Why("disaster", "Banjir.")


def planner_of(slot: Slot) -> User:
    return OfficerPostFactory(office=slot.office, role="PLANNER").user


def approved(slot: Slot, officer: User, why: Why = BANJIR, since: time | None = None) -> None:
    """A second officer has agreed to closing the slot's day."""
    ApprovalFactory(
        **columns(approval_request(slot.office, slot.day, since, why)),
        asked_by=officer,
        state="GRANTED",
        second=UserFactory(),
        decided_at=timezone.now(),
    )


def close(slot: Slot, officer: User | None = None) -> closing.Closing:
    officer = officer or planner_of(slot)
    approved(slot, officer)
    return closing.close_day(
        office=slot.office, day=slot.day, why=BANJIR, officer=officer, now=timezone.now()
    )


def follow_up(booking: Booking) -> Booking:
    """The booking that its people were given instead."""
    place = booking.places.select_related("moved_to__booking__slot").first()
    assert place is not None
    assert place.moved_to is not None
    return place.moved_to.booking


def opening(slot: Slot, *, days: int = 40, capacity: int = 5) -> Slot:
    """A prepared day whose seats nobody sees before tomorrow."""
    tomorrow = timezone.now() + timedelta(days=1)
    coming = another_day(slot, days=days, capacity=capacity, capacity__visible_at=tomorrow)
    coming.release.opens_at = tomorrow
    coming.release.save()
    return coming
