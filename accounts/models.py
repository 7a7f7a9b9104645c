"""Who people are and how we reach them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from paspor.kernel.codes import new_code


def new_public_code() -> str:
    return new_code(12)


# What follows the last @ of an address.
MAIL_DOMAIN = Func(F("mail_key"), Value("[^@]*$"), function="substring")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """An account: someone who signs in, citizen or officer. Known by e-mail alone."""

    class Language(models.TextChoices):
        INDONESIAN = "id", "Bahasa Indonesia"
        ENGLISH = "en", "English"

    code = models.CharField(max_length=12, unique=True, default=new_public_code, editable=False)
    email = models.EmailField(_("alamat e-mail"), unique=True)
    phone = models.CharField(_("nomor telepon"), max_length=16, blank=True, default="")
    language = models.CharField(
        _("bahasa"), max_length=2, choices=Language, default=Language.INDONESIAN
    )
    is_active = models.BooleanField(_("aktif"), default=True)
    # Signs in, sees, cancels and objects, but books nothing.
    suspended_at = models.DateTimeField(_("ditangguhkan"), null=True, editable=False)
    # The address as its mailbox knows it (migration 0003): what looks alike is counted as one.
    mail_key = models.GeneratedField(
        expression=Func(F("email"), function="accounts_mail_key"),
        output_field=models.CharField(max_length=254),
        db_persist=True,
        editable=False,
    )
    joined_at = models.DateTimeField(_("terdaftar"), db_default=Now(), editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("akun")
        verbose_name_plural = _("akun")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower"),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="user_phone_e164",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["id", "en"]), name="user_language_known"
            ),
        ]
        indexes = [
            models.Index(fields=["mail_key"], name="user_mail_key"),
            models.Index(MAIL_DOMAIN, "joined_at", name="user_mail_domain"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="user_phone"),
        ]

    def __str__(self) -> str:
        return self.code

    # Nobody is a superuser: what an officer may do is answered by the posts they hold
    # (offices.backends), never by a flag on the account.
    def has_perm(self, perm: str, obj: object = None) -> bool:
        if not self.is_active:
            return False
        return any(
            backend.has_perm(self, perm, obj)
            for backend in get_backends()
            if hasattr(backend, "has_perm")
        )

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        if not self.is_active:
            return False
        return any(
            backend.has_module_perms(self, app_label)
            for backend in get_backends()
            if hasattr(backend, "has_module_perms")
        )


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


class Trace(models.Model):
    """From which installation and address an account came in. Kept DEVICE_DAYS."""

    class What(models.TextChoices):
        SIGN_UP = "SIGN_UP", _("mendaftar")
        SIGN_IN = "SIGN_IN", _("masuk")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="traces")
    what = models.CharField(max_length=7, choices=What)
    device = models.CharField(max_length=64, blank=True, default="")
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("jejak")
        verbose_name_plural = _("jejak")
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["SIGN_UP", "SIGN_IN"]), name="trace_what_known"
            )
        ]
        indexes = [
            models.Index(fields=["user", "-at"], name="trace_user"),
            models.Index(fields=["device", "-at"], condition=~Q(device=""), name="trace_device"),
            models.Index(fields=["address", "-at"], name="trace_address"),
            models.Index(fields=["at"], name="trace_at"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.user_id}"


class Consent(models.Model):
    """The version of the privacy notice that an account agreed to, and when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents")
    notice_version = models.CharField(max_length=20)
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("persetujuan")
        verbose_name_plural = _("persetujuan")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "notice_version"], name="consent_once_per_version"
            )
        ]

    def __str__(self) -> str:
        return self.notice_version


class Person(models.Model):
    """One NIK in the country, as a keyed digest. Nothing here can be read."""

    digest = models.CharField(max_length=64, unique=True)
    # Filled while the digest key is being rotated, then swapped in.
    digest_next = models.CharField(  # noqa: DJ001  # unique, so empty must be NULL
        max_length=64, unique=True, null=True, editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("orang")
        verbose_name_plural = _("orang")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Applicant(models.Model):
    """A Person as one account, or a counter, knows them. ``account`` is empty at a counter.

    A removed applicant keeps the row (places point to it) and loses what can be read
    when its retention ends.
    """

    class Sex(models.TextChoices):
        FEMALE = "F", _("Perempuan")
        MALE = "M", _("Laki-laki")

    code = models.CharField(max_length=12, unique=True, default=new_public_code, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="applicants"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="applicants")
    name = models.CharField(_("nama sesuai KTP"), max_length=120)
    birth_date = models.DateField(_("tanggal lahir"), null=True)
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex, blank=True, default="")
    nik_sealed = models.BinaryField(null=True)
    nik_key = models.CharField(max_length=20, blank=True, default="")
    nik_last4 = models.CharField(max_length=4, blank=True, default="")
    # Keyed digests of the NIK's first 6 digits (region) and first 12 (and birth date):
    # numbers that were made up in a row share them, and nobody can read them.
    nik_region = models.CharField(max_length=32, blank=True, default="", editable=False)
    nik_stem = models.CharField(max_length=32, blank=True, default="", editable=False)
    kk_sealed = models.BinaryField(null=True)
    kk_key = models.CharField(max_length=20, blank=True, default="")
    kk_digest = models.CharField(max_length=64, blank=True, default="")
    # Codes of soft findings (rules.nik_warnings): looked at with the documents at the counter.
    warnings = models.JSONField(default=list, blank=True)
    is_holder = models.BooleanField(_("pemegang akun"), default=False)
    guardian_declared_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("pemohon")
        verbose_name_plural = _("pemohon")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person"],
                condition=Q(removed_at=None),
                name="applicant_one_per_account_and_person",
            ),
            # The target of queueing's foreign key that keeps a NIK still while live.
            models.UniqueConstraint(fields=["id", "person"], name="applicant_id_person"),
            models.CheckConstraint(condition=Q(sex__in=["", "F", "M"]), name="applicant_sex_known"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False)
                | Q(nik_sealed__isnull=False, birth_date__isnull=False) & ~Q(name=""),
                name="applicant_readable_until_erased",
            ),
        ]
        indexes = [
            models.Index(fields=["nik_stem"], condition=~Q(nik_stem=""), name="applicant_nik_stem"),
            models.Index(
                fields=["kk_digest"], condition=~Q(kk_digest=""), name="applicant_kk_digest"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ListChange(models.Model):
    """That an account added somebody to its list or took somebody off: counted, then forgotten.

    Says nothing of whom. Another NIK in an applicant's row is somebody else: ADDED.
    """

    class What(models.TextChoices):
        ADDED = "ADDED", _("ditambahkan")
        REMOVED = "REMOVED", _("dihapus dari daftar")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="list_changes"
    )
    what = models.CharField(max_length=7, choices=What)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("perubahan daftar")
        verbose_name_plural = _("perubahan daftar")
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["ADDED", "REMOVED"]), name="listchange_what_known"
            )
        ]
        indexes = [
            models.Index(fields=["account", "-at"], name="listchange_account"),
            models.Index(fields=["at"], name="listchange_at"),
        ]

    def __str__(self) -> str:
        return self.what


class IdentityCheck(models.Model):
    """What the civil registry, or an officer who saw the KTP, said of a Person (docs/identity.md).

    A question to the registry is a row first, PENDING, written in the transaction that
    causes it, and claimed with a lease as a Message is. It becomes the result.
    """

    class Outcome(models.TextChoices):
        PENDING = "PENDING", _("belum diperiksa")
        MATCH = "MATCH", _("cocok")
        MISMATCH = "MISMATCH", _("ada yang berbeda")
        NOT_FOUND = "NOT_FOUND", _("tidak ditemukan")

    class Source(models.TextChoices):
        REGISTRY = "REGISTRY", _("Dukcapil")
        OFFICER = "OFFICER", _("petugas loket")

    person = models.ForeignKey(Person, models.PROTECT, related_name="identity_checks")
    # Whose data are sent. Empty where an officer answered for the person.
    applicant = models.ForeignKey(Applicant, models.PROTECT, null=True, related_name="+")
    # selectors.asked_digest of what was asked: another name is another question.
    asked = models.CharField(max_length=64)
    # What a claim on a NIK gives beyond an applicant's own data, until it is answered.
    further_sealed = models.BinaryField(null=True)
    further_key = models.CharField(max_length=20, blank=True, default="")
    outcome = models.CharField(_("hasil"), max_length=9, choices=Outcome, default=Outcome.PENDING)
    source = models.CharField(_("sumber"), max_length=8, choices=Source, default=Source.REGISTRY)
    # Of each field asked about, whether it matched: {"name": true, …}.
    matches = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveIntegerField(_("percobaan"), default=0)
    not_before = models.DateTimeField(db_default=Now())
    # When the registry first did not find it: that is asked again before it is believed.
    unfound_at = models.DateTimeField(_("pertama tidak ditemukan"), null=True, editable=False)
    # The claim of one worker: its answer counts only while this token still stands.
    claim = models.CharField(max_length=32, blank=True, default="")
    claimed_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(_("ditanyakan"), db_default=Now())
    checked_at = models.DateTimeField(_("diperiksa"), null=True)
    valid_until = models.DateTimeField(_("berlaku sampai"), null=True)

    class Meta:
        verbose_name = _("pemeriksaan identitas")
        verbose_name_plural = _("pemeriksaan identitas")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "asked"],
                condition=Q(outcome="PENDING"),
                name="identitycheck_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="PENDING", checked_at=None, valid_until=None)
                | Q(
                    outcome__in=["MATCH", "MISMATCH", "NOT_FOUND"],
                    checked_at__isnull=False,
                    valid_until__isnull=False,
                    further_sealed=None,
                    claim="",
                ),
                name="identitycheck_settled_whole",
            ),
            models.CheckConstraint(
                condition=Q(source="REGISTRY") | Q(source="OFFICER", outcome="MATCH"),
                name="identitycheck_source_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(outcome="PENDING"), name="identitycheck_to_ask"
            ),
            models.Index(fields=["person", "id"], name="identitycheck_person"),
            models.Index(fields=["checked_at"], name="identitycheck_checked"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Message(models.Model):
    """An e-mail as an outbox row, written in the transaction that causes it."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("menunggu")
        SENDING = "SENDING", _("sedang dikirim")
        ACCEPTED = "ACCEPTED", _("diterima server penerima")
        DELIVERED = "DELIVERED", _("sampai")
        REFUSED = "REFUSED", _("ditolak")
        FAILED = "FAILED", _("gagal")

    code = models.CharField(max_length=12, unique=True, default=new_public_code, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="messages"
    )
    to = models.EmailField(_("kepada"))
    kind = models.CharField(_("jenis"), max_length=40)
    # What the message is about, as its writer names it ("booking:ABCD…"); opaque here.
    about = models.CharField(max_length=80, blank=True, default="")
    language = models.CharField(max_length=2)
    subject = models.CharField(_("judul"), max_length=200)
    text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    attachments = models.JSONField(default=list, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(_("keterangan"), max_length=300, blank=True, default="")
    dedup_key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(max_length=120, unique=True)
    urgent = models.BooleanField(default=False)
    not_before = models.DateTimeField(db_default=Now())
    not_after = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # The claim of one worker: its result counts only while this token still stands.
    claim = models.CharField(max_length=32, blank=True, default="")
    claimed_until = models.DateTimeField(null=True)
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
            )
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["QUEUED", "SENDING"]),
                name="message_to_send",
            ),
            models.Index(fields=["user", "-created_at"], name="message_user_created"),
            models.Index(fields=["about"], name="message_about"),
        ]

    def __str__(self) -> str:
        return self.code

    def is_over(self, now: datetime) -> bool:
        """Whether sending it now would be too late to be of use."""
        return self.not_after is not None and self.not_after <= now
