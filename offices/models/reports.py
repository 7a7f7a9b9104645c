"""What people tell us is wrong, until somebody has solved it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from offices.models.incidents import Incident
from offices.models.places import Office
from paspor.kernel.codes import new_code

MOST_SCREENSHOT_BYTES = 8 * 1024 * 1024


class OctetLength(models.Func):
    function = "OCTET_LENGTH"
    output_field = models.IntegerField()


def new_report_code() -> str:
    return new_code(8)


class Report(models.Model):
    """A trouble report. Its number and a secret let anybody follow it without an account."""

    class Kind(models.TextChoices):
        VERIFICATION = "VERIFICATION", _("e-mail verifikasi tidak sampai")
        SIGN_IN = "SIGN_IN", _("tidak dapat masuk")
        BOOKING = "BOOKING", _("pemesanan")
        PAYMENT = "PAYMENT", _("pembayaran")
        DATA = "DATA", _("data keliru")
        CONDUCT = "CONDUCT", _("perilaku petugas")
        OTHER = "OTHER", _("lainnya")

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", pgettext_lazy("belum dijawab", "diterima")
        OFFICE = "OFFICE", _("ditangani kanim")
        SISTIK = "SISTIK", _("diteruskan ke SISTIK")
        WAITING = "WAITING", _("menunggu pelapor")
        SOLVED = "SOLVED", _("selesai")

    code = models.CharField(
        _("nomor"), max_length=8, unique=True, default=new_report_code, editable=False
    )
    secret_digest = models.CharField(max_length=64, editable=False)
    kind = models.CharField(_("jenis"), max_length=12, choices=Kind)
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.RECEIVED)
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("kantor"),
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    name = models.CharField(_("nama pelapor"), max_length=120, blank=True, default="")
    email = models.EmailField(_("e-mail pelapor"), blank=True, default="")
    language = models.CharField(max_length=2, default="id", editable=False)
    text = models.TextField(_("kendala"), max_length=4000)
    # What was known when it went to SISTIK, so that nobody asks again.
    known = models.JSONField(default=dict, editable=False)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, editable=False, related_name="reports"
    )
    opened_at = models.DateTimeField(_("diterima pada"), db_default=Now(), editable=False)
    state_since = models.DateTimeField(_("sejak"), editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)
    late_at = models.DateTimeField(_("terlambat"), null=True, editable=False)
    # Told of in sums after it moved on; late_at is of the state that it is in.
    was_late = models.BooleanField(default=False, db_default=False, editable=False)
    solved_at = models.DateTimeField(_("selesai pada"), null=True, editable=False)

    class Meta:
        verbose_name = _("laporan kendala")
        verbose_name_plural = _("laporan kendala")
        ordering = ["state_since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["RECEIVED", "OFFICE", "SISTIK", "WAITING"], solved_at=None)
                | Q(state="SOLVED", solved_at__isnull=False),
                name="report_solved_by_state",
            ),
            models.CheckConstraint(
                condition=~Q(kind="CONDUCT") | ~Q(state="OFFICE"),
                name="report_conduct_past_office",
            ),
            models.CheckConstraint(
                condition=Q(late_at=None) | Q(was_late=True), name="report_late_was_late"
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "state_since"],
                condition=~Q(state="SOLVED"),
                name="report_open_by_office",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def goes_past_office(self) -> bool:
        """Nobody answers for colleagues: SISTIK alone sees it."""
        return self.kind == self.Kind.CONDUCT

    @property
    def answering_office(self) -> Office | None:
        """Whose turn it is; None is SISTIK."""
        is_theirs = not self.goes_past_office and self.escalated_at is None
        return self.office if is_theirs else None


class ReportScreenshot(models.Model):
    """What the reporter's screen showed: WebP of our own writing, in no folder of any server.

    In the database it is backed up, restored and erased with its report.
    """

    report = models.OneToOneField(Report, models.PROTECT, related_name="screenshot")
    image = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(OctetLength("image"), MOST_SCREENSHOT_BYTES),
                name="reportscreenshot_bounded",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.width}×{self.height}"


class ReportStep(models.Model):
    """A change of state, and the words that the reporter reads; only ever added to."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=8, choices=Report.State)
    note = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    from_reporter = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.state}"
