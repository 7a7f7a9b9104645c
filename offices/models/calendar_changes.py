"""Changes of the calendar, and whether what stands already has followed them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from offices.models.places import Office


class CalendarChange(models.Model):
    """One change of the days that an office serves; of all offices where there is none.

    Written in the transaction of the change. Quota follows it after the commit, and then
    ``followed_at`` is set (queueing.quota.services.following). ``before`` holds the quota
    of its days until then, as pairs of a day and a number; later rises are measured by it
    (offices.services.raises).
    """

    office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="calendar_changes", db_index=False
    )
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    weekday = models.PositiveSmallIntegerField(null=True)
    act = models.CharField(max_length=60)
    before = models.JSONField(default=list)
    is_approved = models.BooleanField(default=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    followed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=Q(followed_at=None), name="calendarchange_unfollowed"
            ),
            models.Index(fields=["office", "made_at"], name="calendarchange_office"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.first_day}"
