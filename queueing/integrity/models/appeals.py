"""What people say against an act of integrity, and the answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from queueing.booking.models import Booking
from queueing.integrity.models.cases import Restriction, new_case_code


class Appeal(models.Model):
    """Against one restriction, or against the voiding of places of one booking."""

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", _("menunggu jawaban")
        UPHELD = "UPHELD", _("dikabulkan")
        REJECTED = "REJECTED", _("ditolak")

    code = models.CharField(max_length=8, unique=True, default=new_case_code, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="appeals", verbose_name=_("akun")
    )
    restriction = models.ForeignKey(Restriction, models.PROTECT, null=True, related_name="appeals")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="appeals")
    # Words of people: wiped when the account is erased, and APPEAL_TEXT_DAYS after the answer.
    text = models.TextField(_("isi keberatan"), max_length=2000, blank=True)
    answer = models.TextField(_("jawaban"), max_length=1000, blank=True, default="")
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.RECEIVED)
    filed_at = models.DateTimeField(_("diajukan"), db_default=Now())
    # The first moment that is too late.
    due_at = models.DateTimeField(_("batas jawaban"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("dijawab oleh"),
    )
    decided_at = models.DateTimeField(_("dijawab"), null=True)

    class Meta:
        verbose_name = _("keberatan")
        verbose_name_plural = _("keberatan")
        constraints = [
            models.CheckConstraint(
                condition=Q(restriction__isnull=False, booking=None)
                | Q(restriction=None, booking__isnull=False),
                name="appeal_about_one_matter",
            ),
            models.CheckConstraint(
                condition=Q(state="RECEIVED", decided_at=None, decided_by=None)
                | Q(
                    state__in=["UPHELD", "REJECTED"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="appeal_decided_by_state",
            ),
            models.UniqueConstraint(
                fields=["restriction"],
                condition=Q(state="RECEIVED"),
                name="appeal_one_per_restriction",
            ),
            models.UniqueConstraint(
                fields=["booking"], condition=Q(state="RECEIVED"), name="appeal_one_per_booking"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="RECEIVED"), name="appeal_waiting")
        ]

    def __str__(self) -> str:
        return self.code
