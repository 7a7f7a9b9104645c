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


def new_record_code() -> str:
    return new_code(12)


class DayRecord(models.Model):
    """One file of what happened offline, taken in once. ``digest`` is its SHA-256."""

    code = models.CharField(_("kode"), max_length=12, unique=True, default=new_record_code)
    day_list = models.ForeignKey(
        DayList, models.PROTECT, related_name="records", verbose_name=_("daftar hari")
    )
    digest = models.CharField(max_length=64, unique=True)
    saved_at = models.DateTimeField(_("disimpan"))
    walk_ins = models.PositiveIntegerField(_("datang langsung"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("petugas")
    )
    taken_at = models.DateTimeField(_("diambil"))

    class Meta:
        verbose_name = _("catatan hari")
        verbose_name_plural = _("catatan hari")

    def __str__(self) -> str:
        return self.code


class DayMark(models.Model):
    """What a record says of one person, and what became of that. Codes only, no names.

    An empty ``who`` means everyone on a ticket that the list did not know.
    """

    class Result(models.TextChoices):
        WAITING = "", _("menunggu")
        DONE = "DONE", _("dicatat")
        KNOWN = "KNOWN", _("sudah tercatat")
        CONFLICT = "CONFLICT", _("bertentangan")

    record = models.ForeignKey(DayRecord, models.PROTECT, related_name="marks")
    booking_code = models.CharField(max_length=8)
    who = models.CharField(max_length=20, blank=True, default="")
    state = models.CharField(max_length=16)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True, default="")
    result = models.CharField(max_length=8, choices=Result, blank=True, default=Result.WAITING)
    # The state that the place was in, and the code of the refusal.
    found = models.CharField(max_length=16, blank=True, default="")
    why = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("tanda kehadiran")
        verbose_name_plural = _("tanda kehadiran")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "booking_code", "who"], name="daymark_once_per_record"
            )
        ]
        indexes = [models.Index(fields=["id"], condition=Q(result=""), name="daymark_waiting")]

    def __str__(self) -> str:
        return f"{self.booking_code} {self.state}"
