"""Claims on a NIK that somebody else has booked (docs/identity.md)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Applicant, IdentityCheck, Person
from offices.models import PassportType
from paspor.kernel.codes import new_code
from queueing.booking.models import Booking, Place


def new_claim_code() -> str:
    return new_code(8)


class IdentityClaim(models.Model):
    """ "This NIK is mine": one account against the place that another holds with it.

    Accepted, it is also the record of a dispute that ``loser`` lost.
    """

    class State(models.TextChoices):
        ASKED = "ASKED", _("sedang diperiksa")
        COUNTER = "COUNTER", _("menunggu KTP di loket")
        ACCEPTED = "ACCEPTED", _("diterima")
        DECLINED = "DECLINED", _("ditolak petugas")
        OVER = "OVER", _("tidak diperlukan lagi")

    OPEN = (State.ASKED, State.COUNTER)

    code = models.CharField(max_length=8, unique=True, default=new_claim_code, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="identity_claims"
    )
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="identity_claims")
    person = models.ForeignKey(Person, models.PROTECT, related_name="identity_claims")
    kind = models.CharField(max_length=11, choices=Place.Kind)
    passport_type = models.CharField(max_length=13, choices=PassportType)
    # What the registry is asked with the further fields; forgotten before the claim is.
    question = models.OneToOneField(
        IdentityCheck, models.SET_NULL, null=True, related_name="identity_claim"
    )
    # As Applicant.kk_digest: whether both sides are of one family is seen without the number.
    kk_digest = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(_("status"), max_length=8, choices=State)
    # What the claimant won, and what the other side lost by it.
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="+")
    lost_place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    loser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="lost_disputes"
    )
    is_same_family = models.BooleanField(_("satu keluarga"), default=False)
    created_at = models.DateTimeField(_("diajukan"), db_default=Now())
    settled_at = models.DateTimeField(_("diputuskan"), null=True)

    class Meta:
        verbose_name = _("klaim NIK")
        verbose_name_plural = _("klaim NIK")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person"],
                condition=Q(state__in=["ASKED", "COUNTER"]),
                name="identityclaim_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ASKED", "COUNTER"], settled_at=None)
                | Q(state__in=["ACCEPTED", "DECLINED", "OVER"], settled_at__isnull=False),
                name="identityclaim_settled_by_state",
            ),
            models.CheckConstraint(
                condition=Q(state="ACCEPTED", booking__isnull=False, lost_place__isnull=False)
                | ~Q(state="ACCEPTED") & Q(booking=None, lost_place=None, loser=None),
                name="identityclaim_accepted_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="identityclaim_person"),
            models.Index(fields=["account", "-created_at"], name="identityclaim_account"),
        ]

    def __str__(self) -> str:
        return self.code
