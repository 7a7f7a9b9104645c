"""People as accounts and counters know them, and what the civil registry says of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.users import new_public_code
from paspor.kernel.masking import mask_nik


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

    code = models.CharField(
        _("kode"), max_length=12, unique=True, default=new_public_code, editable=False
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applicants",
        verbose_name=_("akun"),
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
    warnings = models.JSONField(_("perlu diperiksa"), default=list, blank=True)
    is_holder = models.BooleanField(_("pemegang akun"), default=False)
    guardian_declared_at = models.DateTimeField(
        _("wali menyatakan pada"), null=True, editable=False
    )
    created_at = models.DateTimeField(_("dibuat"), db_default=Now(), editable=False)
    removed_at = models.DateTimeField(_("dikeluarkan"), null=True, editable=False)
    erased_at = models.DateTimeField(_("dihapus"), null=True, editable=False)

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

    @property
    def masked_nik(self) -> str:
        return mask_nik(self.nik_last4)


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

    # Found by identitycheck_person.
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="identity_checks", db_index=False
    )
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
