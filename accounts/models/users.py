"""Accounts: what they agreed to, and from where they came in."""

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


# E.164.
PHONE = r"^\+[1-9][0-9]{6,14}$"
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

    code = models.CharField(
        _("kode"), max_length=12, unique=True, default=new_public_code, editable=False
    )
    email = models.EmailField(_("alamat e-mail"), unique=True)
    phone = models.CharField(_("nomor telepon"), max_length=16, blank=True, default="")
    language = models.CharField(
        _("bahasa"), max_length=2, choices=Language, default=Language.INDONESIAN
    )
    is_active = models.BooleanField(_("aktif"), default=True)
    # Set by a code to the mailbox while a second step stood, and not used together with it since:
    # it proves no more than the mailbox (services.lost_steps).
    password_by_mail_at = models.DateTimeField(
        _("kata sandi lewat e-mail"), null=True, editable=False
    )
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
    erased_at = models.DateTimeField(_("dihapus"), null=True, editable=False)

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
                condition=Q(phone="") | Q(phone__regex=PHONE),
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


class AddressChange(models.Model):
    """That an account was given another address: while this row stands open, whoever reads the
    former one can take the account back. Kept ADDRESS_BACK_DAYS.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="address_changes"
    )
    former = models.EmailField(_("alamat sebelumnya"))
    at = models.DateTimeField(_("diganti"))
    # Taken back, or one before it was.
    ended_at = models.DateTimeField(_("berakhir"), null=True)

    class Meta:
        verbose_name = _("penggantian alamat")
        verbose_name_plural = _("penggantian alamat")
        constraints = [
            models.CheckConstraint(
                condition=Q(former=Lower("former")) & ~Q(former=""),
                name="addresschange_former_folded",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("at")),
                name="addresschange_ends_later",
            ),
        ]
        indexes = [
            models.Index(
                fields=["former"], condition=Q(ended_at=None), name="addresschange_former"
            ),
            models.Index(fields=["at"], name="addresschange_at"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.pk}"


class LostStep(models.Model):
    """That whoever has the password and the mailbox asked for the account's second step to be
    taken off, since it is lost. First a code is awaited, then days go by (``begun_at``).
    """

    class End(models.TextChoices):
        TAKEN_OFF = "TAKEN_OFF", _("dilepas")
        LINK = "LINK", _("dihentikan lewat surat")
        SIGN_IN = "SIGN_IN", _("dihentikan karena langkah kedua dipakai")
        DEVICE = "DEVICE", _("dihentikan di perangkat yang masuk")
        CHANGED = "CHANGED", _("dihentikan karena akunnya berubah")

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lost_steps")
    code_digest = models.CharField(max_length=64)
    code_asked_at = models.DateTimeField()
    code_tries = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(_("diminta"), null=True)
    due_at = models.DateTimeField(_("dilepas mulai"), null=True)
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True)
    end = models.CharField(max_length=9, choices=End, blank=True, default="")

    class Meta:
        verbose_name = _("langkah kedua yang hilang")
        verbose_name_plural = _("langkah kedua yang hilang")
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at=None), name="loststep_one_open"
            ),
            models.CheckConstraint(
                condition=Q(begun_at=None, due_at=None, reminded_at=None, ended_at=None)
                | Q(begun_at__isnull=False, due_at__gt=F("begun_at")),
                name="loststep_waits_once_begun",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="")
                | Q(ended_at__isnull=False)
                & Q(end__in=["TAKEN_OFF", "LINK", "SIGN_IN", "DEVICE", "CHANGED"]),
                name="loststep_ends_somehow",
            ),
            # Nobody's second step goes before they were told that it will.
            models.CheckConstraint(
                condition=~Q(end="TAKEN_OFF")
                | Q(reminded_at__isnull=False, ended_at__gte=F("due_at")),
                name="loststep_off_in_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(ended_at=None), name="loststep_due"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.pk}"


class Consent(models.Model):
    """The version of the privacy notice that an account agreed to, and when."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents", verbose_name=_("akun")
    )
    notice_version = models.CharField(_("versi pemberitahuan"), max_length=20)
    given_at = models.DateTimeField(_("diberikan"), db_default=Now())

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
