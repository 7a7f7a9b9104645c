"""How much an account is to be looked at, and which accounts are of one hand.

All of it is derived (services.scoring): a run computes it anew, and writes what changed.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from paspor.kernel.codes import grouped, new_code


def new_cluster_code() -> str:
    return new_code(8)


class Cluster(models.Model):
    """Accounts of one hand as one row; also a single account whose score is high."""

    class State(models.TextChoices):
        FOUND = "FOUND", _("masih ditemukan")
        GONE = "GONE", _("tidak lagi ditemukan")

    # The key itself, so that every address and every log line names the same thing.
    code = models.CharField(
        _("kode"), max_length=8, primary_key=True, default=new_cluster_code, editable=False
    )
    state = models.CharField(_("status"), max_length=5, choices=State, default=State.FOUND)
    size = models.PositiveIntegerField(_("akun"))
    score = models.PositiveSmallIntegerField(_("skor risiko"))
    # Live places of its accounts.
    seats_held = models.PositiveIntegerField(_("kursi dipegang"), default=0)
    # [{"code": signal, "accounts": how many show it}], most first.
    reasons = models.JSONField(_("alasan"), default=list)
    first_seen_at = models.DateTimeField(_("ditemukan sejak"))
    last_seen_at = models.DateTimeField(_("terakhir ditemukan"))
    # Where most of its accounts went when it was found no longer.
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("gugus akun")
        verbose_name_plural = _("gugus akun")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["FOUND", "GONE"]), name="cluster_state"),
            models.CheckConstraint(
                condition=Q(size__gte=1, score__lte=100), name="cluster_score_bounded"
            ),
            models.CheckConstraint(
                condition=Q(state="GONE") | Q(merged_into=None), name="cluster_merged_is_gone"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-seats_held", "-score"], name="cluster_listed"),
            models.Index(fields=["last_seen_at"], name="cluster_last_seen"),
        ]

    def __str__(self) -> str:
        return grouped(self.code)


class AccountScore(models.Model):
    """What one account shows. An account without a row shows nothing."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="score",
        verbose_name=_("akun"),
    )
    # Its own acts and what it shares; the score is its cluster's where that is higher.
    points = models.PositiveSmallIntegerField(_("poin"))
    score = models.PositiveSmallIntegerField(_("skor risiko"))
    # [{"code": signal, "weight": points, "params": {numbers}}], heaviest first.
    reasons = models.JSONField(_("alasan"), default=list)
    cluster = models.ForeignKey(
        Cluster, models.SET_NULL, null=True, related_name="scores", verbose_name=_("gugus akun")
    )
    # Since when it stands as it is; a run that finds the same leaves the row alone.
    computed_at = models.DateTimeField(_("dihitung"))

    class Meta:
        verbose_name = _("skor akun")
        verbose_name_plural = _("skor akun")
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=1, score__lte=100), name="accountscore_bounded"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.score}"


class ClusterLink(models.Model):
    """One thing that accounts of a cluster share, as a masked or digested label."""

    class Kind(models.TextChoices):
        DEVICE = "DEVICE", _("perangkat")
        ADDRESS = "ADDRESS", _("alamat internet")
        PHONE = "PHONE", _("telepon")
        MAILBOX = "MAILBOX", _("kotak surat")
        KK = "KK", _("KK")
        SERIES = "SERIES", _("deret NIK")
        BURST = "BURST", _("pendaftaran beruntun")

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="links")
    kind = models.CharField(_("jenis"), max_length=7, choices=Kind)
    label = models.CharField(_("penanda"), max_length=40)
    # All who use it, whether they are in the cluster or not.
    total = models.PositiveIntegerField(_("dipakai akun"))
    members = ArrayField(models.BigIntegerField())

    class Meta:
        verbose_name = _("tautan gugus")
        verbose_name_plural = _("tautan gugus")
        constraints = [
            models.UniqueConstraint(fields=["cluster", "kind", "label"], name="clusterlink_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class ClusterOffice(models.Model):
    """What a cluster did at one office: its head sees the cluster by this row."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="offices")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    accounts = models.PositiveIntegerField(_("akun"))
    places = models.PositiveIntegerField(_("tempat"))
    seats_held = models.PositiveIntegerField(_("kursi dipegang"))

    class Meta:
        verbose_name = _("kantor terdampak")
        verbose_name_plural = _("kantor terdampak")
        constraints = [
            models.UniqueConstraint(fields=["cluster", "office"], name="clusteroffice_once")
        ]

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.office_id}"


class ScoringRun(models.Model):
    """One computation. The row is the claim: of two workers one makes it, with a lease."""

    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    # NULL once it is over, so that the unique column knows only the one under way.
    is_running = models.BooleanField(null=True, default=True, unique=True)
    accounts = models.PositiveIntegerField(default=0)
    clusters = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("perhitungan skor")
        verbose_name_plural = _("perhitungan skor")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_running=True, finished_at=None) | Q(is_running=None),
                name="scoringrun_running_or_over",
            )
        ]
        indexes = [models.Index(fields=["-finished_at"], name="scoringrun_finished")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
