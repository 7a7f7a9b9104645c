"""National orders: more quota, longer hours or Saturdays at many offices (docs/orders.md)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from paspor.kernel.codes import new_code


def new_order_code() -> str:
    return new_code(10)


class NationalOrder(models.Model):
    class Kind(models.TextChoices):
        SHARE = "SHARE", _("menaikkan kuota")
        DEADLINE = "DEADLINE", _("menambah jam sampai tenggat")
        SATURDAY = "SATURDAY", _("membuka hari Sabtu")
        UNDO = "UNDO", _("mencabut perintah")

    class State(models.TextChoices):
        PREPARED = "PREPARED", _("belum dijalankan")
        RUNNING = "RUNNING", _("berjalan")
        STOPPED = "STOPPED", _("dihentikan")
        DONE = "DONE", _("selesai")

    code = models.CharField(max_length=10, unique=True, default=new_order_code, editable=False)
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind)
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="undone_by", verbose_name=_("mencabut")
    )
    # Per cent for a share, hours a day for a deadline, per cent of the usual stations for
    # Saturdays; of what is undone, the same.
    amount = models.PositiveSmallIntegerField(_("besarnya"))
    first_day = models.DateField(_("hari pertama"))
    last_day = models.DateField(_("hari terakhir"))
    # Of Saturdays: their hours, none where each office has its usual ones, and whether those
    # that are holidays serve too.
    opens = models.TimeField(_("buka"), null=True)
    closes = models.TimeField(_("tutup"), null=True)
    on_holidays = models.BooleanField(_("juga pada hari libur"), default=False, db_default=False)
    reason = models.CharField(_("alasan"), max_length=60)
    note = models.CharField(_("keterangan"), max_length=300)
    # Of what was shown; the second officer agrees to exactly this.
    digest = models.CharField(max_length=64)
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.PREPARED)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("disiapkan oleh")
    )
    prepared_at = models.DateTimeField(_("disiapkan"))
    started_at = models.DateTimeField(_("dijalankan"), null=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True)
    # Of a deadline: when it was counted who waits beyond it, at any of its offices.
    counted_at = models.DateTimeField(_("dihitung"), null=True)

    class Meta:
        verbose_name = _("perintah nasional")
        verbose_name_plural = _("perintah nasional")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="SHARE", amount__range=(1, 100))
                | Q(kind="DEADLINE", amount__range=(1, 4))
                | Q(kind="SATURDAY", amount__range=(1, 100))
                | Q(kind="UNDO", amount__range=(1, 100)),
                name="nationalorder_plausible_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="SATURDAY") | Q(opens=None, closes=None, on_holidays=False),
                name="nationalorder_hours_of_saturdays",
            ),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None)
                | Q(opens__isnull=False, closes__isnull=False, opens__lt=F("closes")),
                name="nationalorder_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="UNDO", undoes__isnull=False)
                | ~Q(kind="UNDO") & Q(undoes__isnull=True),
                name="nationalorder_undoes_by_kind",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=Q(state__in=["PREPARED", "RUNNING"]),
                name="nationalorder_one_undoing",
            ),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="nationalorder_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="PREPARED", started_at=None, ended_at=None)
                | Q(state="RUNNING", started_at__isnull=False, ended_at=None)
                | Q(state="STOPPED", ended_at__isnull=False)
                | Q(state="DONE", started_at__isnull=False, ended_at__isnull=False),
                name="nationalorder_times_by_state",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_of_saturdays(self) -> bool:
        """Opens some, or takes them back."""
        return (self.undoes or self).kind == self.Kind.SATURDAY


class OrderOffice(models.Model):
    """One office of an order: what was shown of it, and what came of it."""

    class Outcome(models.TextChoices):
        WAITING = "WAITING", _("menunggu")
        DONE = "DONE", _("selesai")
        LEFT = "LEFT", _("dibiarkan")
        FAILED = "FAILED", _("gagal")

    order = models.ForeignKey(NationalOrder, models.PROTECT, related_name="offices")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    # The days that change: as each was when it was shown, and what it gets.
    plan = models.JSONField(default=list)
    closed_days = models.PositiveSmallIntegerField(default=0)
    # Some of whose hours the office closed.
    partly_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    own_days = models.PositiveSmallIntegerField(default=0)
    held_days = models.PositiveSmallIntegerField(default=0)
    booked = models.PositiveIntegerField(default=0)
    seats_before = models.PositiveIntegerField(default=0)
    seats_after = models.PositiveIntegerField(default=0)
    # Of Saturdays: those that are left alone, and why; of what is undone, those that stay.
    left = models.JSONField(default=list, db_default=[])
    outcome = models.CharField(max_length=7, choices=Outcome, default=Outcome.WAITING)
    # The code of the refusal.
    why = models.CharField(max_length=60, blank=True, default="")
    days_done = models.PositiveSmallIntegerField(default=0)
    # Below zero where an order is undone.
    seats_added = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    # People with an appointment beyond the deadline, or none; counted until it has come.
    waiting = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("kantor dalam perintah")
        verbose_name_plural = _("kantor dalam perintah")
        constraints = [
            models.UniqueConstraint(fields=["order", "office"], name="orderoffice_once_per_order"),
            models.CheckConstraint(
                condition=Q(outcome="WAITING", done_at=None)
                | Q(outcome__in=["DONE", "LEFT", "FAILED"], done_at__isnull=False),
                name="orderoffice_done_by_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome="FAILED") & ~Q(why="") | ~Q(outcome="FAILED") & Q(why=""),
                name="orderoffice_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.office_id}"
