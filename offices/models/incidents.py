"""What is broken, where, since when and until when, in words for everyone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from offices.models.places import Office
from paspor.kernel.codes import new_code

MOST_TEXT = 500


def new_incident_code() -> str:
    return new_code(6)


class Part(models.TextChoices):
    LOGIN = "LOGIN", _("masuk akun")
    MAIL = "MAIL", _("e-mail")
    BOOKING = "BOOKING", _("pemesanan")
    REGISTRY = "REGISTRY", _("data kependudukan")
    PAYMENT = "PAYMENT", _("pembayaran")
    PRINTING = "PRINTING", _("pencetakan paspor")


class Incident(models.Model):
    """One part of the service out of order, in the nation or at one office.

    While it lives nobody is marked absent there and moving is free, unless it excuses
    nobody. The database keeps one live incident for a part and a scope.
    """

    class Source(models.TextChoices):
        WATCH = "WATCH", _("pemantau")
        HAND = "HAND", _("petugas")

    code = models.CharField(max_length=6, unique=True, default=new_incident_code, editable=False)
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name=_("kantor"),
        help_text=_("Kosongkan untuk seluruh Indonesia."),
    )
    part = models.CharField(_("bagian"), max_length=8, choices=Part)
    source = models.CharField(_("sumber"), max_length=5, choices=Source, editable=False)
    text_id = models.CharField(_("keterangan (Indonesia)"), max_length=MOST_TEXT)
    text_en = models.CharField(_("keterangan (Inggris)"), max_length=MOST_TEXT)
    started_at = models.DateTimeField(_("mulai"))
    expected_end = models.DateTimeField(_("perkiraan pulih"), null=True, blank=True)
    ended_at = models.DateTimeField(_("pulih"), null=True, editable=False)
    opens_walk_in = models.BooleanField(_("membuka layanan tanpa janji"), default=False)
    excuses_visits = models.BooleanField(
        _("tanpa sanksi"),
        default=True,
        help_text=_("Tidak ada yang dicatat tidak hadir, dan mengubah jadwal tidak dihitung."),
    )

    class Meta:
        verbose_name = _("gangguan")
        verbose_name_plural = _("gangguan")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["part", "office"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="incident_one_live",
            ),
            models.CheckConstraint(
                condition=Q(
                    part__in=["LOGIN", "MAIL", "BOOKING", "REGISTRY", "PAYMENT", "PRINTING"]
                ),
                name="incident_part_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="incident_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(text_id="") & ~Q(text_en=""), name="incident_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.office.code if self.office else ''}".strip()


class IncidentUpdate(models.Model):
    """What is known since; only ever added to."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="updates")
    text_id = models.CharField(max_length=MOST_TEXT)
    text_en = models.CharField(max_length=MOST_TEXT)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text_id
