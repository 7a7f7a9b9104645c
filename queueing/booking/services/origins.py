"""Forgetting where visits were booked from, when its days are over."""

from datetime import datetime, timedelta

from accounts.policies import DEVICE_DAYS
from paspor.kernel import batches
from queueing.booking.models import BookingOrigin


def forget_old(now: datetime) -> int:
    """Delete what is older than DEVICE_DAYS; how many."""
    before = now - timedelta(days=DEVICE_DAYS.at(now=now))
    return batches.delete(BookingOrigin.objects.filter(at__lt=before))
