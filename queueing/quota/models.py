"""Quota: which seats exist, for whom, and from which moment they may be booked."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from paspor.kernel.codes import new_code

# A seat that nobody may book. Not "infinity": psycopg cannot load it.
WITHDRAWN = datetime(9000, 1, 1, tzinfo=UTC)


class Channel(models.TextChoices):
    ONLINE = "ONLINE", _("daring")
    PRIORITY = "PRIORITY", _("prioritas")
    SAME_DAY = "SAME_DAY", _("percepatan")
    COUNTER = "COUNTER", _("loket")


def new_slot_code() -> str:
    return new_code(10)


class Release(models.Model):
    """The moment from which the slots of some days of an office may be booked, and how."""

    class Mode(models.TextChoices):
        FIRST_COME = "FIRST_COME", _("siapa cepat")

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="releases", verbose_name=_("kantor")
    )
    first_day = models.DateField(_("hari pertama"))
    last_day = models.DateField(_("hari terakhir"))
    opens_at = models.DateTimeField(_("dibuka"))
    mode = models.CharField(_("cara"), max_length=10, choices=Mode, default=Mode.FIRST_COME)
    # Set once the seats of every day stand.
    prepared_at = models.DateTimeField(_("disiapkan"), null=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("pembukaan kuota")
        verbose_name_plural = _("pembukaan kuota")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "first_day"], name="release_one_per_first_day"
            ),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="release_days_in_order"
            ),
            models.CheckConstraint(condition=Q(mode="FIRST_COME"), name="release_mode_known"),
        ]
        indexes = [models.Index(fields=["opens_at"], name="release_opens_at")]

    def __str__(self) -> str:
        return f"{self.office.code} {self.first_day:%Y-%m-%d}–{self.last_day:%Y-%m-%d}"


class Slot(models.Model):
    """One hour of one office on one day."""

    code = models.CharField(max_length=10, unique=True, default=new_slot_code, editable=False)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="slots", verbose_name=_("kantor")
    )
    release = models.ForeignKey(Release, models.PROTECT, related_name="slots")
    # The service day and hour as the office's own clock shows them…
    day = models.DateField(_("hari"))
    hour = models.TimeField(_("jam"))
    # …and the same as instants.
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"))
    closed_at = models.DateTimeField(_("ditutup"), null=True)
    # An officer has given it other seats than its calendar; closing the hour ends that.
    by_hand_at = models.DateTimeField(null=True, editable=False)
    # Why: a reason of the list, and the Note with the officer's words, which may be erased.
    by_hand_reason = models.CharField(
        max_length=60, blank=True, default="", db_default="", editable=False
    )
    by_hand_note_id = models.BigIntegerField(null=True, editable=False)
    closed_why = models.CharField(_("alasan ditutup"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("jam kuota")
        verbose_name_plural = _("jam kuota")
        constraints = [
            models.UniqueConstraint(fields=["office", "starts_at"], name="slot_one_per_hour"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="slot_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(closed_why=""), name="slot_closed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "day"], name="slot_office_day"),
            # For the whole country at once: tomorrow's reminders, a national holiday.
            models.Index(fields=["day", "office"], name="slot_day"),
            # Each minute those are looked for whose people a closing has left behind.
            models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="slot_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Seat(models.Model):
    """One unit of quota. A place claims it; ``taken`` is the only word on whether it is free."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="seats", db_index=False)
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=8, choices=Channel)
    taken = models.BooleanField(default=False)
    visible_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kursi kuota")
        verbose_name_plural = _("kursi kuota")
        constraints = [
            models.UniqueConstraint(fields=["slot", "number"], name="seat_one_per_number"),
            models.CheckConstraint(
                condition=Q(channel__in=["ONLINE", "PRIORITY", "SAME_DAY", "COUNTER"]),
                name="seat_channel_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["slot", "channel", "visible_at"],
                condition=Q(taken=False),
                name="seat_free",
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}/{self.number}"
