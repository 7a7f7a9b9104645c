"""What an office tells its people beforehand: a closure, an extra Saturday, a day in a mall."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from offices.models.incidents import MOST_TEXT
from offices.models.places import Office
from paspor.kernel.codes import new_code


def new_announcement_code() -> str:
    return new_code(8)


class Announcement(models.Model):
    """Words about some days of an office; it closes and opens nothing by itself.

    Its words stand once told: who was mailed has read them. A wrong one is withdrawn.
    """

    class Kind(models.TextChoices):
        CLOSURE = "CLOSURE", _("penutupan")
        EXTRA_DAY = "EXTRA_DAY", _("hari tambahan")
        MALL_DAY = "MALL_DAY", _("layanan di mal")
        OTHER = "OTHER", _("lainnya")

    code = models.CharField(
        _("nomor"), max_length=8, unique=True, default=new_announcement_code, editable=False
    )
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="announcements", verbose_name=_("kantor")
    )
    kind = models.CharField(_("jenis"), max_length=9, choices=Kind)
    text_id = models.CharField(_("pengumuman (Indonesia)"), max_length=MOST_TEXT)
    text_en = models.CharField(_("pengumuman (Inggris)"), max_length=MOST_TEXT)
    first_day = models.DateField(_("hari pertama"))
    last_day = models.DateField(
        _("hari terakhir"),
        help_text=_("Ditampilkan sampai hari ini berakhir."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    told_at = models.DateTimeField(_("diumumkan pada"), db_default=Now(), editable=False)
    # Everybody who was booked on those days has the mail in the outbox.
    mailed_at = models.DateTimeField(_("dikirim pada"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("ditarik pada"), null=True, editable=False)

    class Meta:
        verbose_name = _("pengumuman")
        verbose_name_plural = _("pengumuman")
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="announcement_days_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(text_id="") & ~Q(text_en=""), name="announcement_has_words"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["CLOSURE", "EXTRA_DAY", "MALL_DAY", "OTHER"]),
                name="announcement_kind_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "last_day"],
                condition=Q(withdrawn_at=None),
                name="announcement_by_office",
            )
        ]

    def __str__(self) -> str:
        return self.code
