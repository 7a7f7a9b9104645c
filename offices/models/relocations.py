"""Days that are held elsewhere than the people who booked them were told."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from offices.models.places import Office


class Relocation(models.Model):
    """One change of the place of one day; "" is the office itself.

    Written with the change; who had booked by then is told of it, and then ``told_at`` is
    set (queueing.booking.services.relocating).
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="relocations", db_index=False)
    day = models.DateField()
    old_place = models.CharField(max_length=200, blank=True, default="")
    new_place = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField(db_default=Now())
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_place=F("new_place")), name="relocation_changes_something"
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(told_at=None), name="relocation_untold"),
            models.Index(fields=["office", "day"], name="relocation_office_day"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day}"
