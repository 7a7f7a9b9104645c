"""The day lists that offices keep serving with while the portal is away."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from paspor.kernel.codes import new_code


def new_list_code() -> str:
    return new_code(12)


class DayList(models.Model):
    """One file of one office and day. Sealed to the office's key: nobody here can open it.

    ``record_key`` is the public half of a key that lies in the sealed part: what happened
    is signed with the other half, so only whoever opened this very file can sign it.
    """

    code = models.CharField(_("kode"), max_length=12, unique=True, default=new_list_code)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="day_lists", verbose_name=_("kantor")
    )
    day = models.DateField(_("hari"))
    people = models.PositiveIntegerField(_("orang"))
    fingerprint = models.CharField(_("sidik kunci"), max_length=16)
    record_key = models.CharField(max_length=43)
    # Emptied some days later: what it was for is over.
    content = models.TextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("petugas"),
    )
    made_at = models.DateTimeField(_("dibuat"))

    class Meta:
        verbose_name = _("daftar hari")
        verbose_name_plural = _("daftar hari")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day"], condition=Q(made_by=None), name="daylist_one_by_itself"
            )
        ]
        indexes = [models.Index(fields=["office", "day"], name="daylist_office_day")]

    def __str__(self) -> str:
        return self.code
