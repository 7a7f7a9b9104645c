"""The wish of an account to be told once when there is room."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from offices.models import Office, PassportType
from paspor.kernel.codes import new_code
from queueing.quota import rules as quota
from queueing.watching import rules


def new_watch_code() -> str:
    return new_code(10)


def new_lot() -> int:
    return secrets.randbelow(2**31)


class Watch(models.Model):
    """Where, for how many and until which day; over once it has been told."""

    code = models.CharField(max_length=10, unique=True, default=new_watch_code)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="watches")
    # The office itself, or the place around which offices will do.
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    radius_km = models.PositiveSmallIntegerField(default=0)
    people = models.PositiveSmallIntegerField(default=1)
    passport_type = models.CharField(max_length=13, choices=PassportType)
    until = models.DateField()
    # Drawn here, seen by nobody: in this order those who wait for the same are told.
    lot = models.IntegerField(default=new_lot)
    created_at = models.DateTimeField(db_default=Now())
    told_at = models.DateTimeField(null=True)
    # What was told: the office that had room, and the day. Empty for what was told before
    # these were kept.
    told_office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", db_index=False, null=True
    )
    told_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "office", "radius_km", "people", "passport_type"],
                condition=Q(told_at=None),
                name="watch_one_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(people__range=(1, quota.MAX_PEOPLE)), name="watch_people_fit"
            ),
            models.CheckConstraint(
                condition=Q(radius_km__in=rules.RADII), name="watch_radius_known"
            ),
            models.CheckConstraint(
                condition=Q(passport_type__in=PassportType.values),
                name="watch_passport_type_known",
            ),
            models.CheckConstraint(
                condition=Q(told_office=None, told_day=None)
                | Q(told_at__isnull=False, told_office__isnull=False, told_day__isnull=False),
                name="watch_told_of_a_day",
            ),
        ]
        indexes = [
            # Who waits for the same, in the order in which they are told; ``until`` so that
            # those for whom the room comes too late cost no look into the table.
            models.Index(
                fields=["office", "radius_km", "people", "passport_type", "lot", "until"],
                condition=Q(told_at=None),
                name="watch_waiting",
            ),
            models.Index(fields=["until"], name="watch_until"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def kind(self) -> tuple[int, int, int, str]:
        """What makes two wishes of one account the same, whatever their last day."""
        return (self.office_id, self.radius_km, self.people, self.passport_type)
