"""How often a part of the house answered, a row a day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Target(models.TextChoices):
    DATABASE = "DATABASE", _("basis data")
    CACHE = "CACHE", _("penyimpanan sementara")
    BROKER = "BROKER", _("pengantar pekerjaan")
    MAIL = "MAIL", _("pengiriman e-mail")
    REGISTRY = "REGISTRY", _("data kependudukan")


class ProbeDay(models.Model):
    """The minutes of a day in which a target was found up, and found down.

    What is neither is unknown: nobody looked, or there was nothing to tell by.
    """

    day = models.DateField()
    target = models.CharField(max_length=8, choices=Target)
    up = models.PositiveSmallIntegerField(default=0)
    down = models.PositiveSmallIntegerField(default=0)
    # The last minute that was counted; none is counted twice.
    last_at = models.DateTimeField(null=True)
    is_up = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "target"], name="probeday_one_per_day"),
            models.CheckConstraint(
                condition=Q(target__in=["DATABASE", "CACHE", "BROKER", "MAIL", "REGISTRY"]),
                name="probeday_target_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.day:%Y-%m-%d}"
