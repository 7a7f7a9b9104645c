"""What was noticed about officers, counted anew every hour."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office


class OfficerScore(models.Model):
    """One officer at one office, where something was noticed; without an office, SISTIK.

    ``signals`` are rules.signal.Signal as data. A row that says nothing any more is removed.
    """

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        # It is no record: it can be counted again from the log as long as the log speaks.
        models.CASCADE,
        related_name="+",
        verbose_name=_("petugas"),
    )
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="+", verbose_name=_("kantor")
    )
    score = models.PositiveSmallIntegerField(_("skor"))
    signals = models.JSONField(_("tanda"))
    counted_at = models.DateTimeField(_("dihitung"))

    class Meta:
        verbose_name = _("tanda petugas")
        verbose_name_plural = _("tanda petugas")
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "office"],
                name="officerscore_one_per_office",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(score__range=(0, 100)), name="officerscore_in_range"
            ),
        ]
        indexes = [models.Index(fields=["-score"], name="officerscore_score")]

    def __str__(self) -> str:
        return self.officer.code
