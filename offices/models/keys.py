"""The key that an office's day lists are encrypted to; only its public half is ours."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models.places import Office


class OfficeKey(models.Model):
    """Made in a browser at the office, where the private half stays."""

    office = models.OneToOneField(
        Office, models.PROTECT, related_name="key", verbose_name=_("kantor")
    )
    public = models.CharField(max_length=43)
    fingerprint = models.CharField(_("sidik kunci"), max_length=16)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("petugas")
    )
    set_at = models.DateTimeField(_("dipasang"))

    class Meta:
        verbose_name = _("kunci kantor")
        verbose_name_plural = _("kunci kantor")

    def __str__(self) -> str:
        return self.fingerprint
