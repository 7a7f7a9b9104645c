"""The public figures of days that are over, counted once instead of at every reading."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.models import Office


class DayFigures(models.Model):
    """The sums of one office's day (rules.figures.Figures). Holds nothing about anybody."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("hari"))
    released = models.PositiveIntegerField()
    free = models.PositiveIntegerField()
    booked = models.PositiveIntegerField()
    attended = models.PositiveIntegerField()
    turned_away = models.PositiveIntegerField()
    no_show = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    voided = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()
    officer_made = models.PositiveIntegerField()
    walk_in = models.PositiveIntegerField()
    priority = models.PositiveIntegerField()
    walk_in_offline = models.PositiveIntegerField(db_default=0)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("angka kuota")
        verbose_name_plural = _("angka kuota")
        constraints = [
            models.UniqueConstraint(fields=["office", "day"], name="dayfigures_one_per_day"),
            models.CheckConstraint(
                condition=Q(
                    booked__gte=F("attended")
                    + F("turned_away")
                    + F("no_show")
                    + F("returned")
                    + F("closed")
                ),
                name="dayfigures_add_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    released__gte=F("free"),
                    returned__gte=F("voided"),
                    officer_made__gte=F("walk_in"),
                    booked__gte=F("officer_made"),
                )
                & Q(booked__gte=F("priority")),
                name="dayfigures_parts_of_wholes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day:%Y-%m-%d}"
