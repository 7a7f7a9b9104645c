"""Cases: whom something is looked into about, what was decided, and what accounts may not do.

What happened in a case is in the log (``case:CODE``); officers' words stand beside it as
Notes and can be erased. Nothing here holds a name, a number or an address.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from paspor.kernel.codes import new_code
from queueing.booking.models import Booking


def new_case_code() -> str:
    return new_code(8)


def new_act_code() -> str:
    return new_code(10)


class Case(models.Model):
    class About(models.TextChoices):
        CLUSTER = "CLUSTER", _("gugus akun")
        ACCOUNTS = "ACCOUNTS", _("akun")
        OFFICER = "OFFICER", _("petugas")

    class State(models.TextChoices):
        OPEN = "OPEN", _("terbuka")
        DECIDED = "DECIDED", _("diputuskan")
        CLOSED = "CLOSED", _("ditutup")

    class Decision(models.TextChoices):
        PROVEN = "PROVEN", _("terbukti")
        UNPROVEN = "UNPROVEN", _("tidak terbukti")
        POLICE = "POLICE", _("diserahkan kepada polisi")

    code = models.CharField(max_length=8, unique=True, default=new_case_code, editable=False)
    about = models.CharField(_("tentang"), max_length=8, choices=About)
    # The public code of the cluster as it was found; it outlives the cluster.
    cluster_code = models.CharField(_("gugus"), max_length=20, blank=True, default="")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("petugas"),
    )
    # Whose case it is; empty: the nation's.
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="cases", verbose_name=_("kantor")
    )
    reason = models.CharField(_("alasan"), max_length=60)
    # Empty where a rule opened it.
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("dibuka oleh"),
    )
    opened_at = models.DateTimeField(_("dibuka"), db_default=Now())
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("ditangani oleh"),
    )
    state = models.CharField(_("status"), max_length=7, choices=State, default=State.OPEN)
    decision = models.CharField(
        _("putusan"), max_length=8, choices=Decision, blank=True, default=""
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("diputuskan oleh"),
    )
    decided_at = models.DateTimeField(_("diputuskan pada"), null=True)
    closed_at = models.DateTimeField(_("ditutup pada"), null=True)

    class Meta:
        verbose_name = _("perkara")
        verbose_name_plural = _("perkara")
        constraints = [
            models.CheckConstraint(
                condition=Q(about="CLUSTER", officer=None) & ~Q(cluster_code="")
                | Q(about="ACCOUNTS", officer=None, cluster_code="")
                | Q(about="OFFICER", officer__isnull=False, cluster_code=""),
                name="case_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", decision="", decided_at=None, closed_at=None)
                | Q(state="DECIDED", decided_at__isnull=False, closed_at=None) & ~Q(decision="")
                | Q(state="CLOSED", decided_at__isnull=False, closed_at__isnull=False)
                & ~Q(decision=""),
                name="case_decided_by_state",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", "PROVEN", "UNPROVEN", "POLICE"]),
                name="case_decision_known",
            ),
            models.UniqueConstraint(
                fields=["cluster_code"],
                condition=~Q(cluster_code="") & ~Q(state="CLOSED"),
                name="case_one_open_per_cluster",
            ),
        ]
        indexes = [models.Index(fields=["state", "-opened_at"], name="case_state_opened")]

    def __str__(self) -> str:
        return self.code


class CaseAccount(models.Model):
    """An account of a case, as it stood when it was added."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="members")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_memberships"
    )
    score = models.PositiveSmallIntegerField(_("skor"), default=0)
    # Codes and numbers of the signals, as the scoring told them.
    reasons = models.JSONField(default=list, blank=True)
    live_places = models.PositiveIntegerField(_("tempat yang masih berlaku"), default=0)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("akun dalam perkara")
        verbose_name_plural = _("akun dalam perkara")
        constraints = [
            models.UniqueConstraint(fields=["case", "account"], name="caseaccount_once_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.account_id}"


class Restriction(models.Model):
    """What an account may not do for a time. SUSPENDED keeps User.suspended_at in step."""

    class Kind(models.TextChoices):
        LIMITED = "LIMITED", _("dibatasi")
        SUSPENDED = "SUSPENDED", _("ditangguhkan")

    code = models.CharField(max_length=10, unique=True, default=new_act_code, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="restrictions"
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="restrictions")
    kind = models.CharField(_("jenis"), max_length=9, choices=Kind)
    reason = models.CharField(_("alasan"), max_length=60)
    since = models.DateTimeField(_("sejak"), db_default=Now())
    until = models.DateTimeField(_("sampai"), null=True)
    # Empty where a rule did it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("oleh"),
    )
    # The account's mailbox as a keyed digest: outlives erasure, so that who comes back is known.
    mailbox = models.CharField(max_length=64, editable=False)
    lifted_at = models.DateTimeField(_("dicabut"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    lift_reason = models.CharField(_("alasan dicabut"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("pembatasan")
        verbose_name_plural = _("pembatasan")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=Q(lifted_at=None),
                name="restriction_one_live_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="LIMITED") | Q(kind="SUSPENDED", by__isnull=False),
                name="restriction_suspended_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")),
                name="restriction_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lift_reason="", lifted_by=None)
                | Q(lifted_at__isnull=False) & ~Q(lift_reason=""),
                name="restriction_lifted_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["until"],
                condition=Q(lifted_at=None, until__isnull=False),
                name="restriction_running_out",
            ),
            models.Index(
                fields=["mailbox"], condition=Q(lifted_at=None), name="restriction_mailbox"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_live(self, now: datetime) -> bool:
        return self.lifted_at is None and (self.until is None or now < self.until)


class BulkAct(models.Model):
    """One act over many accounts of a case: prepared and shown, then run item by item.

    The set is frozen in its items when it is prepared: what the second officer agrees to
    is what is done.
    """

    class Kind(models.TextChoices):
        LIMIT = "limit", _("batasi akun")
        SUSPEND = "suspend", _("tangguhkan akun")
        VOID = "void", _("gugurkan tempat")
        LIFT = "lift", _("cabut pembatasan")

    class State(models.TextChoices):
        PREPARED = "PREPARED", _("disiapkan")
        RUNNING = "RUNNING", _("sedang berjalan")
        DONE = "DONE", _("selesai")
        WITHDRAWN = "DROPPED", _("ditarik")
        LAPSED = "LAPSED", _("kedaluwarsa")

    code = models.CharField(max_length=10, unique=True, default=new_act_code, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="acts")
    act = models.CharField(_("tindakan"), max_length=7, choices=Kind)
    reason = models.CharField(_("alasan"), max_length=60)
    until = models.DateTimeField(_("berlaku sampai"), null=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("disiapkan oleh")
    )
    prepared_at = models.DateTimeField(_("disiapkan pada"), db_default=Now())
    # Of the whole frozen set: the approval names it.
    digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.PREPARED)
    total = models.PositiveIntegerField(_("seluruhnya"))
    started_at = models.DateTimeField(_("dijalankan"), null=True)
    finished_at = models.DateTimeField(_("selesai pada"), null=True)

    class Meta:
        verbose_name = _("tindakan")
        verbose_name_plural = _("tindakan")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="PREPARED", started_at=None, finished_at=None)
                | Q(state="RUNNING", started_at__isnull=False, finished_at=None)
                | Q(state="DONE", started_at__isnull=False, finished_at__isnull=False)
                | Q(state__in=["DROPPED", "LAPSED"], started_at=None, finished_at__isnull=False),
                name="bulkact_times_by_state",
            ),
            models.CheckConstraint(
                condition=Q(act__in=["limit", "suspend", "void", "lift"]), name="bulkact_act_known"
            ),
        ]
        indexes = [
            models.Index(fields=["state"], condition=Q(state="RUNNING"), name="bulkact_running")
        ]

    def __str__(self) -> str:
        return self.code


class BulkItem(models.Model):
    """One account of an act or, where places are voided, one booking of it."""

    class Outcome(models.TextChoices):
        WAITING = "", _("menunggu")
        DONE = "DONE", _("dilakukan")
        LEFT = "LEFT", _("dibiarkan")

    bulk = models.ForeignKey(BulkAct, models.PROTECT, related_name="items")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="+")
    # The places meant, by id; whoever joins or returns later is not meant.
    place_ids = models.JSONField(default=list, blank=True)
    outcome = models.CharField(
        _("hasil"), max_length=4, choices=Outcome, blank=True, default=Outcome.WAITING
    )
    places = models.PositiveIntegerField(_("tempat"), default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("bagian tindakan")
        verbose_name_plural = _("bagian tindakan")
        constraints = [
            models.UniqueConstraint(
                fields=["bulk", "account", "booking"],
                nulls_distinct=False,
                name="bulkitem_once_per_act",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", done_at=None)
                | Q(outcome__in=["DONE", "LEFT"], done_at__isnull=False),
                name="bulkitem_done_when_known",
            ),
        ]
        indexes = [
            models.Index(fields=["bulk", "id"], condition=Q(outcome=""), name="bulkitem_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.bulk_id}/{self.account_id}"
