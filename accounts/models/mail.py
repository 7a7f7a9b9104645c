"""How people are reached: the outbox, and what is thought of mail domains."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from accounts.models.users import PHONE, new_public_code
from accounts.relay_rules import Health
from paspor.kernel.masking import mask_email, mask_phone

# What the code in such a message proves is that it arrived (accounts.adapters names them).
CODE_KINDS = ["email_confirmation", "email_confirmation_signup"]
# What somebody at the entrance asks for is tried whatever is known of the address: a code is
# the way back, and one held back would tell who has an account.
ADDRESS_CHECK = "address_check"
ALWAYS_TRIED = [
    *CODE_KINDS,
    ADDRESS_CHECK,
    *("login_code", "password_reset_code", "account_already_exists", "unknown_account"),
]
# The last letter to an address that no account has any more: it is kept until that letter has
# gone, or has been given up, and not a moment longer.
ACCOUNT_ERASED = "account_erased"
# How the reason begins of a message that was not sent, since its address is suppressed.
HELD_BACK = "not sent:"


class Message(models.Model):
    """An e-mail, or a text to a phone, as an outbox row: written in the transaction that causes
    it.
    """

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", _("e-mail")
        TEXT = "TEXT", _("pesan teks")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("menunggu")
        SENDING = "SENDING", _("sedang dikirim")
        ACCEPTED = "ACCEPTED", _("diterima server penerima")
        DELIVERED = "DELIVERED", _("sampai")
        REFUSED = "REFUSED", _("ditolak")
        FAILED = "FAILED", _("gagal")

    code = models.CharField(
        _("kode"), max_length=12, unique=True, default=new_public_code, editable=False
    )
    # Found by message_user_created.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="messages",
        db_index=False,
    )
    channel = models.CharField(
        _("lewat jalur"),
        max_length=5,
        choices=Channel,
        default=Channel.EMAIL,
        db_default=Channel.EMAIL,
    )
    # An e-mail address; of a text a phone number.
    to = models.EmailField(_("kepada"))
    kind = models.CharField(_("jenis"), max_length=40)
    # What the message is about, as its writer names it ("booking:ABCD…"); opaque here.
    about = models.CharField(_("perihal"), max_length=80, blank=True, default="")
    language = models.CharField(max_length=2)
    subject = models.CharField(_("judul"), max_length=200)
    text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    attachments = models.JSONField(default=list, blank=True)
    # What a letter is laid out from when it is sent or shown, as its writer wrote it down;
    # opaque here (accounts.ports). None where its words stand above.
    facts = models.JSONField(null=True, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(_("keterangan"), max_length=300, blank=True, default="")
    dedup_key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(_("ID pesan"), max_length=120, unique=True)
    urgent = models.BooleanField(default=False)
    not_before = models.DateTimeField(_("tidak sebelum"), db_default=Now())
    not_after = models.DateTimeField(_("tidak sesudah"), null=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    # The claim of one worker: its result counts only while this token still stands.
    claim = models.CharField(max_length=32, blank=True, default="")
    claimed_until = models.DateTimeField(null=True)
    # When it should go at first; not_before moves on with every attempt.
    due_at = models.DateTimeField(_("dikirim mulai"), db_default=Now())
    # Which relay took it, and when. Its words are the reason.
    relay = models.CharField(_("lewat"), max_length=40, blank=True, default="")
    accepted_at = models.DateTimeField(_("diterima server pada"), null=True)
    # When that happened which somebody else told of it last (a bounce, a provider).
    reported_at = models.DateTimeField(_("dilaporkan pada"), null=True)
    # When the code in it came back: it had arrived.
    answered_at = models.DateTimeField(_("kodenya dipakai pada"), null=True)
    created_at = models.DateTimeField(_("dibuat"), db_default=Now())
    changed_at = models.DateTimeField(_("diubah"), db_default=Now())
    wiped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("pesan")
        verbose_name_plural = _("pesan")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["QUEUED", "SENDING", "ACCEPTED", "DELIVERED", "REFUSED", "FAILED"]
                ),
                name="message_state_known",
            ),
            models.CheckConstraint(
                condition=Q(channel="EMAIL")
                | Q(channel="TEXT", html="", attachments=[]) & (Q(to="") | Q(to__regex=PHONE)),
                name="message_channel_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["QUEUED", "SENDING"]),
                name="message_to_send",
            ),
            models.Index(fields=["user", "-created_at"], name="message_user_created"),
            models.Index(fields=["about"], name="message_about"),
            models.Index(fields=["due_at"], name="message_due"),
            # Those that still say to whom: forgetting looks at them alone.
            models.Index(fields=["created_at"], condition=~Q(to=""), name="message_addressed"),
            models.Index(
                fields=["created_at"], condition=Q(kind__in=CODE_KINDS), name="message_codes"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def masked_to(self) -> str:
        """To whom it goes, as far as that may be shown."""
        mask = mask_phone if self.channel == self.Channel.TEXT else mask_email
        return mask(self.to)

    def is_over(self, now: datetime) -> bool:
        """Whether sending it now would be too late to be of use."""
        return self.not_after is not None and self.not_after <= now


class Suppression(models.Model):
    """An address that nothing more is sent to, until a code sent there comes back.

    A row that was lifted stays for a while, so that an older report does not undo it.
    """

    class Why(models.TextChoices):
        BOUNCE = "BOUNCE", _("kotak surat tidak ada")
        COMPLAINT = "COMPLAINT", _("ditandai sebagai spam")

    address = models.EmailField(_("alamat"), unique=True)
    why = models.CharField(_("sebab"), max_length=9, choices=Why)
    said = models.CharField(_("keterangan"), max_length=300, blank=True, default="")
    at = models.DateTimeField(_("sejak"))
    lifted_at = models.DateTimeField(_("dipulihkan pada"), null=True)
    # Of the code that its owner asked for, and when; how often one was typed since.
    code_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    code_asked_at = models.DateTimeField(null=True, editable=False)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("alamat yang ditahan")
        verbose_name_plural = _("alamat yang ditahan")
        constraints = [
            models.CheckConstraint(
                condition=Q(address=Lower("address")) & ~Q(address=""),
                name="suppression_address_folded",
            ),
            models.CheckConstraint(
                condition=Q(why__in=["BOUNCE", "COMPLAINT"]), name="suppression_why_known"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("at")),
                name="suppression_lifted_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_why_display()} {self.pk}"


class ProviderEvent(models.Model):
    """An event that a mail provider told, so that it counts once."""

    event_id = models.CharField(max_length=200, unique=True)
    heard_at = models.DateTimeField()

    class Meta:
        verbose_name = _("laporan penyedia e-mail")
        verbose_name_plural = _("laporan penyedia e-mail")
        indexes = [models.Index(fields=["heard_at"], name="providerevent_heard")]

    def __str__(self) -> str:
        return self.event_id


class Relay(models.Model):
    """What was met at a mail server that carries our letters; which there are says MAILERS.

    A row with a domain is about letters to that domain only.
    """

    name = models.CharField(_("relai"), max_length=40)
    domain = models.CharField(_("domain penerima"), max_length=253, blank=True, default="")
    failures = models.PositiveIntegerField(_("gagal berturut-turut"), default=0)
    rests_until = models.DateTimeField(_("diistirahatkan sampai"), null=True)
    reason = models.CharField(_("keterangan"), max_length=200, blank=True, default="")
    last_until = models.DateTimeField(_("ditanya terakhir sampai"), null=True)
    times_last = models.PositiveSmallIntegerField(default=0)
    last_reason = models.CharField(_("sebabnya"), max_length=200, blank=True, default="")
    checked_at = models.DateTimeField(_("diperiksa"), null=True)
    changed_at = models.DateTimeField(_("diubah"), db_default=Now())

    class Meta:
        verbose_name = _("relai e-mail")
        verbose_name_plural = _("relai e-mail")
        constraints = [
            models.UniqueConstraint(fields=["name", "domain"], name="relay_one_per_domain")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.domain}".strip()

    @property
    def health(self) -> Health:
        return Health(self.failures, self.rests_until, self.last_until)


class MailDomain(models.Model):
    """What is thought of a mail domain and those below it, beside the package's list."""

    class Verdict(models.TextChoices):
        BLOCKED = "BLOCKED", _("ditolak")
        ALLOWED = "ALLOWED", _("diterima")

    class Source(models.TextChoices):
        OFFICER = "OFFICER", _("petugas")
        # Of the file that was read last (refresh_mail_domains): stands for the package's list.
        LIST = "LIST", _("daftar")

    domain = models.CharField(_("domain"), max_length=253, unique=True)
    verdict = models.CharField(_("putusan"), max_length=7, choices=Verdict)
    source = models.CharField(_("asal"), max_length=7, choices=Source)
    reason = models.CharField(_("alasan"), max_length=200, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("diputuskan oleh"),
    )
    decided_at = models.DateTimeField(_("diputuskan"))

    class Meta:
        verbose_name = _("domain e-mail")
        verbose_name_plural = _("domain e-mail")
        constraints = [
            models.CheckConstraint(
                condition=Q(domain=Lower("domain")) & Q(domain__contains="."),
                name="maildomain_tidy",
            ),
            models.CheckConstraint(
                condition=Q(
                    source="OFFICER",
                    verdict__in=["BLOCKED", "ALLOWED"],
                    decided_by__isnull=False,
                )
                & ~Q(reason="")
                | Q(source="LIST", verdict="BLOCKED", decided_by=None),
                name="maildomain_source_known",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(source="LIST"), name="maildomain_of_list")
        ]

    def __str__(self) -> str:
        return self.domain
