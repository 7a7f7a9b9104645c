"""Reading offices, their calendars and who serves there. Nothing here writes."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from offices.models import OfficerPost


def posts_of(user: User, now: datetime) -> QuerySet[OfficerPost]:
    """The posts that the user holds at this moment."""
    return OfficerPost.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now), user_id=user.pk, starts_at__lte=now
    )
