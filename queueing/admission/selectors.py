"""What admission reads of the quota."""

from datetime import datetime

from queueing.quota.models import Release


def opening_moments(first: datetime, last: datetime) -> list[datetime]:
    """The moments between these two at which any office opens quota."""
    opening = Release.objects.filter(opens_at__range=(first, last), prepared_at__isnull=False)
    return list(opening.order_by("opens_at").values_list("opens_at", flat=True).distinct())
