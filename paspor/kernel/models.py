"""The few tables that every app shares. They hold user ids without a foreign key."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

NATIONAL = "NATIONAL"


class PolicyValue(models.Model):
    """One figure of policy from one moment on, for the nation or for one office."""

    key = models.CharField(_("kunci"), max_length=60)
    scope = models.CharField(_("cakupan"), max_length=40, default=NATIONAL)
    value = models.JSONField(_("nilai"))
    valid_from = models.DateTimeField(_("berlaku sejak"))
    set_by = models.BigIntegerField(null=True, editable=False)
    why = models.CharField(_("alasan"), max_length=300)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("angka kebijakan")
        verbose_name_plural = _("angka kebijakan")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "scope", "valid_from"], name="policyvalue_one_per_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} @ {self.scope}"


class StoredAnswer(models.Model):
    """The answer once given under an Idempotency-Key, kept to be given again."""

    user_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "key"], name="storedanswer_one_per_key")
        ]
        indexes = [models.Index(fields=["created_at"], name="storedanswer_created_at")]

    def __str__(self) -> str:
        return self.key


class AuditEvent(models.Model):
    """An officer's act, a change of quota or policy, a grant, a sign-in, a reading.

    Append-only and partitioned by month (migration 0001): ids and codes only, never
    a name or a number of a person. Free text is a Note, whose digest stands here.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("waktu"), db_default=Now())
    stream = models.CharField(_("kantor"), max_length=40, default=NATIONAL)
    act = models.CharField(_("tindakan"), max_length=60)
    actor_id = models.BigIntegerField(_("oleh"), null=True)
    subject = models.CharField(_("perihal"), max_length=100, blank=True, default="")
    reason = models.CharField(_("alasan"), max_length=60, blank=True, default="")
    detail = models.JSONField(_("rincian"), default=dict, blank=True)
    note_id = models.BigIntegerField(null=True)
    note_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("catatan audit")
        verbose_name_plural = _("catatan audit")
        indexes = [
            models.Index(fields=["stream", "-at"], name="auditevent_stream_at"),
            models.Index(fields=["subject", "-at"], name="auditevent_subject_at"),
            models.Index(fields=["actor_id", "-at"], name="auditevent_actor_at"),
            models.Index(fields=["-at", "-id"], name="auditevent_at"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} #{self.pk}"


class Note(models.Model):
    """Free text beside an event. Erasing it leaves the event's digest, so the chain holds."""

    salt = models.CharField(max_length=32)
    text = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("keterangan")
        verbose_name_plural = _("keterangan")

    def __str__(self) -> str:
        return str(self.pk)


class LedgerPending(models.Model):
    """An event that waits for its place in the chain; written by a trigger."""

    stream = models.CharField(max_length=40)
    source = models.CharField(max_length=60)
    event_id = models.BigIntegerField()
    event_at = models.DateTimeField()
    event_digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["stream", "id"], name="ledgerpending_stream")]

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"


class LedgerEntry(models.Model):
    """One link of a stream's chain: digest = SHA-256 of prev, seq and the event's digest."""

    stream = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    source = models.CharField(max_length=60)
    event_id = models.BigIntegerField()
    event_at = models.DateTimeField()
    event_digest = models.CharField(max_length=64)
    prev = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="ledgerentry_one_per_seq"),
            models.UniqueConstraint(
                fields=["source", "event_id"], name="ledgerentry_one_per_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.seq}"


class LedgerHead(models.Model):
    """Where a stream's chain stood when a day was over. Append-only and published, so that
    a copy anywhere proves that nothing before it was changed."""

    # A date in Jakarta, the zone in which the nation's day ends last.
    day = models.DateField()
    stream = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "stream"], name="ledgerhead_one_per_day")
        ]
        indexes = [models.Index(fields=["stream", "seq"], name="ledgerhead_stream")]

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}:{self.digest}"
